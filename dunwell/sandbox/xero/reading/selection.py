"""Answers lists from the shelf."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from dunwell.sandbox.xero.reading import where
from dunwell.sandbox.xero.reading.asked import Asked
from dunwell.sandbox.xero.reading.fields import SINGULAR, Sort, field
from dunwell.sandbox.xero.reading.shelf import Entry
from dunwell.sandbox.xero.reading.values import own
from dunwell.sandbox.xero.wire import Body, unparsed

OUR_APP = "App"
"""Under this name a record's fields say that an app created it."""

_SEARCHED = {
    "Contacts": "Name FirstName LastName ContactNumber EmailAddress".split(),
    "Invoices": "InvoiceNumber Reference Contact.Name".split(),
}
_NOT_UNPAGED = {
    "Contacts": "MergedToContactID AccountNumber PaymentTerms Balances DefaultCurrency HasAttachments".split(),
}
_NOT_IN_SUMMARY = {
    "Contacts": "IsSupplier IsCustomer HasAttachments Balances".split(),
    "Invoices": "Payments CreditNotes Prepayments Overpayments LineItems HasAttachments".split(),
}
_NUMBERED_BY = {"Invoices": "InvoiceNumber", "Prepayments": "InvoiceNumber"}


def listed(endpoint: str, entries: Iterable[Entry], asked: Asked) -> Body:
    """The list, and with pages how many there are of all that fits. Raises `Refused`."""
    found = _ordered(endpoint, [entry for entry in entries if _fits(endpoint, entry, asked)], asked)
    if asked.where is not None:
        test = where.parse(endpoint, asked.where)
        found = [entry for entry in found if test(entry.body)]
    if asked.page is None:
        return {endpoint: [_unpaged(endpoint, entry.body) for entry in found]}
    first = (asked.page - 1) * asked.size
    page = found[first : first + asked.size]
    pagination = {
        "page": asked.page,
        "pageSize": asked.size,
        "pageCount": -(-len(found) // asked.size),
        "itemCount": len(found),
    }
    return {"pagination": pagination, endpoint: [_shown(endpoint, entry.body, asked) for entry in page]}


def _fits(endpoint: str, entry: Entry, asked: Asked) -> bool:
    if entry.archived and not asked.archived:
        return False
    if asked.since is not None and entry.updated_at <= asked.since:
        return False
    if asked.ids is not None and entry.id not in asked.ids:
        return False
    if asked.mine and (entry.record is None or OUR_APP not in entry.record.fields):
        return False
    return all(_named(endpoint, entry.body, asked))


def _named(endpoint: str, body: Body, asked: Asked) -> Iterator[bool]:
    if asked.contact_ids is not None and endpoint == "Invoices":
        yield body["Contact"]["ContactID"] in asked.contact_ids
    if asked.statuses is not None and endpoint == "Invoices":
        yield body["Status"].casefold() in asked.statuses
    if asked.numbers is not None and endpoint in _NUMBERED_BY:
        yield body.get(_NUMBERED_BY[endpoint], "").casefold() in asked.numbers
    if asked.term is not None and endpoint in _SEARCHED:
        texts = (own(body, name, Sort.TEXT) or "" for name in _SEARCHED[endpoint])
        yield any(asked.term.casefold() in text for text in texts)


def _ordered(endpoint: str, entries: list[Entry], asked: Asked) -> list[Entry]:
    """As asked; else the oldest change first, then by id (fact sheet, section 4). Raises `Refused`."""
    made = sorted(entries, key=lambda entry: (entry.updated_at, entry.id))
    for name, sort, down in reversed(list(_order(endpoint, asked.order or ""))):
        made.sort(key=lambda entry: _sortable(entry.body, name, sort), reverse=down)
    return made


def _order(endpoint: str, text: str) -> Iterator[tuple[str, Sort, bool]]:
    for each in filter(None, (part.strip() for part in text.split(","))):
        path, _, direction = each.partition(" ")
        found = field(endpoint, path)
        if found is None:
            raise unparsed(f"No property or field '{path}' exists in type '{SINGULAR[endpoint]}'")
        if direction.strip().upper() not in ("", "ASC", "DESC"):
            raise unparsed("Syntax error")
        yield *found, direction.strip().upper() == "DESC"


def _sortable(body: Body, name: str, sort: Sort) -> tuple[bool, Any]:
    value = own(body, name, sort)
    return value is not None, str(value) if sort is Sort.THING else value


def _unpaged(endpoint: str, body: Body) -> Body:
    """Without lines, and contacts without much that pages have (fact sheet, section 4)."""
    poor = {name: value for name, value in body.items() if name not in _NOT_UNPAGED.get(endpoint, ())}
    empty: Body = {name: [] for name in ("LineItems", "ContactPersons") if name in poor}
    return {**poor, **empty}


def _shown(endpoint: str, body: Body, asked: Asked) -> Body:
    if asked.summary and endpoint in _NOT_IN_SUMMARY:
        return {name: value for name, value in body.items() if name not in _NOT_IN_SUMMARY[endpoint]}
    return with_places(body, asked.places)


def with_places(body: Body, places: int) -> Body:
    """Unit amounts with so many decimals."""
    if places == 2 or "LineItems" not in body:
        return body
    lines = [
        {**line, "UnitAmount": Decimal(line["UnitAmount"]).quantize(Decimal("0.0001"))} for line in body["LineItems"]
    ]
    return {**body, "LineItems": lines}
