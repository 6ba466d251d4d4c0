"""Writing into QuickBooks under its optimistic locking: one field more, and nothing of anybody else's lost."""

from typing import Any

import pytest

from connectors.base import FieldNote, PayLink, Target
from connectors.errors import Rejected, RetryLater
from strategy.model import CustomerId
from tests.connectors import books
from tests.connectors.roads import Road, a_road

LINE = FieldNote(target=Target.CUSTOMER, target_id=CustomerId("1"), marker="Dunwell 1a2b", text="Dunwell 1a2b called")


def read(road: Road, entity: str, record_id: str) -> Any:
    company_id = road.sandbox.dialects["quickbooks"].company_id()
    url = f"{road.sandbox.url}/v3/company/{company_id}/{entity.lower()}/{record_id}"
    return road.http.get(url, headers={"Authorization": f"Bearer {road.tokens.token}"}).json()[entity]


def test_a_line_is_added_below_what_stands_there_and_touches_no_other_field() -> None:
    with a_road() as road:
        before = read(road, "Customer", "1")
        road.connector.write(LINE, "key-1")
        road.connector.write(
            FieldNote(target=Target.CUSTOMER, target_id=CustomerId("1"), marker="Dunwell 3c4d", text="second"), "key-2"
        )
        after = read(road, "Customer", "1")
        assert after["Notes"].endswith("Dunwell 1a2b called\nsecond")
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        assert changed <= {"Notes", "SyncToken", "MetaData"}


def test_a_line_on_an_invoice_stands_in_its_private_note_which_nobody_gets_unasked() -> None:
    with a_road() as road:
        invoice_id = books.id_of(road, books.an_open_invoice(road))
        before = read(road, "Invoice", invoice_id)
        road.connector.write(FieldNote(target=Target.INVOICE, target_id=invoice_id, marker="D 1", text="D 1 said"), "k")
        after = read(road, "Invoice", invoice_id)
        assert after["PrivateNote"].endswith("D 1 said")
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        assert changed <= {"PrivateNote", "SyncToken", "MetaData"}


def test_who_was_quicker_keeps_what_they_wrote() -> None:
    with a_road() as road:
        rule = road.fault("stale", method="POST", path="/customer")
        road.connector.write(LINE, "key-1")
        assert rule.happened == 1
        assert read(road, "Customer", "1")["Notes"].count("Dunwell 1a2b") == 1


def test_somebody_who_is_always_quicker_is_left_to_it() -> None:
    with a_road() as road:
        road.fault("stale", method="POST", path="/customer", times=None)
        with pytest.raises(RetryLater) as later:
            road.connector.write(LINE, "key-1")
        assert later.value.only_this
        assert "Dunwell" not in read(road, "Customer", "1").get("Notes", "")


def test_a_field_without_room_is_left_as_it_is() -> None:
    with a_road() as road:
        invoice_id = books.id_of(road, books.an_open_invoice(road))
        long = PayLink(invoice_id=invoice_id, name="Pay", url="https://pay.example/" + "x" * 990, template="")
        with pytest.raises(Rejected, match="no room"):
            road.connector.write(long, "key-1")
        assert "x" * 990 not in str(read(road, "Invoice", invoice_id).get("CustomerMemo"))
