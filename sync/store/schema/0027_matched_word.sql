-- every word on how far the books are matched, in the order in which it was said: the last one counts, and a day said
-- again is a word of its own
CREATE TABLE matched (
    id INTEGER PRIMARY KEY,
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    through_date TEXT NOT NULL,
    who TEXT NOT NULL,
    -- the ledger's day on which it was said
    said_on TEXT NOT NULL
) STRICT;

INSERT INTO matched (ledger_id, through_date, who, said_on)
-- of one day the furthest word, as it counted until now: a word said again had kept its old place
SELECT ledger_id, through_date, who, said_on FROM reconciled ORDER BY said_on, through_date, rowid;

DROP TABLE reconciled;

CREATE INDEX matched_said ON matched (ledger_id, said_on, id)
