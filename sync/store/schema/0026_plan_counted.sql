-- what payments had settled of the invoice when the plan was made: it is no part of the plan
ALTER TABLE payment_plan_invoice ADD COLUMN counted_minor INTEGER NOT NULL DEFAULT 0;

-- of earlier plans: what had been used by the day before, and what they had of that very day, from the oldest invoice on
UPDATE payment_plan_invoice SET counted_minor = known.earlier + MAX(0, MIN(known.that_day, known.whole - known.before))
FROM (
    SELECT plan_id, position, earlier, that_day, whole,
        SUM(that_day) OVER (PARTITION BY plan_id ORDER BY position) - that_day AS before
    FROM (
        SELECT planned.plan_id, planned.position, payment_plan.counted_minor AS whole,
            SUM(CASE WHEN allocation.on_date < payment_plan.made_on THEN allocation.amount_minor ELSE 0 END) AS earlier,
            SUM(CASE WHEN allocation.on_date = payment_plan.made_on THEN allocation.amount_minor ELSE 0 END) AS that_day
        FROM payment_plan_invoice AS planned
        JOIN payment_plan ON payment_plan.id = planned.plan_id
        JOIN allocation ON allocation.ledger_id = payment_plan.ledger_id AND allocation.target = 'invoice'
            AND allocation.target_id = planned.invoice_id
        LEFT JOIN payment ON payment.ledger_id = allocation.ledger_id AND payment.id = allocation.source_id
            AND allocation.source = 'payment'
        LEFT JOIN credit ON credit.ledger_id = allocation.ledger_id AND credit.id = allocation.source_id
            AND allocation.source = 'credit'
        WHERE credit.kind IN ('overpayment', 'prepayment')
            OR (allocation.source = 'payment' AND COALESCE(payment.total_minor, 0) <> 0)
        GROUP BY planned.plan_id, planned.position
    )
) AS known
WHERE known.plan_id = payment_plan_invoice.plan_id AND known.position = payment_plan_invoice.position;

ALTER TABLE payment_plan DROP COLUMN counted_minor
