-- the amounts of a plan's instalments in minor units, as JSON; none where they are equal
ALTER TABLE payment_plan ADD COLUMN parts TEXT
