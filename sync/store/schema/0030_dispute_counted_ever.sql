-- what is counted of a dispute's invoice is all that credit had settled of it, and no longer that of the dispute's days alone
UPDATE dispute SET counted_minor = dispute.counted_minor + known.earlier
FROM (
    SELECT disputed.id, SUM(allocation.amount_minor) AS earlier
    FROM dispute AS disputed
    JOIN allocation ON allocation.ledger_id = disputed.ledger_id AND allocation.target = 'invoice'
        AND allocation.target_id = disputed.invoice_id
    LEFT JOIN payment ON payment.ledger_id = allocation.ledger_id AND payment.id = allocation.source_id
        AND allocation.source = 'payment'
    LEFT JOIN credit AS advance ON advance.ledger_id = allocation.ledger_id AND advance.id = allocation.source_id
        AND allocation.source = 'credit' AND advance.kind IN ('overpayment', 'prepayment')
    WHERE allocation.on_date < disputed.opened_on AND advance.id IS NULL
        AND (allocation.source = 'credit' OR payment.total_minor = 0)
    GROUP BY disputed.id
) AS known
WHERE known.id = dispute.id
