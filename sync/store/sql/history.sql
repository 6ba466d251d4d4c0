-- One account's documents of a period, for statements of activity. Its customers are asked for within, not joined:
-- SQLite begins such a join with all documents of the ledger.

-- name: invoices
-- Issued within the period, both days included.
SELECT
    invoice.id, invoice.customer_id, invoice.number, invoice.reference, invoice.issued_on, invoice.due_on,
    invoice.currency, invoice.total_minor, invoice.open_minor, invoice.deposit_minor, invoice.status, invoice.version,
    invoice.updated_at
FROM invoice
WHERE invoice.ledger_id = :ledger
    AND invoice.customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
    AND invoice.status = 'issued' AND invoice.issued_on BETWEEN :first AND :last;

-- name: payments
-- Received within the period.
SELECT
    payment.id, payment.customer_id, payment.reference, payment.paid_on, payment.currency, payment.total_minor,
    payment.unapplied_minor, payment.status, payment.version, payment.updated_at
FROM payment
WHERE payment.ledger_id = :ledger
    AND payment.customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
    AND payment.status = 'issued' AND payment.paid_on BETWEEN :first AND :last;

-- name: payment_allocations
-- What those payments settled, and when: it tells a refund from a payment.
SELECT allocation.source_id, allocation.target, allocation.target_id, allocation.on_date, allocation.amount_minor
FROM allocation
WHERE allocation.ledger_id = :ledger AND allocation.source = 'payment' AND allocation.source_id IN (
    SELECT payment.id
    FROM payment
    WHERE payment.ledger_id = :ledger
        AND payment.customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
        AND payment.status = 'issued' AND payment.paid_on BETWEEN :first AND :last
)
ORDER BY allocation.source_id, allocation.position;

-- name: credits
-- Issued within the period.
SELECT
    credit.id, credit.customer_id, credit.kind, credit.number, credit.issued_on, credit.currency, credit.total_minor,
    credit.remaining_minor, credit.status, credit.version, credit.updated_at
FROM credit
WHERE credit.ledger_id = :ledger
    AND credit.customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
    AND credit.status = 'issued' AND credit.issued_on BETWEEN :first AND :last;

-- name: across
-- What payments and credits settled, where giver, invoice or credit is the account's and another account has to do with it:
-- giver, account of the invoice, account of the credit that a payment applied (or NULL), amount, and the days of all.
WITH
own_invoice AS (
    SELECT id FROM invoice
    WHERE ledger_id = :ledger
        AND customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
),
own_payment AS (
    SELECT id FROM payment
    WHERE ledger_id = :ledger
        AND customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
),
own_credit AS (
    SELECT id FROM credit
    WHERE ledger_id = :ledger
        AND customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
),
own_allocation AS (
    SELECT ledger_id, source, source_id, position, target, target_id, invoice_id, on_date, amount_minor
    FROM allocation
    WHERE ledger_id = :ledger AND source = 'payment' AND source_id IN (SELECT id FROM own_payment)
    UNION
    SELECT ledger_id, source, source_id, position, target, target_id, invoice_id, on_date, amount_minor
    FROM allocation
    WHERE ledger_id = :ledger AND source = 'credit' AND source_id IN (SELECT id FROM own_credit)
    UNION
    SELECT ledger_id, source, source_id, position, target, target_id, invoice_id, on_date, amount_minor
    FROM allocation
    WHERE ledger_id = :ledger AND target = 'invoice' AND target_id IN (SELECT id FROM own_invoice)
    UNION
    SELECT ledger_id, source, source_id, position, target, target_id, invoice_id, on_date, amount_minor
    FROM allocation
    WHERE ledger_id = :ledger AND target = 'credit' AND target_id IN (SELECT id FROM own_credit)
    UNION
    SELECT ledger_id, source, source_id, position, target, target_id, invoice_id, on_date, amount_minor
    FROM allocation
    WHERE ledger_id = :ledger AND invoice_id IN (SELECT id FROM own_invoice)
)
SELECT
    part.source_id, COALESCE(payment.currency, credit.currency), invoice.number,
    giver.account_id, taker.account_id, lender.account_id, part.amount_minor,
    part.on_date, invoice.issued_on, COALESCE(credit.issued_on, applied.issued_on)
FROM own_allocation AS part
LEFT JOIN payment ON payment.ledger_id = part.ledger_id AND payment.id = part.source_id
    AND part.source = 'payment'
LEFT JOIN credit ON credit.ledger_id = part.ledger_id AND credit.id = part.source_id
    AND part.source = 'credit'
LEFT JOIN credit AS applied ON applied.ledger_id = part.ledger_id AND applied.id = part.target_id
    AND part.target = 'credit'
JOIN invoice ON invoice.ledger_id = part.ledger_id
    AND invoice.id = CASE WHEN part.target = 'credit' THEN part.invoice_id ELSE part.target_id END
JOIN customer AS giver ON giver.ledger_id = part.ledger_id
    AND giver.id = COALESCE(payment.customer_id, credit.customer_id)
JOIN customer AS taker ON taker.ledger_id = part.ledger_id AND taker.id = invoice.customer_id
LEFT JOIN customer AS lender ON lender.ledger_id = part.ledger_id AND lender.id = applied.customer_id
WHERE giver.account_id <> taker.account_id OR lender.account_id <> taker.account_id;
