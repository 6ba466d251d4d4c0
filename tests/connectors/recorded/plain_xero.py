"""What Xero's bodies say, field by field, read without any code of the connector's."""

import re
import time
from collections.abc import Mapping

from strategy.model import Company, Credit, Customer, Invoice, Payment
from tests.connectors.recorded.comparing import Plain, Table, cents


def milliseconds(text: str) -> int:
    """`/Date(1518685950940+0000)/`, of which the offset is always zero."""
    found = re.fullmatch(r"/Date\((\d+)(\+0000)?\)/", text)
    assert found is not None, text
    return int(found[1])


def day(text: str) -> str:
    """The calendar day of such an instant."""
    return time.strftime("%Y-%m-%d", time.gmtime(milliseconds(text) / 1000))


def told(raw: Plain, name: str) -> str:
    """The calendar day of that name, as an instant and, where there is one, as the text beside it."""
    written = day(raw[name])
    text = raw.get(f"{name}String", written)[:10]
    assert text == written, (text, written)
    return written


STATUS = {
    "DRAFT": "draft",
    "SUBMITTED": "draft",
    "AUTHORISED": "issued",
    "PAID": "issued",
    "VOIDED": "voided",
    "DELETED": "deleted",
}

_COMMON: Table = {
    "version": lambda raw: str(milliseconds(raw["UpdatedDateUTC"])),
    "updated_at": lambda raw: milliseconds(raw["UpdatedDateUTC"]),
}

_DOCUMENT: Table = {
    **_COMMON,
    "customer_id": lambda raw: raw["Contact"]["ContactID"],
    "currency": lambda raw: raw["CurrencyCode"],
    "issued_on": lambda raw: told(raw, "Date"),
    "total_minor": lambda raw: cents(raw["Total"]),
    "exchange_rate": lambda raw: raw.get("CurrencyRate"),
    "status": lambda raw: STATUS[raw["Status"]],
}

INVOICE: Table = {
    **_DOCUMENT,
    "id": lambda raw: raw["InvoiceID"],
    "number": lambda raw: raw["InvoiceNumber"] or None,
    "reference": lambda raw: raw.get("Reference") or None,
    "due_on": lambda raw: told(raw, "DueDate") if "DueDate" in raw else None,
    "term_id": lambda raw: None,
    "open_minor": lambda raw: cents(raw["AmountDue"]),
    "deposit_minor": lambda raw: 0,
    "sent": lambda raw: "yes" if raw.get("SentToContact") else "no",
    "emails": lambda raw: [],
    "emails_cc": lambda raw: [],
    "delivered_on": lambda raw: None,  # SentToContact has no day
}

CREDIT_KINDS = {
    "ACCRECCREDIT": "credit_note",
    "RECEIVE-OVERPAYMENT": "overpayment",
    "RECEIVE-PREPAYMENT": "prepayment",
}


def _allocations(raw: Plain) -> list[dict[str, object]]:
    return [
        {
            "target": "invoice",
            "target_id": one["Invoice"]["InvoiceID"],
            "invoice_id": None,
            "on": day(one["Date"]),
            "amount_minor": cents(one["Amount"]),
        }
        for one in raw["Allocations"]
    ]


CREDIT: Table = {
    **_DOCUMENT,
    "id": lambda raw: raw["ID"],
    "kind": lambda raw: CREDIT_KINDS[raw["Type"]],
    "number": lambda raw: raw.get("CreditNoteNumber") or raw.get("InvoiceNumber") or raw["Reference"],
    "remaining_minor": lambda raw: cents(raw["RemainingCredit"]),
    "allocations": _allocations,
}

PAYMENT_TYPES = {
    "ACCRECPAYMENT": ("invoice", 1),
    "ARCREDITPAYMENT": ("credit", -1),
    "AROVERPAYMENTPAYMENT": ("credit", -1),
    "ARPREPAYMENTPAYMENT": ("credit", -1),
}
"""Of what each type of payment is, and whether money came or went."""


def _settles(raw: Plain) -> list[dict[str, object]]:
    if raw["Status"] == "DELETED":
        return []
    return [
        {
            "target": PAYMENT_TYPES[raw["PaymentType"]][0],
            "target_id": raw["Invoice"]["InvoiceID"],
            "invoice_id": None,
            "on": day(raw["Date"]),
            "amount_minor": cents(raw["Amount"]),
        }
    ]


PAYMENT: Table = {
    **_COMMON,
    "id": lambda raw: raw["PaymentID"],
    "customer_id": lambda raw: raw["Invoice"]["Contact"]["ContactID"],
    "paid_on": lambda raw: day(raw["Date"]),
    "currency": lambda raw: raw["Invoice"]["CurrencyCode"],
    "total_minor": lambda raw: cents(raw["Amount"]) * PAYMENT_TYPES[raw["PaymentType"]][1],
    "unapplied_minor": lambda raw: 0,
    "exchange_rate": lambda raw: raw.get("CurrencyRate"),
    "status": lambda raw: STATUS[raw["Status"]],
    "method_id": lambda raw: None,
    "reference": lambda raw: raw.get("Reference") or None,
    "allocations": _settles,
}


def _emails(raw: Plain) -> list[str]:
    persons = [one["EmailAddress"] for one in raw["ContactPersons"] if one["IncludeInEmails"]]
    return [each for each in [raw.get("EmailAddress"), *persons] if each]


def _people(raw: Plain) -> list[dict[str, object]]:
    named = [raw] if raw.get("FirstName") else []
    return [
        {"name": f"{one['FirstName']} {one['LastName']}", "email": one["EmailAddress"] or None, "phone": None}
        for one in [*named, *raw["ContactPersons"]]
    ]


def _post(raw: Plain) -> Plain:
    """The address for post, or the other where that one is empty."""
    kinds = {one["AddressType"]: one for one in raw["Addresses"]}
    filled = [one for one in (kinds.get("POBOX"), kinds.get("STREET")) if one and len("".join(one.values())) > 6]
    return filled[0] if filled else {}


def _address(raw: Plain) -> list[str]:
    post = _post(raw)
    lines = [post.get(f"AddressLine{number}", "").strip() for number in range(1, 5)]
    place = " ".join(each for each in (post.get(name) for name in ("PostalCode", "City", "Region")) if each)
    return [line for line in [*lines, place] if line]


def _phone(raw: Plain) -> str | None:
    """The main one, or else the first that has a number."""
    told = [one for one in raw["Phones"] if one.get("PhoneNumber")]
    if not told:
        return None
    best = min(told, key=lambda one: one["PhoneType"] != "DEFAULT")
    parts = [best.get(f"Phone{name}") for name in ("CountryCode", "AreaCode", "Number")]
    return " ".join(part for part in parts if part)


def _terms(raw: Plain) -> str | None:
    sales = raw.get("PaymentTerms", {}).get("Sales")
    return f"{sales['Type']} {sales['Day']}" if sales else None


COUNTRIES = {"": None, "US": "US", "USA": "US", "United States": "US", "United Kingdom": "GB"}
ZONES = {"NEWZEALANDSTANDARDTIME": "Pacific/Auckland", "GMTSTANDARDTIME": "Europe/London"}


CONTACT: Table = {
    **_COMMON,
    "id": lambda raw: raw["ContactID"],
    "name": lambda raw: raw["Name"],
    "status": lambda raw: {"ACTIVE": "active", "ARCHIVED": "archived"}[raw["ContactStatus"]],
    "merged_into": lambda raw: raw.get("MergedToContactID"),
    "parent_id": lambda raw: None,
    "bills_parent": lambda raw: False,
    "currency": lambda raw: raw.get("DefaultCurrency"),
    "country": lambda raw: COUNTRIES[_post(raw).get("Country", "")],
    "language": lambda raw: None,
    "emails": _emails,
    "phone": _phone,
    "people": _people,
    "groups": lambda raw: [group["Name"] for group in raw["ContactGroups"]],
    "method_id": lambda raw: None,
    "term_id": _terms,
    "number": lambda raw: raw["AccountNumber"] if "AccountNumber" in raw else raw.get("ContactNumber"),
    "tax_number": lambda raw: raw.get("TaxNumber") or None,
    "address": _address,
    "balance_currency": lambda raw: None,
    "balance_minor": lambda raw: None,
    "balance_with_jobs_minor": lambda raw: None,
}

LOCKS = ("PeriodLockDate", "EndOfYearLockDate")


ORGANISATION: Table = {
    "id": lambda raw: raw["OrganisationID"],
    "name": lambda raw: raw["Name"],
    "legal_name": lambda raw: raw["LegalName"],
    "country": lambda raw: raw["CountryCode"],
    "time_zone": lambda raw: ZONES[raw["Timezone"]],
    "base_currency": lambda raw: raw["BaseCurrency"],
    "several_currencies": lambda raw: True,
    "aging_basis": lambda raw: "due_date",
    "reminders": lambda raw: "off",  # the example of the settings, served with it, says Enabled: false
    "books_closed_on": lambda raw: max((day(raw[name]) for name in LOCKS if name in raw), default=None),
    "tax_number": lambda raw: raw.get("TaxNumber"),
    "email": lambda raw: None,
    "phone": _phone,
    "address": _address,
}

TABLES: Mapping[type, Table] = {
    Customer: CONTACT,
    Invoice: INVOICE,
    Payment: PAYMENT,
    Credit: CREDIT,
    Company: ORGANISATION,
}
