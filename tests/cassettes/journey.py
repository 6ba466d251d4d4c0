"""What is asked of a connector, once to record it and ever after to replay it: the same calls in the same order."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from typing import Any

import httpx
from msgspec import Struct

from connectors import limits, oauth
from connectors.base import Connector, FieldNote, File, Note, Page, PayLink, Remote, Target, TokenSet, Written
from connectors.errors import NotFound
from connectors.limits import Limits
from connectors.oauth import App, AppSettings, Consent
from connectors.quickbooks import connecting as quickbooks_connecting
from connectors.quickbooks import faults as quickbooks_faults
from connectors.quickbooks.connector import QuickBooks
from connectors.transport import Dialect, Transport
from connectors.xero import connecting as xero_connecting
from connectors.xero import faults as xero_faults
from connectors.xero.connector import Xero
from strategy.model import Balance, Currency, CustomerId, InvoiceId, Kind, Switch
from tests.connectors.roads import MONDAY, Clock, Counted, Tokens

REDIRECT = "http://localhost:8318/callback"
ROWS = 5
"""To a page; two pages of each kind are recorded."""

PDF = b"%PDF-1.4 a statement of account"


class Places(Struct, frozen=True, kw_only=True):
    """The records of the sandbox that the journey visits. `nobody` is an id that there is not."""

    company: str
    invoice: InvoiceId
    payable: InvoiceId
    customer: CustomerId
    voided: InvoiceId
    deleted: InvoiceId
    nobody: InvoiceId


class Journey(Struct, kw_only=True):
    """What the connector gave back, in the order of asking."""

    remotes: tuple[Remote, ...]
    company: Page
    everything: Mapping[Kind, tuple[Page, ...]]
    changes: tuple[Page, ...]
    invoices: Page
    reminders: Switch
    balances: tuple[Balance, ...]
    by_report: Mapping[Currency, int] | None
    link: str | None
    pdf: bytes
    missing: str
    found_before: Written | None
    found_after: Written | None
    noted: Written
    line: Written | None
    filed: Written
    written: tuple[Written, ...]
    content: bytes
    shown: Written | None
    renewed: list[str]


class _Platform(Struct, frozen=True, kw_only=True):
    """What differs between the two."""

    dialect: Dialect
    limits: Limits
    connect: Callable[..., Connector]
    app: Callable[[AppSettings], App]
    remotes: Callable[..., tuple[Remote, ...]]
    takes_lines: bool


PLATFORMS: Mapping[str, _Platform] = {
    "quickbooks": _Platform(
        dialect=quickbooks_faults.DIALECT,
        limits=limits.QUICKBOOKS,
        connect=QuickBooks,
        app=quickbooks_connecting.app,
        remotes=quickbooks_connecting.remotes,
        takes_lines=True,
    ),
    "xero": _Platform(
        dialect=xero_faults.DIALECT,
        limits=limits.XERO,
        connect=Xero,
        app=xero_connecting.app,
        remotes=xero_connecting.remotes,
        takes_lines=False,
    ),
}


class Traveller:
    """A user's browser came back with a code: connect, and go on the journey."""

    def __init__(self, platform: str, url: str, http: httpx.Client, clock: Clock, word: tuple[str, str]) -> None:
        """`word`: the app's id and secret."""
        settings = AppSettings(
            client_id=word[0],
            client_secret=word[1],
            authorize_url=f"{url}/{platform}/oauth2/authorize",
            token_url=f"{url}/{platform}/oauth2/token",
            offers_payment=True,
        )
        self._platform = PLATFORMS[platform]
        self._url, self._http, self._clock = url, http, clock
        self.app = self._platform.app(settings)
        self.consent: Consent = oauth.ask_consent(self.app, REDIRECT)

    def travel(self, redirect: Mapping[str, str], places: Places, expire: Callable[[], object]) -> Journey:
        """`expire` makes the next call meet an expired token."""
        held = oauth.exchange(self._http, self.app, self.consent, redirect["code"], self._clock.now())
        tokens = Tokens(held.access_token, lambda: self._renewed(held))
        connector = self._connector(tokens, places.company)
        told = {
            "remotes": self._platform.remotes(self._http, self._url, redirect, held),
            **_read(connector, places),
            **_write(connector, places, lines=self._platform.takes_lines),
        }
        expire()
        connector.reminders()
        told["invoices"] = connector.invoices([places.invoice, places.payable])
        return Journey(**told, renewed=tokens.renewed)

    def _connector(self, tokens: Tokens, company: str) -> Connector:
        budget = Counted(self._platform.limits, self._clock)
        dialect = self._platform.dialect
        transport = Transport(dialect, "harbour", tokens=tokens, budget=budget, clock=self._clock, http=self._http)
        return self._platform.connect(transport, self._clock, self._url, company, page_size=ROWS)

    def _renewed(self, held: TokenSet) -> str:
        return oauth.refresh(self._http, self.app, held, self._clock.now()).access_token


def _read(connector: Connector, places: Places) -> dict[str, Any]:
    return {
        "company": connector.company(),
        "everything": {kind: tuple(islice(connector.everything(kind), 2)) for kind in connector.kinds},
        "changes": tuple(connector.changes(MONDAY - timedelta(hours=1))),
        "reminders": connector.reminders(),
        "balances": tuple(connector.balances([places.customer])),
        "by_report": connector.open_by_report(places.customer, date(2026, 3, 2)),
        "link": connector.payment_link(places.payable),
        "pdf": connector.invoice_pdf(places.invoice),
        "missing": _missing(connector, places.nobody),
    }


def _missing(connector: Connector, nobody: InvoiceId) -> str:
    try:
        connector.invoice_pdf(nobody)
    except NotFound as error:
        return str(error)
    return "it is there"


def _write(connector: Connector, places: Places, *, lines: bool) -> dict[str, Any]:
    """Each write is looked for first; all of it is read back."""
    told: dict[str, Any] = {"found_before": connector.find(a_note(places))}
    told["noted"] = connector.write(a_note(places), "key-note")
    told["found_after"] = connector.find(a_note(places))
    told["filed"] = connector.write(a_statement(places), "key-file")
    told["written"] = connector.written(Target.CUSTOMER, places.customer)
    file = next(one for one in told["written"] if one.id == told["filed"].id)
    told["content"] = connector.file_content(Target.CUSTOMER, places.customer, file)
    connector.write(a_link(places), "key-link")
    told["shown"] = connector.find(a_link(places))
    told["line"] = connector.write(a_line(places), "key-line") if lines else None
    return told


def a_note(places: Places) -> Note:
    text = "Dunwell 1a2b3c4d 2026-03-02 first reminder by email"
    return Note(target=Target.INVOICE, target_id=places.invoice, marker="Dunwell 1a2b3c4d", text=text)


def a_statement(places: Places) -> File:
    return File(
        target=Target.CUSTOMER,
        target_id=places.customer,
        marker="Dunwell 5e6f7a8b",
        name="Statement.pdf",
        media_type="application/pdf",
        content=PDF,
    )


def a_link(places: Places) -> PayLink:
    return PayLink(
        invoice_id=places.invoice,
        name="Pay by card",
        url="https://pay.example/i/1042",
        template="https://pay.example/i/{number}?amount={amount}&currency={currency}",
    )


def a_line(places: Places) -> FieldNote:
    text = "Dunwell 9c0d1e2f called, will pay on Friday"
    return FieldNote(target=Target.CUSTOMER, target_id=places.customer, marker="Dunwell 9c0d1e2f", text=text)


@contextmanager
def a_traveller(platform: str, url: str, clock: Clock, word: tuple[str, str]) -> Iterator[Traveller]:
    """With connections of its own."""
    with httpx.Client(timeout=60, verify=False) as http:
        yield Traveller(platform, url, http, clock, word)
