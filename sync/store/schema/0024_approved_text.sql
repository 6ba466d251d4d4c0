-- the hash of the letter's text that a person approved; NULL for what was approved before it was kept
ALTER TABLE outbox ADD COLUMN approved_text TEXT
