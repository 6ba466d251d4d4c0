"""Xero's recordings and official examples through our connector."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from msgspec import Struct

from connectors.base import File, Note, Page, PayLink, Target, TokenSet, Written
from connectors.xero import connecting
from strategy.model import CustomerId, InvoiceId, Kind
from tests.connectors.recorded import leaves, playing
from tests.connectors.recorded.comparing import Compared, Plain, cents, fields, kept_whole, plain
from tests.connectors.recorded.plain_xero import CREDIT_KINDS, PAYMENT_TYPES, TABLES, milliseconds
from tests.connectors.roads import MONDAY
from tests.connectors.servers import Server

LISTS = {
    "Contacts": (Kind.CUSTOMER, "ContactID"),
    "Invoices": (Kind.INVOICE, "InvoiceID"),
    "Payments": (Kind.PAYMENT, "PaymentID"),
    "CreditNotes": (Kind.CREDIT, "CreditNoteID"),
    "Overpayments": (Kind.CREDIT, "OverpaymentID"),
    "Prepayments": (Kind.CREDIT, "PrepaymentID"),
}
CREDITS = ("CreditNotes", "Overpayments", "Prepayments")

UNREADABLE = {
    ("createContactGroupContacts.200", "a3675fc4-f8dd-4f03-ba5b-f1870566bcd7"): "a member of a group: only its id",
    ("createContactGroupContacts.200", "4e1753b9-018a-4775-b6aa-1bc7871cfee3"): "a member of a group: only its id",
}
"""Rows that no record can be made of, and why that is right."""


class Recording(Struct, frozen=True, kw_only=True, dict=True):
    """One body. `name`: its file, without the ending."""

    name: str
    body: bytes

    @cached_property
    def plain(self) -> Any:
        """The JSON, its numbers as text; it knows what was read of it."""
        return leaves.loaded(self.body)


def recordings(data: Path) -> Iterator[Recording]:
    """The demo company's answers; those about bills a second time, as if they were sales; the official examples."""
    for path in sorted((data / "xero/recorded-2018-demo-au").glob("*.json")):
        body = path.read_bytes()
        yield Recording(name=path.stem, body=body)
        if b'"ACCPAY"' in body:
            yield Recording(name=f"{path.stem} as sales", body=body.replace(b'"ACCPAY"', b'"ACCREC"'))
    for path in sorted((data / "xero/examples").glob("*.200.json")):
        yield Recording(name=path.stem, body=path.read_bytes())


def compared(recording: Recording) -> list[Compared]:
    """All that the connector reads out of the recording, beside what stands there. Empty where nothing is ours."""
    body = recording.plain
    if "ValidationError" in recording.name:
        return []  # the answer to a write: see `faults`
    if isinstance(body, list):
        return _connections(recording, body)
    told = [one for name in LISTS if name in body for one in _listed(recording, name, body)]
    reader = READERS.get(next((name for name in body if name in READERS), ""))
    return told + (reader(recording, body) if reader else [])


def _listed(recording: Recording, name: str, body: Plain) -> list[Compared]:
    """The rows of a list: those of customers' are records, the rest are known by their ids."""
    kind, id_name = LISTS[name]
    order = CREDITS if kind is Kind.CREDIT else (name,)
    replies = [served for each in order for served in (_pages(recording, body) if each == name else [empty(each)])]
    with playing.xero(*playing.said(*replies)) as (connector, _):
        pages = list(connector.everything(kind))
    rows = body[name]
    told = [_page_field(recording, "ids", [row[id_name] for row in rows], [one for page in pages for one in page.ids])]
    told += [_time(recording, pages, body, name), _expected(recording, pages, body, name)]
    records = {record.id: record for page in pages for record in page.records}
    for row in rows:
        record_id = row[id_name]
        row.left = record_id not in records
        ours = _is_ours(name, row) and (recording.name, record_id) not in UNREADABLE
        told.append(_field(recording, record_id, "a record", ours, record_id in records))
        if record_id in records:
            told += fields(recording.name, records[record_id], row, TABLES[type(records[record_id])])
    issues = sorted(issue.source.split()[-1] for page in pages for issue in page.issues)
    expected = sorted(one for file, one in UNREADABLE if file == recording.name)
    return [
        *told,
        _page_field(recording, "issues", expected, issues),
        *kept_whole(recording.name, recording.body, pages),
    ]


def _pages(recording: Recording, body: Plain) -> list[bytes]:
    """The body, and where it does not say how many pages there are, a second one without rows."""
    name = next(name for name in LISTS if name in body)
    return [recording.body] if "pagination" in body else [recording.body, empty(name)]


def empty(name: str) -> bytes:
    """A list without rows."""
    return b'{"DateTimeUTC":"/Date(1552431874205)/","%s":[]}' % name.encode()


def _is_ours(name: str, row: Plain) -> bool:
    """Whether it is about customers; contacts are read whoever they are."""
    if name == "Payments":
        return row["PaymentType"] in PAYMENT_TYPES
    if name == "Invoices":
        return bool(row["Type"] == "ACCREC")
    return name == "Contacts" or row["Type"] in CREDIT_KINDS


def _field(recording: Recording, record: str, name: str, theirs: object, ours: object) -> Compared:
    return Compared(body=recording.name, record=record, field=name, theirs=theirs, ours=ours)


def _page_field(recording: Recording, name: str, theirs: object, ours: object) -> Compared:
    return _field(recording, "page", name, theirs, ours)


def _time(recording: Recording, pages: list[Page], body: Plain, name: str) -> Compared:
    """Of the first page: those behind it are ours."""
    before = CREDITS.index(name) if name in CREDITS else 0
    return _page_field(recording, "server_time", milliseconds(body["DateTimeUTC"]), plain(pages[before].server_time))


def _expected(recording: Recording, pages: list[Page], body: Plain, name: str) -> Compared:
    """How many rows there are by the page: of lists that come before it nobody says, so none of credits but notes."""
    counted = name not in CREDITS[1:] and "pagination" in body
    theirs = {int(body["pagination"]["itemCount"])} if counted else {None}
    ours = {page.expected for page in pages if name not in CREDITS or page is pages[CREDITS.index(name)]}
    return _page_field(recording, "expected", theirs, ours)


def _organisation(recording: Recording, body: Plain) -> list[Compared]:
    """With the official example of the reminder settings."""
    settings = b'{"InvoiceReminders":[{"Enabled":false}]}'
    with playing.xero(*playing.said(recording.body, settings)) as (connector, _):
        page = connector.company()
    (record,) = page.records
    told = fields(recording.name, record, body["Organisations"][0], TABLES[type(record)])
    return [*told, _time(recording, [page], body, "Organisations"), *kept_whole(recording.name, recording.body, [page])]


def _reminders(recording: Recording, body: Plain) -> list[Compared]:
    with playing.xero(*playing.said(recording.body)) as (connector, _):
        ours = connector.reminders()
    theirs = {True: "on", False: "off"}[body["InvoiceReminders"][0]["Enabled"]]
    return [_field(recording, "settings", "reminders", theirs, str(ours))]


def _online_invoice(recording: Recording, body: Plain) -> list[Compared]:
    with playing.xero(*playing.said(recording.body)) as (connector, _):
        ours = connector.payment_link(InvoiceId("x"))
    return [_field(recording, "invoice", "link", body["OnlineInvoices"][0]["OnlineInvoiceUrl"], ours)]


def _history(recording: Recording, body: Plain) -> list[Compared]:
    """Oldest first; a change that nobody said anything about is no note."""
    said = [row for row in body["HistoryRecords"] if row.get("Details")]
    for row in body["HistoryRecords"]:
        row.left = row not in said
    rows = sorted(said, key=lambda row: milliseconds(row["DateUTC"]))
    theirs = [{"id": row["DateUTC"], "text": row["Details"], "at": milliseconds(row["DateUTC"])} for row in rows]
    return _kept(recording, theirs, recording.body, b'{"Attachments":[]}')


def _attachments(recording: Recording, body: Plain) -> list[Compared]:
    theirs = [{"id": row["AttachmentID"], "text": row["FileName"], "at": None} for row in body["Attachments"]]
    told = _kept(recording, theirs, b'{"HistoryRecords":[]}', recording.body)
    if recording.name.startswith("create"):
        with playing.xero(*playing.said(recording.body)) as (connector, _):
            told += _written(recording, [connector.write(A_FILE, "key-1")], theirs)
    return told


A_FILE = File(
    target=Target.INVOICE,
    target_id="x",
    marker="Dunwell 1a2b3c4d",
    name="Statement.pdf",
    media_type="application/pdf",
    content=b"%PDF-1.4",
)
A_NOTE = Note(target=Target.INVOICE, target_id="x", marker="Dunwell 1a2b3c4d", text="Dunwell 1a2b3c4d noted")


def _kept(recording: Recording, theirs: list[dict[str, object]], history: bytes, attachments: bytes) -> list[Compared]:
    with playing.xero(*playing.said(attachments, history)) as (connector, _):
        return _written(recording, connector.written(Target.INVOICE, "x"), theirs)


def _written(recording: Recording, ours: Any, theirs: list[dict[str, object]]) -> list[Compared]:
    told: list[Written] = list(ours)
    counted = [_page_field(recording, "how many", len(theirs), len(told))]
    return counted + [
        _field(recording, str(raw["id"]), name, value, plain(getattr(one, name)))
        for raw, one in zip(theirs, told, strict=False)
        for name, value in raw.items()
    ]


def _services(recording: Recording, body: Plain) -> list[Compared]:
    """The first service, asked for by its name: it is on the invoice's branding theme."""
    service, *others = body["PaymentServices"]
    for other in others:
        other.left = True
    name, theme = service["PaymentServiceName"], b'{"Invoices":[{"BrandingThemeID":"t"}]}'
    link = PayLink(invoice_id=InvoiceId("x"), name=name, url="https://pay.example", template="https://pay.example")
    text = ": ".join(service[key] for key in ("PaymentServiceName", "PaymentServiceUrl") if key in service)
    theirs: list[dict[str, object]] = [{"id": service["PaymentServiceID"], "text": text, "at": None}]
    with playing.xero(*playing.said(recording.body, theme, recording.body)) as (connector, _):
        found = connector.find(link)
    told = _written(recording, [found] if found else [], theirs)
    if recording.name.startswith("createPaymentService"):
        replies = (b'{"PaymentServices":[]}', recording.body, theme, recording.body)
        with playing.xero(*playing.said(*replies)) as (connector, _):
            told += _written(recording, [connector.write(link, "key-1")], theirs)
    return told


def _report(recording: Recording, body: Plain) -> list[Compared]:
    """The last column of every row that is a document."""
    rows = [row for section in body["Reports"][0]["Rows"] for row in section.get("Rows", [])]
    due = [row["Cells"][7]["Value"] for row in rows if row["RowType"] == "Row"]
    organisation = (
        b'{"DateTimeUTC":"/Date(1)/","Organisations":[{"OrganisationID":"o","Name":"n","BaseCurrency":"NZD"}]}'
    )
    with playing.xero(*playing.said(organisation, recording.body)) as (connector, _):
        ours = connector.open_by_report(CustomerId("x"), date(2019, 4, 23))
    return [_page_field(recording, "due", {"NZD": sum(cents(each or "0") for each in due)}, ours)]


READERS: Mapping[str, Any] = {
    "Organisations": _organisation,
    "InvoiceReminders": _reminders,
    "OnlineInvoices": _online_invoice,
    "HistoryRecords": _history,
    "Attachments": _attachments,
    "PaymentServices": _services,
    "Reports": _report,
}
"""What reads the answers that are no lists of records."""


def _connections(recording: Recording, body: list[Plain]) -> list[Compared]:
    tokens = TokenSet(access_token="a", refresh_token=None, expires_at=MONDAY)
    with Server(*playing.said(recording.body)) as server, httpx.Client(verify=False, timeout=60) as http:
        ours = connecting.remotes(http, server.url, {}, tokens)
    theirs = [(one["tenantId"], one["tenantName"]) for one in body if one["tenantType"] == "ORGANISATION"]
    return [_page_field(recording, "organisations", theirs, [(one.id, one.name) for one in ours])]
