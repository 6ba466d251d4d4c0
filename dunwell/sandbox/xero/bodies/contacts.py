"""Contacts, and the groups they are in."""

from dunwell.sandbox.books.records import Address, Customer, Life
from dunwell.sandbox.dice import Dice
from dunwell.sandbox.xero.balances import Owed
from dunwell.sandbox.xero.bodies import parts
from dunwell.sandbox.xero.ids import uuid_of
from dunwell.sandbox.xero.wire import Body, instant, money

GROUPS = ("Key accounts", "Trade", "Schools & clubs")
_KEY_ACCOUNTS = frozenset({"large", "large_prompt", "chronic"})
_COUNTRIES = {"GB": "United Kingdom"}
_PHONES = ("DDI", "DEFAULT", "FAX", "MOBILE")


def contact(customer: Customer, owed: Owed, *, buys: bool, supplies: bool, has_files: bool) -> Body:
    """A contact as a page or a single read shows it. Its one address is the first of the story's; others are persons
    to be included in e-mails.
    """
    fields, emails = customer.fields, _emails(customer)
    body: Body = {"ContactID": uuid_of("contact", customer.id)}
    if customer.merged_into is not None:
        body["MergedToContactID"] = uuid_of("contact", customer.merged_into)
    body |= {name: fields[name] for name in ("ContactNumber", "AccountNumber") if name in fields}
    body |= {
        "ContactStatus": "ACTIVE" if customer.life is Life.ACTIVE else "ARCHIVED",
        "Name": customer.name,
        "FirstName": customer.given_name,
        "LastName": customer.family_name,
        "EmailAddress": emails[0] if emails else "",
        "BankAccountDetails": "",
        "TaxNumber": fields.get("TaxNumber", ""),
        "Addresses": fields.get("Addresses") or _addresses(customer.address),
        "Phones": fields.get("Phones") or [_phone(kind, customer) for kind in _PHONES],
        "UpdatedDateUTC": instant(customer.updated_at),
        "ContactGroups": [group(number) for number in groups_of(customer)],
        "IsSupplier": supplies,
        "IsCustomer": buys,
        "DefaultCurrency": customer.currency,
        "SalesTrackingCategories": [],
        "PurchasesTrackingCategories": [],
    }
    if customer.term_days is not None:
        kind = fields.get("TermType", "DAYSAFTERBILLDATE")
        body["PaymentTerms"] = {"Sales": {"Day": customer.term_days, "Type": kind}}
    if not owed.nothing:
        body["Balances"] = _balances(owed)
    persons = fields.get("ContactPersons", [_person(email) for email in emails[1:]])
    return {**body, "ContactPersons": persons, "HasAttachments": has_files, "HasValidationErrors": False}


def _emails(customer: Customer) -> list[str]:
    return [each.strip() for each in (customer.email or "").split(",") if each.strip()]


def _person(email: str) -> Body:
    return {"FirstName": "", "LastName": "", "EmailAddress": email, "IncludeInEmails": True}


def _addresses(address: Address | None) -> list[Body]:
    """Where they are, which the story does not say, and where post goes."""
    street = {"AddressType": "STREET", "City": "", "Region": "", "PostalCode": "", "Country": ""}
    if address is None:
        return [street, {**street, "AddressType": "POBOX"}]
    lines = {"AddressType": "POBOX", "AddressLine1": address.street, "City": address.city, "Region": address.region}
    country = _COUNTRIES.get(address.country, address.country)
    return [street, {**lines, "PostalCode": address.postcode, "Country": country, "AttentionTo": ""}]


def _phone(kind: str, customer: Customer) -> Body:
    number = customer.phone if kind == "DEFAULT" and customer.phone else ""
    return {"PhoneType": kind, "PhoneNumber": number, "PhoneAreaCode": "", "PhoneCountryCode": ""}


def _balances(owed: Owed) -> Body:
    return {
        "AccountsReceivable": {"Outstanding": money(owed.outstanding), "Overdue": money(owed.overdue)},
        "AccountsPayable": {"Outstanding": money(owed.payable), "Overdue": money(owed.payable_overdue)},
    }


def groups_of(customer: Customer) -> list[int]:
    """The numbers of the groups that a customer of the story is in."""
    if not customer.key or customer.life is not Life.ACTIVE:
        return []
    if customer.key in _KEY_ACCOUNTS:
        return [1]
    drawn = Dice("group", customer.key).number(1, 9)
    return [drawn] if drawn in (2, 3) else []


def group(number: int) -> Body:
    """A group without its members, which only its single read has."""
    body: Body = {"ContactGroupID": uuid_of("group", number), "Name": GROUPS[number - 1], "Status": "ACTIVE"}
    return {**body, "Contacts": [], "HasValidationErrors": False}


def group_with(number: int, members: list[Customer]) -> Body:
    """A group with its members."""
    return {**group(number), "Contacts": [parts.contact_brief(each) for each in members]}
