-- name: ours
-- What we hold as owed per account and currency: open invoices less unapplied payments and remaining credits; with what
-- of it is pre- and overpayments, which a platform may leave out.
SELECT account_id, currency, SUM(amount_minor), SUM(prepaid_minor), SUM(overpaid_minor)
FROM (
    SELECT customer.account_id, invoice.currency, invoice.open_minor AS amount_minor, 0 AS prepaid_minor,
        0 AS overpaid_minor
    FROM invoice
    JOIN customer ON customer.ledger_id = invoice.ledger_id AND customer.id = invoice.customer_id
    WHERE invoice.ledger_id = :ledger AND invoice.status = 'issued' AND invoice.open_minor <> 0
    UNION ALL
    SELECT customer.account_id, payment.currency, -payment.unapplied_minor, 0, 0
    FROM payment
    JOIN customer ON customer.ledger_id = payment.ledger_id AND customer.id = payment.customer_id
    WHERE payment.ledger_id = :ledger AND payment.status = 'issued' AND payment.unapplied_minor <> 0
    UNION ALL
    SELECT
        customer.account_id, credit.currency, -credit.remaining_minor,
        CASE WHEN credit.kind = 'prepayment' THEN credit.remaining_minor ELSE 0 END,
        CASE WHEN credit.kind = 'overpayment' THEN credit.remaining_minor ELSE 0 END
    FROM credit
    JOIN customer ON customer.ledger_id = credit.ledger_id AND customer.id = credit.customer_id
    WHERE credit.ledger_id = :ledger AND credit.status = 'issued' AND credit.remaining_minor <> 0
) AS parts
GROUP BY account_id, currency
ORDER BY account_id, currency;

-- name: ours_of
-- The same of one customer, whoever's account it belongs to.
SELECT currency, SUM(amount_minor), SUM(prepaid_minor), SUM(overpaid_minor)
FROM (
    SELECT currency, open_minor AS amount_minor, 0 AS prepaid_minor, 0 AS overpaid_minor
    FROM invoice
    WHERE ledger_id = :ledger AND customer_id = :customer AND status = 'issued' AND open_minor <> 0
    UNION ALL
    SELECT currency, -unapplied_minor, 0, 0
    FROM payment
    WHERE ledger_id = :ledger AND customer_id = :customer AND status = 'issued' AND unapplied_minor <> 0
    UNION ALL
    SELECT
        currency, -remaining_minor,
        CASE WHEN kind = 'prepayment' THEN remaining_minor ELSE 0 END,
        CASE WHEN kind = 'overpayment' THEN remaining_minor ELSE 0 END
    FROM credit
    WHERE ledger_id = :ledger AND customer_id = :customer AND status = 'issued' AND remaining_minor <> 0
) AS parts
GROUP BY currency;

-- name: billing
-- Each account with its customers: whose balances make up the account's.
SELECT account_id, id FROM customer WHERE ledger_id = :ledger AND status <> 'deleted';

-- name: customers_of
-- The customers of one account, and whether they are gone.
SELECT id, status = 'deleted' FROM customer WHERE ledger_id = :ledger AND account_id = :account;

-- name: account_of
-- Whose account a customer belongs to.
SELECT account_id FROM customer WHERE ledger_id = :ledger AND id = :customer;

-- name: customers
-- How many there are.
SELECT COUNT(*) FROM customer WHERE ledger_id = :ledger;

-- name: last_time
-- What was compared before.
SELECT customer_id, currency, state, ours_minor, theirs_minor, checked_at FROM tie_out WHERE ledger_id = :ledger;

-- name: last_time_of
-- The same of one account.
SELECT customer_id, currency, state, ours_minor, theirs_minor, checked_at
FROM tie_out WHERE ledger_id = :ledger AND customer_id = :account;

-- name: not_tied
-- Accounts that differed, or could not be read.
SELECT DISTINCT customer_id FROM tie_out WHERE ledger_id = :ledger AND state <> 'tied';

-- name: last_day
-- The latest day of anything of an account: documents, and when credit was used.
SELECT MAX(on_date) FROM (
    SELECT invoice.issued_on AS on_date
    FROM invoice
    WHERE invoice.ledger_id = :ledger
        AND invoice.customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
    UNION ALL
    SELECT payment.paid_on
    FROM payment
    WHERE payment.ledger_id = :ledger
        AND payment.customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
    UNION ALL
    SELECT credit.issued_on
    FROM credit
    WHERE credit.ledger_id = :ledger
        AND credit.customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
    UNION ALL
    SELECT allocation.on_date
    FROM allocation
    WHERE allocation.ledger_id = :ledger AND allocation.source = 'credit' AND allocation.source_id IN (
        SELECT credit.id
        FROM credit
        WHERE credit.ledger_id = :ledger
            AND credit.customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
    )
) AS days;

-- name: forget
-- A tie-out replaces the one before.
DELETE FROM tie_out WHERE ledger_id = :ledger;

-- name: forget_of
-- Of one account.
DELETE FROM tie_out WHERE ledger_id = :ledger AND customer_id = :account;

-- name: save
-- One account in one currency.
INSERT INTO tie_out (ledger_id, customer_id, currency, state, ours_minor, theirs_minor, suspects, checked_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: differences
-- Everything that differs, with names, and whether it is accepted.
SELECT
    customer.id, customer.name, tie_out.currency, tie_out.state, tie_out.ours_minor, tie_out.theirs_minor,
    tie_out.suspects, tie_out_accepted.difference_minor, tie_out_accepted.reason, tie_out_accepted.who
FROM tie_out
JOIN customer ON customer.ledger_id = tie_out.ledger_id AND customer.id = tie_out.customer_id
LEFT JOIN tie_out_accepted ON tie_out_accepted.ledger_id = tie_out.ledger_id
    AND tie_out_accepted.customer_id = tie_out.customer_id AND tie_out_accepted.currency = tie_out.currency
WHERE tie_out.ledger_id = :ledger AND tie_out.state <> 'tied'
ORDER BY customer.name, tie_out.currency;

-- name: summary
-- How many accounts were compared, and how many differ without being accepted.
SELECT
    COUNT(*),
    SUM(CASE
        WHEN tie_out.state IN ('less', 'more')
            AND (
                tie_out_accepted.difference_minor IS NULL
                OR tie_out_accepted.difference_minor <> tie_out.ours_minor - tie_out.theirs_minor
            )
        THEN 1 ELSE 0 END),
    MAX(tie_out.checked_at)
FROM tie_out
LEFT JOIN tie_out_accepted ON tie_out_accepted.ledger_id = tie_out.ledger_id
    AND tie_out_accepted.customer_id = tie_out.customer_id AND tie_out_accepted.currency = tie_out.currency
WHERE tie_out.ledger_id = :ledger;

-- name: accept
-- A person knows this difference; it is silent until it changes.
INSERT INTO tie_out_accepted (ledger_id, customer_id, currency, difference_minor, reason, who, at)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (ledger_id, customer_id, currency) DO UPDATE SET
    difference_minor = excluded.difference_minor, reason = excluded.reason, who = excluded.who, at = excluded.at;

-- name: suspects
-- Records of an account that a difference often comes from: credits and unapplied money, an invoice of exactly the amount;
-- and those that may be anybody's: a payment of the amount without a customer, records that could not be read.
SELECT 'unapplied payment ' || COALESCE(payment.reference, '#' || payment.id), payment.unapplied_minor
FROM payment
WHERE payment.ledger_id = :ledger
    AND payment.customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
    AND payment.status = 'issued' AND payment.currency = :currency AND payment.unapplied_minor <> 0
UNION ALL
SELECT REPLACE(credit.kind, '_', ' ') || ' ' || COALESCE(credit.number, '#' || credit.id), credit.remaining_minor
FROM credit
WHERE credit.ledger_id = :ledger
    AND credit.customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
    AND credit.status = 'issued' AND credit.currency = :currency AND credit.remaining_minor <> 0
UNION ALL
SELECT 'invoice ' || COALESCE(invoice.number, '#' || invoice.id), invoice.open_minor
FROM invoice
WHERE invoice.ledger_id = :ledger
    AND invoice.customer_id IN (SELECT id FROM customer WHERE ledger_id = :ledger AND account_id = :account)
    AND invoice.status = 'issued' AND invoice.currency = :currency AND invoice.open_minor = :difference
UNION ALL
SELECT 'payment ' || COALESCE(payment.reference, '#' || payment.id) || ', which names no customer', payment.total_minor
FROM payment
WHERE payment.ledger_id = :ledger AND payment.customer_id IS NULL AND payment.status = 'issued'
    AND payment.currency = :currency AND payment.total_minor = :difference
UNION ALL
SELECT issue.source || ', which could not be read', NULL
FROM issue
WHERE issue.ledger_id = :ledger AND issue.code = 'unreadable';
