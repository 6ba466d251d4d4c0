-- name: insert
-- Something to leave. The key is unique in the firm: deciding it again finds this row.
INSERT INTO outbox (
    ledger_id, key, id8, kind, state, customer_id, currency, case_number, act, occasion, channel, attempt, amount_minor,
    decided, statement, deadline_days, opens_at, closes_at, decided_on, changed_at, approved_by, sent_on, sent_at,
    about_id
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: name_invoice
-- The row names this invoice.
INSERT INTO outbox_invoice (outbox_id, position, invoice_id) VALUES (?, ?, ?);

-- name: forget_invoices
-- Before the row is decided anew.
DELETE FROM outbox_invoice WHERE outbox_id = ?;

-- name: update
-- The same key decided anew: what it says now, and the state that follows. What stays put off keeps the time at which it
-- was.
UPDATE outbox SET
    state = ?, amount_minor = ?, decided = ?, statement = ?, deadline_days = ?, opens_at = ?, closes_at = ?,
    decided_on = ?, approved_by = ?, reason = ?, changed_at = CASE WHEN ? IS NULL THEN ? ELSE changed_at END
WHERE id = ?;

-- name: by_key
-- One row.
SELECT id, key, id8, kind, state, customer_id, currency, decided, opens_at, closes_at, approved_by, reason, about_id,
    decided_on, sent_on, sent_at, attempt, act
FROM outbox WHERE ledger_id = ? AND key = ?;

-- name: by_id
-- One row.
SELECT id, key, id8, kind, state, customer_id, currency, decided, opens_at, closes_at, approved_by, reason, about_id,
    decided_on, sent_on, sent_at, attempt, act
FROM outbox WHERE id = ?;

-- name: in_state
-- Rows of a ledger in a state, oldest first; those put off come last, the longest ago of them first.
SELECT id, key, id8, kind, state, customer_id, currency, decided, opens_at, closes_at, approved_by, reason, about_id,
    decided_on, sent_on, sent_at, attempt, act
FROM outbox WHERE ledger_id = ? AND state = ? ORDER BY CASE WHEN reason IS NULL THEN '' ELSE changed_at END, id;

-- name: of_customer_waiting
-- What waits for an account: messages that the next decision may change, those to who was merged into it as well.
SELECT outbox.id, outbox.key, outbox.id8, outbox.kind, outbox.state, outbox.customer_id, outbox.currency,
    outbox.decided, outbox.opens_at, outbox.closes_at, outbox.approved_by, outbox.reason, outbox.about_id,
    outbox.decided_on, outbox.sent_on, outbox.sent_at, outbox.attempt, outbox.act
FROM customer
CROSS JOIN outbox
WHERE customer.ledger_id = ? AND customer.account_id = ?
    AND outbox.ledger_id = customer.ledger_id AND outbox.customer_id = customer.id
    AND outbox.kind = 'message' AND outbox.state IN ('planned', 'approved', 'held')
ORDER BY outbox.id;

-- name: of_ledger
-- Everything in the outbox of a ledger, newest first.
SELECT id, key, id8, kind, state, customer_id, currency, decided, opens_at, closes_at, approved_by, reason, about_id,
    decided_on, sent_on, sent_at, attempt, act
FROM outbox WHERE ledger_id = ? ORDER BY id DESC;

-- name: about
-- Notes, files and links that tell the books of a message.
SELECT id, key, id8, kind, state, customer_id, currency, decided, opens_at, closes_at, approved_by, reason, about_id,
    decided_on, sent_on, sent_at, attempt, act
FROM outbox WHERE about_id = ? ORDER BY id;

-- name: on_occasion
-- What was to leave because of something that happened to a customer, oldest first.
SELECT id, key, id8, kind, state, customer_id, currency, decided, opens_at, closes_at, approved_by, reason, about_id,
    decided_on, sent_on, sent_at, attempt, act
FROM outbox WHERE ledger_id = ? AND customer_id = ? AND occasion = ? ORDER BY id;

-- name: move
-- One state to another; nothing happens where the row is no longer where it was thought to be. What is held has to be
-- approved again.
UPDATE outbox SET
    state = ?, changed_at = ?, reason = ?, approved_by = CASE ? WHEN 'held' THEN NULL ELSE approved_by END
WHERE id = ? AND state = ?;

-- name: put_off
-- It stays where it is.
UPDATE outbox SET reason = ?, changed_at = ? WHERE id = ? AND state = ?;

-- name: approve
-- A person lets it go, as they were shown it.
UPDATE outbox SET state = 'approved', approved_by = ?, approved_text = ?, changed_at = ?, reason = NULL
WHERE id = ? AND state = 'planned' AND decided = ?;

-- name: approved_text
-- Which text a person let go.
SELECT approved_text FROM outbox WHERE id = ?;

-- name: accepted
-- The channel or the books took it.
UPDATE outbox SET state = 'sent', sent_on = ?, sent_at = ?, changed_at = ?, reference = ?, reason = NULL
WHERE id = ? AND state IN ('sending', 'unknown');

-- name: seal
-- The exact bytes that leave; a message that was sealed and surely did not leave may be sealed again.
INSERT INTO message (outbox_id, message_id, recipients, subject, balances, sealed, sha256, sealed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (outbox_id) DO UPDATE SET
    message_id = excluded.message_id, recipients = excluded.recipients, subject = excluded.subject,
    balances = excluded.balances, sealed = excluded.sealed, sha256 = excluded.sha256, sealed_at = excluded.sealed_at;

-- name: conversation
-- Message ids of an account's reminders in a case, oldest first: a later one continues their thread.
SELECT message.message_id
FROM message
JOIN outbox ON outbox.id = message.outbox_id
WHERE outbox.ledger_id = ? AND outbox.customer_id = ? AND outbox.currency = ? AND outbox.case_number = ?
    AND outbox.state = 'sent'
ORDER BY outbox.id;

-- name: counts
-- How many rows of each kind are in each state.
SELECT kind, state, COUNT(*) FROM outbox WHERE ledger_id = ? GROUP BY kind, state ORDER BY kind, state;

-- name: said
-- What an account was told and asked in a currency, oldest first: messages that left or came back, and calls, with the
-- exact bytes of what was written.
SELECT
    outbox.id8, COALESCE(task.done_on, outbox.sent_on, outbox.decided_on), outbox.act, outbox.channel, outbox.state,
    COALESCE(task.who, ''), message.recipients, task.outcome, task.note, message.sealed
FROM customer
CROSS JOIN outbox
LEFT JOIN task ON task.outbox_id = outbox.id
LEFT JOIN message ON message.outbox_id = outbox.id
WHERE customer.ledger_id = ? AND customer.account_id = ?
    AND outbox.ledger_id = customer.ledger_id AND outbox.customer_id = customer.id AND outbox.currency = ?
    AND ((outbox.kind = 'message' AND outbox.state IN ('sent', 'unknown', 'failed') AND outbox.sent_on IS NOT NULL)
        OR (outbox.kind = 'task' AND task.kind = 'call' AND task.done_on IS NOT NULL))
ORDER BY 2, outbox.id;

-- name: recipients
-- Who a sealed message was for.
SELECT recipients FROM message WHERE outbox_id = ?;

-- name: sealed_at
-- When a message was sealed.
SELECT sealed_at FROM message WHERE outbox_id = ?;

-- name: left_on
-- What left on a day that named an invoice, or was given to somebody because of it, in the order in which it did.
SELECT outbox.kind, outbox.sent_at, outbox.decided
FROM customer
CROSS JOIN outbox
CROSS JOIN outbox_invoice
WHERE customer.ledger_id = ? AND customer.account_id = ?
    AND outbox.ledger_id = customer.ledger_id AND outbox.customer_id = customer.id
    AND outbox.kind IN ('message', 'notice', 'task') AND outbox.sent_on = ?
    AND outbox_invoice.outbox_id = outbox.id AND outbox_invoice.invoice_id = ?
ORDER BY outbox.sent_at, outbox.id;
