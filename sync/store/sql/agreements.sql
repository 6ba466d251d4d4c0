-- What people told us, for lists: with names, and the ended ones too where they are asked for.

-- name: promises
-- Promises and their totals.
SELECT
    promise.id, account.id, account.name, promise.made_on, promise.promised_on, promise.currency, promise.state,
    promise.promised_by, SUM(promise_invoice.amount_minor)
FROM promise
JOIN customer ON customer.ledger_id = promise.ledger_id AND customer.id = promise.customer_id
JOIN customer AS account ON account.ledger_id = customer.ledger_id AND account.id = customer.account_id
JOIN promise_invoice ON promise_invoice.promise_id = promise.id AND promise_invoice.replaced_on IS NULL
WHERE promise.ledger_id = :ledger AND (:ended = 1 OR promise.state = 'open')
GROUP BY
    promise.id, account.id, account.name, promise.made_on, promise.promised_on, promise.currency, promise.state,
    promise.promised_by
ORDER BY promise.promised_on, promise.id;

-- name: promised_elsewhere
-- What no newer promise has taken over, on invoices other than these: they are another account's since.
SELECT promise_invoice.invoice_id, MIN(promise_invoice.amount_minor, COALESCE(invoice.open_minor, 0))
FROM promise_invoice
JOIN promise ON promise.id = promise_invoice.promise_id
LEFT JOIN invoice ON invoice.ledger_id = promise.ledger_id AND invoice.id = promise_invoice.invoice_id
WHERE promise_invoice.promise_id = :promise AND promise_invoice.replaced_on IS NULL
    AND promise_invoice.invoice_id NOT IN (SELECT value FROM json_each(:here))
ORDER BY promise_invoice.position;

-- name: plans
-- Payment plans: whose they are.
SELECT payment_plan.id, account.id, account.name, payment_plan.made_by
FROM payment_plan
JOIN customer ON customer.ledger_id = payment_plan.ledger_id AND customer.id = payment_plan.customer_id
JOIN customer AS account ON account.ledger_id = customer.ledger_id AND account.id = customer.account_id
WHERE payment_plan.ledger_id = :ledger AND (:ended = 1 OR payment_plan.ended_on IS NULL)
ORDER BY payment_plan.id;

-- name: disputes
-- Disputes and what they are about, with the account that their invoice is on today.
SELECT
    dispute.id, account.id, account.name, invoice.id, invoice.number, invoice.currency, dispute.amount_minor,
    invoice.open_minor, dispute.category, dispute.reason, dispute.opened_on, dispute.closed_on,
    dispute.owner, dispute.answer_by, dispute.answered_on, dispute.outcome, dispute.resolved_on, dispute.credit_minor
FROM dispute
JOIN invoice ON invoice.ledger_id = dispute.ledger_id AND invoice.id = dispute.invoice_id
JOIN customer ON customer.ledger_id = invoice.ledger_id AND customer.id = invoice.customer_id
JOIN customer AS account ON account.ledger_id = customer.ledger_id AND account.id = customer.account_id
WHERE dispute.ledger_id = :ledger AND (:ended = 1 OR dispute.closed_on IS NULL)
ORDER BY dispute.opened_on, dispute.id;

-- name: claims
-- Claims that something is paid; the invoices are a JSON list of ids. Without ended ones, those that have one open.
SELECT
    claim.id, account.id, account.name, claim.reference, claim.claimed_on, claim.until_date, claim.closed_on,
    claim.invoices, claim.paid_on
FROM claim
JOIN customer ON customer.ledger_id = claim.ledger_id AND customer.id = claim.customer_id
JOIN customer AS account ON account.ledger_id = customer.ledger_id AND account.id = customer.account_id
WHERE claim.ledger_id = :ledger AND (:ended = 1 OR claim.closed_on IS NULL AND EXISTS (
    SELECT 1 FROM json_each(claim.invoices) AS claimed
    JOIN invoice ON invoice.ledger_id = claim.ledger_id AND invoice.id = claimed.value
    WHERE invoice.status = 'issued' AND invoice.open_minor <> 0
))
ORDER BY claim.until_date, claim.id;

-- name: holds
-- A person's reasons not to act; those on an invoice with the account that it is on today.
SELECT
    hold.id, account.id, account.name, hold.invoice_id, invoice.number, hold.kind, hold.reason, hold.since,
    hold.until_date, hold.ended_on, hold.amount_minor, invoice.currency
FROM hold
LEFT JOIN invoice ON invoice.ledger_id = hold.ledger_id AND invoice.id = hold.invoice_id
JOIN customer ON customer.ledger_id = hold.ledger_id AND customer.id = COALESCE(invoice.customer_id, hold.customer_id)
JOIN customer AS account ON account.ledger_id = customer.ledger_id AND account.id = customer.account_id
WHERE hold.ledger_id = :ledger AND (:ended = 1 OR hold.ended_on IS NULL)
ORDER BY hold.since, hold.id;

-- name: noted
-- Contacts that somebody else made, by day.
SELECT
    noted_touch.id, account.id, account.name, noted_touch.on_date, noted_touch.act, noted_touch.channel,
    noted_touch.what, noted_touch.who, noted_touch.ended_on
FROM noted_touch
JOIN customer ON customer.ledger_id = noted_touch.ledger_id AND customer.id = noted_touch.customer_id
JOIN customer AS account ON account.ledger_id = customer.ledger_id AND account.id = customer.account_id
WHERE noted_touch.ledger_id = :ledger AND (:ended = 1 OR noted_touch.ended_on IS NULL)
ORDER BY noted_touch.on_date, noted_touch.id;

-- name: noted_invoices
-- What a contact named, the lead first.
SELECT invoice_id FROM noted_touch_invoice WHERE noted_touch_id = :touch ORDER BY position;

-- name: invoice_number
-- What an invoice is called.
SELECT number FROM invoice WHERE ledger_id = :ledger AND id = :id;

-- name: invoice_currency
-- In which it was written.
SELECT currency FROM invoice WHERE ledger_id = :ledger AND id = :id;
