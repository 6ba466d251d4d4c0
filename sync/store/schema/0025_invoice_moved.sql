-- invoices that went from one account to another: a merger, a mistake put right, a parent that is billed no more. What was
-- said and agreed of them before is the journal's, under the account of then. They are few
CREATE TABLE invoice_moved (
    ledger_id INTEGER NOT NULL REFERENCES ledger (id),
    invoice_id TEXT NOT NULL,
    -- whose account it was on
    account_id TEXT NOT NULL,
    -- whose it was, and whose it became: the same where only the account changed
    customer_id TEXT NOT NULL,
    to_id TEXT NOT NULL,
    -- the last hold that had been given by then
    last_hold INTEGER NOT NULL,
    -- the account that it is on today; NULL where that is the old account's, too
    taken_by TEXT,
    PRIMARY KEY (ledger_id, invoice_id, account_id)
) STRICT;

CREATE INDEX invoice_moved_taken ON invoice_moved (ledger_id, taken_by) WHERE taken_by IS NOT NULL;

CREATE TRIGGER invoice_changes_customer AFTER UPDATE OF customer_id ON invoice
WHEN OLD.customer_id <> NEW.customer_id
BEGIN
    DELETE FROM invoice_moved
    WHERE ledger_id = OLD.ledger_id AND invoice_id = OLD.id
        AND account_id = (SELECT account_id FROM customer WHERE ledger_id = OLD.ledger_id AND id = OLD.customer_id);
    INSERT INTO invoice_moved (ledger_id, invoice_id, account_id, customer_id, to_id, last_hold)
    SELECT OLD.ledger_id, OLD.id, account_id, id, NEW.customer_id, (SELECT COALESCE(MAX(id), 0) FROM hold)
    FROM customer WHERE ledger_id = OLD.ledger_id AND id = OLD.customer_id;
    UPDATE invoice_moved SET taken_by = (
        SELECT taker.account_id FROM customer AS taker, customer AS giver
        WHERE taker.ledger_id = NEW.ledger_id AND taker.id = NEW.customer_id
            AND giver.ledger_id = NEW.ledger_id AND giver.id = invoice_moved.account_id
            AND taker.account_id <> giver.account_id
    )
    WHERE ledger_id = NEW.ledger_id AND invoice_id = NEW.id; END;

-- only where something was ever said or agreed: the first reading of the books finds every parent by such a change
CREATE TRIGGER customer_changes_account AFTER UPDATE OF account_id ON customer
WHEN OLD.account_id <> NEW.account_id
    AND EXISTS (SELECT 1 FROM event WHERE ledger_id = OLD.ledger_id AND customer_id = OLD.account_id)
BEGIN
    DELETE FROM invoice_moved
    WHERE ledger_id = OLD.ledger_id AND account_id = OLD.account_id
        AND invoice_id IN (SELECT id FROM invoice WHERE ledger_id = OLD.ledger_id AND customer_id = OLD.id);
    INSERT INTO invoice_moved (ledger_id, invoice_id, account_id, customer_id, to_id, last_hold)
    SELECT ledger_id, id, OLD.account_id, OLD.id, OLD.id, (SELECT COALESCE(MAX(id), 0) FROM hold)
    FROM invoice WHERE ledger_id = OLD.ledger_id AND customer_id = OLD.id; END;

-- those that had gone before this was kept, as far as the journal names them
INSERT INTO invoice_moved (ledger_id, invoice_id, account_id, customer_id, to_id, last_hold, taken_by)
SELECT DISTINCT
    named.ledger_id, named.invoice_id, named.customer_id, named.customer_id, invoice.customer_id,
    (SELECT COALESCE(MAX(id), 0) FROM hold), taker.account_id
FROM (
    SELECT outbox.ledger_id, outbox.customer_id, outbox_invoice.invoice_id
    FROM outbox JOIN outbox_invoice ON outbox_invoice.outbox_id = outbox.id
    UNION
    SELECT promise.ledger_id, promise.customer_id, promise_invoice.invoice_id
    FROM promise JOIN promise_invoice ON promise_invoice.promise_id = promise.id
    UNION
    SELECT payment_plan.ledger_id, payment_plan.customer_id, payment_plan_invoice.invoice_id
    FROM payment_plan JOIN payment_plan_invoice ON payment_plan_invoice.plan_id = payment_plan.id
    UNION
    SELECT ledger_id, customer_id, invoice_id FROM dispute
    UNION
    SELECT ledger_id, customer_id, invoice_id FROM hold WHERE invoice_id IS NOT NULL
    UNION
    SELECT claim.ledger_id, claim.customer_id, one.value FROM claim, json_each(claim.invoices) AS one
) AS named
JOIN invoice ON invoice.ledger_id = named.ledger_id AND invoice.id = named.invoice_id
JOIN customer AS taker ON taker.ledger_id = invoice.ledger_id AND taker.id = invoice.customer_id
JOIN customer AS giver ON giver.ledger_id = named.ledger_id AND giver.id = named.customer_id
WHERE taker.account_id <> giver.account_id
