"""From Xero's contacts to customers: their people, where post goes, and what they owe."""

from collections.abc import Iterable
from decimal import Decimal

from connectors import countries
from connectors.xero import bodies, terms
from connectors.xero.instants import instant, version_of
from strategy.model import Currency, Customer, CustomerId, CustomerStatus, Person


def contact(body: bodies.ContactBody) -> Customer:
    """A contact. Those who only supply are read too: a contact may become a customer without changing."""
    updated = instant(body.updated_date_utc)
    persons = [*_main_person(body), *(person for one in body.contact_persons if (person := _person(one)))]
    emails = [body.email_address, *(one.email_address for one in body.contact_persons if one.include_in_emails)]
    at = address(body.addresses)
    return Customer(
        id=CustomerId(body.contact_id),
        name=body.name,
        status=_contact_status(body),
        merged_into=CustomerId(body.merged_to_contact_id) if body.merged_to_contact_id else None,
        currency=Currency(body.default_currency) if body.default_currency else None,
        country=countries.of_address(at.country if at else None),
        emails=tuple(dict.fromkeys(email for email in emails if email)),
        phone=phone(body.phones),
        people=tuple(persons),
        groups=tuple(group.name for group in body.contact_groups if group.name),
        term_id=terms.term_id(body),
        number=body.account_number or body.contact_number or None,
        tax_number=body.tax_number or None,
        address=lines(at),
        version=version_of(updated),
        updated_at=updated,
    )


def _contact_status(body: bodies.ContactBody) -> CustomerStatus:
    if body.merged_to_contact_id:
        return CustomerStatus.MERGED
    return CustomerStatus.ARCHIVED if body.contact_status in {"ARCHIVED", "GDPRREQUEST"} else CustomerStatus.ACTIVE


def _main_person(body: bodies.ContactBody) -> Iterable[Person]:
    name = " ".join(part for part in (body.first_name, body.last_name) if part)
    if name:
        yield Person(name=name, email=body.email_address or None)


def _person(body: bodies.ContactPerson) -> Person | None:
    name = " ".join(part for part in (body.first_name, body.last_name) if part)
    return Person(name=name, email=body.email_address or None) if name or body.email_address else None


def address(addresses: Iterable[bodies.Address]) -> bodies.Address | None:
    """Where post goes, else where they are; an address without any line is none."""
    filled = [one for one in addresses if any((one.address_line1, one.city, one.country))]
    return next((one for one in filled if one.address_type == "POBOX"), filled[0] if filled else None)


def lines(address: bodies.Address | None) -> tuple[str, ...]:
    if address is None:
        return ()
    place = " ".join(part for part in (address.postal_code, address.city, address.region) if part)
    lines = (address.address_line1, address.address_line2, address.address_line3, address.address_line4, place)
    return tuple(line.strip() for line in lines if line and line.strip())


def phone(phones: Iterable[bodies.Phone]) -> str | None:
    numbers = {
        phone.phone_type: " ".join(
            part for part in (phone.phone_country_code, phone.phone_area_code, phone.phone_number) if part
        )
        for phone in phones
        if phone.phone_number
    }
    return numbers.get("DEFAULT") or next(iter(numbers.values()), None)


def base_balance(body: bodies.ContactBody) -> Decimal | None:
    """What the contact owes in all, in base currency, as far as Xero says."""
    receivable = body.balances.accounts_receivable if body.balances else None
    return receivable.outstanding if receivable else None
