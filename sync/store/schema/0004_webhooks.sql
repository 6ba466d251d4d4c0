-- What the platforms announced. All of it may be lost: the daily reading depends on none of it.

-- per platform since it is listened for: deliveries that were genuine, the announcements in them, those that
-- came again, those of companies that no ledger is bound to, and deliveries that could not be read
CREATE TABLE webhook (
    platform TEXT PRIMARY KEY,
    since TEXT NOT NULL,
    last_at TEXT,
    deliveries INTEGER NOT NULL,
    announcements INTEGER NOT NULL,
    repeated INTEGER NOT NULL,
    unknown INTEGER NOT NULL,
    unreadable INTEGER NOT NULL
) STRICT;

-- the last announcements, so that one that comes again makes nothing dirty; the oldest go as new ones come
CREATE TABLE webhook_seen (
    number INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE
) STRICT;

-- a ledger is dirty while more was announced of it than the last complete pull knew of when it began
CREATE TABLE webhook_ledger (
    ledger_id INTEGER PRIMARY KEY REFERENCES ledger (id),
    announced INTEGER NOT NULL,
    pulled INTEGER NOT NULL,
    last_at TEXT NOT NULL
) STRICT
