-- name: create
-- The vault's one table, in a file of its own.
CREATE TABLE IF NOT EXISTS token (ledger TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;

-- name: read
-- The sealed tokens of a ledger.
SELECT sealed FROM token WHERE ledger = ?;

-- name: save
-- The newest tokens are the only ones.
INSERT INTO token (ledger, sealed) VALUES (?, ?) ON CONFLICT (ledger) DO UPDATE SET sealed = excluded.sealed;
