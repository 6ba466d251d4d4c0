-- The exchange rate that the books keep with a document, as they write it, and for which invoice a credit was used.

ALTER TABLE invoice ADD COLUMN exchange_rate TEXT;

ALTER TABLE payment ADD COLUMN exchange_rate TEXT;

ALTER TABLE credit ADD COLUMN exchange_rate TEXT;

ALTER TABLE allocation ADD COLUMN invoice_id TEXT;

CREATE INDEX allocation_invoice ON allocation (ledger_id, invoice_id) WHERE invoice_id IS NOT NULL
