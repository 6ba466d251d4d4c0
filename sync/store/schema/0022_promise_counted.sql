-- what was paid on the invoice on the day of the promise, and was in the books by then already
ALTER TABLE promise_invoice ADD COLUMN counted_minor INTEGER NOT NULL DEFAULT 0
