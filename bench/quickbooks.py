"""The company as QuickBooks tells it: bodies of full size, in the shape and key order of those recorded."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec

from bench.company import Company, Credit, Customer, Invoice, Line, Payment
from bench.news import News

Body = dict[str, Any]

REALM = "1"
PAGE = 1000

_PACIFIC = timezone(timedelta(hours=-8))
_DOLLAR = {"value": "USD", "name": "United States Dollar"}
_encode = msgspec.json.Encoder(decimal_format="number").encode

_PREFERENCES = {
    "AccountingInfoPrefs": {
        "FirstMonthOfFiscalYear": "January",
        "UseAccountNumbers": False,
        "ClassTrackingPerTxn": False,
    },
    "SalesFormsPrefs": {"DefaultTerms": {"value": "3"}, "AllowDeposit": True, "ETransactionPaymentEnabled": False},
    "ReportPrefs": {"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
    "CurrencyPrefs": {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": "USD"}},
    "domain": "QBO",
    "sparse": False,
    "Id": "1",
    "SyncToken": "6",
}


def answers(company: Company, now: datetime, copies: int) -> dict[str, bytes]:
    """Every answer that a pull asks for, by what it asks: a path, or a query's entity with the row it starts at.

    Of several copies the first one's pages; counts are of all.
    """
    time = _time(now)
    made = {
        f"companyinfo/{REALM}": _encode({"CompanyInfo": _company_info(), "time": time}),
        "Preferences 1": _encode({"QueryResponse": {"Preferences": [_PREFERENCES], "maxResults": 1}, "time": time}),
    }
    kinds: dict[str, tuple[int, Iterable[Body]]] = {
        "Customer": (len(company.customers), map(_customer, company.customers)),
        "Invoice": (len(company.invoices), map(_invoice, company.invoices)),
        "Payment": (len(company.payments), map(_payment, company.payments)),
        "CreditMemo": (len(company.credits), map(_credit, company.credits)),
    }
    for name, one in (("Term", _TERM), ("PaymentMethod", _METHOD)):
        made[f"{name} count"] = _counted(1, time)
        made |= _pages(name, 1, iter([one]), time)
    for name, (count, bodies) in kinds.items():
        made[f"{name} count"] = _counted(count * copies, time)
        made |= _pages(name, count, iter(bodies), time, past_the_end=copies == 1)
    return made


def changed(news: News, now: datetime) -> dict[str, bytes]:
    """What is answered to who asks for changes."""
    invoices, payments = [_invoice(one) for one in news.invoices], [_payment(one) for one in news.payments]
    parts: list[Body] = [{} for _ in range(6)]
    parts[3:5] = [
        {name: rows, "startPosition": 1, "maxResults": len(rows)} if rows else {}
        for name, rows in (("Invoice", invoices), ("Payment", payments))
    ]
    return {"cdc": _encode({"CDCResponse": [{"QueryResponse": parts}], "time": _time(now)})}


def chosen(kind: str, ids: Sequence[str], news: News, now: datetime) -> bytes:
    """Customers that are asked for by their ids: those whose balances moved, as they are now."""
    rows = [_customer(one) for one in news.customers if str(one.number) in ids]
    return _encode({"QueryResponse": {kind: rows, "startPosition": 1, "maxResults": len(rows)}, "time": _time(now)})


_OWN = re.compile(rb'("(?:Id|TxnId)":"|"CustomerRef":{"value":")(\d+)"')


def copied(page: bytes, copy: int) -> bytes:
    """The page in another copy of the company: its ids, and what refers to them."""
    return _OWN.sub(rb'\g<1>\g<2>000000000%d"' % copy, page) if copy else page


def place(start: int) -> int:
    """Which page, from 0, begins at that row."""
    return start // PAGE


def _time(now: datetime) -> str:
    return now.astimezone(_PACIFIC).isoformat(timespec="milliseconds")


def _counted(count: int, time: str) -> bytes:
    return _encode({"QueryResponse": {"totalCount": count}, "time": time})


def _pages(
    name: str, count: int, bodies: Iterator[Body], time: str, *, past_the_end: bool = True
) -> Iterable[tuple[str, bytes]]:
    for start in range(1, count + (PAGE if past_the_end else 0) + 1, PAGE):
        rows = [body for _, body in zip(range(PAGE), bodies, strict=False)]
        found: Body = {name: rows, "startPosition": start, "maxResults": len(rows)} if rows else {}
        yield f"{name} {start}", _encode({"QueryResponse": found, "time": time})


def _stamps(number: int, version: int, changed_at: datetime) -> Body:
    created, changed = (at.astimezone(_PACIFIC).isoformat(timespec="seconds") for at in (changed_at, changed_at))
    times = {"CreateTime": created, "LastUpdatedTime": changed}
    return {"domain": "QBO", "sparse": False, "Id": str(number), "SyncToken": str(version), "MetaData": times}


def _money(minor: int) -> Decimal:
    return Decimal(minor).scaleb(-2)


_SINCE = datetime(2019, 4, 1, 8, tzinfo=_PACIFIC)
_TERM = {"Name": "Net 30", "Active": True, "Type": "STANDARD", "DueDays": 30, **_stamps(3, 0, _SINCE)}
_METHOD = {"Name": "Check", "Active": True, "Type": "NON_CREDIT_CARD", **_stamps(2, 0, _SINCE)}


def _company_info() -> Body:
    return {
        "CompanyName": "Harbour Supplies",
        "LegalName": "Harbour Supplies LLC",
        "CompanyAddr": {"Id": "1", "Line1": "123 Sierra Way", "City": "San Pablo", "PostalCode": "87999"},
        "Country": "US",
        "Email": {"Address": "books@example.com"},
        "SupportedLanguages": "en",
        **_stamps(1, 4, _SINCE),
    }


def _address(customer: Customer) -> Body:
    return {
        "Id": str(1000 + customer.number),
        "Line1": customer.street,
        "City": customer.city,
        "Country": "USA",
        "CountrySubDivisionCode": customer.region,
        "PostalCode": customer.postcode,
        "Lat": "INVALID",
        "Long": "INVALID",
    }


def _customer(customer: Customer) -> Body:
    return {
        "Taxable": False,
        "BillAddr": _address(customer),
        "ShipAddr": _address(customer),
        "Job": False,
        "BillWithParent": False,
        "Balance": _money(customer.owed_minor),
        "BalanceWithJobs": _money(customer.owed_minor),
        "CurrencyRef": _DOLLAR,
        "PreferredDeliveryMethod": "Print",
        "IsProject": False,
        "ClientEntityId": "0",
        **_stamps(customer.number, customer.number % 4, customer.changed_at),
        "SalesTermRef": {"value": "3"},
        "GivenName": customer.first,
        "FamilyName": customer.last,
        "FullyQualifiedName": customer.name,
        "CompanyName": customer.name,
        "DisplayName": customer.name,
        "PrintOnCheckName": customer.name,
        "Active": customer.number % 50 != 0,
        "V4IDPseudonym": f"0020{customer.number:028x}",
        "PrimaryPhone": {"FreeFormNumber": customer.phone},
        "PrimaryEmailAddr": {"Address": customer.email},
    }


def _invoice(invoice: Invoice) -> Body:
    paid_by = [{"TxnId": _payment_id(invoice.number), "TxnType": "Payment"}] if invoice.paid_minor else []
    return {
        "AllowIPNPayment": False,
        "AllowOnlinePayment": False,
        "AllowOnlineCreditCardPayment": False,
        "AllowOnlineACHPayment": False,
        **_stamps(invoice.number, invoice.number % 5, invoice.changed_at),
        "CustomField": [
            {"DefinitionId": "1", "Name": "Crew #", "Type": "StringType"},
            {"DefinitionId": "2", "Name": "PO Number", "Type": "StringType", "StringValue": f"45{invoice.number:08}"},
            {"DefinitionId": "3", "Name": "Sales Rep", "Type": "StringType", "StringValue": invoice.customer.last},
        ],
        "DocNumber": f"{1000 + invoice.number}",
        "TxnDate": invoice.issued_on.isoformat(),
        "CurrencyRef": _DOLLAR,
        **({"PrivateNote": "Voided"} if invoice.voided else {}),
        "LinkedTxn": paid_by,
        "Line": _lines(invoice),
        "TxnTaxDetail": {"TotalTax": 0},
        "CustomerRef": {"value": str(invoice.customer.number), "name": invoice.customer.name},
        "CustomerMemo": {"value": "Thank you for your business and have a great day!"},
        "BillAddr": _address(invoice.customer),
        "ShipAddr": _address(invoice.customer),
        "FreeFormAddress": True,
        "SalesTermRef": {"value": "3", "name": "Net 30"},
        "DueDate": invoice.due_on.isoformat(),
        "TotalAmt": _money(invoice.total_minor),
        "ApplyTaxAfterDiscount": False,
        "PrintStatus": "NeedToPrint",
        "EmailStatus": "EmailSent" if invoice.sent else "NotSet",
        "BillEmail": {"Address": invoice.customer.email},
        **({"DeliveryInfo": {"DeliveryType": "Email", "DeliveryTime": _delivered(invoice)}} if invoice.sent else {}),
        "Balance": _money(invoice.open_minor),
    }


def _delivered(invoice: Invoice) -> str:
    return f"{invoice.issued_on.isoformat()}T09:12:44-08:00"


def _lines(invoice: Invoice) -> Sequence[Body]:
    made = [_line(number, line, invoice.voided) for number, line in enumerate(invoice.lines, start=1)]
    total = {"Amount": _money(invoice.total_minor), "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    return [*made, total]


def _line(number: int, line: Line, voided: bool) -> Body:
    detail: Body = {
        "ItemRef": {"value": str(line.item), "name": f"Services:Item {line.item}"},
        **({} if voided else {"UnitPrice": _money(line.price_minor), "Qty": line.quantity}),
        "ItemAccountRef": {"value": "45", "name": "Landscaping Services:Job Materials"},
        "TaxCodeRef": {"value": "NON"},
    }
    return {
        "Id": str(number),
        "LineNum": number,
        "Description": line.description,
        "Amount": _money(0 if voided else line.amount_minor),
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": detail,
    }


def _payment_id(number: int) -> str:
    """One row of numbers for all transactions, as in QuickBooks."""
    return str(100_000_000 + number)


def _payment(payment: Payment) -> Body:
    invoice, amount = payment.invoice, _money(payment.amount_minor)
    linked = {
        "txnId": str(invoice.number),
        "txnOpenBalance": str(_money(invoice.open_minor)),
        "txnReferenceNumber": f"{1000 + invoice.number}",
    }
    line = {
        "Amount": amount,
        "LinkedTxn": [{"TxnId": str(invoice.number), "TxnType": "Invoice"}],
        "LineEx": {"any": [_name_value(name, value) for name, value in linked.items()]},
    }
    return {
        "CustomerRef": {"value": str(invoice.customer.number), "name": invoice.customer.name},
        "PaymentMethodRef": {"value": "2"},
        **({"PaymentRefNum": payment.reference} if payment.reference else {}),
        "DepositToAccountRef": {"value": "4"},
        "TotalAmt": amount,
        "UnappliedAmt": 0,
        "ProcessPayment": False,
        **_stamps(int(_payment_id(payment.number)), payment.number % 2, payment.changed_at),
        "TxnDate": payment.paid_on.isoformat(),
        "CurrencyRef": _DOLLAR,
        "Line": [line],
    }


def _credit(credit: Credit) -> Body:
    total, remaining = _money(credit.total_minor), _money(credit.remaining_minor)
    sold = {
        "Id": "1",
        "LineNum": 1,
        "Description": "Goods returned",
        "Amount": total,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {
            "ItemRef": {"value": "11", "name": "Services:Item 11"},
            "UnitPrice": total,
            "Qty": 1,
            "TaxCodeRef": {"value": "NON"},
        },
    }
    return {
        "RemainingCredit": remaining,
        **_stamps(200_000_000 + credit.number, 0, credit.changed_at),
        "CustomField": [],
        "DocNumber": f"CM-{credit.number}",
        "TxnDate": credit.issued_on.isoformat(),
        "CurrencyRef": _DOLLAR,
        "Line": [sold, {"Amount": total, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}],
        "TxnTaxDetail": {"TotalTax": 0},
        "CustomerRef": {"value": str(credit.customer.number), "name": credit.customer.name},
        "BillAddr": _address(credit.customer),
        "FreeFormAddress": True,
        "TotalAmt": total,
        "ApplyTaxAfterDiscount": False,
        "PrintStatus": "NeedToPrint",
        "EmailStatus": "NotSet",
        "BillEmail": {"Address": credit.customer.email},
        "Balance": remaining,
    }


def _name_value(name: str, value: str) -> Body:
    return {
        "name": "{http://schema.intuit.com/finance/v3}NameValue",
        "declaredType": "com.intuit.schema.finance.v3.NameValue",
        "scope": "javax.xml.bind.JAXBElement$GlobalScope",
        "value": {"Name": name, "Value": value},
        "nil": False,
        "globalScope": True,
        "typeSubstituted": False,
    }
