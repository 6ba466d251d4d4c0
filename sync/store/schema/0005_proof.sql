-- When open invoices were last read for what changes without saying so, and what a full reading found otherwise.

ALTER TABLE cursor ADD COLUMN swept_at TEXT;

ALTER TABLE sync_run ADD COLUMN differed TEXT
