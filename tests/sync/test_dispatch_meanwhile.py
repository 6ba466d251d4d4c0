"""While some messages leave, books, hours and people go on: each of the others is looked at again at its own turn."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Message, Receipt
from dunwell.agreements import disputes, holds, promises
from dunwell.agreements.disputes import Category, Objection
from dunwell.agreements.holds import Reason
from dunwell.agreements.promises import Wish
from strategy.agreements import HoldKind
from strategy.model import CustomerId
from sync import composing, dispatch, profiles
from sync.composing import Composed
from sync.store import outbox
from sync.store.outbox import State
from tests.sync.firm import PLATFORMS, Firm, a_firm
from tests.sync.test_dispatch import planned


@pytest.fixture
def firm(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Firm]:
    """Of the test's own: its clock goes on for everybody."""
    with a_firm(tmp_path, getattr(request, "param", "quickbooks")) as opened:
        yield opened


@dataclass
class Slow:
    """The firm's channel on a line that takes its time over each message. `meanwhile`: what happens at the first."""

    firm: Firm
    each: timedelta
    meanwhile: Callable[[], object] = int
    name: str = "email"

    def seal(self, message: Message) -> bytes:
        return self.firm.post.seal(message)

    def send(self, sealed: bytes) -> Receipt:
        if not self.firm.post.taken:
            self.meanwhile()
        self.firm.clock.sleep(self.each.total_seconds())
        return self.firm.post.send(sealed)


@dataclass
class Corrected:
    """The firm's clock, set right by so much. `by` is what is taken off."""

    firm: Firm
    by: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.firm.clock.now() - self.by

    def sleep(self, seconds: float) -> None:
        self.firm.clock.sleep(seconds)


both = pytest.mark.parametrize("firm", PLATFORMS, indirect=True)


@both
def test_who_pays_while_others_are_written_to_is_not_asked_for_it(firm: Firm) -> None:
    waiting = [planned(firm) for _ in range(4)]
    number, customer_id = waiting[-1]
    slow = Slow(firm, timedelta(seconds=45), meanwhile=lambda: firm.books.pay(number))
    dispatch.dispatch(replace(firm.bench, channels={"email": slow}))
    assert [firm.states(one)[0] for _, one in waiting] == [State.SENT] * 3 + [State.WITHDRAWN]
    assert firm.post.to(customer_id) == []


@both
def test_money_that_names_no_invoice_is_seen_however_long_the_others_take(firm: Firm) -> None:
    first = planned(firm)[1]
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.run(send=False)
    slow = Slow(firm, timedelta(minutes=5), meanwhile=lambda: firm.books.pay_on_account(name, 120_000))
    dispatch.dispatch(replace(firm.bench, channels={"email": slow}))
    assert (firm.states(first), firm.states(customer_id)) == ([State.SENT], [State.HELD])


def test_books_that_a_clock_ahead_has_read_are_read_again(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.run(send=False)
    firm.books.pay_on_account(name, 120_000)
    dispatch.dispatch(replace(firm.bench, clock=Corrected(firm, timedelta(minutes=10))))
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.HELD], [])


def test_what_a_batch_has_left_is_read_again_where_the_clock_is_set_back_meanwhile(firm: Firm) -> None:
    (_, first), (number, second) = planned(firm), planned(firm)
    clock = Corrected(firm)

    def paid_and_set_back() -> None:
        firm.books.pay(number)
        clock.by = timedelta(minutes=10)

    slow = Slow(firm, timedelta(minutes=5), meanwhile=paid_and_set_back)
    dispatch.dispatch(replace(firm.bench, clock=clock, channels={"email": slow}))
    assert (firm.states(first), firm.states(second)) == ([State.SENT], [State.WITHDRAWN])


def test_what_the_hours_end_over_waits_for_the_next(firm: Firm) -> None:
    waiting = [planned(firm)[1] for _ in range(3)]
    (row,) = firm.rows(waiting[0])
    assert row.closes_at is not None
    half = (row.closes_at - firm.clock.now()) / 2 + timedelta(minutes=1)
    dispatch.dispatch(replace(firm.bench, channels={"email": Slow(firm, half)}))
    assert [firm.states(one)[0] for one in waiting] == [State.SENT, State.SENT, State.APPROVED]


@pytest.fixture
def composing_takes_until(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """What happens between the composing of a letter and its handover."""

    def then(happens: Callable[[], object]) -> None:
        compose = composing.compose

        def composed(*given: Any) -> Composed:
            made = compose(*given)
            happens()
            return made

        monkeypatch.setattr(composing, "compose", composed)

    return then


Until = Callable[[Callable[[], object]], None]


def test_a_letter_that_was_composed_until_the_hours_were_over_stays(firm: Firm, composing_takes_until: Until) -> None:
    _, customer_id = planned(firm)
    composing_takes_until(lambda: firm.sleep(hours=9))
    dispatch.dispatch(firm.bench)
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.APPROVED], [])


def test_what_a_person_rejects_while_it_is_composed_stays_and_the_others_leave(
    firm: Firm, composing_takes_until: Until
) -> None:
    _, customer_id = planned(firm)
    _, another = planned(firm)
    (row,) = firm.rows(customer_id)

    def rejected() -> None:
        with firm.again() as elsewhere:
            outbox.move(elsewhere.bench.store, elsewhere.bench.moment("Ann"), row, State.REJECTED, "I called them.")

    composing_takes_until(rejected)
    dispatch.dispatch(firm.bench)
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.REJECTED], [])
    assert firm.states(another) == [State.SENT]


def holds_it(elsewhere: Firm, customer_id: CustomerId) -> None:
    reason = Reason(kind=HoldKind.DO_NOT_CONTACT, text="their director has called")
    holds.hold(elsewhere.bench, elsewhere.account(customer_id), None, reason, "Ann")


def takes_a_promise(elsewhere: Firm, customer_id: CustomerId) -> None:
    wish = Wish(on=elsewhere.bench.today() + timedelta(days=7))
    promises.promise(elsewhere.bench, elsewhere.account(customer_id), wish, "Ann")


def hears_of_a_dispute(elsewhere: Firm, customer_id: CustomerId) -> None:
    account = elsewhere.account(customer_id)
    (row,) = account.receivables
    disputes.dispute(elsewhere.bench, account, row, Objection(category=Category.QUALITY), "Ann")


def test_what_a_person_holds_or_notes_while_it_is_composed_is_not_asked_for(
    firm: Firm, composing_takes_until: Until
) -> None:
    noted = iter([(planned(firm)[1], note) for note in (holds_it, takes_a_promise, hears_of_a_dispute)])
    waiting = [row.customer_id for row in outbox.in_state(firm.bench.store, firm.bench.ledger.id, State.APPROVED)]

    def somebody_notes_it() -> None:
        customer_id, note = next(noted)
        with firm.again() as elsewhere:
            note(elsewhere, customer_id)

    composing_takes_until(somebody_notes_it)
    dispatch.dispatch(firm.bench)
    assert [firm.states(one) for one in waiting] == [[State.HELD]] * 3
    assert firm.post.taken == []


def test_what_is_composed_to_an_address_that_is_no_longer_theirs_is_composed_anew_by_the_next_run(
    firm: Firm, composing_takes_until: Until
) -> None:
    _, customer_id = planned(firm)

    def somebody_writes_down_another() -> None:
        with firm.again() as elsewhere:
            new = profiles.change({}, "role.billing.email", "new@customer.example")
            with elsewhere.bench.store.transaction():
                profiles.apply(elsewhere.bench.store, elsewhere.bench.moment("Ann"), customer_id, new)

    composing_takes_until(somebody_writes_down_another)
    dispatch.dispatch(firm.bench)
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.APPROVED], [])
    dispatch.dispatch(firm.bench)
    (letter,) = firm.post.to(customer_id)
    assert letter["To"] == "new@customer.example"
