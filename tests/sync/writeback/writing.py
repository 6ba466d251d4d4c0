"""A firm that tells its books, and what they were told."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from connectors.base import Target
from strategy.model import CustomerId
from sync.store import outbox
from sync.store.outbox import TO_BOOKS, Kind, OutboxRow, State
from tests.sync.firm import CONFIG, Firm, a_firm

GENEROUS: Mapping[str, str] = {
    "quickbooks": f'{CONFIG}\n[ledgers.brindle.write_back]\ncustomer_notes = true\ninvoice_notes = true\npay_url = "https://pay.example/{{{{number}}}}"\n',
    "xero": f'{CONFIG}\n[ledgers.brindle.write_back]\npay_url = "https://pay.example/{{{{number}}}}"\n',
}


WITH_STATEMENT = """
strategy = "test"
inherits = "standard"
statement = ""

[schedule.plain]
first  = { at = "due + 1", say = "friendly", attach = ["statement"] }
second = { at = "due + 8", say = "friendly", attach = ["statement"] }

[[segment]]
name = "everyone"
schedule = "plain"
"""


WRITES: Mapping[str, Mapping[Kind, Mapping[str, str]]] = {
    "quickbooks": {
        Kind.NOTE: {"method": "POST", "path": "/attachable"},
        Kind.FILE: {"method": "POST", "path": "/upload"},
    },
    "xero": {
        Kind.NOTE: {"method": "PUT", "path": "/history"},
        Kind.FILE: {"method": "PUT", "path": "/attachments"},
    },
}
"""How each platform is told a note or a file."""


@contextmanager
def a_telling_firm(folder: Path, platform: str) -> Iterator[Firm]:
    """A firm that tells its books everything; in Xero its link to pay is the company's, and told already."""
    with a_firm(folder, platform, settings=GENEROUS[platform], strategy=WITH_STATEMENT) as opened:
        sent(opened)
        yield opened


def sent(firm: Firm) -> tuple[str, CustomerId]:
    """A customer whose reminder has just left: the invoice's number, the customer's id."""
    name, customer_id = firm.customer()
    number = firm.invoice(name)
    firm.run()
    return number, customer_id


def broken(firm: Firm, kind: Kind, fault: str, *, times: int = 1) -> None:
    """The next write of this kind goes wrong."""
    firm.fault(fault, times=times, **WRITES[firm.platform][kind])


def told(firm: Firm, customer_id: CustomerId) -> list[OutboxRow]:
    rows = reversed(outbox.everything(firm.bench.store, firm.bench.ledger.id))
    return [row for row in rows if row.customer_id == customer_id and row.kind in TO_BOOKS]


def states(firm: Firm, customer_id: CustomerId) -> set[State]:
    return {row.state for row in told(firm, customer_id)}


def marks(firm: Firm, customer_id: CustomerId) -> list[str]:
    """What the customer's record holds of ours."""
    return sorted(written.text for written in firm.written(Target.CUSTOMER, customer_id))


def lead_id(firm: Firm, customer_id: CustomerId) -> str:
    return firm.rows(customer_id)[0].touchpoint().invoices[0].invoice_id
