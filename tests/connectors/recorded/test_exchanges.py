"""Whole recorded exchanges, played to our connector as they were: counts, pages and the page behind the last."""

from pathlib import Path

import pytest

from strategy.model import Kind
from tests.connectors.recorded import playing, quickbooks


@pytest.mark.parametrize(("file", "page_size", "rows"), [("all/customers", 1000, 41), ("all/alt_select", 2, 6)])
def test_a_counted_and_paged_query_is_read_to_its_end(data: Path, file: str, page_size: int, rows: int) -> None:
    """In `alt_select` six customers come in pages of two, and a seventh is asked for that is not there."""
    bodies = [one.body for one in quickbooks.recordings(data) if one.name.startswith(f"{file} ")]
    with playing.quickbooks(*playing.said(*bodies), page_size=page_size) as (connector, _):
        pages = list(connector.everything(Kind.CUSTOMER))
    assert {page.expected for page in pages} == {rows}
    assert len({one for page in pages for one in page.ids}) == rows
    assert sum(len(page.records) for page in pages) == rows
    assert [issue for page in pages for issue in page.issues] == []


def test_a_voided_invoice_is_no_paid_one_and_a_deleted_one_is_gone(data: Path) -> None:
    """Recorded: 264 before and after it was voided, and 65 deleted."""
    told = {
        (one.body, one.record, one.field): one.ours
        for recording in quickbooks.recordings(data)
        if recording.name.startswith(("void/", "delete/", "change_data"))
        for one in quickbooks.compared(recording)
    }
    assert told["void/invoice 0", "Invoice 264", "status"] == "issued"
    assert told["void/invoice 1", "Invoice 264", "status"] == "voided"
    assert told["void/invoice 1", "Invoice 264", "open_minor"] == 0
    assert told["change_data_capture_response.xml", "page", "deleted"] == ["65"]
    assert told["delete/invoice 1", "266", "deleted"] == ["266"]
