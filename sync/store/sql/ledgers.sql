-- name: upsert_ledger
-- A ledger named in the settings gets its number; the platform of a name never changes.
INSERT INTO ledger (name, platform) VALUES (?, ?) ON CONFLICT (name) DO NOTHING;

-- name: ledger
-- A ledger and what it is bound to.
SELECT id, name, platform, remote_id, remote_name, api_url FROM ledger WHERE name = ?;

-- name: bind
-- Bind a ledger to its company; done once, at connect.
UPDATE ledger SET remote_id = ?, remote_name = ?, api_url = ?, connected_at = ? WHERE id = ?;

-- name: of_company
-- What is bound to a company.
SELECT name FROM ledger WHERE platform = ? AND api_url = ? AND remote_id = ? ORDER BY id;

-- name: cursor
-- How far the ledger has been read.
SELECT since FROM cursor WHERE ledger_id = ?;

-- name: set_cursor
-- Moves only when a pass is complete, in the transaction of its last page.
INSERT INTO cursor (ledger_id, since) VALUES (?, ?) ON CONFLICT (ledger_id) DO UPDATE SET since = excluded.since;

-- name: swept_at
-- When the ledger's open invoices were last read, or everything.
SELECT swept_at FROM cursor WHERE ledger_id = ?;

-- name: set_swept
-- Nothing before the first complete pull: that one sets it.
UPDATE cursor SET swept_at = ? WHERE ledger_id = ?;

-- name: compared
-- When open items were last compared with the platform's balances: those of some accounts at least, and all of them.
SELECT compared_at, compared_all_at FROM cursor WHERE ledger_id = ?;

-- name: set_compared
-- Belongs to what the comparison found.
UPDATE cursor SET compared_at = ?, compared_all_at = COALESCE(?, compared_all_at) WHERE ledger_id = ?;

-- name: start_run
-- A sync begins.
INSERT INTO sync_run (ledger_id, mode, state, started_at, counts) VALUES (?, ?, 'running', ?, '{}');

-- name: finish_run
-- A sync ends, well ("done") or not ("failed").
UPDATE sync_run SET mode = ?, state = ?, finished_at = ?, counts = ?, error = ?, differed = ? WHERE id = ?;

-- name: last_run
-- The last complete sync before an instant.
SELECT started_at FROM sync_run WHERE ledger_id = ? AND state = 'done' AND started_at < ? ORDER BY id DESC LIMIT 1;

-- name: brought_since
-- A sync that brought something, or broke off, after an instant.
SELECT 1 FROM sync_run WHERE ledger_id = ? AND started_at > ? AND (state <> 'done' OR counts <> '{}') LIMIT 1;

-- name: last_full_run
-- The last complete full sync.
SELECT finished_at FROM sync_run WHERE ledger_id = ? AND state = 'done' AND mode = 'full' ORDER BY id DESC LIMIT 1;

-- name: last_try
-- The last sync of a mode, however it ended.
SELECT started_at FROM sync_run WHERE ledger_id = ? AND mode = ? ORDER BY id DESC LIMIT 1;

-- name: last_proof
-- The last full sync that was compared with the mirror, and what it found otherwise.
SELECT finished_at, differed FROM sync_run
WHERE ledger_id = ? AND state = 'done' AND differed IS NOT NULL ORDER BY id DESC LIMIT 1;

-- name: company
-- The company behind the ledger.
SELECT
    id, name, legal_name, country, time_zone, base_currency, several_currencies, aging_basis, reminders,
    books_closed_on, tax_number, email, phone, address, read_at
FROM company WHERE ledger_id = ?;

-- name: set_reminders
-- The platform's own reminder switch, read on its own.
UPDATE company SET reminders = ? WHERE ledger_id = ?;

-- name: matched
-- The last word, as known on a day, on how far the books are matched.
SELECT through_date, who, said_on FROM matched
WHERE ledger_id = ? AND said_on <= ? ORDER BY said_on DESC, id DESC LIMIT 1;

-- name: say_matched
-- A named person says the books are matched through this day.
INSERT INTO matched (ledger_id, through_date, who, said_on) VALUES (?, ?, ?, ?);

-- name: broke_off
-- Why the last sync broke off, if it did.
SELECT error FROM sync_run WHERE ledger_id = ? ORDER BY id DESC LIMIT 1;
