"""Whether webhooks work, as `dunwell check` says it."""

import json
from contextlib import closing
from datetime import timedelta

import pytest

from connectors.base import Announcement
from dunwell.checking.webhooks import listening
from dunwell.config import reading
from dunwell.wiring.house import House
from strategy.model import Kind, Platform
from sync.store import ledgers, webhooks
from sync.store.webhooks import Delivery
from tests.dunwell.cli.desk import MONDAY, Desk
from tests.dunwell.web.announcing import listens, store_of


@pytest.fixture
def quickbooks(bare: Desk) -> Desk:
    """A desk whose firm has a key for QuickBooks' webhooks, and a ledger that is bound."""
    listens(bare)
    return bare.edit('xero = { file = "xero" }\n', "")


def found(desk: Desk) -> list[tuple[str, str, str]]:
    """What is said of webhooks: level, record, what."""
    house = House(reading.read(desk.config))
    with closing(house):
        return [(one.level.value, one.record, one.what) for one in listening(house)]


def announce(desk: Desk, *realms: str | None, days: float = 0) -> None:
    """Deliveries so many days after Monday: of a company each, None is one that cannot be read; "" is the ledger's."""
    with closing(store_of(desk)) as store:
        webhooks.listen(store, Platform.QUICKBOOKS, MONDAY)
        own = ledgers.known(store, "brindle", Platform.QUICKBOOKS).remote_id
        for number, realm in enumerate(realms):
            told = None if realm is None else [Announcement(remote_id=realm or own or "", digest=bytes([number]))]
            delivery = Delivery(platform=Platform.QUICKBOOKS, announced=told)
            webhooks.note(store, [delivery], MONDAY + timedelta(days=days))


def read(desk: Desk, *days: float, **counts: int) -> None:
    """Complete readings of changes so many days after Monday."""
    with closing(store_of(desk)) as store:
        for day in days:
            at = MONDAY + timedelta(days=day)
            run = ledgers.start_run(store, 1, at, "changes")
            brought = {Kind(kind): count for kind, count in counts.items()}
            ledgers.finish_run(store, run, at, ledgers.Ended(mode="changes", counts=brought))


def test_without_keys_nothing_is_said(bare: Desk) -> None:
    assert found(bare) == []


def test_that_nobody_listens_is_said(quickbooks: Desk) -> None:
    assert found(quickbooks) == [("note", "quickbooks", "nobody has listened for it yet")]


def test_check_shows_it_and_a_key_that_is_not_there(quickbooks: Desk) -> None:
    (quickbooks.folder / "old").unlink()
    said = quickbooks.dunwell("check", "--json")
    told = [(one["level"], one["about"], one["record"]) for one in json.loads(said.out)["findings"]]
    assert ("wrong", "settings", "webhooks key of quickbooks") in told
    assert ("note", "webhooks", "quickbooks") in told
    assert said.code == 2


def test_that_nothing_came_is_said(quickbooks: Desk) -> None:
    announce(quickbooks)
    assert found(quickbooks) == [
        ("note", "quickbooks", "nothing came since it was first listened for, 2026-03-02 14:30 UTC")
    ]


def test_when_the_last_announcement_came_is_said(quickbooks: Desk) -> None:
    announce(quickbooks, "")
    announce(quickbooks, "", days=1)
    assert found(quickbooks) == [
        ("good", "quickbooks", "last heard 2026-03-03 14:30 UTC; 2 announcements so far, 1 of them again"),
        ("good", "brindle", "last announced 2026-03-02 14:30 UTC"),
    ]


def test_what_belongs_to_nobody_or_cannot_be_read_is_said(quickbooks: Desk) -> None:
    announce(quickbooks, "77", None)
    assert found(quickbooks)[1:] == [
        ("note", "quickbooks", "1 announcement of companies that no ledger is connected to"),
        ("note", "quickbooks", "1 delivery with a right signature that could not be read"),
    ]


def test_a_ledger_that_changes_in_silence_is_noted(quickbooks: Desk) -> None:
    announce(quickbooks, "")
    read(quickbooks, 3.5, 4.5, invoice=1)
    assert found(quickbooks)[1:] == [
        (
            "note",
            "brindle",
            "2 readings found changes, the last 2026-03-07 02:30 UTC; nothing was announced since 2026-03-02 14:30 UTC",
        )
    ]


def test_a_ledger_of_which_nothing_was_ever_announced_is_noted(quickbooks: Desk) -> None:
    announce(quickbooks)
    read(quickbooks, 3.5, 4.5, customer=2)
    assert found(quickbooks)[1][2].endswith("; nothing was ever announced")


@pytest.mark.parametrize(
    ("days", "counts"),
    [((1.0, 2.0), {"invoice": 1}), ((4.0,), {"invoice": 1}), ((4.0, 5.0), {}), ((4.0, 5.0), {"payment": 3})],
    ids=["soon", "once, which may be what was announced", "nothing", "what Xero never announces"],
)
def test_other_readings_make_nobody_suspicious(
    quickbooks: Desk, days: tuple[float, ...], counts: dict[str, int]
) -> None:
    announce(quickbooks, "")
    read(quickbooks, *days, **counts)
    assert found(quickbooks)[1:] == [("good", "brindle", "last announced 2026-03-02 14:30 UTC")]
