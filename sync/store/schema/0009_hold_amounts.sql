-- so much of its invoice is held; None: all of it
ALTER TABLE hold ADD COLUMN amount_minor INTEGER
