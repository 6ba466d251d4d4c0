"""The company as Xero tells it: bodies of full size, in the shape and key order of those recorded.

Without Xero's indentation, which would only make downloads and bodies larger on both sides of the ratio.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from bench.company import Company, Credit, Customer, Invoice, Line, Payment
from bench.news import News

Body = dict[str, Any]

TENANT = "7a1c6a6e-0000-4000-8000-000000000001"
PAGE = 1000

_encode = msgspec.json.Encoder(decimal_format="number").encode
_NOTHING: Body = {name: [] for name in ("Payments", "CreditNotes", "Prepayments", "Overpayments")}


def answers(company: Company, now: datetime, copies: int) -> dict[str, bytes]:
    """Every answer that a pull asks for, by its list and page.

    Of several copies the first one's pages, which say how many there are of all.
    """
    lists: dict[str, tuple[int, Iterable[Body]]] = {
        "Contacts": (len(company.customers), map(_contact, company.customers)),
        "Invoices": (len(company.invoices), map(_invoice, company.invoices)),
        "Payments": (len(company.payments), map(_payment, company.payments)),
        "CreditNotes": (len(company.credits), map(_credit, company.credits)),
        "Overpayments": (0, ()),
        "Prepayments": (0, ()),
    }
    made = {
        "Organisation": _encode({**_envelope(now), "Organisations": [_organisation()]}),
        "InvoiceReminders/Settings": _encode({**_envelope(now), "InvoiceReminders": [{"Enabled": False}]}),
    }
    for name, (count, bodies) in lists.items():
        made |= _pages(name, count, iter(bodies), now, copies)
    return made


def changed(news: News, now: datetime) -> dict[str, bytes]:
    """What is answered to who asks for changes, list by list."""
    lists: dict[str, list[Body]] = {name: [] for name in ("Contacts", "CreditNotes", "Overpayments", "Prepayments")}
    lists |= {
        "Invoices": [_invoice(one) for one in news.invoices],
        "Payments": [_payment(one) for one in news.payments],
    }
    return {f"{name} since": _page(name, rows, 1, len(rows), now) for name, rows in lists.items()}


def chosen(kind: str, ids: Sequence[str], news: News, now: datetime) -> bytes:
    """Contacts that are asked for by their ids: those whose balances moved, as they are now."""
    rows = [_contact(one) for one in news.customers if _id(1, one.number) in ids]
    return _page(kind, rows, 1, len(rows), now)


_OWN = re.compile(rb'(ID":"[0-9a-f-]{36})"')


def copied(page: bytes, copy: int) -> bytes:
    """The page in another copy of the company: its ids, and what refers to them."""
    return _OWN.sub(rb'\g<1>%d"' % copy, page) if copy else page


def place(page: int) -> int:
    """Which page, from 0."""
    return page - 1


def _pages(name: str, count: int, bodies: Iterator[Body], now: datetime, copies: int) -> Iterable[tuple[str, bytes]]:
    for number in range(1, max(1, -(-count // PAGE)) + 1):
        rows = [body for _, body in zip(range(PAGE), bodies, strict=False)]
        yield f"{name} {number}", _page(name, rows, number, count * copies, now)


def _page(name: str, rows: list[Body], number: int, count: int, now: datetime) -> bytes:
    pages = {"page": number, "pageSize": PAGE, "pageCount": -(-count // PAGE), "itemCount": count}
    return _encode({**_envelope(now), "pagination": pages, name: rows})


def _envelope(now: datetime) -> Body:
    stamp = f"/Date({int(now.timestamp() * 1000)})/"
    return {"Id": _id(9, 1), "Status": "OK", "ProviderName": "Dunwell", "DateTimeUTC": stamp}


def _id(kind: int, number: int) -> str:
    """An id as random to look at as Xero's."""
    return str(UUID(int=(kind << 60 | number) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128), version=4))


def _instant(at: datetime) -> str:
    return f"/Date({round(at.timestamp() * 1000)}+0000)/"


def _day(of: date) -> str:
    return _instant(datetime.combine(of, time(), UTC))


def _dated(name: str, of: date) -> Body:
    return {f"{name}String": f"{of.isoformat()}T00:00:00", name: _day(of)}


def _updated(at: datetime) -> Body:
    return {"UpdatedDateUTC": _instant(at), "UpdatedDateUTCString": f"{at:%Y-%m-%dT%H:%M:%SZ}"}


def _money(minor: int) -> Decimal:
    return Decimal(minor).scaleb(-2)


def _organisation() -> Body:
    return {
        "Name": "Harbour Supplies",
        "LegalName": "Harbour Supplies Limited",
        "PaysTax": True,
        "Version": "UK",
        "OrganisationType": "COMPANY",
        "BaseCurrency": "GBP",
        "CountryCode": "GB",
        "IsDemoCompany": False,
        "OrganisationStatus": "ACTIVE",
        "FinancialYearEndDay": 31,
        "FinancialYearEndMonth": 3,
        "Timezone": "GMTSTANDARDTIME",
        "OrganisationID": TENANT,
        "Addresses": [],
        "Phones": [],
    }


def _contact(customer: Customer) -> Body:
    street: Body = {"AddressType": "STREET", "City": "", "Region": "", "PostalCode": "", "Country": ""}
    post: Body = {
        "AddressType": "POBOX",
        "AddressLine1": customer.street,
        "City": customer.city,
        "Region": customer.region,
        "PostalCode": customer.postcode,
        "Country": "United Kingdom",
        "AttentionTo": "",
    }
    owed = {"Outstanding": _money(customer.owed_minor), "Overdue": _money(customer.owed_minor // 2)}
    return {
        "ContactID": _id(1, customer.number),
        "ContactStatus": "ACTIVE" if customer.number % 50 else "ARCHIVED",
        "Name": customer.name,
        "FirstName": customer.first,
        "LastName": customer.last,
        "EmailAddress": customer.email,
        "BankAccountDetails": "",
        "TaxNumber": f"GB{customer.number:09}",
        "Addresses": [street, post],
        "Phones": [_phone(kind, customer) for kind in ("DDI", "DEFAULT", "FAX", "MOBILE")],
        **_updated(customer.changed_at),
        "ContactGroups": [],
        "IsSupplier": False,
        "IsCustomer": True,
        "DefaultCurrency": "GBP",
        "SalesTrackingCategories": [],
        "PurchasesTrackingCategories": [],
        "PaymentTerms": {"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}},
        "Balances": {"AccountsReceivable": owed, "AccountsPayable": {"Outstanding": 0, "Overdue": 0}},
        "ContactPersons": [
            {
                "FirstName": "Accounts",
                "LastName": "Payable",
                "EmailAddress": f"ap{customer.number}@example.com",
                "IncludeInEmails": True,
            }
        ],
        "HasAttachments": False,
        "HasValidationErrors": False,
    }


def _phone(kind: str, customer: Customer) -> Body:
    number = customer.phone if kind == "DEFAULT" else ""
    return {"PhoneType": kind, "PhoneNumber": number, "PhoneAreaCode": "", "PhoneCountryCode": ""}


def _brief(customer: Customer) -> Body:
    """A contact inside a list's documents."""
    empty: Body = {name: [] for name in ("Addresses", "Phones", "ContactGroups", "ContactPersons")}
    return {"ContactID": _id(1, customer.number), "Name": customer.name, **empty, "HasValidationErrors": False}


def _invoice(invoice: Invoice) -> Body:
    face = sum(line.amount_minor for line in invoice.lines)
    return {
        "Type": "ACCREC",
        "InvoiceID": _id(2, invoice.number),
        "InvoiceNumber": f"INV-{invoice.number:05}",
        "Reference": f"PO 45{invoice.number:08}",
        **_NOTHING,
        "Payments": [_paid_with(invoice)] if invoice.paid_minor else [],
        "AmountDue": _money(invoice.open_minor),
        "AmountPaid": _money(invoice.paid_minor),
        "AmountCredited": _money(invoice.credited_minor),
        **({"SentToContact": True} if invoice.sent else {}),
        "CurrencyRate": Decimal("1.0000000000"),
        "HasErrors": False,
        "IsDiscounted": False,
        "HasAttachments": False,
        "BrandingThemeID": _id(8, 1),
        "Contact": _brief(invoice.customer),
        **_dated("Date", invoice.issued_on),
        **_dated("DueDate", invoice.due_on),
        "Status": "VOIDED" if invoice.voided else "AUTHORISED" if invoice.open_minor else "PAID",
        "LineAmountTypes": "Exclusive",
        "LineItems": _lines(invoice),
        "SubTotal": _money(face),
        "TotalTax": _money(0),
        "Total": _money(face),
        **_updated(invoice.changed_at),
        "CurrencyCode": "GBP",
        **({} if invoice.open_minor or invoice.voided else {"FullyPaidOnDate": _day(invoice.due_on)}),
    }


def _paid_with(invoice: Invoice) -> Body:
    return {
        "PaymentID": _id(3, invoice.number),
        "Date": _day(invoice.due_on),
        "Amount": _money(invoice.paid_minor),
        "CurrencyRate": Decimal("1.0000000000"),
        "HasAccount": False,
        "HasValidationErrors": False,
    }


def _lines(invoice: Invoice) -> Sequence[Body]:
    return [_line(_id(4, invoice.number * 10 + position), line) for position, line in enumerate(invoice.lines)]


def _line(line_id: str, line: Line) -> Body:
    return {
        "ItemCode": f"ITEM-{line.item:03}",
        "Description": line.description,
        "UnitAmount": _money(line.price_minor),
        "TaxType": "ZERORATEDOUTPUT",
        "TaxAmount": _money(0),
        "LineAmount": _money(line.amount_minor),
        "AccountCode": "200",
        "Item": {"ItemID": _id(5, line.item), "Name": f"Item {line.item}", "Code": f"ITEM-{line.item:03}"},
        "Tracking": [
            {
                "Name": "Region",
                "Option": "North",
                "TrackingCategoryID": _id(6, 1),
                "TrackingOptionID": _id(7, line.item % 4),
            }
        ],
        "Quantity": Decimal(line.quantity).quantize(Decimal("0.0001")),
        "LineItemID": line_id,
        "AccountID": _id(8, 2),
    }


def _payment(payment: Payment) -> Body:
    invoice, amount = payment.invoice, _money(payment.amount_minor)
    brief: Body = {"Type": "ACCREC", "InvoiceID": _id(2, invoice.number), "InvoiceNumber": f"INV-{invoice.number:05}"}
    return {
        "PaymentID": _id(3, payment.number),
        "Date": _day(payment.paid_on),
        "BankAmount": amount,
        "Amount": amount,
        "Reference": payment.reference or "",
        "CurrencyRate": Decimal("1.0000000000"),
        "PaymentType": "ACCRECPAYMENT",
        "Status": "AUTHORISED",
        **_updated(payment.changed_at),
        "HasAccount": True,
        "IsReconciled": payment.number % 2 == 0,
        "Account": {"AccountID": _id(8, 3), "Code": "090"},
        "Invoice": {
            **brief,
            **_NOTHING,
            "HasErrors": False,
            "IsDiscounted": False,
            "Contact": _brief(invoice.customer),
            "LineItems": [],
            "CurrencyCode": "GBP",
        },
        "HasValidationErrors": False,
    }


def _credit(credit: Credit) -> Body:
    number, total = f"CN-{credit.number:05}", _money(credit.total_minor)
    return {
        "CreditNoteID": _id(10, credit.number),
        "CreditNoteNumber": number,
        "Payments": [],
        "ID": _id(10, credit.number),
        "HasErrors": False,
        "CurrencyRate": Decimal("1.0000000000"),
        "Type": "ACCRECCREDIT",
        "Reference": "",
        "SentToContact": False,
        "RemainingCredit": _money(credit.remaining_minor),
        "Allocations": [_use(credit, credit.used_for)] if credit.used_for else [],
        "BrandingThemeID": _id(8, 1),
        "HasAttachments": False,
        "Contact": _brief(credit.customer),
        **_dated("Date", credit.issued_on),
        "Status": "AUTHORISED" if credit.remaining_minor else "PAID",
        "LineAmountTypes": "Exclusive",
        "LineItems": [_line(_id(11, credit.number), Line(item=1, description="Returned", quantity=1, price_minor=0))],
        "SubTotal": total,
        "TotalTax": _money(0),
        "Total": total,
        **_updated(credit.changed_at),
        "CurrencyCode": "GBP",
    }


def _use(credit: Credit, invoice: Invoice) -> Body:
    return {
        "AllocationID": _id(12, credit.number),
        "Amount": _money(credit.used_minor),
        "Date": _day(credit.issued_on),
        "Invoice": {
            "InvoiceID": _id(2, invoice.number),
            "InvoiceNumber": f"INV-{invoice.number:05}",
            "Payments": [],
            "CreditNotes": [],
            "HasErrors": False,
            "IsDiscounted": False,
            "LineItems": [],
        },
        "IsDeleted": False,
    }
