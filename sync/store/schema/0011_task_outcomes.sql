-- what was said, and when it is done again
ALTER TABLE task ADD COLUMN note TEXT;

ALTER TABLE task ADD COLUMN next_on TEXT;

CREATE INDEX task_customer ON task (ledger_id, customer_id);

CREATE INDEX task_outbox ON task (outbox_id)
