"""The connector asked for everything that it can do, of a server that knows nothing and answers by examples."""

from datetime import date, timedelta

import httpx
import pytest

from connectors.base import Connector, FieldNote, File, Note, PayLink, Target, TokenSet, Write, Written
from connectors.errors import Rejected
from connectors.oauth import AppSettings
from connectors.xero import connecting
from strategy.model import CustomerId, InvoiceId
from tests.dunwell.sandbox.api import MONDAY

INVOICE = InvoiceId("d4956132-ed94-4dd7-9eaa-aa22dfdf06f2")
CONTACT = CustomerId("a3675fc4-f8dd-4f03-ba5b-f1870566bcd7")
"""Of official examples; any others would do."""

SEVERAL = [InvoiceId(f"d4956132-ed94-4dd7-9eaa-{number:012x}") for number in range(41)]
"""One more than fit into a call."""


def connect(http: httpx.Client, url: str) -> None:
    """What a connection takes: whom are we let in to, and an end of it."""
    app = connecting.app(AppSettings(client_id="an-app", client_secret=None))
    tokens = TokenSet(access_token="a-token", refresh_token=None, expires_at=MONDAY)
    (organisation,) = connecting.remotes(http, url, {}, tokens)
    connecting.release(http, app, url, organisation.id, tokens)


def read(connector: Connector) -> None:
    """Every reading method."""
    connector.company()
    connector.reminders()
    list(connector.open_invoices())
    for kind in connector.kinds:
        list(connector.everything(kind))
    list(connector.changes(MONDAY - timedelta(days=3)))
    connector.invoices(SEVERAL)
    list(connector.balances(None))
    list(connector.balances([CONTACT]))
    connector.open_by_report(CONTACT, date(2026, 3, 2))
    connector.payment_link(INVOICE)
    connector.invoice_pdf(INVOICE)


def write(connector: Connector) -> None:
    """Every writing method, on an invoice and on a contact; the bytes of the file are no text."""
    for target, target_id in ((Target.INVOICE, INVOICE), (Target.CUSTOMER, CONTACT)):
        for number, one in enumerate(writes(target, target_id)):
            connector.find(one)
            connector.write(one, f"key-{target}-{number}")
        told = FieldNote(target=target, target_id=target_id, marker="Dunwell 9c0d1e2f", text="Dunwell 9c0d1e2f said")
        connector.find(told)
        with pytest.raises(Rejected):
            connector.write(told, f"key-{target}-line")
        connector.written(target, target_id)
        connector.file_content(target, target_id, Written(id=INVOICE, text="Statement GBP.pdf"))


def writes(target: Target, target_id: str) -> tuple[Write, ...]:
    return (
        Note(target=target, target_id=target_id, marker="Dunwell 1a2b3c4d", text="Dunwell 1a2b3c4d noted: é, €"),
        File(
            target=target,
            target_id=target_id,
            marker="Dunwell 5e6f7a8b",
            name="Statement GBP.pdf",
            media_type="application/pdf",
            content=b"%PDF-1.4 \xff\xfe\x00",
        ),
        PayLink(
            invoice_id=INVOICE,
            name="Portal",
            url="https://pay.example/1",
            template="https://pay.example/{number}/{amount}/{currency}",
        ),
        PayLink(invoice_id=INVOICE, name="PayUpNow", url="https://pay.example/1", template="https://pay.example/1"),
    )
