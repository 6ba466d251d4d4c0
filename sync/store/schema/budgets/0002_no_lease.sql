-- a call is over when it ended or its process died, however long it lasts

ALTER TABLE flight DROP COLUMN started_at
