-- contacts that somebody else made: a telephone call, a visit, a letter of the program before, the platform's reminder
CREATE TABLE noted_touch (
    id INTEGER PRIMARY KEY,
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    on_date TEXT NOT NULL,
    -- the step that it was, or "noted" where it was none
    act TEXT NOT NULL,
    -- the case that the step belongs to
    case_number INTEGER,
    currency TEXT NOT NULL,
    channel TEXT NOT NULL,
    what TEXT NOT NULL,
    who TEXT NOT NULL,
    -- taken back: it never was
    ended_on TEXT
) STRICT;

CREATE INDEX noted_touch_customer ON noted_touch (ledger_id, customer_id);

-- the invoices that it named, the lead first
CREATE TABLE noted_touch_invoice (
    noted_touch_id INTEGER NOT NULL REFERENCES noted_touch (id),
    position INTEGER NOT NULL,
    invoice_id TEXT NOT NULL,
    PRIMARY KEY (noted_touch_id, position)
) STRICT
