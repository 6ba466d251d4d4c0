-- The journal: what we and people did. It must never be lost; every state change is written together with its event.

CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    at TEXT NOT NULL,
    -- the ledger's own day
    on_date TEXT NOT NULL,
    -- a person's name, or "dunwell"
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    customer_id TEXT,
    invoice_id TEXT,
    facts TEXT NOT NULL
) STRICT;

CREATE INDEX event_customer ON event (ledger_id, customer_id, id);

CREATE TABLE strategy_version (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    version TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    first_used_at TEXT NOT NULL,
    PRIMARY KEY (ledger_id, version)
) STRICT;

-- "case" is a word of SQL
CREATE TABLE overdue_case (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    number INTEGER NOT NULL,
    opened_on TEXT NOT NULL,
    closed_on TEXT,
    PRIMARY KEY (ledger_id, customer_id, currency, number)
) STRICT;

CREATE TABLE segment (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    name TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (ledger_id, customer_id)
) STRICT;

CREATE TABLE trigger_state (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    name TEXT NOT NULL,
    is_true INTEGER NOT NULL,
    fired INTEGER NOT NULL,
    PRIMARY KEY (ledger_id, customer_id, name)
) STRICT;

-- what the books do not hold; "list" and "role.<name>" and "credit_limit.<currency>" are fields like the others
CREATE TABLE profile (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (ledger_id, customer_id, field)
) STRICT;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    key TEXT NOT NULL UNIQUE,
    -- the first eight of the key's hash, for people and for the books
    id8 TEXT NOT NULL,
    -- message, task, note, file, link
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    case_number INTEGER,
    act TEXT NOT NULL,
    occasion TEXT NOT NULL,
    channel TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    -- what was decided, whole, as JSON
    decided TEXT NOT NULL,
    -- the month of a statement that travels with it
    statement TEXT,
    opens_at TEXT,
    closes_at TEXT,
    decided_on TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    approved_by TEXT,
    -- the ledger's day on which it was accepted
    sent_on TEXT,
    sent_at TEXT,
    -- why it is held, failed, rejected, withdrawn or unknown
    reason TEXT,
    -- the other side's word for what it took
    reference TEXT,
    -- the message that a note, file or link tells of
    about_id INTEGER REFERENCES outbox (id)
) STRICT;

CREATE INDEX outbox_customer ON outbox (ledger_id, customer_id, state, id);

CREATE INDEX outbox_state ON outbox (ledger_id, state, id);

CREATE INDEX outbox_about ON outbox (about_id);

-- the invoices that a row names, the lead first
CREATE TABLE outbox_invoice (
    outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    position INTEGER NOT NULL,
    invoice_id TEXT NOT NULL,
    PRIMARY KEY (outbox_id, position)
) STRICT;

-- sealed: the exact bytes that left, to whom, with which balances, and their hash
CREATE TABLE message (
    outbox_id INTEGER PRIMARY KEY REFERENCES outbox (id),
    message_id TEXT NOT NULL UNIQUE,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    balances TEXT NOT NULL,
    sealed BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    sealed_at TEXT NOT NULL
) STRICT;

CREATE TABLE promise (
    id INTEGER PRIMARY KEY,
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    made_on TEXT NOT NULL,
    promised_on TEXT NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    promised_by TEXT NOT NULL
) STRICT;

CREATE INDEX promise_customer ON promise (ledger_id, customer_id);

CREATE TABLE promise_invoice (
    promise_id INTEGER NOT NULL REFERENCES promise (id),
    position INTEGER NOT NULL,
    invoice_id TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (promise_id, position)
) STRICT;

CREATE TABLE dispute (
    id INTEGER PRIMARY KEY,
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    invoice_id TEXT NOT NULL,
    -- None: the whole invoice
    amount_minor INTEGER,
    category TEXT NOT NULL,
    reason TEXT NOT NULL,
    opened_on TEXT NOT NULL,
    closed_on TEXT
) STRICT;

CREATE INDEX dispute_customer ON dispute (ledger_id, customer_id);

CREATE TABLE claim (
    id INTEGER PRIMARY KEY,
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    invoices TEXT NOT NULL,
    reference TEXT NOT NULL,
    claimed_on TEXT NOT NULL,
    until_date TEXT NOT NULL,
    closed_on TEXT
) STRICT;

CREATE INDEX claim_customer ON claim (ledger_id, customer_id);

CREATE TABLE hold (
    id INTEGER PRIMARY KEY,
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    invoice_id TEXT,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    since TEXT NOT NULL,
    until_date TEXT,
    ended_on TEXT
) STRICT;

CREATE INDEX hold_customer ON hold (ledger_id, customer_id);

CREATE TABLE task (
    id INTEGER PRIMARY KEY,
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    outbox_id INTEGER REFERENCES outbox (id),
    customer_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    created_on TEXT NOT NULL,
    done_on TEXT,
    outcome TEXT
) STRICT;

CREATE INDEX task_ledger ON task (ledger_id, done_on, id);

-- a named person says that the books are matched through this day
CREATE TABLE reconciled (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    through_date TEXT NOT NULL,
    who TEXT NOT NULL,
    -- the ledger's day on which it was said
    said_on TEXT NOT NULL,
    PRIMARY KEY (ledger_id, through_date, who)
) STRICT;

-- differences that a person knows and accepts, until they change
CREATE TABLE tie_out_accepted (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    difference_minor INTEGER NOT NULL,
    reason TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (ledger_id, customer_id, currency)
) STRICT
