-- the day on which a newer promise took the place of one on this invoice; none: it stands as it was made
ALTER TABLE promise_invoice ADD COLUMN replaced_on TEXT
