-- who of our own people answers a dispute (a role), by when, and what came of it
ALTER TABLE dispute ADD COLUMN owner TEXT NOT NULL DEFAULT 'owner';

ALTER TABLE dispute ADD COLUMN answer_by TEXT;

ALTER TABLE dispute ADD COLUMN answered_on TEXT;

-- valid, invalid or partial; while a credit note is expected, the dispute is not closed
ALTER TABLE dispute ADD COLUMN outcome TEXT;

ALTER TABLE dispute ADD COLUMN resolved_on TEXT;

ALTER TABLE dispute ADD COLUMN credit_minor INTEGER
