-- Views for people who open the file with sqlite-utils or Datasette.

-- What is open of every invoice, with the account that is asked for it. Amounts in minor units of the currency.
CREATE VIEW receivables AS
SELECT
    ledger.name AS ledger,
    account.name AS account,
    customer.name AS customer,
    invoice.number AS invoice,
    invoice.issued_on,
    COALESCE(invoice.due_on, invoice.issued_on) AS due_on,
    invoice.currency,
    invoice.total_minor,
    invoice.open_minor,
    invoice.sent
FROM invoice
JOIN ledger ON ledger.id = invoice.ledger_id
JOIN customer ON customer.ledger_id = invoice.ledger_id AND customer.id = invoice.customer_id
JOIN customer AS account ON account.ledger_id = customer.ledger_id AND account.id = customer.account_id
WHERE invoice.status = 'issued' AND invoice.open_minor <> 0;

-- Open per account and currency by how long it is overdue on the day of the last complete sync; 0 is not yet due.
CREATE VIEW aging AS
SELECT
    receivables.ledger,
    receivables.account,
    receivables.currency,
    SUM(CASE WHEN days <= 0 THEN open_minor ELSE 0 END) AS current_minor,
    SUM(CASE WHEN days BETWEEN 1 AND 30 THEN open_minor ELSE 0 END) AS days_1_30_minor,
    SUM(CASE WHEN days BETWEEN 31 AND 60 THEN open_minor ELSE 0 END) AS days_31_60_minor,
    SUM(CASE WHEN days BETWEEN 61 AND 90 THEN open_minor ELSE 0 END) AS days_61_90_minor,
    SUM(CASE WHEN days > 90 THEN open_minor ELSE 0 END) AS days_91_minor,
    SUM(open_minor) AS open_minor
FROM (
    SELECT receivables.*, CAST(julianday(synced.on_date) - julianday(receivables.due_on) AS INTEGER) AS days
    FROM receivables
    JOIN (
        SELECT ledger.name AS ledger, MAX(substr(sync_run.finished_at, 1, 10)) AS on_date
        FROM sync_run
        JOIN ledger ON ledger.id = sync_run.ledger_id
        WHERE sync_run.state = 'done'
        GROUP BY ledger.name
    ) AS synced ON synced.ledger = receivables.ledger
) AS receivables
GROUP BY receivables.ledger, receivables.account, receivables.currency;

-- What waits to leave, for whom, and in which state.
CREATE VIEW next_steps AS
SELECT
    ledger.name AS ledger,
    customer.name AS account,
    outbox.currency,
    outbox.act AS step,
    outbox.channel,
    outbox.state,
    outbox.amount_minor,
    outbox.opens_at AS not_before,
    outbox.reason
FROM outbox
JOIN ledger ON ledger.id = outbox.ledger_id
JOIN customer ON customer.ledger_id = outbox.ledger_id AND customer.id = outbox.customer_id
WHERE outbox.state IN ('planned', 'approved', 'held', 'unknown');

-- Everything that happened, newest last.
CREATE VIEW timeline AS
SELECT
    ledger.name AS ledger,
    event.at,
    event.who,
    event.what,
    customer.name AS customer,
    invoice.number AS invoice,
    event.facts
FROM event
JOIN ledger ON ledger.id = event.ledger_id
LEFT JOIN customer ON customer.ledger_id = event.ledger_id AND customer.id = event.customer_id
LEFT JOIN invoice ON invoice.ledger_id = event.ledger_id AND invoice.id = event.invoice_id
ORDER BY event.id
