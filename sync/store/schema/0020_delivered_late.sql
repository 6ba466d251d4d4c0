-- only of what is open: an index of what was ever sent late grows with every year
DROP INDEX invoice_chased;

CREATE INDEX invoice_delivered ON invoice (ledger_id)
WHERE delivered_on > due_on AND status = 'issued' AND open_minor <> 0
