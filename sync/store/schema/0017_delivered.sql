-- the day on which the platform last sent an invoice; after its due date that is a contact of somebody's
ALTER TABLE invoice ADD COLUMN delivered_on TEXT;

CREATE INDEX invoice_chased ON invoice (ledger_id) WHERE delivered_on > due_on;
