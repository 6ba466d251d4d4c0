"""Every field that we model, of every recorded or official body, is what stands there; nothing is left out unseen."""

from typing import Any

import msgspec
import pytest

from connectors.base import Page, RawRecord
from strategy.model import Company, Credit, Customer, Invoice, Kind, Payment
from tests.connectors.recorded import comparing, figures, leaves, not_read, playing, quickbooks
from tests.connectors.recorded.figures import Figures
from tests.connectors.recorded.plain_quickbooks import INVOICE

LEAST = {
    "QuickBooks sandbox 2020": (19, 2400),
    "QuickBooks feed recorded as XML": (1, 39),
    "Xero demo company 2018": (5, 90),
    "Xero demo company 2018, bills as sales": (2, 60),
    "Xero official examples": (62, 780),
}
"""Bodies that are read and fields that are compared, at the least."""

NOT_OURS = {
    "all/alt_select 0": "a count, asked again in test_exchanges",
    "all/alt_select 4": "a page without rows, asked again in test_exchanges",
    "all/customers 0": "a count, asked again in test_exchanges",
    "all/employees": "employees",
    "all/sales_receipts": "sales that were paid at once",
    "all/vendors": "suppliers",
    "attachment/delete": "we delete no file",
    "attachment/error": "a refusal: see test_faults",
    "batch/": "refusals: see test_faults",
    "deactivate/": "an account and an employee",
    "error/": "refusals: see test_faults",
    "get/inactive_vendors": "suppliers",
    "misc/ampersand": "a supplier",
    "reports/": "the ledger's and the profit's reports",
    "update/sales_receipt": "a sale that was paid at once",
    "invoice.createInvoiceWithValidationError": "a refusal: see test_faults",
    "createBatchPayment": "a batch; its payments come by themselves",
    "deleteBatchPayment": "a batch",
    "getBatchPayment": "a batch",
    "createCreditNoteAllocation": "we allocate nothing",
    "createOverpaymentAllocations": "we allocate nothing",
    "createPrepaymentAllocations": "we allocate nothing",
    "deleteCreditNoteAllocations": "we allocate nothing",
    "deleteOverpaymentAllocations": "we allocate nothing",
    "deletePrepaymentAllocations": "we allocate nothing",
    "createRepeatingInvoices": "a template; its invoices come by themselves",
    "getRepeatingInvoice": "a template",
    "updateRepeatingInvoice": "a template",
    "updateOrCreateRepeatingInvoices": "a template",
    "createContactGroup": "groups are read off the contacts",
    "getContactGroup": "groups are read off the contacts",
    "updateContactGroup": "groups are read off the contacts",
    "getBrandingTheme": "themes are known by id",
    "getContactCISSettings": "a tax of the construction trade",
    "getOrganisationCISSettings": "a tax of the construction trade",
    "getOrganisationActions": "what a user may do",
}
"""Bodies that we read nothing out of, by the beginning of their names, and why."""


@pytest.mark.parametrize("source", LEAST)
def test_every_field_is_what_stands_in_the_body(compared: dict[str, Figures], source: str) -> None:
    assert compared[source].differing == []


def test_all_that_there_is_is_compared(compared: dict[str, Figures]) -> None:
    found = {source: (told.bodies - len(told.unread), len(told.compared)) for source, told in compared.items()}
    assert found.keys() == LEAST.keys()
    assert {
        source for source, least in LEAST.items() if found[source][0] < least[0] or found[source][1] < least[1]
    } == set()


def test_a_body_that_is_not_read_has_its_reason(compared: dict[str, Figures]) -> None:
    unread = [body for told in compared.values() for body in told.unread]
    assert [body for body in unread if not body.startswith(tuple(NOT_OURS))] == []
    assert [reason for reason in NOT_OURS if not any(body.startswith(reason) for body in unread)] == []


def test_every_value_in_a_body_is_read_or_named_as_not_read(compared: dict[str, Figures]) -> None:
    assert [place for told in compared.values() for place in told.unnamed] == []


def test_every_place_that_is_named_as_not_read_occurs_and_has_its_reason(compared: dict[str, Figures]) -> None:
    used = {line for told in compared.values() for line in told.named}
    assert used == not_read.QUICKBOOKS.keys() | not_read.XERO.keys()
    assert all((*not_read.QUICKBOOKS.values(), *not_read.XERO.values()))


def test_every_kind_of_record_is_among_them(compared: dict[str, Figures]) -> None:
    kinds = {one.record.split()[0] for told in compared.values() for one in told.compared}
    assert kinds >= {kind.__name__ for kind in (Customer, Invoice, Payment, Credit, Company)}


AN_INVOICE = (
    b'{"Id":"7","SyncToken":"1","MetaData":{"LastUpdatedTime":"2020-09-29T04:46:06-07:00"},"TxnDate":"2020-09-29",'
    b'"DueDate":"2020-10-29","TotalAmt":100.10,"Balance":100.10,"CurrencyRef":{"value":"USD"},"Line":[],'
    b'"CustomerRef":{"value":"1"},"EmailStatus":"NotSet","PrintStatus":"NeedToPrint",'
    b'"CustomField":[{"Name":"Crew #"}]}'
)


def read_alone() -> tuple[bytes, Page, Any]:
    """That invoice: as it was served, as the connector read it, as JSON."""
    served = quickbooks.queried("Invoice", [AN_INVOICE], b'"2020-09-29T06:04:50.776-07:00"')
    with playing.quickbooks(*playing.said(quickbooks.counted(1), served)) as (connector, _):
        (page,) = connector.everything(Kind.INVOICE)
    (raw,) = quickbooks.Recording(name="x", status=200, body=served).plain["QueryResponse"]["Invoice"]
    return served, page, raw


def test_a_digit_a_day_and_a_customer_that_differ_are_found() -> None:
    served, page, raw = read_alone()
    assert not [one for one in quickbooks.read("x", served, [page], [raw]) if one.differs]
    other = raw | {"Balance": "100.01", "DueDate": "2020-10-28", "CustomerRef": {"value": "2"}}
    differing = {one.field for one in quickbooks.read("x", served, [page], [other]) if one.differs}
    assert differing == {"open_minor", "due_on", "customer_id"}


def test_a_body_that_was_not_kept_whole_is_found() -> None:
    served, page, _ = read_alone()
    shortened = msgspec.structs.replace(page, raw=(RawRecord(kind="Invoice", id="7", body=b'{"Id":"7" }'),))
    assert {one.field for one in comparing.kept_whole("x", served, [shortened]) if one.differs} == {"raw body"}
    lost = msgspec.structs.replace(page, raw=())
    assert {one.field for one in comparing.kept_whole("x", served, [lost]) if one.differs} == {"has a raw body"}


def test_a_field_of_which_nobody_says_what_it_must_be_is_an_error() -> None:
    _, page, raw = read_alone()
    table = {name: read for name, read in INVOICE.items() if name != "deposit_minor"}
    with pytest.raises(KeyError, match="deposit_minor"):
        comparing.fields("x", page.records[0], raw, table)


def test_a_value_that_nobody_reads_and_nobody_names_is_found() -> None:
    """As in a recording of tomorrow: a field of the invoice's own, one in a list, an empty one."""
    new = b'"Balance":100.10,"Colour":"red","Rates":[{"Rate":1},{"Rate":2}],"Nothing":[],'
    served = quickbooks.queried(
        "Invoice", [AN_INVOICE.replace(b'"Balance":100.10,', new)], b'"2020-09-29T06:04:50-07:00"'
    )
    recording = quickbooks.Recording(name="x", status=200, body=served)
    told = Figures()
    figures.count(told, recording, quickbooks.compared(recording), not_read.QUICKBOOKS)
    assert told.unnamed == [
        f"x: QueryResponse.Invoice.{name}" for name in ("Colour", "Rates.Rate", "Rates.Rate", "Nothing")
    ]


def test_what_is_read_of_a_body_is_known_by_its_keys() -> None:
    body = leaves.loaded(b'{"a":{"b":1,"c":[2,3]},"d":[{"e":4},{"e":5}]}')
    assert body["a"]["c"] == ["2", "3"]
    body["d"][1].left = True
    assert list(leaves.leaves(body)) == [
        ("a.b", False, False),
        ("a.c", True, False),
        ("a.c", True, False),
        ("d.e", False, False),
        ("d.e", False, True),
    ]
