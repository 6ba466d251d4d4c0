-- what has limits of its own at a platform: a company, or the firm's app over all companies. Instants in this database
-- are whole microseconds since 1970 (UTC). `ended` numbers the calls that have ended; `rests_until` says that nothing
-- is to be asked before, and `why`. `day_left` is what the platform last said is left of the day, `day_most` the same
-- after its first call of that day.
CREATE TABLE scope (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    ended INTEGER NOT NULL DEFAULT 0,
    rests_until INTEGER,
    why TEXT NOT NULL DEFAULT '',
    day_left INTEGER,
    day_most INTEGER,
    day_told_at INTEGER
) STRICT;

-- the calls under way, each with the number of the process that makes it; `app_id` 0 where the app has no limits
CREATE TABLE flight (
    id INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL,
    company_id INTEGER NOT NULL,
    app_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL
) STRICT;

-- when the latest calls ended: only as many are kept as the widest window holds
CREATE TABLE ended (
    scope_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (scope_id, number)
) STRICT, WITHOUT ROWID;

-- calls and bytes of a ledger by its own day, for the platforms' limits and price tiers
CREATE TABLE usage (
    ledger_id INTEGER NOT NULL,
    on_date TEXT NOT NULL,
    calls INTEGER NOT NULL,
    reads INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (ledger_id, on_date)
) STRICT, WITHOUT ROWID
