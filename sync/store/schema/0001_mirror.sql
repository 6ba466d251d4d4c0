-- The mirror: what the platforms say. All of it can be pulled again.

CREATE TABLE ledger (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    platform TEXT NOT NULL,
    -- the realm or tenant it is bound to; None until it is connected
    remote_id TEXT,
    remote_name TEXT,
    api_url TEXT,
    connected_at TEXT
) STRICT;

CREATE TABLE company (
    ledger_id INTEGER PRIMARY KEY REFERENCES ledger (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    legal_name TEXT,
    country TEXT,
    time_zone TEXT,
    base_currency TEXT NOT NULL,
    several_currencies INTEGER NOT NULL,
    aging_basis TEXT NOT NULL,
    reminders TEXT NOT NULL,
    books_closed_on TEXT,
    tax_number TEXT,
    email TEXT,
    phone TEXT,
    address TEXT NOT NULL,
    read_at TEXT NOT NULL
) STRICT;

CREATE TABLE term (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    day INTEGER NOT NULL,
    next_month_within INTEGER NOT NULL,
    PRIMARY KEY (ledger_id, id)
) STRICT;

CREATE TABLE method (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (ledger_id, id)
) STRICT;

CREATE TABLE customer (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    merged_into TEXT,
    parent_id TEXT,
    bills_parent INTEGER NOT NULL,
    -- who is billed and chased for it: itself, a parent, or the customer it was merged into
    account_id TEXT NOT NULL,
    currency TEXT,
    country TEXT,
    language TEXT,
    emails TEXT NOT NULL,
    phone TEXT,
    groups TEXT NOT NULL,
    method_id TEXT,
    term_id TEXT,
    number TEXT,
    tax_number TEXT,
    address TEXT NOT NULL,
    balance_currency TEXT,
    balance_minor INTEGER,
    balance_with_jobs_minor INTEGER,
    version TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (ledger_id, id)
) STRICT;

CREATE INDEX customer_account ON customer (ledger_id, account_id);

CREATE TABLE person (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    PRIMARY KEY (ledger_id, customer_id, position)
) STRICT;

CREATE TABLE invoice (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    number TEXT,
    reference TEXT,
    issued_on TEXT NOT NULL,
    due_on TEXT,
    term_id TEXT,
    currency TEXT NOT NULL,
    total_minor INTEGER NOT NULL,
    open_minor INTEGER NOT NULL,
    deposit_minor INTEGER NOT NULL,
    status TEXT NOT NULL,
    sent TEXT NOT NULL,
    emails TEXT NOT NULL,
    emails_cc TEXT NOT NULL,
    version TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (ledger_id, id)
) STRICT;

CREATE INDEX invoice_customer ON invoice (ledger_id, customer_id);

-- what is open is a small part of what there is
CREATE INDEX invoice_open ON invoice (ledger_id, customer_id) WHERE status = 'issued' AND open_minor <> 0;

CREATE TABLE payment (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    id TEXT NOT NULL,
    customer_id TEXT,
    paid_on TEXT NOT NULL,
    currency TEXT NOT NULL,
    total_minor INTEGER NOT NULL,
    unapplied_minor INTEGER NOT NULL,
    status TEXT NOT NULL,
    method_id TEXT,
    reference TEXT,
    version TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (ledger_id, id)
) STRICT;

CREATE INDEX payment_customer ON payment (ledger_id, customer_id);

CREATE TABLE credit (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT,
    issued_on TEXT NOT NULL,
    currency TEXT NOT NULL,
    total_minor INTEGER NOT NULL,
    remaining_minor INTEGER NOT NULL,
    status TEXT NOT NULL,
    version TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (ledger_id, id)
) STRICT;

CREATE INDEX credit_customer ON credit (ledger_id, customer_id);

-- what settled what, and on which day; it belongs to the payment or credit that carries it
CREATE TABLE allocation (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    target TEXT NOT NULL,
    target_id TEXT NOT NULL,
    on_date TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (ledger_id, source, source_id, position)
) STRICT;

CREATE INDEX allocation_target ON allocation (ledger_id, target, target_id);

-- bodies exactly as they arrived: what is not understood today can be read from here tomorrow
CREATE TABLE raw (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    body BLOB NOT NULL,
    read_at TEXT NOT NULL,
    PRIMARY KEY (ledger_id, kind, id)
) STRICT;

-- records that the platform says are gone, remembered so that no older page brings them back
CREATE TABLE tombstone (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (ledger_id, kind, id)
) STRICT;

-- how far the ledger has been read: everything that changed before this instant (the platform's clock) is here
CREATE TABLE cursor (
    ledger_id INTEGER PRIMARY KEY REFERENCES ledger (id),
    since TEXT NOT NULL
) STRICT;

CREATE TABLE sync_run (
    id INTEGER PRIMARY KEY,
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    mode TEXT NOT NULL,
    state TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    counts TEXT NOT NULL,
    error TEXT
) STRICT;

CREATE INDEX sync_run_ledger ON sync_run (ledger_id, id);

-- odd records, shown in check and plan until they can be read
CREATE TABLE issue (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    source TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (ledger_id, source, code)
) STRICT;

-- our open items beside the platform's own balance, per account and currency
CREATE TABLE tie_out (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    ours_minor INTEGER NOT NULL,
    theirs_minor INTEGER,
    suspects TEXT NOT NULL,
    checked_at TEXT NOT NULL,
    PRIMARY KEY (ledger_id, customer_id, currency)
) STRICT;

-- calls and bytes by day, for the platforms' limits and price tiers
CREATE TABLE usage (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    on_date TEXT NOT NULL,
    calls INTEGER NOT NULL,
    reads INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (ledger_id, on_date)
) STRICT
