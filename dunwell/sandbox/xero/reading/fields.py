"""What can be filtered and ordered by: the properties of each list and what kind of value they hold.

Names are those of the contract (a test compares them). Like the .NET parser behind the API, names are found without
regard to case, and a value is only compared with one of its own kind.
"""

from enum import StrEnum


class Sort(StrEnum):
    """Kinds of values; the words are those of the API's own error messages."""

    TEXT = "String"
    ID = "Guid"
    NUMBER = "Decimal?"
    DAY = "DateTime?"
    FLAG = "Boolean?"
    THING = "Object"
    NULL = "Null"


def _of(text: str, sort: Sort) -> dict[str, Sort]:
    return dict.fromkeys(text.split(), sort)


_CONTACT = {
    **_of("ContactID MergedToContactID", Sort.ID),
    **_of("ContactNumber AccountNumber ContactStatus Name FirstName LastName EmailAddress TaxNumber", Sort.TEXT),
    **_of("DefaultCurrency", Sort.TEXT),
    **_of("IsSupplier IsCustomer HasAttachments", Sort.FLAG),
    **_of("UpdatedDateUTC", Sort.DAY),
}
_DOCUMENT = {
    **_of("Type Status Reference CurrencyCode LineAmountTypes", Sort.TEXT),
    **_of("SubTotal TotalTax Total CurrencyRate", Sort.NUMBER),
    **_of("Date UpdatedDateUTC", Sort.DAY),
    **_of("HasAttachments", Sort.FLAG),
    **_of("Contact", Sort.THING),
    **{f"Contact.{name}": sort for name, sort in _CONTACT.items()},
}
_CREDIT = {**_DOCUMENT, **_of("RemainingCredit AppliedAmount", Sort.NUMBER)}
_INVOICE = {
    **_DOCUMENT,
    **_of("InvoiceID BrandingThemeID RepeatingInvoiceID", Sort.ID),
    **_of("InvoiceNumber Url", Sort.TEXT),
    **_of("AmountDue AmountPaid AmountCredited", Sort.NUMBER),
    **_of("DueDate FullyPaidOnDate ExpectedPaymentDate PlannedPaymentDate", Sort.DAY),
    **_of("SentToContact IsDiscounted", Sort.FLAG),
}
FIELDS: dict[str, dict[str, Sort]] = {
    "Contacts": _CONTACT,
    "Invoices": _INVOICE,
    "CreditNotes": {
        **_CREDIT,
        **_of("CreditNoteID BrandingThemeID", Sort.ID),
        **_of("CreditNoteNumber", Sort.TEXT),
        **_of("DueDate FullyPaidOnDate", Sort.DAY),
        **_of("SentToContact", Sort.FLAG),
    },
    "Overpayments": {**_CREDIT, **_of("OverpaymentID", Sort.ID)},
    "Prepayments": {**_CREDIT, **_of("PrepaymentID BrandingThemeID", Sort.ID)},
    "Payments": {
        **_of("PaymentID BatchPaymentID", Sort.ID),
        **_of("PaymentType Status Reference InvoiceNumber CreditNoteNumber", Sort.TEXT),
        **_of("Amount BankAmount CurrencyRate", Sort.NUMBER),
        **_of("Date UpdatedDateUTC", Sort.DAY),
        **_of("IsReconciled HasAccount", Sort.FLAG),
        **_of("Invoice CreditNote Overpayment Prepayment BatchPayment", Sort.THING),
        **{f"Invoice.{name}": sort for name, sort in _INVOICE.items()},
    },
}

SINGULAR = {name: name.removesuffix("s") for name in FIELDS}


def field(endpoint: str, path: str) -> tuple[str, Sort] | None:
    """A property as it is spelled, and its kind; None where the list has none of that name."""
    return next(((name, sort) for name, sort in FIELDS[endpoint].items() if name.lower() == path.lower()), None)
