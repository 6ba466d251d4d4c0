-- name: durable
-- What is saved is on the disk before anybody uses it.
PRAGMA synchronous = FULL;

-- name: erase
-- What is replaced or forgotten is overwritten, not only let go of.
PRAGMA secure_delete = ON;

-- name: create
-- The tokens, in a file of their own.
CREATE TABLE IF NOT EXISTS token (ledger TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;

-- name: create_generation
-- How often the key was replaced: one row, none before the first time.
CREATE TABLE IF NOT EXISTS generation (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL) STRICT;

-- name: generation
-- The number that every replacement of the key counts up.
SELECT coalesce(max(number), 0) FROM generation;

-- name: next_generation
-- Belongs into the transaction that seals everything anew.
INSERT INTO generation (id, number) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET number = number + 1;

-- name: ledgers
-- Whose tokens there are, in the order in which they are locked.
SELECT ledger FROM token ORDER BY ledger;

-- name: read
-- The sealed tokens of a ledger.
SELECT sealed FROM token WHERE ledger = ?;

-- name: save
-- The newest tokens are the only ones.
INSERT INTO token (ledger, sealed) VALUES (?, ?) ON CONFLICT (ledger) DO UPDATE SET sealed = excluded.sealed;

-- name: forget
-- A ledger that is not connected any more.
DELETE FROM token WHERE ledger = ?;

-- name: begin
-- Nobody else writes until the end, and everybody sees either all of it or nothing.
BEGIN IMMEDIATE;

-- name: commit
-- On the disk.
COMMIT;

-- name: undo
-- As if nothing had been.
ROLLBACK;
