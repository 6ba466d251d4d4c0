-- name: term
-- A term as the mirror has it.
SELECT * FROM term WHERE ledger_id = ? AND id = ?;

-- name: method
-- A payment method.
SELECT * FROM method WHERE ledger_id = ? AND id = ?;

-- name: customer
-- A customer.
SELECT * FROM customer WHERE ledger_id = ? AND id = ?;

-- name: people
-- And its people.
SELECT position, name, email, phone FROM person WHERE ledger_id = ? AND customer_id = ? ORDER BY position;

-- name: invoice
-- An invoice.
SELECT * FROM invoice WHERE ledger_id = ? AND id = ?;

-- name: payment
-- A payment.
SELECT * FROM payment WHERE ledger_id = ? AND id = ?;

-- name: payment_allocations
-- And what it settled.
SELECT position, target, target_id, on_date, amount_minor
FROM allocation WHERE ledger_id = ? AND source = 'payment' AND source_id = ? ORDER BY position;

-- name: credit
-- A credit.
SELECT * FROM credit WHERE ledger_id = ? AND id = ?;

-- name: credit_allocations
-- And what it settled.
SELECT position, target, target_id, on_date, amount_minor
FROM allocation WHERE ledger_id = ? AND source = 'credit' AND source_id = ? ORDER BY position;
