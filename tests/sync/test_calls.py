"""What a pull costs: calls, counted at the platform's end, and bytes, compressed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from dunwell.sandbox.books.books import Part
from dunwell.sandbox.books.records import Line
from dunwell.sandbox.traffic import Seen
from sync import tie_out
from sync.store.journal import Moment
from tests.connectors import books
from tests.sync.pulls import PLATFORMS, Puller, a_puller

NO_STORY = -100

CUSTOMERS, INVOICES, PAYMENTS, CREDITS = 40, 400, 240, 20
PAGE = 20
"""A fiftieth of 2,000, 20,000, 12,000 and 1,000 in pages of a thousand: 35 pages."""


class Pulled(NamedTuple):
    """A ledger after its first pull, and what that asked for."""

    puller: Puller
    first: Sequence[Seen]


@pytest.fixture(scope="module", params=PLATFORMS)
def pulled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pulled]:
    folder: Path = tmp_path_factory.mktemp("calls")
    with a_puller(folder, request.param, page_size=PAGE, weeks=NO_STORY) as opened:
        _fill(opened)
        opened.road.sandbox.traffic.clear()
        yield Pulled(opened, _sync(opened))


@pytest.fixture
def puller(pulled: Pulled) -> Puller:
    return pulled.puller


def _fill(puller: Puller) -> None:
    """A company of the size of the bench's, as one would see it through a fiftieth of a page."""
    road, kept = puller.road, books.kept_books(puller.road)
    now = road.clock.now()
    currency = kept.company.currency
    shown = len(road.control.live()["customer"])
    for number in range(CUSTOMERS - shown):
        kept.add_customer(now, name=f"Customer {number}", email="ap@customer.example", term_days=30, currency=currency)
    owners = list(kept.customers)[-(CUSTOMERS - shown) :]
    facts = {"currency": currency, "issued_on": now.date(), "lines": (Line(description="Labour", amount=10_000),)}
    for number in range(INVOICES):
        owner = owners[number % len(owners)]
        made = kept.add_invoice(now, **facts, customer_id=owner, number=f"N-{number}", due_on=now.date(), term_days=30)
        if number < PAYMENTS:
            paid = {"customer_id": owner, "currency": currency, "paid_on": now.date(), "total": 10_000}
            kept.add_payment(now, [Part(made.id)], **paid, method="check")
    for number in range(CREDITS):
        kept.add_credit(now, **facts, customer_id=owners[number], number=f"C-{number}")
    road.clock.move(minutes=10)


def _of(calls: Sequence[Seen]) -> tuple[int, int]:
    """Pages of customers and documents, and other calls."""
    lists = ("/Contacts", "/Invoices", "/Payments", "/CreditNotes")
    data = [one for one in calls if one.path.endswith(lists) or "/query" in one.path]
    return len(data), len(calls) - len(data)


def _sync(puller: Puller) -> list[Seen]:
    """What was asked by a pull and the comparison of balances after it."""
    before = len(puller.road.asked())
    if puller.pull().counts:
        now = puller.road.clock.now()
        moment = Moment(ledger_id=puller.ledger.id, at=now, on=now.date())
        tie_out.tie_out(puller.store, puller.ledger, puller.road.connector, moment)
    return puller.road.asked()[before:]


def test_a_first_pull_is_its_pages_and_fifteen_other_calls_at_most(pulled: Pulled) -> None:
    assert {one.status for one in pulled.first} == {200}
    assert pulled.puller.is_true()
    assert 35 <= len(pulled.first) <= 35 + 15, _of(pulled.first)


def test_nothing_is_fetched_for_messages_that_nobody_writes(pulled: Pulled) -> None:
    asked = {one.path.rstrip("/").split("/")[-1].casefold() for one in pulled.first}
    assert not asked & {"pdf", "onlineinvoice", "history", "attachments"}
    assert not any("invoicelink" in one.query.casefold() for one in pulled.first)


def test_where_nothing_changed_it_is_one_call_or_six(puller: Puller) -> None:
    puller.road.clock.move(minutes=10)
    assert len(_sync(puller)) == (1 if puller.road.platform == "quickbooks" else 6)


def test_five_changes_cost_what_nothing_costs_and_the_comparison(puller: Puller) -> None:
    puller.road.clock.move(minutes=10)
    puller.road.control.edit("invoice", count=5)
    idle, pages = (1, 3) if puller.road.platform == "quickbooks" else (6, 3)  # two pages of customers and their count
    assert len(_sync(puller)) == idle + pages


def test_what_comes_in_pages_comes_compressed(puller: Puller) -> None:
    accepted = []
    puller.road.sandbox.traffic.watchers.append(lambda call, _seen: accepted.append(call.header("accept-encoding")))
    puller.road.clock.move(minutes=10)
    puller.pull(full=True)
    puller.road.sandbox.traffic.watchers.clear()
    assert set(accepted) == {"gzip"}
