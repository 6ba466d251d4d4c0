"""Saving contacts."""

from datetime import datetime
from typing import Any

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.records import Customer, Life
from dunwell.sandbox.xero.balances import Owed
from dunwell.sandbox.xero.bodies.contacts import contact
from dunwell.sandbox.xero.ids import uuid_of
from dunwell.sandbox.xero.reading.selection import OUR_APP
from dunwell.sandbox.xero.wire import Unfit
from dunwell.sandbox.xero.writing.incoming import Incoming

_LENGTHS = {
    "Name": 255,
    "FirstName": 255,
    "LastName": 255,
    "EmailAddress": 255,
    "ContactNumber": 50,
    "AccountNumber": 50,
    "TaxNumber": 50,
}
_KEPT = ("ContactNumber", "AccountNumber", "TaxNumber")
_MOST_PERSONS = 5


def save(books: Books, request: Incoming, now: datetime, *, create: bool) -> Customer:
    """Create or update a contact. Raises `Unfit`; the sentence about a taken name is the official example's."""
    before = None if create else find(books, request)
    for each, most in _LENGTHS.items():
        if len(request.text(each) or "") > most:
            raise Unfit(f"The {each} field must be {most} characters or less.")
    name = request.text("Name")
    if name is None and before is None:
        raise Unfit("The contact name must be specified.")
    if name is not None and _taken(books, name, before):
        raise Unfit(
            f"The contact name {name} is already assigned to another contact. "
            "The contact name must be unique across all active contacts."
        )
    facts = _facts(request, before)
    if before is not None:
        books.change(now, before, **facts)
        return before
    facts["fields"][OUR_APP] = True
    return books.add_customer(now, currency=request.text("DefaultCurrency") or books.company.currency, **facts)


def find(books: Books, request: Incoming) -> Customer | None:
    """The contact that a request names by ContactID, ContactNumber or Name. Raises `Unfit` for an unknown id."""
    customers = books.customers.values()
    if (contact_id := request.text("ContactID")) is not None:
        found = next((each for each in customers if uuid_of("contact", each.id) == contact_id.lower()), None)
        if found is None:
            raise Unfit("The contact could not be found.")
        return found
    number, name = request.text("ContactNumber"), request.text("Name")
    if number is not None:
        return next((each for each in customers if each.fields.get("ContactNumber") == number), None)
    named = (each for each in customers if each.name == name and each.life is Life.ACTIVE)
    return next(named, None)


def _taken(books: Books, name: str, before: Customer | None) -> bool:
    others = (each for each in books.customers.values() if each is not before and each.life is Life.ACTIVE)
    return any(each.name.casefold() == name.casefold() for each in others)


def _facts(request: Incoming, before: Customer | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"fields": _fields(request, before)}
    for name, fact in (("Name", "name"), ("FirstName", "given_name"), ("LastName", "family_name")):
        if request.has(name):
            facts[fact] = request.text(name) or ""
    if request.has("EmailAddress"):
        facts["email"] = request.text("EmailAddress")
        if facts["email"] is not None and "@" not in facts["email"]:
            raise Unfit("Email address must be valid.")
    if (status := request.text("ContactStatus")) is not None:
        if status not in ("ACTIVE", "ARCHIVED"):
            raise Unfit("Contact status is not valid.")
        facts["life"] = Life.ACTIVE if status == "ACTIVE" else Life.ARCHIVED
    terms = request.thing("PaymentTerms")
    if terms is not None and (sales := terms.thing("Sales")) is not None:
        facts["term_days"] = int(sales.number("Day") or 0)
        facts["fields"]["TermType"] = sales.text("Type") or "DAYSAFTERBILLDATE"
    return facts


def _fields(request: Incoming, before: Customer | None) -> dict[str, Any]:
    """What is stored as it comes. Persons who are not named again are gone."""
    fields = {} if before is None else dict(before.fields)
    for name in _KEPT:
        if request.has(name):
            fields[name] = request.text(name) or ""
    for name in ("Addresses", "Phones"):
        if given := request.things(name):
            fields[name] = [each.body for each in given]
    if request.has("ContactPersons"):
        persons = request.things("ContactPersons")
        if len(persons) > _MOST_PERSONS:
            raise Unfit(f"A contact can have {_MOST_PERSONS} additional people at most.")
        fields["ContactPersons"] = [each.body for each in persons]
    elif before is not None and "ContactPersons" not in fields:
        shown = contact(before, Owed(), buys=False, supplies=False, has_files=False)
        fields["ContactPersons"] = shown["ContactPersons"]
    return fields


def overwritten(books: Books, request: Incoming, now: datetime) -> Customer:
    """The contact of a document that is written. Whatever else it says of the contact overwrites it, and drops its
    persons (fact sheet, section 5). Raises `Unfit`.
    """
    found = find(books, request)
    if found is None:
        return save(books, request, now, create=True)
    if request.body.keys() - {"ContactID", "ContactNumber"} and request.text("Name") != found.name:
        save(books, Incoming({"ContactPersons": [], **request.body}, "Contact"), now, create=False)
    return found
