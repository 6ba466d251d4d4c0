-- addresses from which a message came back; they are not written to until the bounce is ended
CREATE TABLE bounce (
    id INTEGER PRIMARY KEY,
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    customer_id TEXT NOT NULL,
    outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    address TEXT NOT NULL,
    -- whether nobody else got the message either
    whole INTEGER NOT NULL,
    came_on TEXT NOT NULL,
    ended_on TEXT
) STRICT;

CREATE INDEX bounce_customer ON bounce (ledger_id, customer_id)
