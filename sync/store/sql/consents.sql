-- name: ask
-- Somebody waits for an answer.
INSERT INTO consent (ledger_id, state, public_key, asked_at) VALUES (?, ?, ?, ?);

-- name: asked
-- Whose answer it is, while none is there.
SELECT public_key FROM consent WHERE state = ? AND asked_at >= ? AND answer IS NULL;

-- name: answer
-- The first answer counts.
UPDATE consent SET answer = ? WHERE state = ? AND answer IS NULL;

-- name: answered
-- What came back, if it has.
SELECT answer FROM consent WHERE state = ?;

-- name: end
-- Nobody waits any more; nor for those whose process died.
DELETE FROM consent WHERE state = ? OR asked_at < ?;
