-- when open items were last compared with the platform's balances, those of all accounts or of some

ALTER TABLE cursor ADD COLUMN compared_at TEXT;

ALTER TABLE cursor ADD COLUMN compared_all_at TEXT
