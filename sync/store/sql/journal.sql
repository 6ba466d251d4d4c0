-- name: event
-- Something happened, and who did it.
INSERT INTO event (ledger_id, at, on_date, who, what, customer_id, invoice_id, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: events
-- What happened to an account's customers, newest first.
SELECT event.at, event.on_date, event.who, event.what, event.invoice_id, event.facts
FROM customer
CROSS JOIN event ON event.ledger_id = customer.ledger_id AND event.customer_id = customer.id
WHERE customer.ledger_id = ? AND customer.account_id = ?
ORDER BY event.id DESC LIMIT ?;

-- name: open_case
-- An account became overdue in a currency.
INSERT INTO overdue_case (ledger_id, customer_id, currency, number, opened_on) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (ledger_id, customer_id, currency, number) DO NOTHING;

-- name: reopen_case
-- A payment was undone.
UPDATE overdue_case SET closed_on = NULL
WHERE ledger_id = ? AND customer_id = ? AND currency = ? AND number = ?;

-- name: close_case
-- Nothing is overdue any more.
UPDATE overdue_case SET closed_on = ?
WHERE ledger_id = ? AND customer_id = ? AND currency = ? AND number = ? AND closed_on IS NULL;

-- name: place
-- The account's segment.
INSERT INTO segment (ledger_id, customer_id, name, since) VALUES (?, ?, ?, ?)
ON CONFLICT (ledger_id, customer_id) DO UPDATE SET name = excluded.name, since = excluded.since;

-- name: true_triggers
-- Which triggers hold for whom.
SELECT customer_id, name FROM trigger_state WHERE ledger_id = ? AND is_true = 1 ORDER BY customer_id, name;

-- name: fired_on
-- The day on which a trigger fired last for an account.
SELECT MAX(on_date) FROM event WHERE ledger_id = ? AND customer_id = ? AND what = 'trigger fired' AND facts = ?;

-- name: set_trigger
-- Whether a trigger holds, and how often it has fired.
INSERT INTO trigger_state (ledger_id, customer_id, name, is_true, fired, told) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (ledger_id, customer_id, name) DO UPDATE SET
    is_true = excluded.is_true, fired = trigger_state.fired + excluded.fired, told = excluded.told;

-- name: set_told
-- Who hears the end of a trigger that holds.
UPDATE trigger_state SET told = ? WHERE ledger_id = ? AND customer_id = ? AND name = ?;

-- name: keep_strategy
-- The text by which decisions are made from now on.
INSERT INTO strategy_version (ledger_id, version, name, text, first_used_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (ledger_id, version) DO NOTHING;

-- name: strategy_in_use
-- The version that came into use last, up to a day.
SELECT facts FROM event
WHERE ledger_id = ? AND customer_id IS NULL AND what = 'strategy in use' AND on_date <= ?
ORDER BY id DESC LIMIT 1;

-- name: strategy_text
-- What was kept of a version.
SELECT text FROM strategy_version WHERE ledger_id = ? AND version = ?;

-- name: add_touch
-- A contact that somebody else made.
INSERT INTO noted_touch (ledger_id, customer_id, on_date, act, case_number, currency, channel, what, who)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_touch_invoice
-- An invoice that it named, the lead first.
INSERT INTO noted_touch_invoice (noted_touch_id, position, invoice_id) VALUES (?, ?, ?);

-- name: end_touch
-- It never was.
UPDATE noted_touch SET ended_on = ? WHERE ledger_id = ? AND id = ? AND ended_on IS NULL RETURNING customer_id;

-- name: profile_field
-- What a field of a profile says.
SELECT value FROM profile WHERE ledger_id = ? AND customer_id = ? AND field = ?;

-- name: set_profile
-- What we know of an account that the books do not hold.
INSERT INTO profile (ledger_id, customer_id, field, value) VALUES (?, ?, ?, ?)
ON CONFLICT (ledger_id, customer_id, field) DO UPDATE SET value = excluded.value;

-- name: clear_profile
-- No longer known.
DELETE FROM profile WHERE ledger_id = ? AND customer_id = ? AND field = ?;

-- name: owner_of
-- Whose account something belongs to, and its customer's name.
SELECT account.id, account.name
FROM customer
JOIN customer AS account ON account.ledger_id = customer.ledger_id AND account.id = customer.account_id
WHERE customer.ledger_id = ? AND customer.id = ?;
