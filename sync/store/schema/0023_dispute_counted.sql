-- credit that was used for the invoice in its days and is not what is expected: the books had it when the dispute was
-- raised, or, where it was of the whole invoice, when its outcome was told
ALTER TABLE dispute ADD COLUMN counted_minor INTEGER NOT NULL DEFAULT 0
