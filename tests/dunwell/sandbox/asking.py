"""A connector asked for everything that it can do, and all that goes over the wire meanwhile, both ways.

The contract tests of both dialects hold it against the official files. What is new to `connectors.base`, a method or a
kind of write, makes a test fail until it is asked for here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import get_args

import httpx
import pytest
from msgspec import Struct

from connectors.base import Call, Connector, FieldNote, File, Note, PayLink, Target, Write
from connectors.errors import NotFound, Rejected
from dunwell.sandbox.control import Control
from strategy.model import CustomerId, InvoiceId
from tests.dunwell.sandbox.api import MONDAY


class Exchange(Struct, frozen=True, kw_only=True):
    """A request as it left us, and its answer as it came. Names of headers in lower case; bodies decompressed."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes
    status: int
    media_type: str
    answer: bytes


@contextmanager
def a_wire() -> Iterator[tuple[httpx.Client, list[Exchange]]]:
    """Connections that are listened in on."""
    caught: list[Exchange] = []

    def listen(response: httpx.Response) -> None:
        request = response.request
        caught.append(
            Exchange(
                method=request.method,
                path=request.url.path,
                query=tuple(request.url.params.multi_items()),
                headers={name.lower(): value for name, value in request.headers.items()},
                body=request.content,
                status=response.status_code,
                media_type=response.headers.get("content-type", "").split(";")[0],
                answer=response.read(),
            )
        )

    with httpx.Client(timeout=60, verify=False, event_hooks={"response": [listen]}) as http:
        yield http, caught


class Tokens:
    """One token that is always good."""

    def __init__(self, token: str) -> None:
        self._token = token

    def access(self) -> str:
        return self._token

    def renew(self, rejected: str) -> str:
        return self._token


class Enough:
    """A budget that never ends."""

    holds_back = False

    def enter(self) -> int:
        """At once."""
        return 0

    def leave(self, number: int, call: Call | None) -> None:
        """Nothing is counted."""


def read_everything(connector: Connector, control: Control) -> None:
    """Every reading method: whole lists, what changed of late, single records, what is not there."""
    live = control.live()
    invoices = [InvoiceId(each) for each in live["invoice"]]
    invoice, customer = invoices[0], CustomerId(next(iter(live["customer"])))
    owing = next(row for row in control.truth()["customers"] if row["open"])
    connector.company()
    connector.reminders()
    list(connector.open_invoices())
    for kind in connector.kinds:
        list(connector.everything(kind))
    list(connector.changes(MONDAY - timedelta(days=3)))
    connector.invoices(invoices[:250])
    list(connector.balances(None))
    list(connector.balances([customer]))
    connector.open_by_report(CustomerId(owing["id"]), date(2026, 3, 2))
    for each in invoices[:3]:
        connector.payment_link(each)
    connector.invoice_pdf(invoice)
    with pytest.raises(NotFound):
        connector.invoice_pdf(_nothing_like(invoice))


def _nothing_like(invoice: InvoiceId) -> InvoiceId:
    return InvoiceId("0" * 8 + invoice[8:] if "-" in invoice else "999999")


def write_everything(connector: Connector, control: Control, *, lines: bool) -> None:
    """Every writing method, on an invoice and on a customer: looked for, written, found, read back.

    `lines`: the platform has notes fields that people use.
    """
    live = control.live()
    invoice, customer = next(iter(live["invoice"])), next(iter(live["customer"]))
    link = PayLink(
        invoice_id=InvoiceId(invoice),
        name="Portal",
        url="https://pay.example/1",
        template="https://pay.example/{number}/{amount}/{currency}",
    )
    for target, target_id in ((Target.INVOICE, invoice), (Target.CUSTOMER, customer)):
        note = Note(target=target, target_id=target_id, marker="Dunwell 1a2b3c4d", text="Dunwell 1a2b3c4d noted")
        file = File(
            target=target,
            target_id=target_id,
            marker="Dunwell 5e6f7a8b",
            name="Statement GBP.pdf",
            media_type="application/pdf",
            content=b"%PDF-1.4 content",
        )
        writes: tuple[Write, ...] = (note, file, link)
        for number, write in enumerate(writes):
            connector.find(write)
            connector.write(write, f"key-{target}-{number}")
            connector.find(write)
        filed = [each for each in connector.written(target, target_id) if each.text.startswith(file.name)]
        connector.file_content(target, target_id, filed[0])
        _write_a_line(connector, target, target_id, lines)


def _write_a_line(connector: Connector, target: Target, target_id: str, lines: bool) -> None:
    told = FieldNote(target=target, target_id=target_id, marker="Dunwell 9c0d1e2f", text="Dunwell 9c0d1e2f said")
    connector.find(told)
    if lines:
        connector.write(told, f"key-{target}-line")
        connector.find(told)
    else:
        with pytest.raises(Rejected):
            connector.write(told, f"key-{target}-line")


def left_out(*asks: Callable[..., object]) -> set[str]:
    """Methods of a connector, and kinds of writes, that none of these functions names; those here, if none is given."""
    looked_at = asks or (read_everything, write_everything, _write_a_line)
    named = {name for each in looked_at for name in each.__code__.co_names}
    methods = {name for name in vars(Connector) if not name.startswith("_")} - set(Connector.__annotations__)
    return (methods | {kind.__name__ for kind in get_args(Write)}) - named
