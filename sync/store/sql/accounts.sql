-- What the books say of accounts. Every statement here and in accounts_journal.sql streams rows in the order of their
-- account, for all accounts of a ledger or, with both bounds the same, for one. The bounds are inclusive. CROSS JOIN keeps
-- SQLite from starting anywhere but at the customers.

-- name: accounts
-- Accounts that there is anything to say or to remember of.
SELECT id FROM (
    SELECT customer.account_id AS id
    FROM invoice
    JOIN customer ON customer.ledger_id = invoice.ledger_id AND customer.id = invoice.customer_id
    WHERE invoice.ledger_id = :ledger AND invoice.status = 'issued' AND invoice.open_minor <> 0
    UNION
    SELECT customer.account_id
    FROM overdue_case
    JOIN customer ON customer.ledger_id = overdue_case.ledger_id AND customer.id = overdue_case.customer_id
    WHERE overdue_case.ledger_id = :ledger AND overdue_case.closed_on IS NULL
    UNION
    SELECT customer.account_id
    FROM overdue_case
    JOIN customer ON customer.ledger_id = overdue_case.ledger_id AND customer.id = overdue_case.customer_id
    WHERE overdue_case.ledger_id = :ledger AND overdue_case.closed_on >= :lately
    UNION
    SELECT customer.account_id
    FROM trigger_state
    JOIN customer ON customer.ledger_id = trigger_state.ledger_id AND customer.id = trigger_state.customer_id
    WHERE trigger_state.ledger_id = :ledger AND trigger_state.is_true = 1
    UNION
    SELECT customer.account_id
    FROM dispute
    JOIN customer ON customer.ledger_id = dispute.ledger_id AND customer.id = dispute.customer_id
    WHERE dispute.ledger_id = :ledger AND dispute.outcome IS NOT NULL AND dispute.closed_on IS NULL
    UNION
    SELECT customer.account_id
    FROM outbox
    JOIN customer ON customer.ledger_id = outbox.ledger_id AND customer.id = outbox.customer_id
    WHERE outbox.ledger_id = :ledger AND outbox.state IN ('planned', 'approved', 'held')
    UNION
    SELECT taken_by FROM invoice_moved WHERE ledger_id = :ledger AND taken_by IS NOT NULL
) AS spoken_of
ORDER BY id;

-- name: every_account
-- All accounts, whatever is open: for past days and for looking somebody up.
SELECT account.id
FROM customer AS account
WHERE account.ledger_id = :ledger AND account.id BETWEEN :first AND :last AND account.account_id = account.id
ORDER BY account.id;

-- name: members
-- The account's customers, itself included. Last, whether a newer version of one could not be read.
SELECT
    customer.account_id, customer.id, customer.name, customer.status, customer.merged_into, customer.parent_id,
    customer.bills_parent, customer.currency, customer.country, customer.language, customer.emails, customer.phone,
    customer.groups, customer.method_id, customer.term_id, customer.number, customer.tax_number, customer.address,
    customer.balance_currency, customer.balance_minor, customer.balance_with_jobs_minor, customer.version,
    customer.updated_at, method.name,
    customer.id IN (
        SELECT SUBSTR(issue.source, INSTR(issue.source, ' ') + 1) FROM issue
        WHERE issue.ledger_id = :ledger AND issue.code = 'unreadable'
            AND (issue.source GLOB 'Customer *' OR issue.source GLOB 'Contacts *')
    )
FROM customer
LEFT JOIN method ON method.ledger_id = customer.ledger_id AND method.id = customer.method_id
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
ORDER BY customer.account_id, customer.id;

-- name: people
-- Contact persons of the account's own customer.
SELECT customer_id, name, email, phone
FROM person
WHERE ledger_id = :ledger AND customer_id BETWEEN :first AND :last
ORDER BY customer_id, position;

-- name: open_invoices
-- What is open now, with what payments and credits have settled of it, and how much of that were credit notes: a payment of
-- zero applies one. What is dated after today is not owed yet. Last, whether a newer version of it could not be read.
SELECT
    customer.account_id, invoice.id, invoice.customer_id, invoice.number, invoice.reference, invoice.issued_on,
    invoice.due_on, invoice.term_id, customer.term_id, invoice.currency, invoice.total_minor, invoice.open_minor,
    invoice.deposit_minor, invoice.exchange_rate, invoice.sent, invoice.emails,
    COALESCE((
        SELECT SUM(allocation.amount_minor) FROM allocation
        WHERE allocation.ledger_id = invoice.ledger_id AND allocation.target = 'invoice'
            AND allocation.target_id = invoice.id
    ), 0),
    COALESCE((
        SELECT SUM(allocation.amount_minor) FROM allocation
        LEFT JOIN payment ON payment.ledger_id = allocation.ledger_id AND payment.id = allocation.source_id
            AND allocation.source = 'payment'
        LEFT JOIN credit ON credit.ledger_id = allocation.ledger_id AND credit.id = allocation.source_id
            AND allocation.source = 'credit'
        WHERE allocation.ledger_id = invoice.ledger_id AND allocation.target = 'invoice'
            AND allocation.target_id = invoice.id AND (credit.kind = 'credit_note' OR payment.total_minor = 0)
    ), 0),
    invoice.id IN (
        SELECT SUBSTR(issue.source, INSTR(issue.source, ' ') + 1) FROM issue
        WHERE issue.ledger_id = :ledger AND issue.source GLOB 'Invoice*' AND issue.code = 'unreadable'
    )
FROM customer
CROSS JOIN invoice
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND invoice.ledger_id = customer.ledger_id AND invoice.customer_id = customer.id
    AND invoice.status = 'issued' AND invoice.open_minor <> 0 AND invoice.issued_on <= :as_of
ORDER BY customer.account_id;

-- name: invoices_then
-- What had been issued by a day, with what had been settled of it by then; the platform's own figure is of today only.
-- Credit settles nothing before its own day, whatever day it was applied on.
SELECT
    customer.account_id, invoice.id, invoice.customer_id, invoice.number, invoice.reference, invoice.issued_on,
    invoice.due_on, invoice.term_id, customer.term_id, invoice.currency, invoice.total_minor, NULL,
    invoice.deposit_minor, invoice.exchange_rate, invoice.sent, invoice.emails,
    COALESCE((
        SELECT SUM(allocation.amount_minor) FROM allocation
        LEFT JOIN credit ON credit.ledger_id = allocation.ledger_id AND credit.id = allocation.source_id
            AND allocation.source = 'credit'
        WHERE allocation.ledger_id = invoice.ledger_id AND allocation.target = 'invoice'
            AND allocation.target_id = invoice.id AND allocation.on_date <= :as_of
            AND (credit.issued_on IS NULL OR credit.issued_on <= :as_of)
    ), 0) - COALESCE((
        SELECT SUM(allocation.amount_minor) FROM allocation
        JOIN credit ON credit.ledger_id = allocation.ledger_id AND credit.id = allocation.target_id
        WHERE allocation.ledger_id = invoice.ledger_id AND allocation.invoice_id = invoice.id
            AND allocation.target = 'credit' AND allocation.on_date <= :as_of AND credit.issued_on > :as_of
    ), 0),
    COALESCE((
        SELECT SUM(allocation.amount_minor) FROM allocation
        LEFT JOIN credit ON credit.ledger_id = allocation.ledger_id AND credit.id = allocation.source_id
            AND allocation.source = 'credit'
        LEFT JOIN payment ON payment.ledger_id = allocation.ledger_id AND payment.id = allocation.source_id
            AND allocation.source = 'payment'
        WHERE allocation.ledger_id = invoice.ledger_id AND allocation.target = 'invoice'
            AND allocation.target_id = invoice.id AND allocation.on_date <= :as_of
            AND ((credit.kind = 'credit_note' AND credit.issued_on <= :as_of) OR payment.total_minor = 0)
    ), 0) - COALESCE((
        SELECT SUM(allocation.amount_minor) FROM allocation
        JOIN payment ON payment.ledger_id = allocation.ledger_id AND payment.id = allocation.source_id
        JOIN credit ON credit.ledger_id = allocation.ledger_id AND credit.id = allocation.target_id
        WHERE allocation.ledger_id = invoice.ledger_id AND allocation.invoice_id = invoice.id
            AND allocation.target = 'credit' AND allocation.on_date <= :as_of AND credit.issued_on > :as_of
            AND payment.total_minor = 0
    ), 0),
    0
FROM customer
CROSS JOIN invoice
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND invoice.ledger_id = customer.ledger_id AND invoice.customer_id = customer.id
    AND invoice.status = 'issued' AND invoice.issued_on <= :as_of
ORDER BY customer.account_id;

-- name: unapplied
-- Payments and credits with something left, by the platform's own figure.
SELECT customer.account_id, 'payments', payment.id, payment.reference, payment.paid_on, payment.currency,
    payment.unapplied_minor
FROM customer
CROSS JOIN payment
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND payment.ledger_id = customer.ledger_id AND payment.customer_id = customer.id
    AND payment.status = 'issued' AND payment.unapplied_minor > 0
UNION ALL
SELECT customer.account_id, credit.kind, credit.id, credit.number, credit.issued_on, credit.currency,
    credit.remaining_minor
FROM customer
CROSS JOIN credit
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND credit.ledger_id = customer.ledger_id AND credit.customer_id = customer.id
    AND credit.status = 'issued' AND credit.remaining_minor > 0
ORDER BY 1, 5, 3;

-- name: unapplied_then
-- Payments and credits as of a day, with what was left of them then: what is left by the platform's own figure, and what
-- settles something since, or settles an invoice that was issued since, or takes the place of a credit issued since.
SELECT customer.account_id, 'payments', payment.id, payment.reference, payment.paid_on, payment.currency,
    payment.unapplied_minor + COALESCE((
        SELECT SUM(CASE WHEN allocation.target = 'credit' THEN -allocation.amount_minor ELSE allocation.amount_minor END)
        FROM allocation
        JOIN invoice ON invoice.ledger_id = allocation.ledger_id
            AND invoice.id = CASE WHEN allocation.target = 'credit' THEN allocation.invoice_id ELSE allocation.target_id END
        WHERE allocation.ledger_id = payment.ledger_id AND allocation.source = 'payment'
            AND allocation.source_id = payment.id AND invoice.issued_on > :as_of
    ), 0)
FROM customer
CROSS JOIN payment
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND payment.ledger_id = customer.ledger_id AND payment.customer_id = customer.id
    AND payment.status = 'issued' AND payment.paid_on <= :as_of
UNION ALL
SELECT customer.account_id, credit.kind, credit.id, credit.number, credit.issued_on, credit.currency,
    credit.remaining_minor + COALESCE((
        SELECT SUM(allocation.amount_minor) FROM allocation
        LEFT JOIN invoice ON invoice.ledger_id = allocation.ledger_id AND invoice.id = allocation.target_id
            AND allocation.target = 'invoice'
        WHERE allocation.ledger_id = credit.ledger_id AND allocation.source = 'credit'
            AND allocation.source_id = credit.id AND (allocation.on_date > :as_of OR invoice.issued_on > :as_of)
    ), 0) + COALESCE((
        SELECT SUM(allocation.amount_minor) FROM allocation
        LEFT JOIN invoice ON invoice.ledger_id = allocation.ledger_id AND invoice.id = allocation.invoice_id
        WHERE allocation.ledger_id = credit.ledger_id AND allocation.target = 'credit'
            AND allocation.target_id = credit.id AND (allocation.on_date > :as_of OR invoice.issued_on > :as_of)
    ), 0)
FROM customer
CROSS JOIN credit
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND credit.ledger_id = customer.ledger_id AND credit.customer_id = customer.id
    AND credit.status = 'issued' AND credit.issued_on <= :as_of
ORDER BY 1, 5, 3;

-- name: settlements
-- What settled the account's invoices in a year, and ever where they are open or were promised, planned, disputed or placed,
-- with what the invoice's due date follows from; on a day gone by ever, as any may have been open then. Money paid in advance
-- is a payment, too, and came on its own day, whenever it was used.
WITH whose AS (
    SELECT id FROM customer WHERE ledger_id = :ledger AND account_id BETWEEN :first AND :last
    UNION
    SELECT account_id FROM invoice_moved WHERE ledger_id = :ledger AND taken_by BETWEEN :first AND :last
)
SELECT
    customer.account_id, invoice.id, invoice.currency, invoice.issued_on, invoice.due_on, invoice.term_id,
    customer.term_id, COALESCE(advance.issued_on, allocation.on_date), allocation.amount_minor,
    advance.id IS NOT NULL OR (allocation.source = 'payment' AND COALESCE(payment.total_minor, 0) <> 0)
FROM customer
CROSS JOIN invoice
CROSS JOIN allocation
LEFT JOIN payment ON payment.ledger_id = allocation.ledger_id AND payment.id = allocation.source_id
    AND allocation.source = 'payment'
LEFT JOIN credit AS advance ON advance.ledger_id = allocation.ledger_id AND advance.id = allocation.source_id
    AND allocation.source = 'credit' AND advance.kind IN ('overpayment', 'prepayment')
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND invoice.ledger_id = customer.ledger_id AND invoice.customer_id = customer.id
    AND allocation.ledger_id = invoice.ledger_id AND allocation.target = 'invoice' AND allocation.target_id = invoice.id
    AND invoice.status = 'issued' AND invoice.issued_on <= :as_of AND allocation.on_date <= :as_of
    AND (allocation.on_date > :remembered OR invoice.open_minor <> 0 OR invoice.id IN (
        SELECT promise_invoice.invoice_id FROM whose
        CROSS JOIN promise ON promise.ledger_id = :ledger AND promise.customer_id = whose.id
        CROSS JOIN promise_invoice ON promise_invoice.promise_id = promise.id
        UNION
        SELECT payment_plan_invoice.invoice_id FROM whose
        CROSS JOIN payment_plan ON payment_plan.ledger_id = :ledger AND payment_plan.customer_id = whose.id
        CROSS JOIN payment_plan_invoice ON payment_plan_invoice.plan_id = payment_plan.id
        UNION
        SELECT dispute.invoice_id FROM whose
        CROSS JOIN dispute ON dispute.ledger_id = :ledger AND dispute.customer_id = whose.id
        UNION
        SELECT outbox_invoice.invoice_id FROM whose
        CROSS JOIN task ON task.ledger_id = :ledger AND task.customer_id = whose.id
            AND task.kind = 'place' AND task.outcome = 'placed'
        CROSS JOIN outbox_invoice ON outbox_invoice.outbox_id = task.outbox_id
    ))
ORDER BY customer.account_id, 8;

-- name: acquaintance
-- By currency: how many invoices are paid in full, when the first was issued, what was invoiced in a year and in its last
-- quarter. An invoice that credit notes alone settled was not paid: money is looked for only where credit settled a part.
WITH by_credit AS (
    SELECT allocation.target_id
    FROM customer
    CROSS JOIN credit
    CROSS JOIN allocation
    WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
        AND credit.ledger_id = :ledger AND credit.customer_id = customer.id
        AND allocation.ledger_id = :ledger AND allocation.source = 'credit' AND allocation.source_id = credit.id
)
SELECT
    customer.account_id, invoice.currency,
    SUM(CASE WHEN invoice.open_minor = 0 AND invoice.total_minor > 0 AND (invoice.deposit_minor > 0 OR NOT (
        invoice.id IN by_credit OR EXISTS (
            SELECT 1 FROM allocation
            WHERE allocation.ledger_id = invoice.ledger_id AND allocation.invoice_id = invoice.id
        )
    ) OR EXISTS (
        SELECT 1 FROM allocation
        LEFT JOIN payment ON payment.ledger_id = allocation.ledger_id AND payment.id = allocation.source_id
            AND allocation.source = 'payment'
        LEFT JOIN credit ON credit.ledger_id = allocation.ledger_id AND credit.id = allocation.source_id
            AND allocation.source = 'credit'
        WHERE allocation.ledger_id = invoice.ledger_id AND allocation.target = 'invoice'
            AND allocation.target_id = invoice.id
            AND (payment.total_minor <> 0 OR credit.kind IN ('overpayment', 'prepayment'))
    )) THEN 1 ELSE 0 END),
    MIN(invoice.issued_on),
    SUM(CASE WHEN invoice.issued_on > :since THEN invoice.total_minor ELSE 0 END),
    SUM(CASE WHEN invoice.issued_on > :quarter THEN invoice.total_minor ELSE 0 END)
FROM customer
CROSS JOIN invoice
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND invoice.ledger_id = customer.ledger_id AND invoice.customer_id = customer.id
    AND invoice.status = 'issued' AND invoice.issued_on <= :as_of
GROUP BY customer.account_id, invoice.currency
ORDER BY customer.account_id, invoice.currency;

-- name: acquaintance_then
-- The same as of a day before today: paid in full by what had settled them by then.
WITH by_credit AS (
    SELECT allocation.target_id
    FROM customer
    CROSS JOIN credit
    CROSS JOIN allocation
    WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
        AND credit.ledger_id = :ledger AND credit.customer_id = customer.id
        AND allocation.ledger_id = :ledger AND allocation.source = 'credit' AND allocation.source_id = credit.id
)
SELECT
    customer.account_id, invoice.currency,
    SUM(CASE WHEN invoice.total_minor > 0 AND invoice.total_minor - invoice.deposit_minor <= COALESCE((
        SELECT SUM(allocation.amount_minor) FROM allocation
        WHERE allocation.ledger_id = invoice.ledger_id AND allocation.target = 'invoice'
            AND allocation.target_id = invoice.id AND allocation.on_date <= :as_of
    ), 0) AND (invoice.deposit_minor > 0 OR NOT (
        invoice.id IN by_credit OR EXISTS (
            SELECT 1 FROM allocation
            WHERE allocation.ledger_id = invoice.ledger_id AND allocation.invoice_id = invoice.id
        )
    ) OR EXISTS (
        SELECT 1 FROM allocation
        LEFT JOIN payment ON payment.ledger_id = allocation.ledger_id AND payment.id = allocation.source_id
            AND allocation.source = 'payment'
        LEFT JOIN credit ON credit.ledger_id = allocation.ledger_id AND credit.id = allocation.source_id
            AND allocation.source = 'credit'
        WHERE allocation.ledger_id = invoice.ledger_id AND allocation.target = 'invoice'
            AND allocation.target_id = invoice.id AND allocation.on_date <= :as_of
            AND (payment.total_minor <> 0 OR credit.kind IN ('overpayment', 'prepayment'))
    )) THEN 1 ELSE 0 END),
    MIN(invoice.issued_on),
    SUM(CASE WHEN invoice.issued_on > :since THEN invoice.total_minor ELSE 0 END),
    SUM(CASE WHEN invoice.issued_on > :quarter THEN invoice.total_minor ELSE 0 END)
FROM customer
CROSS JOIN invoice
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND invoice.ledger_id = customer.ledger_id AND invoice.customer_id = customer.id
    AND invoice.status = 'issued' AND invoice.issued_on <= :as_of
GROUP BY customer.account_id, invoice.currency
ORDER BY customer.account_id, invoice.currency;

-- name: credited
-- By currency: what credit notes of a year took off what was invoiced, and those of its last quarter.
SELECT
    customer.account_id, credit.currency,
    SUM(credit.total_minor),
    SUM(CASE WHEN credit.issued_on > :quarter THEN credit.total_minor ELSE 0 END)
FROM customer
CROSS JOIN credit
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND credit.ledger_id = customer.ledger_id AND credit.customer_id = customer.id
    AND credit.status = 'issued' AND credit.kind = 'credit_note'
    AND credit.issued_on > :since AND credit.issued_on <= :as_of
GROUP BY customer.account_id, credit.currency
ORDER BY customer.account_id, credit.currency;

-- name: delivered
-- Open invoices that the platform sent after their due date. There are few.
SELECT customer.account_id, invoice.id, invoice.delivered_on, invoice.currency
FROM invoice
CROSS JOIN customer
WHERE invoice.ledger_id = :ledger AND invoice.delivered_on > invoice.due_on AND invoice.delivered_on <= :as_of
    AND invoice.status = 'issued' AND invoice.open_minor <> 0
    AND customer.ledger_id = invoice.ledger_id AND customer.id = invoice.customer_id
    AND customer.account_id BETWEEN :first AND :last
ORDER BY customer.account_id, invoice.delivered_on, invoice.id;

-- name: delivered_then
-- The same of a day gone by, whatever has been paid since.
SELECT customer.account_id, invoice.id, invoice.delivered_on, invoice.currency
FROM customer
CROSS JOIN invoice
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND invoice.ledger_id = customer.ledger_id AND invoice.customer_id = customer.id
    AND invoice.delivered_on > invoice.due_on AND invoice.delivered_on <= :as_of AND invoice.status = 'issued'
ORDER BY customer.account_id, invoice.delivered_on, invoice.id;

-- name: tie_outs
-- Our open items beside the platform's own balance, and whether a person accepts the difference.
SELECT
    tie_out.customer_id, tie_out.currency,
    CASE WHEN tie_out_accepted.difference_minor = tie_out.ours_minor - tie_out.theirs_minor THEN 'accepted'
        ELSE tie_out.state END,
    tie_out.ours_minor, tie_out.theirs_minor, tie_out.suspects
FROM tie_out
LEFT JOIN tie_out_accepted ON tie_out_accepted.ledger_id = tie_out.ledger_id
    AND tie_out_accepted.customer_id = tie_out.customer_id AND tie_out_accepted.currency = tie_out.currency
WHERE tie_out.ledger_id = :ledger AND tie_out.customer_id BETWEEN :first AND :last
ORDER BY tie_out.customer_id, tie_out.currency;

-- name: terms
-- Payment terms, for invoices without a due date.
SELECT id, name, kind, day, next_month_within FROM term WHERE ledger_id = :ledger;

-- name: countries
-- Countries of the ledger's customers, and parts of countries, for their public holidays. ZZ is none that is known.
SELECT DISTINCT country FROM customer WHERE ledger_id = :ledger AND country <> 'ZZ'
UNION
SELECT country FROM company WHERE ledger_id = :ledger AND country IS NOT NULL
UNION
SELECT value FROM profile WHERE ledger_id = :ledger AND field IN ('country', 'region');
