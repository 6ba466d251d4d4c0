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

-- name: across
-- What payments and credits settled, where giver, invoice or credit is the account's and another account has to do with it:
-- giver, account of the invoice, account of the credit that a payment applied (or NULL), amount, and the days of all.
WITH
own_invoice AS (
    SELECT invoice.id FROM customer
    JOIN invoice ON invoice.ledger_id = customer.ledger_id AND invoice.customer_id = customer.id
    WHERE customer.ledger_id = :ledger AND customer.account_id = :account
),
own_payment AS (
    SELECT payment.id FROM customer
    JOIN payment ON payment.ledger_id = customer.ledger_id AND payment.customer_id = customer.id
    WHERE customer.ledger_id = :ledger AND customer.account_id = :account
),
own_credit AS (
    SELECT credit.id FROM customer
    JOIN credit ON credit.ledger_id = customer.ledger_id AND credit.customer_id = customer.id
    WHERE customer.ledger_id = :ledger AND customer.account_id = :account
)
SELECT
    allocation.source_id, COALESCE(payment.currency, credit.currency), invoice.number,
    giver.account_id, taker.account_id, lender.account_id, allocation.amount_minor,
    allocation.on_date, invoice.issued_on, COALESCE(credit.issued_on, applied.issued_on)
FROM allocation
LEFT JOIN payment ON payment.ledger_id = allocation.ledger_id AND payment.id = allocation.source_id
    AND allocation.source = 'payment'
LEFT JOIN credit ON credit.ledger_id = allocation.ledger_id AND credit.id = allocation.source_id
    AND allocation.source = 'credit'
LEFT JOIN credit AS applied ON applied.ledger_id = allocation.ledger_id AND applied.id = allocation.target_id
    AND allocation.target = 'credit'
JOIN invoice ON invoice.ledger_id = allocation.ledger_id
    AND invoice.id = CASE WHEN allocation.target = 'credit' THEN allocation.invoice_id ELSE allocation.target_id END
JOIN customer AS giver ON giver.ledger_id = allocation.ledger_id
    AND giver.id = COALESCE(payment.customer_id, credit.customer_id)
JOIN customer AS taker ON taker.ledger_id = allocation.ledger_id AND taker.id = invoice.customer_id
LEFT JOIN customer AS lender ON lender.ledger_id = allocation.ledger_id AND lender.id = applied.customer_id
WHERE allocation.ledger_id = :ledger
    AND (
        (allocation.source = 'payment' AND allocation.source_id IN (SELECT id FROM own_payment))
        OR (allocation.source = 'credit' AND allocation.source_id IN (SELECT id FROM own_credit))
        OR (allocation.target = 'invoice' AND allocation.target_id IN (SELECT id FROM own_invoice))
        OR (allocation.target = 'credit' AND allocation.target_id IN (SELECT id FROM own_credit))
        OR allocation.invoice_id IN (SELECT id FROM own_invoice)
    )
    AND (giver.account_id <> taker.account_id OR lender.account_id <> taker.account_id);
