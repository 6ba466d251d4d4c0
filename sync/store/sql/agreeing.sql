-- name: add_promise
-- Somebody promised to pay by a day.
INSERT INTO promise (ledger_id, customer_id, made_on, promised_on, currency, state, promised_by)
VALUES (?, ?, ?, ?, ?, 'open', ?);

-- name: add_promise_invoice
-- So much of the promise is for this invoice.
INSERT INTO promise_invoice (promise_id, position, invoice_id, amount_minor) VALUES (?, ?, ?, ?);

-- name: count_promise_invoice
-- So much of it was paid when the promise was made.
UPDATE promise_invoice SET counted_minor = ? WHERE promise_id = ? AND invoice_id = ?;

-- name: end_promise
-- A person cancels it, or a newer one takes its place.
UPDATE promise SET state = ? WHERE ledger_id = ? AND id = ? AND state = 'open' RETURNING customer_id;

-- name: replace_promised
-- A newer promise takes the place of it on this invoice.
UPDATE promise_invoice SET replaced_on = ? WHERE promise_id = ? AND invoice_id = ? AND replaced_on IS NULL;

-- name: add_plan
-- A payment plan is proposed, or agreed on.
INSERT INTO payment_plan (
    ledger_id, customer_id, currency, made_on, made_by, accepted_on, deposit_minor, deposit_on, instalments, first_on,
    every, parts
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_plan_invoice
-- So much of this invoice is in the plan.
INSERT INTO payment_plan_invoice (plan_id, position, invoice_id, amount_minor) VALUES (?, ?, ?, ?);

-- name: count_plan_invoice
-- So much of it was paid when the plan was made.
UPDATE payment_plan_invoice SET counted_minor = ? WHERE plan_id = ? AND invoice_id = ?;

-- name: accept_plan
-- They agree to what was proposed.
UPDATE payment_plan SET accepted_on = ?
WHERE ledger_id = ? AND id = ? AND accepted_on IS NULL AND ended_on IS NULL RETURNING customer_id;

-- name: end_plan
-- A person ends it.
UPDATE payment_plan SET ended_on = ? WHERE ledger_id = ? AND id = ? AND ended_on IS NULL RETURNING customer_id;

-- name: add_dispute
-- An invoice is disputed, wholly or in part.
INSERT INTO dispute (
    ledger_id, customer_id, invoice_id, amount_minor, category, reason, opened_on, owner, answer_by, counted_minor
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: answer_dispute
-- We have said what we think of it.
UPDATE dispute SET answered_on = ?
WHERE ledger_id = ? AND id = ? AND answered_on IS NULL AND outcome IS NULL AND closed_on IS NULL
RETURNING customer_id, invoice_id;

-- name: resolve_dispute
-- What came of it; closed at once where no credit note is expected.
UPDATE dispute
SET outcome = ?, resolved_on = ?, credit_minor = ?, closed_on = ?, counted_minor = COALESCE(?, counted_minor)
WHERE ledger_id = ? AND id = ? AND closed_on IS NULL RETURNING customer_id, invoice_id;

-- name: end_dispute
-- It is settled.
UPDATE dispute SET closed_on = ? WHERE ledger_id = ? AND id = ? AND closed_on IS NULL RETURNING customer_id, invoice_id;

-- name: add_claim
-- They say that these are paid.
INSERT INTO claim (ledger_id, customer_id, invoices, reference, claimed_on, until_date, paid_on)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: end_claim
-- The bookkeeper has looked.
UPDATE claim SET closed_on = ? WHERE ledger_id = ? AND id = ? AND closed_on IS NULL RETURNING customer_id;

-- name: add_hold
-- A person's reason not to act.
INSERT INTO hold (ledger_id, customer_id, invoice_id, kind, reason, since, until_date, amount_minor)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: end_hold
-- It no longer stands.
UPDATE hold SET ended_on = ? WHERE ledger_id = ? AND id = ? AND ended_on IS NULL RETURNING customer_id, invoice_id;
