-- the day on which they say they paid; None: they did not say
ALTER TABLE claim ADD COLUMN paid_on TEXT
