-- the days that a letter before action gave, as its text says them; 0 for everything else
ALTER TABLE outbox ADD COLUMN deadline_days INTEGER NOT NULL DEFAULT 0;

UPDATE outbox SET deadline_days = COALESCE(json_extract(decided, '$.deadline_days'), 0) WHERE kind = 'message'
