-- name: add_scope
-- A company or an app gets its number on first sight.
INSERT INTO scope (name) VALUES (?) ON CONFLICT (name) DO NOTHING;

-- name: scope_id
-- The number of a company or an app.
SELECT id FROM scope WHERE name = ?;

-- name: scopes
-- How a company and its app stand.
SELECT id, ended, rests_until, why FROM scope WHERE id IN (?, ?);

-- name: under_way
-- How many calls are under way: of a company, and of its app.
SELECT COALESCE(SUM(company_id = ?), 0), COALESCE(SUM(app_id = ?), 0) FROM flight;

-- name: ended_at
-- When a call ended.
SELECT at FROM ended WHERE scope_id = ? AND number = ?;

-- name: take_off
-- A call begins.
INSERT INTO flight (owner, company_id, app_id) VALUES (?, ?, ?);

-- name: land
-- A call is over.
DELETE FROM flight WHERE id = ? RETURNING company_id, app_id;

-- name: count_ended
-- One more call, or several, have ended.
UPDATE scope SET ended = ended + ? WHERE id = ? RETURNING ended;

-- name: put_ended
-- When a call ended, under its number.
INSERT INTO ended (scope_id, number, at) VALUES (?, ?, ?);

-- name: put_many_ended
-- Calls of others, under the numbers after one and up to another: they are told of at one instant.
WITH RECURSIVE following (number) AS (
    SELECT ? + 1 UNION ALL SELECT number + 1 FROM following WHERE number < ?
)
INSERT INTO ended (scope_id, number, at) SELECT ?, number, ? FROM following;

-- name: forget_ended
-- Calls that no window needs any more.
DELETE FROM ended WHERE scope_id = ? AND at < ?;

-- name: forget_all
-- The machine's clock was set back over these.
DELETE FROM ended WHERE scope_id = ?;

-- name: ended_since
-- How many of the latest calls have ended since an instant.
SELECT COUNT(*) FROM ended WHERE scope_id = ? AND at > ?;

-- name: owners
-- The processes of whose calls some are under way.
SELECT DISTINCT owner FROM flight;

-- name: flights_of
-- The calls of a process that are under way.
SELECT id FROM flight WHERE owner = ?;

-- name: rest
-- Nothing is asked before an instant; a longer rest stays.
UPDATE scope SET rests_until = ?, why = ? WHERE id = ? AND COALESCE(rests_until, 0) < ?;

-- name: wake
-- A rest that cannot be meant is over.
UPDATE scope SET rests_until = NULL, why = '' WHERE id = ?;

-- name: tell_day
-- What the platform says is left of the day. More than before: a new day.
UPDATE scope SET
    day_most = CASE WHEN day_left IS NULL OR day_left < :left_now THEN :left_now ELSE day_most END,
    day_left = :left_now,
    day_told_at = :at
WHERE id = :scope_id;

-- name: day_told
-- What the platform said of the day, and whether nothing is asked for a while.
SELECT rests_until, why, day_left, day_most, day_told_at FROM scope WHERE name = ?;

-- name: add_usage
-- Calls and bytes of a day add up over all processes.
INSERT INTO usage (ledger_id, on_date, calls, reads, sent, received) VALUES (?, ?, 1, ?, ?, ?)
ON CONFLICT (ledger_id, on_date) DO UPDATE SET
    calls = usage.calls + excluded.calls,
    reads = usage.reads + excluded.reads,
    sent = usage.sent + excluded.sent,
    received = usage.received + excluded.received;

-- name: calls_on
-- How many calls a ledger has made on a day.
SELECT calls FROM usage WHERE ledger_id = ? AND on_date = ?;

-- name: usage
-- Use by month, newest first, with the first day on which anything was asked.
SELECT substr(on_date, 1, 7) AS month, SUM(calls), SUM(reads), SUM(sent), SUM(received), MIN(on_date)
FROM usage WHERE ledger_id = ? GROUP BY substr(on_date, 1, 7) ORDER BY month DESC;

-- name: used_before
-- Use of a ledger from one day on and before another.
SELECT
    COALESCE(SUM(calls), 0), COALESCE(SUM(reads), 0), COALESCE(SUM(sent), 0), COALESCE(SUM(received), 0)
FROM usage WHERE ledger_id = ? AND on_date >= ? AND on_date < ?;
