-- name: upsert_company
-- The company is one row; the newest reading wins.
INSERT INTO company (
    ledger_id, id, name, legal_name, country, time_zone, base_currency, several_currencies, aging_basis,
    reminders, books_closed_on, tax_number, email, phone, address, read_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (ledger_id) DO UPDATE SET
    id = excluded.id,
    name = excluded.name,
    legal_name = excluded.legal_name,
    country = excluded.country,
    time_zone = excluded.time_zone,
    base_currency = excluded.base_currency,
    several_currencies = excluded.several_currencies,
    aging_basis = excluded.aging_basis,
    reminders = excluded.reminders,
    books_closed_on = excluded.books_closed_on,
    tax_number = excluded.tax_number,
    email = excluded.email,
    phone = excluded.phone,
    address = excluded.address,
    read_at = excluded.read_at
WHERE excluded.read_at >= company.read_at;

-- name: upsert_term
-- Terms have no version worth ordering by: the last reading wins.
INSERT INTO term (
    ledger_id, id, name, kind, day, next_month_within
) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (ledger_id, id) DO UPDATE SET
    name = excluded.name,
    kind = excluded.kind,
    day = excluded.day,
    next_month_within = excluded.next_month_within;

-- name: upsert_method
-- Payment methods likewise.
INSERT INTO method (
    ledger_id, id, name
) VALUES (?, ?, ?)
ON CONFLICT (ledger_id, id) DO UPDATE SET
    name = excluded.name;

-- name: upsert_customer
-- A newer version replaces an older one, never the other way. The account is resolved when the pass is complete.
INSERT INTO customer (
    ledger_id, id, name, status, merged_into, parent_id, bills_parent, account_id, currency, country, language,
    emails, phone, groups, method_id, term_id, number, tax_number, address, balance_currency, balance_minor,
    balance_with_jobs_minor, version, updated_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (ledger_id, id) DO UPDATE SET
    name = excluded.name,
    status = excluded.status,
    merged_into = excluded.merged_into,
    parent_id = excluded.parent_id,
    bills_parent = excluded.bills_parent,
    currency = excluded.currency,
    country = excluded.country,
    language = excluded.language,
    emails = excluded.emails,
    phone = excluded.phone,
    groups = excluded.groups,
    method_id = excluded.method_id,
    term_id = excluded.term_id,
    number = excluded.number,
    tax_number = excluded.tax_number,
    address = excluded.address,
    balance_currency = excluded.balance_currency,
    balance_minor = excluded.balance_minor,
    balance_with_jobs_minor = excluded.balance_with_jobs_minor,
    version = excluded.version,
    updated_at = excluded.updated_at
WHERE excluded.updated_at > customer.updated_at
    OR (excluded.updated_at = customer.updated_at AND CAST(excluded.version AS INTEGER) >= CAST(customer.version AS INTEGER));

-- name: upsert_invoice
-- A newer version replaces an older one. An equal one replaces too: Xero changes some fields without a new version.
INSERT INTO invoice (
    ledger_id, id, customer_id, number, reference, issued_on, due_on, term_id, currency, total_minor,
    open_minor, deposit_minor, exchange_rate, status, sent, emails, emails_cc, delivered_on, version, updated_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (ledger_id, id) DO UPDATE SET
    customer_id = excluded.customer_id,
    number = excluded.number,
    reference = excluded.reference,
    issued_on = excluded.issued_on,
    due_on = excluded.due_on,
    term_id = excluded.term_id,
    currency = excluded.currency,
    total_minor = excluded.total_minor,
    open_minor = excluded.open_minor,
    deposit_minor = excluded.deposit_minor,
    exchange_rate = excluded.exchange_rate,
    status = excluded.status,
    sent = excluded.sent,
    emails = excluded.emails,
    emails_cc = excluded.emails_cc,
    delivered_on = excluded.delivered_on,
    version = excluded.version,
    updated_at = excluded.updated_at
WHERE excluded.updated_at > invoice.updated_at
    OR (excluded.updated_at = invoice.updated_at AND CAST(excluded.version AS INTEGER) >= CAST(invoice.version AS INTEGER));

-- name: upsert_payment
-- A newer or equal version replaces; its allocations follow.
INSERT INTO payment (
    ledger_id, id, customer_id, paid_on, currency, total_minor, unapplied_minor, exchange_rate, status, method_id,
    reference, version, updated_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (ledger_id, id) DO UPDATE SET
    customer_id = excluded.customer_id,
    paid_on = excluded.paid_on,
    currency = excluded.currency,
    total_minor = excluded.total_minor,
    unapplied_minor = excluded.unapplied_minor,
    exchange_rate = excluded.exchange_rate,
    status = excluded.status,
    method_id = excluded.method_id,
    reference = excluded.reference,
    version = excluded.version,
    updated_at = excluded.updated_at
WHERE excluded.updated_at > payment.updated_at
    OR (excluded.updated_at = payment.updated_at AND CAST(excluded.version AS INTEGER) >= CAST(payment.version AS INTEGER));

-- name: upsert_credit
-- A newer or equal version replaces; its allocations follow.
INSERT INTO credit (
    ledger_id, id, customer_id, kind, number, issued_on, currency, total_minor, remaining_minor, exchange_rate,
    status, version, updated_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (ledger_id, id) DO UPDATE SET
    customer_id = excluded.customer_id,
    kind = excluded.kind,
    number = excluded.number,
    issued_on = excluded.issued_on,
    currency = excluded.currency,
    total_minor = excluded.total_minor,
    remaining_minor = excluded.remaining_minor,
    exchange_rate = excluded.exchange_rate,
    status = excluded.status,
    version = excluded.version,
    updated_at = excluded.updated_at
WHERE excluded.updated_at > credit.updated_at
    OR (excluded.updated_at = credit.updated_at AND CAST(excluded.version AS INTEGER) >= CAST(credit.version AS INTEGER));

-- name: upsert_raw
-- The body as it arrived; the later answer wins.
INSERT INTO raw (ledger_id, kind, id, body, read_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (ledger_id, kind, id) DO UPDATE SET body = excluded.body, read_at = excluded.read_at
WHERE excluded.read_at >= raw.read_at;

-- name: clear_people
-- Contact persons are replaced as a whole, and only where the stored customer is the version just read: an older page
-- replayed later changes nothing.
DELETE FROM person WHERE ledger_id = ? AND customer_id = ? AND EXISTS (
    SELECT 1 FROM customer
    WHERE customer.ledger_id = person.ledger_id AND customer.id = person.customer_id
        AND customer.version = ? AND customer.updated_at = ?
);

-- name: insert_person
-- One contact person, in the books' order, under the same condition as the clearing.
INSERT INTO person (ledger_id, customer_id, position, name, email, phone)
SELECT customer.ledger_id, customer.id, ?, ?, ?, ?
FROM customer
WHERE customer.ledger_id = ? AND customer.id = ? AND customer.version = ? AND customer.updated_at = ?;

-- name: clear_payment_allocations
-- Only where the stored payment is the version just read.
DELETE FROM allocation WHERE ledger_id = ? AND source = 'payment' AND source_id = ? AND EXISTS (
    SELECT 1 FROM payment
    WHERE payment.ledger_id = allocation.ledger_id AND payment.id = allocation.source_id
        AND payment.version = ? AND payment.updated_at = ?
);

-- name: insert_payment_allocation
-- Under the same condition as its clearing.
INSERT INTO allocation (ledger_id, source, source_id, position, target, target_id, invoice_id, on_date, amount_minor)
SELECT payment.ledger_id, 'payment', payment.id, ?, ?, ?, ?, ?, ?
FROM payment
WHERE payment.ledger_id = ? AND payment.id = ? AND payment.version = ? AND payment.updated_at = ?;

-- name: clear_credit_allocations
-- Only where the stored credit is the version just read.
DELETE FROM allocation WHERE ledger_id = ? AND source = 'credit' AND source_id = ? AND EXISTS (
    SELECT 1 FROM credit
    WHERE credit.ledger_id = allocation.ledger_id AND credit.id = allocation.source_id
        AND credit.version = ? AND credit.updated_at = ?
);

-- name: insert_credit_allocation
-- Under the same condition as its clearing.
INSERT INTO allocation (ledger_id, source, source_id, position, target, target_id, invoice_id, on_date, amount_minor)
SELECT credit.ledger_id, 'credit', credit.id, ?, ?, ?, ?, ?, ?
FROM credit
WHERE credit.ledger_id = ? AND credit.id = ? AND credit.version = ? AND credit.updated_at = ?;

-- name: tombstones
-- Records of a kind that are gone, and since when.
SELECT id, at FROM tombstone WHERE ledger_id = ? AND kind = ?;

-- name: upsert_tombstone
-- Remember that a record is gone, also one that was never seen.
INSERT INTO tombstone (ledger_id, kind, id, at) VALUES (?, ?, ?, ?)
ON CONFLICT (ledger_id, kind, id) DO UPDATE SET at = excluded.at WHERE excluded.at > tombstone.at;

-- name: drop_tombstone
-- The platform shows it again.
DELETE FROM tombstone WHERE ledger_id = ? AND kind = ? AND id = ?;

-- name: delete_customer
-- A tombstone, never a removed row: the journal refers to it.
UPDATE customer SET status = 'deleted', updated_at = ? WHERE ledger_id = ? AND id = ? AND updated_at <= ?;

-- name: delete_invoice
-- Gone is not paid: the status says so, and nothing is open any more.
UPDATE invoice SET status = 'deleted', open_minor = 0, updated_at = ? WHERE ledger_id = ? AND id = ? AND updated_at <= ?;

-- name: delete_payment
-- What it settled is open again on the platform's own figure; its allocations go with it.
UPDATE payment SET status = 'deleted', unapplied_minor = 0, updated_at = ? WHERE ledger_id = ? AND id = ? AND updated_at <= ?;

-- name: delete_credit
-- Likewise.
UPDATE credit SET status = 'deleted', remaining_minor = 0, updated_at = ? WHERE ledger_id = ? AND id = ? AND updated_at <= ?;

-- name: unbury_customer
-- It was not gone: what is read next is newer than the burial, whatever its version.
UPDATE customer SET updated_at = '' WHERE ledger_id = ? AND id = ? AND status = 'deleted' AND updated_at = ?;

-- name: unbury_invoice
-- Likewise.
UPDATE invoice SET updated_at = '' WHERE ledger_id = ? AND id = ? AND status = 'deleted' AND updated_at = ?;

-- name: unbury_payment
-- Likewise.
UPDATE payment SET updated_at = '' WHERE ledger_id = ? AND id = ? AND status = 'deleted' AND updated_at = ?;

-- name: unbury_credit
-- Likewise.
UPDATE credit SET updated_at = '' WHERE ledger_id = ? AND id = ? AND status = 'deleted' AND updated_at = ?;

-- name: clear_allocations
-- Of a payment or credit that is gone.
DELETE FROM allocation WHERE ledger_id = ? AND source = ? AND source_id = ?;

-- name: delete_term
-- Nothing refers to a term but by name.
DELETE FROM term WHERE ledger_id = ? AND id = ?;

-- name: delete_method
-- Nor to a payment method.
DELETE FROM method WHERE ledger_id = ? AND id = ?;

-- name: held_customer
-- How many there are that are not gone.
SELECT COUNT(*) FROM customer WHERE ledger_id = ? AND status <> 'deleted';

-- name: held_invoice
-- Likewise.
SELECT COUNT(*) FROM invoice WHERE ledger_id = ? AND status <> 'deleted';

-- name: held_payment
-- Likewise.
SELECT COUNT(*) FROM payment WHERE ledger_id = ? AND status <> 'deleted';

-- name: held_credit
-- Likewise.
SELECT COUNT(*) FROM credit WHERE ledger_id = ? AND status <> 'deleted';

-- name: held_term
-- Likewise.
SELECT COUNT(*) FROM term WHERE ledger_id = ?;

-- name: held_method
-- Likewise.
SELECT COUNT(*) FROM method WHERE ledger_id = ?;

-- name: kinship
-- Customers for whom somebody else is billed, as far as that one is known: the survivor of a merger, a parent. And those
-- who belonged to somebody's account until now. QuickBooks does not say into whom it merged a customer: the one is
-- archived and has no document any more, and all its invoices went over to the other.
WITH went_over AS (
    SELECT customer_id, MIN(to_id) AS to_id
    FROM invoice_moved
    WHERE ledger_id = :ledger AND to_id <> customer_id
    GROUP BY customer_id
    HAVING MIN(to_id) = MAX(to_id)
)
SELECT customer.id, customer.account_id, above.id
FROM customer
LEFT JOIN went_over ON went_over.customer_id = customer.id AND customer.status IN ('archived', 'deleted')
    AND NOT EXISTS (
        SELECT 1 FROM invoice
        WHERE invoice.ledger_id = customer.ledger_id AND invoice.customer_id = customer.id AND invoice.status <> 'deleted'
    )
    AND NOT EXISTS (
        SELECT 1 FROM payment
        WHERE payment.ledger_id = customer.ledger_id AND payment.customer_id = customer.id AND payment.status <> 'deleted'
    )
    AND NOT EXISTS (
        SELECT 1 FROM credit
        WHERE credit.ledger_id = customer.ledger_id AND credit.customer_id = customer.id AND credit.status <> 'deleted'
    )
LEFT JOIN customer AS above ON above.ledger_id = customer.ledger_id AND above.id = CASE
    WHEN customer.status = 'merged' THEN customer.merged_into
    WHEN went_over.to_id IS NOT NULL THEN went_over.to_id
    WHEN customer.bills_parent = 1 THEN customer.parent_id
END
WHERE customer.ledger_id = :ledger AND (above.id IS NOT NULL OR customer.account_id <> customer.id);

-- name: set_account
-- The customer belongs to this account.
UPDATE customer SET account_id = ? WHERE ledger_id = ? AND id = ?;

-- name: settle_moved
-- Whose account the invoices are on that were ever on another one: nobody's, where both are one account by now. Only
-- what is another's than before is written.
UPDATE invoice_moved SET taken_by = today.taken_by
FROM (
    SELECT
        moved.rowid AS moved_id,
        CASE WHEN taker.account_id <> giver.account_id THEN taker.account_id END AS taken_by
    FROM invoice_moved AS moved
    JOIN invoice ON invoice.ledger_id = moved.ledger_id AND invoice.id = moved.invoice_id
    JOIN customer AS taker ON taker.ledger_id = moved.ledger_id AND taker.id = invoice.customer_id
    JOIN customer AS giver ON giver.ledger_id = moved.ledger_id AND giver.id = moved.account_id
    WHERE moved.ledger_id = ?
) AS today
WHERE invoice_moved.rowid = today.moved_id AND invoice_moved.taken_by IS NOT today.taken_by;

-- name: later_raw
-- Whether a body was read after an instant.
SELECT 1 FROM raw WHERE ledger_id = ? AND kind = ? AND id = ? AND read_at > ?;

-- name: any_issue
-- Whether anything is odd at all.
SELECT 1 FROM issue WHERE ledger_id = ? LIMIT 1;

-- name: clear_issue
-- The record can be read now.
DELETE FROM issue WHERE ledger_id = ? AND source = ? AND seen_at <= ?;

-- name: upsert_issue
-- The record is odd, unless its body was read again later or it is gone; the latest words for it stand.
INSERT INTO issue (ledger_id, source, code, message, seen_at)
SELECT ?, ?, ?, ?, ?
WHERE NOT EXISTS (SELECT 1 FROM raw WHERE ledger_id = ? AND kind = ? AND id = ? AND read_at > ?)
    AND NOT EXISTS (SELECT 1 FROM tombstone WHERE ledger_id = ? AND kind = ? AND id = ? AND at >= ?)
ON CONFLICT (ledger_id, source, code) DO UPDATE SET message = excluded.message, seen_at = excluded.seen_at;

-- name: forget_issues
-- What a full reading did not bring again.
DELETE FROM issue WHERE ledger_id = ? AND seen_at < ?;

-- name: issues
-- Everything odd in the ledger.
SELECT code, source, message FROM issue WHERE ledger_id = ? ORDER BY source, code;

-- name: oldest_open_invoice
-- Of a customer's account, for what its own record refuses.
SELECT invoice.id
FROM invoice
WHERE invoice.ledger_id = ?
    AND invoice.customer_id IN (SELECT id FROM customer WHERE ledger_id = ? AND account_id = ?)
    AND invoice.status = 'issued' AND invoice.open_minor > 0
ORDER BY invoice.issued_on, invoice.id LIMIT 1;

-- name: open_invoices
-- Invoices of which something is open.
SELECT id FROM invoice WHERE ledger_id = ? AND status = 'issued' AND open_minor <> 0 ORDER BY id;

-- name: settled_by
-- What a payment or credit settles, invoice by invoice, one as often as it has parts. Added up here, SQLite would go
-- through all that was ever settled in the ledger, for an order in which adding is easy.
SELECT target_id, amount_minor FROM allocation
WHERE ledger_id = ? AND source = ? AND source_id = ? AND target = 'invoice';
