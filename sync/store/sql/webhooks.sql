-- name: listen
-- From now on a platform is listened for; asked again, it changes nothing.
INSERT INTO webhook (platform, since, last_at, deliveries, announcements, repeated, unknown, unreadable)
VALUES (?, ?, NULL, 0, 0, 0, 0, 0) ON CONFLICT (platform) DO NOTHING;

-- name: count
-- What came adds up.
UPDATE webhook SET
    last_at = ?,
    deliveries = deliveries + 1,
    announcements = announcements + ?,
    repeated = repeated + ?,
    unknown = unknown + ?,
    unreadable = unreadable + ?
WHERE platform = ?;

-- name: remember
-- An announcement is new, or it has come before and nothing is inserted.
INSERT INTO webhook_seen (digest) VALUES (?) ON CONFLICT (digest) DO NOTHING;

-- name: forget
-- Only so many of the last announcements are remembered.
DELETE FROM webhook_seen WHERE number <= (SELECT MAX(number) FROM webhook_seen) - ?;

-- name: announce
-- Every ledger that is bound to the company is dirty.
INSERT INTO webhook_ledger (ledger_id, announced, pulled, last_at)
SELECT id, 1, 0, ? FROM ledger WHERE platform = ? AND remote_id = ?
ON CONFLICT (ledger_id) DO UPDATE SET announced = webhook_ledger.announced + 1, last_at = excluded.last_at;

-- name: announced
-- How often something new was announced of a ledger, whether it was pulled or not.
SELECT announced FROM webhook_ledger WHERE ledger_id = ?;

-- name: pulled
-- A pull is complete that began when so much was announced; what was announced meanwhile stays.
UPDATE webhook_ledger SET pulled = ? WHERE ledger_id = ? AND pulled < ?;

-- name: dirty
-- Whether something was announced that no complete pull has looked for.
SELECT 1 FROM webhook_ledger WHERE ledger_id = ? AND announced > pulled;

-- name: heard
-- What came of a platform.
SELECT since, last_at, deliveries, announcements, repeated, unknown, unreadable FROM webhook WHERE platform = ?;

-- name: last_announced
-- When something new was last announced of a ledger.
SELECT last_at FROM webhook_ledger WHERE ledger_id = ?;

-- name: changes_after
-- Complete incremental pulls that began after an instant and brought what every platform announces.
SELECT started_at FROM sync_run
WHERE ledger_id = ? AND started_at > ? AND state = 'done' AND mode = 'changes'
    AND (counts LIKE '%"invoice"%' OR counts LIKE '%"customer"%')
ORDER BY id;
