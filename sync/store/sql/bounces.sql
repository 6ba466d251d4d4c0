-- Addresses from which messages came back.

-- name: add
-- A message came back from this address.
INSERT INTO bounce (ledger_id, customer_id, outbox_id, address, whole, came_on) VALUES (?, ?, ?, ?, ?, ?);

-- name: listed
-- What came back, oldest first; the ended ones too where they are asked for.
SELECT bounce.id, account.id, account.name, bounce.address, outbox.act, outbox.id8, bounce.came_on, bounce.ended_on
FROM bounce
JOIN outbox ON outbox.id = bounce.outbox_id
JOIN customer ON customer.ledger_id = bounce.ledger_id AND customer.id = bounce.customer_id
JOIN customer AS account ON account.ledger_id = customer.ledger_id AND account.id = customer.account_id
WHERE bounce.ledger_id = :ledger AND (:ended = 1 OR bounce.ended_on IS NULL)
ORDER BY bounce.id;

-- name: of_message
-- The addresses from which a message is known to have come back.
SELECT address FROM bounce WHERE outbox_id = ? AND ended_on IS NULL ORDER BY id;

-- name: end
-- The address works again.
UPDATE bounce SET ended_on = ? WHERE ledger_id = ? AND id = ? AND ended_on IS NULL RETURNING customer_id;
