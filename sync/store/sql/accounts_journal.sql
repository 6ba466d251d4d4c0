-- What was said to accounts, agreed with them and noted of them; streamed as in accounts.sql.
-- What is about an invoice follows it to the account that it moved to; what is about a customer stays the customer's.

-- name: touches
-- Contacts that were made or may have been, with the invoices they named. Our own people's are none. A call is on the
-- day it was made, and before that on the day it was asked for. One that named an invoice which moved since is both
-- accounts'. The last column: it was another account's then, of whose cases the number is.
SELECT
    customer.account_id, outbox.id,
    COALESCE(CASE WHEN task.done_on <= :as_of THEN task.done_on END, outbox.sent_on, outbox.decided_on) AS on_date,
    outbox.act, outbox.occasion,
    outbox.case_number, outbox.currency, outbox.channel, outbox.statement, outbox.deadline_days, outbox.state,
    outbox_invoice.invoice_id, outbox_invoice.position, customer.id <> customer.account_id
FROM customer
CROSS JOIN outbox
LEFT JOIN outbox_invoice ON outbox_invoice.outbox_id = outbox.id
LEFT JOIN task ON outbox.kind = 'task' AND task.outbox_id = outbox.id
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND outbox.ledger_id = customer.ledger_id AND outbox.customer_id = customer.id
    AND (outbox.kind = 'message' OR (outbox.kind = 'task' AND outbox.case_number IS NOT NULL))
    AND outbox.state IN ('sent', 'unknown', 'sending') AND COALESCE(outbox.sent_on, outbox.decided_on) <= :as_of
UNION ALL
SELECT
    invoice_moved.taken_by, outbox.id,
    COALESCE(CASE WHEN task.done_on <= :as_of THEN task.done_on END, outbox.sent_on, outbox.decided_on),
    outbox.act, outbox.occasion,
    outbox.case_number, outbox.currency, outbox.channel, outbox.statement, outbox.deadline_days, outbox.state,
    outbox_invoice.invoice_id, outbox_invoice.position, 1
FROM invoice_moved
CROSS JOIN outbox
CROSS JOIN outbox_invoice
LEFT JOIN task ON outbox.kind = 'task' AND task.outbox_id = outbox.id
WHERE invoice_moved.ledger_id = :ledger AND invoice_moved.taken_by BETWEEN :first AND :last
    AND outbox.ledger_id = invoice_moved.ledger_id AND outbox.customer_id = invoice_moved.account_id
    AND outbox_invoice.outbox_id = outbox.id AND outbox_invoice.invoice_id = invoice_moved.invoice_id
    AND (outbox.kind = 'message' OR (outbox.kind = 'task' AND outbox.case_number IS NOT NULL))
    AND outbox.state IN ('sent', 'unknown', 'sending') AND COALESCE(outbox.sent_on, outbox.decided_on) <= :as_of
ORDER BY 1, 3, 2, 13;

-- name: came
-- What came of calls and placements by a day, in the words of conditions. The + has SQLite look for the customer's tasks
-- rather than go through all that are done.
SELECT
    customer.account_id, task.id, outbox.act, outbox.occasion, outbox.case_number, outbox.currency, task.done_on,
    task.outcome, task.next_on, task.who, task.what, CASE WHEN task.outcome = 'placed' THEN outbox.decided END,
    NULLIF(customer.id, customer.account_id)
FROM customer
CROSS JOIN task
CROSS JOIN outbox
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND task.ledger_id = customer.ledger_id AND task.customer_id = customer.id AND task.kind IN ('call', 'place', 'recall')
    AND +task.done_on <= :as_of AND outbox.id = task.outbox_id
ORDER BY customer.account_id, task.done_on, task.id;

-- name: noted
-- Contacts that somebody else made, with the invoices they named.
SELECT
    customer.account_id, noted_touch.id, noted_touch.on_date, noted_touch.act, noted_touch.case_number,
    noted_touch.currency, noted_touch.channel, noted_touch_invoice.invoice_id, noted_touch_invoice.position,
    customer.id <> customer.account_id
FROM customer
CROSS JOIN noted_touch
LEFT JOIN noted_touch_invoice ON noted_touch_invoice.noted_touch_id = noted_touch.id
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND noted_touch.ledger_id = customer.ledger_id AND noted_touch.customer_id = customer.id
    AND noted_touch.on_date <= :as_of AND (noted_touch.ended_on IS NULL OR noted_touch.ended_on > :as_of)
UNION ALL
SELECT
    invoice_moved.taken_by, noted_touch.id, noted_touch.on_date, noted_touch.act, noted_touch.case_number,
    noted_touch.currency, noted_touch.channel, noted_touch_invoice.invoice_id, noted_touch_invoice.position, 1
FROM invoice_moved
CROSS JOIN noted_touch
CROSS JOIN noted_touch_invoice
WHERE invoice_moved.ledger_id = :ledger AND invoice_moved.taken_by BETWEEN :first AND :last
    AND noted_touch.ledger_id = invoice_moved.ledger_id AND noted_touch.customer_id = invoice_moved.account_id
    AND noted_touch_invoice.noted_touch_id = noted_touch.id
    AND noted_touch_invoice.invoice_id = invoice_moved.invoice_id AND noted_touch.channel <> 'reply'
    AND noted_touch.on_date <= :as_of AND (noted_touch.ended_on IS NULL OR noted_touch.ended_on > :as_of)
ORDER BY 1, 3, 2, 9;

-- name: skipped
-- Steps that a person rejected. In the case of another account they are none of this one's.
SELECT
    customer.account_id, outbox.act, outbox.occasion,
    CASE WHEN customer.id = customer.account_id THEN outbox.case_number END, outbox.currency, outbox.decided_on
FROM customer
CROSS JOIN outbox
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND outbox.ledger_id = customer.ledger_id AND outbox.customer_id = customer.id
    AND outbox.kind = 'message' AND outbox.state = 'rejected' AND outbox.decided_on <= :as_of
ORDER BY customer.account_id, outbox.id;

-- name: failures
-- Definite failures of messages, with what was to be said, and what a person has finished that was asked because of them,
-- in the order in which they were decided. Those of accounts that are part of this one now had other occasions. The + keeps
-- SQLite from going through the rows of all accounts for each.
SELECT customer.account_id, outbox.key, outbox.kind, outbox.act, outbox.occasion, outbox.currency, outbox.decided
FROM customer
CROSS JOIN outbox
LEFT JOIN task ON outbox.kind = 'task' AND task.outbox_id = outbox.id
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last AND customer.id = +customer.account_id
    AND outbox.ledger_id = customer.ledger_id AND outbox.customer_id = customer.id AND outbox.decided_on <= :as_of
    AND ((outbox.kind = 'message' AND outbox.state = 'failed')
        OR (outbox.kind = 'task' AND outbox.act = 'undeliverable' AND task.done_on <= :as_of))
ORDER BY customer.account_id, outbox.id;

-- name: left
-- Everything that was ever decided to be said or asked, with the invoices that it names: what became of it by a day is
-- told by the events. Last, whether it was another account's then.
SELECT
    customer.account_id, outbox.key, outbox.kind, outbox.act, outbox.occasion, outbox.case_number, outbox.currency,
    outbox.channel, outbox.statement, outbox.deadline_days, outbox.decided_on,
    CASE WHEN task.done_on <= :as_of THEN task.done_on END, outbox_invoice.invoice_id, customer.id <> customer.account_id
FROM customer
CROSS JOIN outbox
LEFT JOIN outbox_invoice ON outbox_invoice.outbox_id = outbox.id
LEFT JOIN task ON outbox.kind = 'task' AND task.outbox_id = outbox.id
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND outbox.ledger_id = customer.ledger_id AND outbox.customer_id = customer.id
    AND outbox.kind IN ('message', 'notice', 'task')
ORDER BY customer.account_id, outbox.id, outbox_invoice.position;

-- name: events
-- Everything that happened to the accounts, oldest first: what came later says how it was before.
SELECT customer.account_id, event.on_date, event.what, event.facts
FROM customer
CROSS JOIN event
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND event.ledger_id = customer.ledger_id AND event.customer_id = customer.id
ORDER BY customer.account_id, event.id;

-- name: done
-- What our own people were already told or asked. Last, whether it was of another account then.
SELECT customer.account_id, outbox.act, outbox.occasion, outbox.currency, customer.id <> customer.account_id
FROM customer
CROSS JOIN outbox
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND outbox.ledger_id = customer.ledger_id AND outbox.customer_id = customer.id
    AND outbox.kind IN ('notice', 'task') AND outbox.decided_on <= :as_of
ORDER BY customer.account_id, outbox.id;

-- name: bounces
-- Messages that came back by a day, and whether nobody got them.
SELECT
    customer.account_id, outbox.act, outbox.occasion, outbox.case_number, outbox.currency, bounce.address, bounce.whole,
    bounce.came_on, bounce.ended_on, NULLIF(outbox.customer_id, customer.account_id)
FROM customer
CROSS JOIN bounce
CROSS JOIN outbox
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND bounce.ledger_id = customer.ledger_id AND bounce.customer_id = customer.id
    AND bounce.came_on <= :as_of AND outbox.id = bounce.outbox_id
ORDER BY customer.account_id, bounce.id;

-- name: cases
-- Cases that were open at some time up to a day.
SELECT
    customer.account_id, overdue_case.number, overdue_case.currency, overdue_case.opened_on, overdue_case.closed_on,
    NULLIF(customer.id, customer.account_id)
FROM customer
CROSS JOIN overdue_case
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND overdue_case.ledger_id = customer.ledger_id AND overdue_case.customer_id = customer.id
    AND overdue_case.opened_on <= :as_of
ORDER BY customer.account_id, overdue_case.number;

-- name: promises
-- Promises made by a day, with the invoices that no newer one had taken over by then, oldest invoice first.
SELECT
    customer.account_id, promise.id, promise.made_on, promise.promised_on, promise.currency, promise.state,
    promise.promised_by, promise_invoice.position, promise_invoice.invoice_id, promise_invoice.amount_minor,
    promise_invoice.counted_minor
FROM customer
CROSS JOIN promise
CROSS JOIN promise_invoice
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND promise.ledger_id = customer.ledger_id AND promise.customer_id = customer.id
    AND promise_invoice.promise_id = promise.id
    AND promise.made_on <= :as_of AND (promise_invoice.replaced_on IS NULL OR promise_invoice.replaced_on > :as_of)
    AND NOT EXISTS (
        SELECT 1 FROM invoice_moved
        WHERE invoice_moved.ledger_id = promise.ledger_id AND invoice_moved.invoice_id = promise_invoice.invoice_id
            AND invoice_moved.account_id = promise.customer_id AND invoice_moved.taken_by IS NOT NULL
    )
UNION ALL
SELECT
    invoice_moved.taken_by, promise.id, promise.made_on, promise.promised_on, promise.currency, promise.state,
    promise.promised_by, promise_invoice.position, promise_invoice.invoice_id, promise_invoice.amount_minor,
    promise_invoice.counted_minor
FROM invoice_moved
CROSS JOIN promise
CROSS JOIN promise_invoice
WHERE invoice_moved.ledger_id = :ledger AND invoice_moved.taken_by BETWEEN :first AND :last
    AND promise.ledger_id = invoice_moved.ledger_id AND promise.customer_id = invoice_moved.account_id
    AND promise_invoice.promise_id = promise.id AND promise_invoice.invoice_id = invoice_moved.invoice_id
    AND promise.made_on <= :as_of AND (promise_invoice.replaced_on IS NULL OR promise_invoice.replaced_on > :as_of)
ORDER BY 1, 2, 8;

-- name: plans
-- Payment plans made by a day, with their invoices, oldest invoice first. Last, of those that another account has by now,
-- what was open on the day, and its payments until then: the plan is reckoned as one.
WITH whose AS (
    SELECT id FROM customer WHERE ledger_id = :ledger AND account_id BETWEEN :first AND :last
    UNION
    SELECT account_id FROM invoice_moved WHERE ledger_id = :ledger AND taken_by BETWEEN :first AND :last
),
held AS (
    SELECT payment_plan.id AS plan_id, payment_plan_invoice.position,
        COALESCE(away.taken_by, customer.account_id) AS account_id
    FROM payment_plan
    CROSS JOIN payment_plan_invoice
    CROSS JOIN customer
    LEFT JOIN invoice_moved AS away ON away.ledger_id = payment_plan.ledger_id
        AND away.invoice_id = payment_plan_invoice.invoice_id AND away.account_id = payment_plan.customer_id
    WHERE payment_plan.id IN (
        SELECT payment_plan.id
        FROM whose
        CROSS JOIN payment_plan ON payment_plan.ledger_id = :ledger AND payment_plan.customer_id = whose.id
        CROSS JOIN payment_plan_invoice ON payment_plan_invoice.plan_id = payment_plan.id
        CROSS JOIN invoice_moved ON invoice_moved.ledger_id = :ledger
            AND invoice_moved.invoice_id = payment_plan_invoice.invoice_id
            AND invoice_moved.account_id = payment_plan.customer_id
        WHERE payment_plan.made_on <= :as_of AND invoice_moved.taken_by IS NOT NULL
    )
    AND payment_plan_invoice.plan_id = payment_plan.id
    AND customer.ledger_id = payment_plan.ledger_id AND customer.id = payment_plan.customer_id
)
SELECT
    customer.account_id, payment_plan.id, payment_plan.currency, payment_plan.made_on, payment_plan.accepted_on,
    payment_plan.instalments, payment_plan.first_on, payment_plan.every, payment_plan.deposit_minor,
    payment_plan.deposit_on, payment_plan.ended_on, payment_plan.made_by, payment_plan.parts,
    payment_plan_invoice.position, payment_plan_invoice.invoice_id, payment_plan_invoice.amount_minor,
    payment_plan_invoice.counted_minor, NULL, NULL
FROM customer
CROSS JOIN payment_plan
CROSS JOIN payment_plan_invoice
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND payment_plan.ledger_id = customer.ledger_id AND payment_plan.customer_id = customer.id
    AND payment_plan_invoice.plan_id = payment_plan.id
    AND payment_plan.made_on <= :as_of
    AND NOT EXISTS (
        SELECT 1 FROM invoice_moved
        WHERE invoice_moved.ledger_id = payment_plan.ledger_id AND invoice_moved.invoice_id = payment_plan_invoice.invoice_id
            AND invoice_moved.account_id = payment_plan.customer_id AND invoice_moved.taken_by IS NOT NULL
    )
UNION ALL
SELECT
    invoice_moved.taken_by, payment_plan.id, payment_plan.currency, payment_plan.made_on, payment_plan.accepted_on,
    payment_plan.instalments, payment_plan.first_on, payment_plan.every, payment_plan.deposit_minor,
    payment_plan.deposit_on, payment_plan.ended_on, payment_plan.made_by, payment_plan.parts,
    payment_plan_invoice.position, payment_plan_invoice.invoice_id, payment_plan_invoice.amount_minor,
    payment_plan_invoice.counted_minor, NULL, NULL
FROM invoice_moved
CROSS JOIN payment_plan
CROSS JOIN payment_plan_invoice
WHERE invoice_moved.ledger_id = :ledger AND invoice_moved.taken_by BETWEEN :first AND :last
    AND payment_plan.ledger_id = invoice_moved.ledger_id AND payment_plan.customer_id = invoice_moved.account_id
    AND payment_plan_invoice.plan_id = payment_plan.id
    AND payment_plan_invoice.invoice_id = invoice_moved.invoice_id AND payment_plan.made_on <= :as_of
UNION ALL
SELECT
    holder.account_id, payment_plan.id, payment_plan.currency, payment_plan.made_on, payment_plan.accepted_on,
    payment_plan.instalments, payment_plan.first_on, payment_plan.every, payment_plan.deposit_minor,
    payment_plan.deposit_on, payment_plan.ended_on, payment_plan.made_by, payment_plan.parts,
    payment_plan_invoice.position, payment_plan_invoice.invoice_id, payment_plan_invoice.amount_minor,
    payment_plan_invoice.counted_minor,
    COALESCE(invoice.open_minor + COALESCE((
        SELECT SUM(allocation.amount_minor) FROM allocation
        WHERE allocation.ledger_id = invoice.ledger_id AND allocation.target = 'invoice'
            AND allocation.target_id = invoice.id AND allocation.on_date > :as_of
    ), 0), 0),
    (
        SELECT json_group_array(json_array(COALESCE(advance.issued_on, allocation.on_date), allocation.amount_minor))
        FROM allocation
        LEFT JOIN payment ON payment.ledger_id = allocation.ledger_id AND payment.id = allocation.source_id
            AND allocation.source = 'payment'
        LEFT JOIN credit AS advance ON advance.ledger_id = allocation.ledger_id AND advance.id = allocation.source_id
            AND allocation.source = 'credit' AND advance.kind IN ('overpayment', 'prepayment')
        WHERE allocation.ledger_id = invoice.ledger_id AND allocation.target = 'invoice'
            AND allocation.target_id = invoice.id AND allocation.on_date <= :as_of
            AND (advance.id IS NOT NULL OR (allocation.source = 'payment' AND COALESCE(payment.total_minor, 0) <> 0))
    )
FROM (SELECT DISTINCT account_id, plan_id FROM held) AS holder
CROSS JOIN held
CROSS JOIN payment_plan
CROSS JOIN payment_plan_invoice
LEFT JOIN invoice ON invoice.ledger_id = payment_plan.ledger_id AND invoice.id = payment_plan_invoice.invoice_id
    AND invoice.status = 'issued'
WHERE holder.account_id BETWEEN :first AND :last
    AND held.plan_id = holder.plan_id AND held.account_id <> holder.account_id
    AND payment_plan.id = held.plan_id
    AND payment_plan_invoice.plan_id = held.plan_id AND payment_plan_invoice.position = held.position
ORDER BY 1, 2, 14;

-- name: disputes
-- Disputes raised by a day, with what was invoiced.
SELECT
    customer.account_id, dispute.id, dispute.invoice_id, dispute.amount_minor, dispute.category, dispute.opened_on,
    dispute.owner, dispute.answer_by, dispute.answered_on, dispute.outcome, dispute.resolved_on, dispute.credit_minor,
    dispute.closed_on, dispute.counted_minor, invoice.currency, COALESCE(invoice.total_minor, 0)
FROM customer
CROSS JOIN dispute
LEFT JOIN invoice ON invoice.ledger_id = dispute.ledger_id AND invoice.id = dispute.invoice_id
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND dispute.ledger_id = customer.ledger_id AND dispute.customer_id = customer.id
    AND dispute.opened_on <= :as_of
    AND NOT EXISTS (
        SELECT 1 FROM invoice_moved
        WHERE invoice_moved.ledger_id = dispute.ledger_id AND invoice_moved.invoice_id = dispute.invoice_id
            AND invoice_moved.account_id = dispute.customer_id AND invoice_moved.taken_by IS NOT NULL
    )
UNION ALL
SELECT
    invoice_moved.taken_by, dispute.id, dispute.invoice_id, dispute.amount_minor, dispute.category, dispute.opened_on,
    dispute.owner, dispute.answer_by, dispute.answered_on, dispute.outcome, dispute.resolved_on, dispute.credit_minor,
    dispute.closed_on, dispute.counted_minor, invoice.currency, COALESCE(invoice.total_minor, 0)
FROM invoice_moved
CROSS JOIN dispute
CROSS JOIN invoice
WHERE invoice_moved.ledger_id = :ledger AND invoice_moved.taken_by BETWEEN :first AND :last
    AND dispute.ledger_id = invoice_moved.ledger_id AND dispute.customer_id = invoice_moved.account_id
    AND dispute.invoice_id = invoice_moved.invoice_id AND dispute.opened_on <= :as_of
    AND invoice.ledger_id = dispute.ledger_id AND invoice.id = dispute.invoice_id
ORDER BY 1, 2;

-- name: claims
-- "They say it is paid", said by a day; one of several invoices is seen wherever one of them is.
SELECT customer.account_id, claim.id, claim.invoices, claim.claimed_on, claim.until_date,
    claim.paid_on, claim.reference, claim.closed_on
FROM customer
CROSS JOIN claim
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND claim.ledger_id = customer.ledger_id AND claim.customer_id = customer.id
    AND claim.claimed_on <= :as_of
UNION ALL
SELECT DISTINCT invoice_moved.taken_by, claim.id, claim.invoices, claim.claimed_on, claim.until_date,
    claim.paid_on, claim.reference, claim.closed_on
FROM invoice_moved
CROSS JOIN claim
CROSS JOIN json_each(claim.invoices) AS named
WHERE invoice_moved.ledger_id = :ledger AND invoice_moved.taken_by BETWEEN :first AND :last
    AND claim.ledger_id = invoice_moved.ledger_id AND claim.customer_id = invoice_moved.account_id
    AND named.value = invoice_moved.invoice_id AND claim.claimed_on <= :as_of
ORDER BY 1, 2;

-- name: holds
-- A person's reasons not to act, given by a day. One on a whole account goes on for the invoices that left the account
-- after it was given, as long as they are open.
SELECT
    customer.account_id, hold.id, hold.kind, hold.invoice_id, hold.since, hold.until_date, hold.reason,
    hold.amount_minor, hold.ended_on
FROM customer
CROSS JOIN hold
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
    AND hold.ledger_id = customer.ledger_id AND hold.customer_id = customer.id
    AND hold.since <= :as_of
    AND NOT EXISTS (
        SELECT 1 FROM invoice_moved
        WHERE invoice_moved.ledger_id = hold.ledger_id AND invoice_moved.invoice_id = hold.invoice_id
            AND invoice_moved.account_id = hold.customer_id AND invoice_moved.taken_by IS NOT NULL
    )
UNION ALL
SELECT
    invoice_moved.taken_by, hold.id, hold.kind, invoice_moved.invoice_id, hold.since, hold.until_date, hold.reason,
    hold.amount_minor, hold.ended_on
FROM invoice_moved
CROSS JOIN hold
CROSS JOIN invoice
WHERE invoice_moved.ledger_id = :ledger AND invoice_moved.taken_by BETWEEN :first AND :last
    AND hold.ledger_id = invoice_moved.ledger_id AND hold.customer_id = invoice_moved.account_id
    AND invoice.ledger_id = invoice_moved.ledger_id AND invoice.id = invoice_moved.invoice_id
    AND (hold.invoice_id = invoice.id OR (
        hold.invoice_id IS NULL AND hold.id <= invoice_moved.last_hold
        AND invoice.status = 'issued' AND invoice.open_minor <> 0
    ))
    AND hold.since <= :as_of
ORDER BY 1, 2, 4;

-- name: segments
-- Where the account stands.
SELECT customer_id, name, since FROM segment
WHERE ledger_id = :ledger AND customer_id BETWEEN :first AND :last
ORDER BY customer_id;

-- name: triggers
-- Which triggers hold, how often each has fired, and who hears its end; also of customers that are the account's by now.
SELECT
    customer.account_id, customer.id, customer.name, trigger_state.name, trigger_state.is_true, trigger_state.fired,
    trigger_state.told
FROM customer
CROSS JOIN trigger_state ON trigger_state.ledger_id = customer.ledger_id AND trigger_state.customer_id = customer.id
WHERE customer.ledger_id = :ledger AND customer.account_id BETWEEN :first AND :last
ORDER BY customer.account_id;

-- name: profiles
-- What the books do not hold.
SELECT customer_id, field, value FROM profile
WHERE ledger_id = :ledger AND customer_id BETWEEN :first AND :last
ORDER BY customer_id, field;
