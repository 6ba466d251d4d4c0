-- One account's documents of a period, for statements of activity.

-- name: invoices
-- Issued within the period, both days included.
SELECT
    invoice.id, invoice.customer_id, invoice.number, invoice.reference, invoice.issued_on, invoice.due_on,
    invoice.currency, invoice.total_minor, invoice.open_minor, invoice.deposit_minor, invoice.status, invoice.version,
    invoice.updated_at
FROM customer
JOIN invoice ON invoice.ledger_id = customer.ledger_id AND invoice.customer_id = customer.id
WHERE customer.ledger_id = :ledger AND customer.account_id = :account AND invoice.status = 'issued'
    AND invoice.issued_on BETWEEN :first AND :last;

-- name: payments
-- Received within the period.
SELECT
    payment.id, payment.customer_id, payment.reference, payment.paid_on, payment.currency, payment.total_minor,
    payment.unapplied_minor, payment.status, payment.version, payment.updated_at
FROM customer
JOIN payment ON payment.ledger_id = customer.ledger_id AND payment.customer_id = customer.id
WHERE customer.ledger_id = :ledger AND customer.account_id = :account AND payment.status = 'issued'
    AND payment.paid_on BETWEEN :first AND :last;

-- name: payment_allocations
-- What those payments settled, and when: it tells a refund from a payment.
SELECT allocation.source_id, allocation.target, allocation.target_id, allocation.on_date, allocation.amount_minor
FROM customer
JOIN payment ON payment.ledger_id = customer.ledger_id AND payment.customer_id = customer.id
JOIN allocation ON allocation.ledger_id = payment.ledger_id AND allocation.source = 'payment'
    AND allocation.source_id = payment.id
WHERE customer.ledger_id = :ledger AND customer.account_id = :account AND payment.status = 'issued'
    AND payment.paid_on BETWEEN :first AND :last
ORDER BY allocation.source_id, allocation.position;

-- name: credits
-- Issued within the period.
SELECT
    credit.id, credit.customer_id, credit.kind, credit.number, credit.issued_on, credit.currency, credit.total_minor,
    credit.remaining_minor, credit.status, credit.version, credit.updated_at
FROM customer
JOIN credit ON credit.ledger_id = customer.ledger_id AND credit.customer_id = customer.id
WHERE customer.ledger_id = :ledger AND customer.account_id = :account AND credit.status = 'issued'
    AND credit.issued_on BETWEEN :first AND :last;
