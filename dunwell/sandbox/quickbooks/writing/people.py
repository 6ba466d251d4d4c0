"""Saving customers."""

from datetime import datetime

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.records import Customer, Life
from dunwell.sandbox.quickbooks.lists import TERM_DAYS
from dunwell.sandbox.quickbooks.wire import Body, Refused, missing
from dunwell.sandbox.quickbooks.writing.incoming import Incoming

_KEPT = """
CompanyName Title MiddleName Suffix PrintOnCheckName AlternatePhone Mobile Fax WebAddr BillAddr ShipAddr Notes
PreferredDeliveryMethod ResaleNum Taxable CustomerTypeRef PaymentMethodRef DefaultTaxCodeRef IsProject
"""


def save(books: Books, request: Incoming, before: Customer | None, now: datetime) -> Customer:
    """Create or update a customer. Its DisplayName is unique, among inactive ones too. Raises `Refused`."""
    facts = _facts(books, request, before)
    if before is None:
        return books.add_customer(now, currency=books.company.currency, **facts)
    books.change(now, before, **facts)
    return before


def _facts(books: Books, request: Incoming, before: Customer | None) -> Body:
    facts: Body = {"fields": request.kept(_KEPT, {} if before is None else before.fields)}
    if request.names("DisplayName"):
        facts["name"] = _name(books, request, before)
    for prop, name in (("GivenName", "given_name"), ("FamilyName", "family_name")):
        if request.names(prop):
            facts[name] = request.text(prop) or ""
    if request.names("PrimaryEmailAddr"):
        facts["email"] = request.text("PrimaryEmailAddr.Address")
    if request.names("PrimaryPhone"):
        facts["phone"] = request.text("PrimaryPhone.FreeFormNumber")
    if request.names("SalesTermRef"):
        facts["term_days"] = term_days(request.text("SalesTermRef.value"))
    if request.names("ParentRef"):
        facts["parent_id"] = _parent(books, request.text("ParentRef.value"))
    if request.names("BillWithParent"):
        facts["bills_parent"] = request.body.get("BillWithParent") is True
    if isinstance(in_use := request.body.get("Active"), bool):
        facts["life"] = Life.ACTIVE if in_use else Life.ARCHIVED
    return facts


def _name(books: Books, request: Incoming, before: Customer | None) -> str:
    name = request.text("DisplayName")
    if name is None:
        raise missing("DisplayName")
    name = name.removesuffix(" (deleted)") if before is not None else name
    others = (each for each in books.customers.values() if each is not before)
    if any(each.name.casefold() == name.casefold() for each in others):
        raise Refused("6240", "Duplicate Name Exists Error", "The name supplied already exists. : null")
    return name


def _parent(books: Books, parent_id: str | None) -> int | None:
    if parent_id is None:
        return None
    if not parent_id.isdigit() or int(parent_id) not in books.customers:
        raise invalid_reference("ParentRef")
    return int(parent_id)


def term_days(term_id: str | None) -> int | None:
    """The days of a standard term; None where none is named, and for a date driven one."""
    if term_id is None:
        return None
    if term_id not in {str(number) for number in TERM_DAYS} | {"6"}:
        raise invalid_reference("SalesTermRef")
    return TERM_DAYS.get(int(term_id))


def invalid_reference(name: str) -> Refused:
    """A reference leads nowhere."""
    return Refused("2500", "Invalid Reference Id", f"Invalid Reference Id : {name} element id is invalid", element=name)
