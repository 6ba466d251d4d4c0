"""The `where` filter, against the objects themselves."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from dunwell.sandbox.xero.reading.where import parse
from dunwell.sandbox.xero.wire import Refused
from tests.dunwell.sandbox.xero.api import Organisation, refusal

_Test = Callable[[Any], bool]


@pytest.fixture(scope="module")
def invoices(still: Organisation) -> list[Any]:
    return still.everything("Invoices")


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ('Status=="AUTHORISED"', lambda row: row["Status"] == "AUTHORISED"),
        ('status=="authorised"', lambda row: row["Status"] == "AUTHORISED"),
        ('Status!="PAID"', lambda row: row["Status"] != "PAID"),
        ('Type=="ACCREC" AND AmountDue>100', lambda row: row["Type"] == "ACCREC" and row["AmountDue"] > 100),
        ('Type=="ACCREC"&&AmountDue>=1000.50', lambda row: row["Type"] == "ACCREC" and row["AmountDue"] >= 1000.5),
        (
            'Type=="ACCPAY" OR Status=="VOIDED" AND Total<500',
            lambda row: row["Type"] == "ACCPAY" or (row["Status"] == "VOIDED" and row["Total"] < 500),
        ),
        (
            '(Type=="ACCPAY" || Status=="VOIDED") and Total<500',
            lambda row: (row["Type"] == "ACCPAY" or row["Status"] == "VOIDED") and row["Total"] < 500,
        ),
        ("Date>=DateTime(2026,02,01)", lambda row: row["DateString"] >= "2026-02-01"),
        ('DueDate<DateTime.Parse("2025-01-01")', lambda row: row.get("DueDateString", "9") < "2025-01-01"),
        ("DueDate==null", lambda row: "DueDate" not in row),
        ("SentToContact==true", lambda row: row.get("SentToContact") is True),
        ("HasAttachments", lambda row: row["HasAttachments"]),
        ('Contact.Name.StartsWith("O\'Bran")', lambda row: row["Contact"]["Name"].startswith("O'Bran")),
        ('Contact.Name.ToLower().Contains("motor")', lambda row: "motor" in row["Contact"]["Name"].lower()),
        ('InvoiceNumber.EndsWith("7")', lambda row: row["InvoiceNumber"].endswith("7")),
        ('Reference=="no such"', lambda row: False),
        ("AmountPaid=0", lambda row: row["AmountPaid"] == 0),
    ],
)
def test_a_filter_leaves_what_fits(still: Organisation, invoices: list[Any], where: str, holds: _Test) -> None:
    assert still.everything("Invoices", where=where) == [row for row in invoices if holds(row)]


def test_contacts_are_named_by_guid(still: Organisation, invoices: list[Any]) -> None:
    contact = invoices[0]["Contact"]["ContactID"]
    for guid in (f'Guid("{contact}")', f'guid("{contact.upper()}")', f'Guid.Parse("{contact}")'):
        found = still.everything("Invoices", where=f"Contact.ContactID=={guid}")
        assert found == [row for row in invoices if row["Contact"]["ContactID"] == contact]


def test_payments_are_filtered_by_type_status_and_invoice(still: Organisation) -> None:
    (refund,) = still.page("Payments", where='PaymentType=="ARCREDITPAYMENT"')
    assert refund["Amount"] == Decimal("120.00")
    deleted = still.page("Payments", where='Status=="DELETED"')
    assert len(deleted) > 5
    invoice = deleted[0]["Invoice"]["InvoiceID"]
    named = still.page("Payments", where=f'Invoice.InvoiceID==Guid("{invoice}")')
    assert {row["Invoice"]["InvoiceID"] for row in named} == {invoice}


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ('Colour=="red"', "No property or field 'Colour' exists in type 'Invoice'"),
        ('Contact.Colour=="red"', "No property or field 'Colour' exists in type 'Invoice'"),
        ('SentToContact=="true"', "Operator '==' incompatible with operand types 'Boolean?' and 'String'"),
        ('Date>"2026-01-01"', "Operator '>' incompatible with operand types 'DateTime?' and 'String'"),
        ('Contact.ContactID=="x"', "Operator '==' incompatible with operand types 'Guid' and 'String'"),
        ("Status==", "Expression expected"),
        ("Status", "Expression of type 'Boolean' expected"),
        ('Status=="PAID" Total>5', "Syntax error"),
        ("Status=='PAID'", "Syntax error '''"),
        ("(Total>5", "')' expected"),
        ("Date==DateTime(2026,13,1)", "String was not recognized as a valid DateTime."),
        ("Date==DateTime(2026)", "String was not recognized as a valid DateTime."),
        ('Contact.ContactID==Guid("7")', "Guid should contain 32 digits with 4 dashes."),
        ("Total.Contains(5)", "No applicable method 'Contains' exists in type 'Decimal?'"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_in_the_parsers_words(where: str, message: str) -> None:
    with pytest.raises(Refused) as caught:
        parse("Invoices", where)
    assert caught.value.body == {"ErrorNumber": 16, "Type": "QueryParseException", "Message": message}


@pytest.mark.parametrize("params", [{"where": "Colour==1"}, {"order": "Colour"}, {"order": "Date SIDEWAYS"}])
def test_over_the_wire_it_is_a_400(still: Organisation, params: dict[str, str]) -> None:
    refusal(still.session.get("Invoices", params=params))
