-- Finding records by what a person types. What is alike is judged outside, where case is folded in every script.

-- name: customers
-- Everybody who may be meant, and whose account each is.
SELECT customer.id, customer.name, customer.number, customer.account_id, account.name
FROM customer
JOIN customer AS account ON account.ledger_id = customer.ledger_id AND account.id = customer.account_id
WHERE customer.ledger_id = :ledger AND customer.status <> 'deleted'
ORDER BY customer.name, customer.id;

-- name: invoices
-- Invoices of a number or an id; what may be a number is the id only of those that have none.
SELECT
    invoice.id, invoice.number, customer.account_id, account.name, invoice.status, invoice.currency,
    invoice.total_minor, invoice.open_minor, invoice.issued_on, invoice.due_on
FROM invoice
JOIN customer ON customer.ledger_id = invoice.ledger_id AND customer.id = invoice.customer_id
JOIN customer AS account ON account.ledger_id = customer.ledger_id AND account.id = customer.account_id
WHERE invoice.ledger_id = :ledger AND (
    invoice.number = :number
    OR (invoice.id = :id AND (invoice.number IS NULL OR NOT :may_be_number))
)
ORDER BY invoice.issued_on DESC, invoice.id;

-- name: invoice_numbers
-- Every number that could have been meant.
SELECT number FROM invoice
WHERE ledger_id = :ledger AND number IS NOT NULL AND status <> 'deleted'
ORDER BY issued_on DESC;

-- name: outbox
-- Rows of a key, or of the eight characters that stand for it.
SELECT id FROM outbox WHERE ledger_id = :ledger AND (key = :key OR id8 = :key) ORDER BY id;
