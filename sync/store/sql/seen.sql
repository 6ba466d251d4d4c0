-- name: create
-- Ids that came in the passes of one pull. It is this connection's own, and where there are many of them they are in a
-- file of its own: memory does not grow with the ledger.
CREATE TEMP TABLE IF NOT EXISTS seen (kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;

-- name: add
-- It came; once is enough.
INSERT INTO seen (kind, id) VALUES (?, ?) ON CONFLICT (kind, id) DO NOTHING;

-- name: holds
-- Whether it came.
SELECT 1 FROM seen WHERE kind = ? AND id = ?;

-- name: forget
-- A pass begins anew.
DELETE FROM seen WHERE kind = ?;

-- name: forget_all
-- A pull begins.
DELETE FROM seen;

-- name: missing_customer
-- Held and not gone, and yet it did not come.
SELECT id FROM customer
WHERE ledger_id = ? AND status <> 'deleted'
    AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.kind = 'customer' AND seen.id = customer.id);

-- name: missing_invoice
-- Likewise.
SELECT id FROM invoice
WHERE ledger_id = ? AND status <> 'deleted'
    AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.kind = 'invoice' AND seen.id = invoice.id);

-- name: missing_payment
-- Likewise.
SELECT id FROM payment
WHERE ledger_id = ? AND status <> 'deleted'
    AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.kind = 'payment' AND seen.id = payment.id);

-- name: missing_credit
-- Likewise.
SELECT id FROM credit
WHERE ledger_id = ? AND status <> 'deleted'
    AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.kind = 'credit' AND seen.id = credit.id);

-- name: missing_term
-- Likewise.
SELECT id FROM term
WHERE ledger_id = ?
    AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.kind = 'term' AND seen.id = term.id);

-- name: missing_method
-- Likewise.
SELECT id FROM method
WHERE ledger_id = ?
    AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.kind = 'method' AND seen.id = method.id);
