-- payment plans: what is paid in instalments instead of at once
CREATE TABLE payment_plan (
    id INTEGER PRIMARY KEY,
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    made_on TEXT NOT NULL,
    made_by TEXT NOT NULL,
    -- None: proposed, and nothing rests on it
    accepted_on TEXT,
    -- a person ended it
    ended_on TEXT,
    deposit_minor INTEGER NOT NULL,
    deposit_on TEXT,
    -- instalments after the deposit
    instalments INTEGER NOT NULL,
    first_on TEXT NOT NULL,
    -- week, fortnight, month
    every TEXT NOT NULL,
    -- what the books had of payments of that very day already
    counted_minor INTEGER NOT NULL
) STRICT;

CREATE INDEX payment_plan_customer ON payment_plan (ledger_id, customer_id);

-- its invoices, the oldest first, with what was open of each
CREATE TABLE payment_plan_invoice (
    plan_id INTEGER NOT NULL REFERENCES payment_plan (id),
    position INTEGER NOT NULL,
    invoice_id TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (plan_id, position)
) STRICT
