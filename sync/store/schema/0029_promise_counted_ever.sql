-- what is counted of a promise's invoices is all that payments had settled of them, and no longer that of its day alone
UPDATE promise_invoice SET counted_minor = promise_invoice.counted_minor + known.earlier
FROM (
    SELECT promised.promise_id, promised.position, SUM(allocation.amount_minor) AS earlier
    FROM promise_invoice AS promised
    JOIN promise ON promise.id = promised.promise_id
    JOIN allocation ON allocation.ledger_id = promise.ledger_id AND allocation.target = 'invoice'
        AND allocation.target_id = promised.invoice_id
    LEFT JOIN payment ON payment.ledger_id = allocation.ledger_id AND payment.id = allocation.source_id
        AND allocation.source = 'payment'
    LEFT JOIN credit AS advance ON advance.ledger_id = allocation.ledger_id AND advance.id = allocation.source_id
        AND allocation.source = 'credit' AND advance.kind IN ('overpayment', 'prepayment')
    WHERE COALESCE(advance.issued_on, allocation.on_date) < promise.made_on
        AND (advance.id IS NOT NULL OR (allocation.source = 'payment' AND COALESCE(payment.total_minor, 0) <> 0))
    GROUP BY promised.promise_id, promised.position
) AS known
WHERE known.promise_id = promise_invoice.promise_id AND known.position = promise_invoice.position
