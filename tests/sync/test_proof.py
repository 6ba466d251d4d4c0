"""Everything is read again: by hand, and once a week by itself. It says what differed, and that nothing did."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from connectors.base import Connector, Page
from dunwell.sandbox.books.records import Standing
from strategy.model import Kind
from sync import cycle
from sync.pull import Options, proof_is_due
from sync.reader import OVERLAP
from sync.store import ledgers
from tests.connectors import books
from tests.sync.firm import Firm, a_firm
from tests.sync.pulls import PLATFORMS, Puller, a_puller


@pytest.fixture(params=PLATFORMS)
def puller(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Puller]:
    with a_puller(tmp_path, request.param) as opened:
        opened.pull()
        opened.road.clock.move(hours=1)
        yield opened


def test_a_full_pull_that_finds_nothing_else_proves_the_mirror(puller: Puller) -> None:
    puller.road.control.edit("invoice", count=7)
    pulled = puller.pull(full=True)
    assert (pulled.mode, pulled.differed) == ("full", {})
    assert puller.sync_runs()[1:] == [("changes", "done"), ("full", "done")]
    assert ledgers.last_proof(puller.store, puller.ledger.id) == (puller.road.clock.now(), {})


def test_what_the_changes_should_have_brought_is_counted_and_is_right_afterwards(puller: Puller) -> None:
    kept = books.kept_books(puller.road)
    open_now = [books.an_open_invoice(puller.road, skip=skip) for skip in range(4)]
    for one in open_now[:3]:
        kept.change_unseen(one, due_on=one.issued_on + timedelta(days=77))
    customer = kept.customers[open_now[3].customer_id]
    kept.change_unseen(customer, email="moved@customer.example")
    del kept.invoices[open_now[3].id]
    kept.generation += 1
    assert puller.pull().counts.get(Kind.INVOICE, 0) == 0
    assert puller.pull(full=True).differed == {Kind.INVOICE: 4, Kind.CUSTOMER: 1}
    assert puller.is_true()
    assert puller.pull(full=True).differed == {}


SPOILT = {
    Kind.TERM: "UPDATE term SET day = day + 1 WHERE id = (SELECT MIN(id) FROM term)",
    Kind.METHOD: "UPDATE method SET name = 'barter' WHERE id = (SELECT MIN(id) FROM method)",
    Kind.CUSTOMER: "UPDATE person SET phone = '0' WHERE rowid = (SELECT MIN(rowid) FROM person)",
    Kind.PAYMENT: "DELETE FROM allocation WHERE rowid = (SELECT MIN(rowid) FROM allocation WHERE source = 'payment')",
    Kind.CREDIT: "DELETE FROM allocation WHERE rowid = (SELECT MIN(rowid) FROM allocation WHERE source = 'credit')",
}
"""What differs besides the record itself, by kind."""


WITHOUT = {"quickbooks": {Kind.CREDIT}, "xero": {Kind.TERM, Kind.METHOD}}
"""QuickBooks uses credits by payments; Xero's terms stand in its contacts, and it has no methods."""


def test_a_part_of_a_record_that_differs_is_a_difference(puller: Puller) -> None:
    spoilt = SPOILT.keys() - WITHOUT[puller.road.platform]
    assert [puller.store.run(SPOILT[kind]) for kind in spoilt] == [1] * len(spoilt)
    assert puller.pull(full=True).differed == dict.fromkeys(spoilt, 1)


class SteppingOver:
    """A connector whose first reading steps over a record, as pages do that shift, though its count fits."""

    def __init__(self, connector: Connector, record_id: str) -> None:
        self._connector = connector
        self._over: str | None = record_id

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connector, name)

    def everything(self, *kinds: Kind) -> Iterator[Page]:
        over, self._over = self._over, None
        for page in self._connector.everything(*kinds):
            yield page if over is None or page.kind is not Kind.INVOICE else _without(page, over)


def _without(page: Page, record_id: str) -> Page:
    rows = [(record, raw) for record, raw in zip(page.records, page.raw, strict=True) if record.id != record_id]
    return msgspec.structs.replace(
        page,
        records=tuple(record for record, _ in rows),
        raw=tuple(raw for _, raw in rows),
        ids=tuple(one for one in page.ids if one != record_id),
        expected=None if page.expected is None else page.expected - 1,
    )


def test_a_record_that_one_reading_steps_over_is_not_believed_to_be_gone(puller: Puller) -> None:
    over = books.id_of(puller.road, books.an_open_invoice(puller.road))
    connector = cast("Connector", SteppingOver(puller.road.connector, over))
    pulled = puller.pull(full=True, connector=connector)
    assert (pulled.gone, pulled.differed) == (0, {})
    assert over in puller.open_invoices()
    assert puller.is_true()


def test_what_changes_meanwhile_is_no_difference(puller: Puller) -> None:
    def edit(kind: str, _pages: int) -> None:
        if kind == Kind.INVOICE:
            puller.road.clock.move(seconds=2)
            puller.road.control.edit("invoice", count=5)
            puller.road.control.pay(f"id:{books.id_of(puller.road, books.an_open_invoice(puller.road))}")

    puller.between = edit
    assert puller.pull(full=True).differed == {}
    assert puller.is_true()


@pytest.mark.parametrize(("late", "differed"), [(OVERLAP, {}), (OVERLAP + timedelta(seconds=1), {Kind.INVOICE: 1})])
def test_what_becomes_visible_late_is_no_difference(puller: Puller, late: timedelta, differed: dict[Kind, int]) -> None:
    """It was stamped before the changes were read, which told nothing of it."""
    visible: list[str] = []

    def show(_kind: str, _pages: int) -> None:
        if not visible:
            kept, invoice = books.kept_books(puller.road), books.an_open_invoice(puller.road)
            kept.change_unseen(invoice, due_on=invoice.issued_on + timedelta(days=77))
            kept.touch(began - late, invoice)
            visible.append(books.id_of(puller.road, invoice))

    began = puller.road.clock.now()
    puller.between = show
    assert puller.pull(full=True).differed == differed
    assert visible
    assert puller.is_true()


def test_the_first_pull_proves_nothing(tmp_path: Path) -> None:
    with a_puller(tmp_path, "xero") as puller:
        assert puller.pull(full=True).differed is None


def test_what_is_gone_by_the_changes_and_by_the_proof_is_counted_together(tmp_path: Path) -> None:
    with a_puller(tmp_path, "quickbooks") as puller:
        puller.pull()
        puller.road.clock.move(hours=1)
        told, untold = (books.an_open_invoice(puller.road, skip=skip) for skip in range(2))
        puller.road.control.delete("invoice", f"id:{books.id_of(puller.road, told)}")
        kept = books.kept_books(puller.road)
        del kept.invoices[untold.id]
        kept.generation += 1
        assert puller.pull(full=True).gone == 2


def test_what_is_read_whole_is_not_looked_at_for_what_is_open_besides(tmp_path: Path) -> None:
    with a_puller(tmp_path, "xero") as puller:
        puller.pull()
        puller.road.clock.move(hours=30)
        puller.pull(full=True)
        assert "AUTHORISED" not in str(puller.road.asked(path="/invoices"))
        puller.road.clock.move(hours=30)
        puller.pull()
        assert "AUTHORISED" in str(puller.road.asked(path="/invoices"))


def test_only_what_is_not_open_any_more_is_read_again_by_its_id(tmp_path: Path) -> None:
    with a_puller(tmp_path, "xero") as puller:
        puller.pull()
        paid = books.an_open_invoice(puller.road)
        books.kept_books(puller.road).change_unseen(paid, standing=Standing.VOIDED)
        puller.road.clock.move(hours=30)
        puller.road.sandbox.traffic.clear()
        puller.pull()
        (again,) = [one.query for one in puller.road.asked(path="/invoices") if "IDs=" in one.query]
        assert again.count("-") == 4  # one id
        assert puller.status("invoice", books.id_of(puller.road, paid)) == "voided"


SUNDAY = datetime(2026, 3, 1, 6, tzinfo=UTC)


def test_a_week_of_ledgers_is_read_again_on_seven_days(puller: Puller) -> None:
    store = puller.store
    days: Counter[int] = Counter()
    for number in range(14):
        ledger = ledgers.known(store, f"ledger {number}", puller.ledger.platform)
        run = ledgers.start_run(store, ledger.id, SUNDAY, "full")
        ledgers.finish_run(store, run, SUNDAY, ledgers.Ended(mode="full"))
        due = [day for day in range(1, 9) if proof_is_due(store, ledger.id, SUNDAY + timedelta(days=day))]
        assert due
        assert due[0] <= 7
        days[due[0]] += 1
    assert days == dict.fromkeys(range(1, 8), 2)


def test_one_that_failed_is_tried_again_a_day_later_and_not_before(puller: Puller) -> None:
    now = puller.road.clock.now() + timedelta(days=8)
    assert proof_is_due(puller.store, puller.ledger.id, now)
    run = ledgers.start_run(puller.store, puller.ledger.id, now, "full")
    ledgers.finish_run(puller.store, run, now, ledgers.Ended(mode="full", error="it broke off"))
    assert not proof_is_due(puller.store, puller.ledger.id, now + timedelta(hours=23))
    assert proof_is_due(puller.store, puller.ledger.id, now + timedelta(days=1))


def test_one_by_a_clock_that_was_ahead_was_none(puller: Puller) -> None:
    now = puller.road.clock.now()
    run = ledgers.start_run(puller.store, puller.ledger.id, now + timedelta(days=365), "full")
    ledgers.finish_run(puller.store, run, now + timedelta(days=365), ledgers.Ended(mode="full"))
    assert proof_is_due(puller.store, puller.ledger.id, now)


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), "xero") as opened:
        yield opened


def test_once_a_week_it_happens_by_itself(firm: Firm) -> None:
    modes = []
    for _ in range(9):
        firm.sleep(days=1)
        modes.append(cycle.bring_up_to_date(firm.bench, Options()).mode)
    assert 1 <= modes.count("full") <= 2
    first = modes.index("full")
    assert set(modes[first + 1 : first + 7]) == {"changes"}


def test_an_invoice_that_changed_without_saying_so_is_seen_within_a_day(firm: Firm) -> None:
    name, _ = firm.customer()
    number = firm.invoice(name, days_late=3)
    firm.refresh()
    firm.sleep(hours=1)
    firm.refresh()
    _postpone_unseen(firm, number)
    firm.sleep(hours=1)
    cycle.bring_up_to_date(firm.bench, Options())
    assert _due_on(firm, number) == firm.bench.today() - timedelta(days=3)
    firm.sleep(hours=20)
    assert cycle.bring_up_to_date(firm.bench, Options()).swept
    assert _due_on(firm, number) > firm.bench.today()


def _postpone_unseen(firm: Firm, number: str) -> None:
    ledger = firm.sandbox.dialects[firm.platform].ledger
    with ledger.turn():
        ledger.books.change_unseen(firm.invoice_of(number), due_on=firm.bench.today() + timedelta(days=30))


def _due_on(firm: Firm, number: str) -> date:
    found = firm.bench.store.row("SELECT due_on FROM invoice WHERE number = ?", number)
    assert found is not None
    return date.fromisoformat(found[0])


def test_where_the_balances_differ_it_is_seen_at_once(firm: Firm) -> None:
    name, customer_id = firm.customer()
    number = firm.invoice(name, amount=50_000)
    firm.refresh()
    firm.sleep(hours=1)
    firm.refresh()
    ledger = firm.sandbox.dialects[firm.platform].ledger
    with ledger.turn():
        ledger.books.change_unseen(firm.invoice_of(number), standing=Standing.VOIDED)
    firm.customer()  # something changes, so that balances are compared
    firm.sleep(hours=0.1)
    cycle.bring_up_to_date(firm.bench, Options())
    assert firm.bench.store.row("SELECT status FROM invoice WHERE number = ?", number) == ("voided",)
    assert firm.bench.store.row("SELECT state FROM tie_out WHERE customer_id = ?", customer_id) in {None, ("tied",)}


def test_where_the_balances_agree_nothing_is_looked_for(firm: Firm) -> None:
    firm.refresh()
    firm.customer()
    firm.sleep(hours=0.1)
    firm.sandbox.traffic.clear()
    cycle.bring_up_to_date(firm.bench, Options())
    asked = [one.path.rpartition("/")[2] for one in firm.sandbox.traffic.calls]
    assert asked.count("Contacts") == 2, "what changed of them, and what they owe"
    assert "AUTHORISED" not in str(firm.sandbox.traffic.calls)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_payment_that_leaves_its_invoices_stamp_alone_is_followed_to_it(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        road = puller.road
        road.control.switch("unstamped_settlements", True)
        paid, other = (books.id_of(road, books.an_open_invoice(road, skip=skip)) for skip in range(2))
        payment = road.control.pay(f"id:{other}")["payment"]
        puller.pull()
        road.clock.move(hours=1)
        road.control.pay(f"id:{paid}")
        road.control.delete("payment", payment)
        before = road.answered()
        assert puller.pull().mode == "changes"
        assert puller.is_true()
        assert paid not in puller.open_invoices()
        assert other in puller.open_invoices()
        assert road.answered() - before == (3 if platform == "quickbooks" else 7)  # QuickBooks: is it really gone?
