"""What is spoken of, as it is when it is written: another process may have said something of it a moment ago."""

from collections.abc import Sequence

from dunwell.agreements.refusing import Refused, open_invoice
from strategy.account import Account, Receivable
from sync.bench import Bench


def again(bench: Bench, account: Account, rows: Sequence[Receivable] = ()) -> tuple[Account, tuple[Receivable, ...]]:
    """The account and these of its invoices, read again. Belongs into the transaction that writes, which keeps others
    out: whatever is judged of them stands before it. Raises `Refused` where one of them is gone, or no longer open.
    """
    found = bench.account(account.customer.id, bench.today())
    if found is None:
        raise Refused(f"{account.customer.name} has just changed in the books; try again")
    return found, tuple(open_invoice(found, row.invoice_id, row.number, account.customer.name) for row in rows)
