-- name: add_task
-- Work for a person.
INSERT INTO task (ledger_id, outbox_id, customer_id, kind, who, what, created_on) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: tasks
-- Work that is not done yet, oldest first.
SELECT task.id, task.kind, customer.name, task.who, task.what, task.created_on, outbox.decided, task.outbox_id
FROM task
JOIN customer ON customer.ledger_id = task.ledger_id AND customer.id = task.customer_id
LEFT JOIN outbox ON outbox.id = task.outbox_id
WHERE task.ledger_id = ? AND task.done_on IS NULL
ORDER BY task.id;

-- name: finish_task
-- Somebody did it.
UPDATE task SET done_on = ?, outcome = ?, note = ?, next_on = ?
WHERE ledger_id = ? AND id = ? AND done_on IS NULL RETURNING customer_id;
