"""What QuickBooks' bodies say, field by field, read without any code of the connector's."""

from collections.abc import Mapping
from datetime import datetime

from strategy.model import Company, Credit, Customer, Invoice, Method, Payment, Term
from tests.connectors.recorded.comparing import Plain, Table, cents


def milliseconds(text: str) -> int:
    """An instant with its offset."""
    return round(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").timestamp() * 1000)


def _ref(raw: Plain, name: str) -> str | None:
    return str(raw[name]["value"]) if name in raw else None


def _status(raw: Plain) -> str:
    zeros = all(cents(line["Amount"]) == 0 for line in raw.get("Line", []) if "Amount" in line)
    void = cents(raw["TotalAmt"]) == 0 and zeros and raw.get("PrivateNote", "")[:6] == "Voided"
    return "voided" if void else "issued"


def _mails(raw: Plain, name: str) -> list[str]:
    address = raw.get(name, {}).get("Address", "")
    return [each.strip() for each in address.split(",")] if address else []


def _was_sent(raw: Plain) -> str:
    if "DeliveryInfo" in raw or raw["EmailStatus"] == "EmailSent" or raw["PrintStatus"] == "PrintComplete":
        return "yes"
    return "no"


_COMMON: Table = {
    "id": lambda raw: raw["Id"],
    "version": lambda raw: raw["SyncToken"],
    "updated_at": lambda raw: milliseconds(raw["MetaData"]["LastUpdatedTime"]),
}

_TRANSACTION: Table = {
    **_COMMON,
    "customer_id": lambda raw: raw["CustomerRef"]["value"],
    "currency": lambda raw: raw["CurrencyRef"]["value"],
    "total_minor": lambda raw: cents(raw["TotalAmt"]),
    "exchange_rate": lambda raw: raw.get("ExchangeRate"),
    "status": _status,
}

INVOICE: Table = {
    **_TRANSACTION,
    "number": lambda raw: raw.get("DocNumber"),
    "reference": lambda raw: {"Crew #": None}[raw["CustomField"][0]["Name"]],  # no recording has an order number
    "issued_on": lambda raw: raw["TxnDate"],
    "due_on": lambda raw: raw.get("DueDate"),
    "term_id": lambda raw: _ref(raw, "SalesTermRef"),
    "open_minor": lambda raw: cents(raw["Balance"]),
    "deposit_minor": lambda raw: cents(raw.get("Deposit", "0")),
    "sent": _was_sent,
    "emails": lambda raw: _mails(raw, "BillEmail"),
    "emails_cc": lambda raw: _mails(raw, "BillEmailCc"),
    "delivered_on": lambda raw: raw.get("DeliveryInfo", {}).get("DeliveryTime", "")[:10] or None,
}


def _allocations(raw: Plain) -> list[dict[str, object]]:
    targets = {"Invoice": "invoice", "CreditMemo": "credit"}
    linked = [line["LinkedTxn"][0] for line in raw["Line"]]
    (used_for,) = {one["TxnId"] for one in linked if one["TxnType"] == "Invoice"} if len(linked) == 2 else {None}
    return [
        {
            "target": targets[line["LinkedTxn"][0]["TxnType"]],
            "target_id": line["LinkedTxn"][0]["TxnId"],
            "invoice_id": used_for if line["LinkedTxn"][0]["TxnType"] == "CreditMemo" else None,
            "on": raw["TxnDate"],
            "amount_minor": cents(line["Amount"]),
        }
        for line in raw["Line"]
    ]


PAYMENT: Table = {
    **_TRANSACTION,
    "paid_on": lambda raw: raw["TxnDate"],
    "unapplied_minor": lambda raw: cents(raw["UnappliedAmt"]),
    "method_id": lambda raw: _ref(raw, "PaymentMethodRef"),
    "reference": lambda raw: raw.get("PaymentRefNum"),
    "allocations": _allocations,
}


def _address(raw: Plain) -> list[str]:
    written = raw.get("BillAddr", {})
    place = [written[name] for name in ("City", "CountrySubDivisionCode", "PostalCode") if name in written]
    lines = [written[f"Line{number}"] for number in range(1, 6) if f"Line{number}" in written]
    return lines + ([" ".join(place)] if place else [])


def _people(raw: Plain) -> list[dict[str, object]]:
    names = [raw[name] for name in ("GivenName", "MiddleName", "FamilyName") if name in raw]
    mails = _mails(raw, "PrimaryEmailAddr")
    return [{"name": " ".join(names), "email": mails[0] if mails else None, "phone": None}] if names else []


CUSTOMER: Table = {
    **_COMMON,
    "name": lambda raw: raw["DisplayName"],
    "status": lambda raw: {True: "active", False: "archived"}[raw["Active"]],
    "merged_into": lambda raw: None,
    "parent_id": lambda raw: _ref(raw, "ParentRef"),
    "bills_parent": lambda raw: raw["BillWithParent"],
    "currency": lambda raw: raw["CurrencyRef"]["value"],
    "country": lambda raw: {None: None, "USA": "US"}[raw.get("BillAddr", {}).get("Country")],
    "language": lambda raw: None,
    "emails": lambda raw: _mails(raw, "PrimaryEmailAddr"),
    "phone": lambda raw: raw.get("PrimaryPhone", {}).get("FreeFormNumber"),
    "people": _people,
    "groups": lambda raw: [],
    "method_id": lambda raw: _ref(raw, "PaymentMethodRef"),
    "term_id": lambda raw: _ref(raw, "SalesTermRef"),
    "number": lambda raw: None,
    "tax_number": lambda raw: raw.get("ResaleNum"),
    "address": _address,
    "balance_currency": lambda raw: raw["CurrencyRef"]["value"],
    "balance_minor": lambda raw: cents(raw["Balance"]),
    "balance_with_jobs_minor": lambda raw: cents(raw["BalanceWithJobs"]),
}

CREDIT_MEMO: Table = {
    **_TRANSACTION,
    "kind": lambda raw: "credit_note",
    "number": lambda raw: raw.get("DocNumber"),
    "issued_on": lambda raw: raw["TxnDate"],
    "remaining_minor": lambda raw: cents(raw["RemainingCredit"]),
    "allocations": lambda raw: [],
}

TERM: Table = {
    "id": lambda raw: raw["Id"],
    "name": lambda raw: raw["Name"],
    "kind": lambda raw: {"STANDARD": "days after invoice", "DATE_DRIVEN": "day of the invoice's month"}[raw["Type"]],
    "day": lambda raw: int(raw["DueDays"] if raw["Type"] == "STANDARD" else raw["DayOfMonthDue"]),
    "next_month_within": lambda raw: int(raw.get("DueNextMonthDays", "0")),
}

METHOD: Table = {"id": lambda raw: raw["Id"], "name": lambda raw: raw["Name"]}

COMPANY: Table = {
    "id": lambda raw: raw["Id"],
    "name": lambda raw: raw["CompanyName"],
    "legal_name": lambda raw: raw["LegalName"],
    "country": lambda raw: raw["Country"],
    "time_zone": lambda raw: None,
    "base_currency": lambda raw: raw["CurrencyPrefs"]["HomeCurrency"]["value"],
    "several_currencies": lambda raw: raw["CurrencyPrefs"]["MultiCurrencyEnabled"],
    "aging_basis": lambda raw: {False: "due_date"}[raw["ReportPrefs"]["CalcAgingReportFromTxnDate"]],
    "reminders": lambda raw: "unknown",
    "books_closed_on": lambda raw: raw["AccountingInfoPrefs"].get("BookCloseDate"),
    "tax_number": lambda raw: None,
    "email": lambda raw: raw["Email"]["Address"],
    "phone": lambda raw: raw["PrimaryPhone"]["FreeFormNumber"],
    "address": lambda raw: _address({"BillAddr": raw["LegalAddr"]}),
}
"""Of the company's information and its preferences in one."""

TABLES: Mapping[type, Table] = {
    Company: COMPANY,
    Credit: CREDIT_MEMO,
    Customer: CUSTOMER,
    Invoice: INVOICE,
    Method: METHOD,
    Payment: PAYMENT,
    Term: TERM,
}
"""Of memos, terms, methods and the company there is no recording from Intuit; the cassettes have them."""
