"""What cannot be sent, or told to the books, for one record's sake holds up no other; what is wrong with all is not
tried on all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Connector, File, Target
from connectors.errors import Reconnect, RetryLater
from strategy.model import CustomerId
from sync import cycle, dispatch
from sync.bench import Bench
from sync.patience import SEVERAL
from sync.store.outbox import State
from tests.sync.firm import Firm, a_firm
from tests.sync.writeback import writing
from tests.sync.writeback.writing import WITH_STATEMENT, lead_id


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    """Whose PDFs have paths of their own."""
    with a_firm(tmp_path, "quickbooks") as opened:
        yield opened


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Firm]:
    """Whose notes have the invoice in their path."""
    with a_firm(tmp_path, "xero") as opened:
        yield opened


@dataclass
class BusyBooks:
    """The books, but for one of their answers, for which they ask for patience as long as it is about `what`."""

    books: Connector
    answer: str
    what: Callable[[Any], bool]

    def __getattr__(self, name: str) -> Any:
        return self._ask if name == self.answer else getattr(self.books, name)

    def _ask(self, given: Any) -> Any:
        if self.what(given):
            raise RetryLater("The platform is not available and says when it will be", after_s=60)
        return getattr(self.books, self.answer)(given)


def with_busy_books(firm: Firm, answer: str, what: Callable[[Any], bool]) -> Bench:
    busy: Any = BusyBooks(firm.bench.connector, answer, what)
    return replace(firm.bench, connect=lambda: busy)


def approved(firm: Firm, count: int) -> list[CustomerId]:
    """Customers each with an overdue invoice, whose reminders wait to be sent."""
    customers = [firm.customer() for _ in range(count)]
    for name, _ in customers:
        firm.invoice(name)
    firm.run(send=False)
    return [customer_id for _, customer_id in customers]


def states(firm: Firm, customers: list[CustomerId]) -> list[State]:
    return [state for one in customers for state in firm.states(one)]


def test_recipients_whom_nobody_can_reach_now_hold_up_no_other(firm: Firm) -> None:
    *strange, good = approved(firm, SEVERAL + 1)
    for one in strange:
        firm.post.fails[one] = RetryLater("not now", after_s=300, only_this=True, code="RCPT 450 4.1.2")
    done = dispatch.dispatch(firm.bench)
    assert states(firm, [*strange, good]) == [State.APPROVED] * SEVERAL + [State.SENT]
    assert (done.sent, done.stopped, done.later and done.later.code) == (1, SEVERAL, "RCPT 450 4.1.2")


def test_a_pdf_that_cannot_be_had_holds_up_no_other(firm: Firm) -> None:
    bad, good = approved(firm, 2)
    lead = lead_id(firm, bad)
    done = dispatch.dispatch(with_busy_books(firm, "invoice_pdf", lambda asked: asked == lead))
    assert (states(firm, [bad, good]), firm.post.to(bad)) == ([State.APPROVED, State.SENT], [])
    assert done.later is not None


def test_a_channel_that_takes_nothing_is_not_offered_everything(firm: Firm) -> None:
    customers = approved(firm, SEVERAL + 2)
    for one in customers:
        firm.post.fails[one] = RetryLater("421 try again later", after_s=300)
    done = dispatch.dispatch(firm.bench)
    assert states(firm, customers) == [State.APPROVED] * len(customers)
    assert (len(firm.post.fails), done.sent, done.stopped) == (2, 0, len(customers))


def test_a_message_that_was_never_offered_does_not_break_up_several_in_a_row(firm: Firm) -> None:
    customers = approved(firm, SEVERAL + 2)
    *_, paid, _, behind = customers
    firm.books.pay(firm.rows(paid)[0].touchpoint().invoices[0].number)
    for one in customers:
        firm.post.fails[one] = RetryLater("421 try again later", after_s=300)
    dispatch.dispatch(firm.bench)
    assert firm.states(paid) == [State.WITHDRAWN]
    assert set(firm.post.fails) == {paid, behind}


def test_between_messages_that_leave_any_number_may_wait(firm: Firm) -> None:
    customers = approved(firm, 2 * SEVERAL)
    for one in customers[::2]:
        firm.post.fails[one] = RetryLater("451 not this one", after_s=300)
    dispatch.dispatch(firm.bench)
    assert states(firm, customers) == [State.APPROVED, State.SENT] * SEVERAL


def test_what_several_runs_had_to_put_off_holds_up_those_behind_it_once_only(firm: Firm) -> None:
    *bad, good = approved(firm, SEVERAL + 1)
    leads = {lead_id(firm, one) for one in bad}
    slow = with_busy_books(firm, "invoice_pdf", lambda asked: asked in leads)
    cycle.run(slow, send=True)
    assert states(firm, [*bad, good]) == [State.APPROVED] * (SEVERAL + 1)
    cycle.run(slow, send=True)
    assert states(firm, [*bad, good]) == [State.APPROVED] * SEVERAL + [State.SENT]
    (row,) = firm.rows(bad[0])
    assert row.reason == "The platform is not available and says when it will be"


def test_whom_one_run_a_day_puts_off_is_tried_before_those_whom_it_put_off_later(firm: Firm) -> None:
    *bad, late = approved(firm, SEVERAL + 1)
    leads = {lead_id(firm, one) for one in [*bad, late]}

    def takes_a_second(asked: str) -> bool:
        firm.clock.sleep(1)
        return asked in leads

    slow = with_busy_books(firm, "invoice_pdf", takes_a_second)
    cycle.run(slow, send=True)  # puts off all but the last
    firm.sleep(days=1)
    firm.refresh()
    cycle.run(slow, send=True)  # begins with the last
    leads.remove(lead_id(firm, late))
    firm.sleep(days=1)
    firm.refresh()
    cycle.run(slow, send=True)
    assert states(firm, [*bad, late]) == [State.APPROVED] * SEVERAL + [State.SENT]


def test_a_day_whose_limit_is_used_up_ends_at_once(firm: Firm) -> None:
    customers = approved(firm, 2)
    firm.post.fails[customers[0]] = RetryLater("no more today", after_s=3600, daily=True)
    done = dispatch.dispatch(firm.bench)
    assert (states(firm, customers), done.stopped) == ([State.APPROVED] * 2, 2)


def told(firm: Firm, customer_id: CustomerId) -> list[State]:
    return [row.state for row in writing.told(firm, customer_id)]


def history(firm: Firm, customer_id: CustomerId) -> str:
    return f"/invoices/{lead_id(firm, customer_id)}/history"


def test_an_invoice_for_which_the_books_have_no_time_holds_up_no_other_note(firm: Firm) -> None:
    bad, good = approved(firm, 2)
    lead = lead_id(firm, bad)
    on_lead = with_busy_books(firm, "find", lambda note: (note.target, note.target_id) == (Target.INVOICE, lead))
    ran = cycle.run(on_lead, send=True)
    assert (told(firm, bad), told(firm, good)) == ([State.APPROVED, State.SENT], [State.SENT] * 2)
    assert ran.later is not None
    firm.run()
    assert told(firm, bad) == [State.SENT] * 2


def test_notes_that_several_runs_had_to_put_off_hold_up_those_behind_them_once_only(firm: Firm) -> None:
    *bad, good = approved(firm, SEVERAL + 1)
    leads = {lead_id(firm, one) for one in bad}
    busy = with_busy_books(firm, "find", lambda note: note.target_id in leads)
    cycle.run(busy, send=True)
    assert told(firm, good) == [State.APPROVED] * 2
    for _ in told(firm, good):  # each message has as many notes
        cycle.run(busy, send=True)
    assert told(firm, good) == [State.SENT] * 2


def test_books_that_have_no_time_at_all_are_not_asked_for_everything(firm: Firm) -> None:
    customers = approved(firm, SEVERAL)
    asked: list[Any] = []

    def everything(note: Any) -> bool:
        asked.append(note)
        return True

    cycle.run(with_busy_books(firm, "find", everything), send=True)
    assert len(asked) == SEVERAL
    assert [told(firm, one) for one in customers] == [[State.APPROVED] * 2] * SEVERAL


@pytest.mark.parametrize("fault", ["refused", "truncated"])
def test_a_note_that_may_be_in_the_books_and_cannot_be_looked_for_stays_so_and_holds_up_no_other(
    another: Firm, fault: str
) -> None:
    (bad,) = approved(another, 1)
    another.fault("drop_after", method="PUT", path=history(another, bad))
    another.run()
    assert told(another, bad) == [State.UNKNOWN, State.SENT]
    another.fault(fault, method="GET", path=history(another, bad), times=None)
    (good,) = approved(another, 1)
    another.run()
    assert told(another, bad) == [State.UNKNOWN, State.SENT]
    assert (states(another, [good]), told(another, good)) == ([State.SENT], [State.SENT] * 2)


@pytest.mark.parametrize(("daily", "calls"), [(False, SEVERAL + 1), (True, 1)])
def test_books_that_have_no_time_to_be_looked_into_are_asked_for_little_more(
    another: Firm, daily: bool, calls: int
) -> None:
    unclear = approved(another, SEVERAL)
    for one in unclear:
        another.fault("drop_after", method="PUT", path=history(another, one))
    another.run()
    assert [told(another, one) for one in unclear] == [[State.UNKNOWN, State.SENT]] * SEVERAL
    approved(another, SEVERAL)
    asked: list[Any] = []

    def no_time(note: Any) -> bool:
        asked.append(note)
        raise RetryLater("not now", after_s=60, daily=daily)

    cycle.run(with_busy_books(another, "find", no_time), send=True)
    assert len(asked) == calls


def test_notes_that_never_can_be_looked_for_hold_up_none_that_can_be_written(another: Firm) -> None:
    unclear = approved(another, SEVERAL)
    leads = {lead_id(another, one) for one in unclear}
    for one in unclear:
        another.fault("drop_after", method="PUT", path=history(another, one))
    another.run()
    (good,) = approved(another, 1)
    cycle.run(with_busy_books(another, "find", lambda note: note.target_id in leads), send=True)
    assert [told(another, one) for one in unclear] == [[State.UNKNOWN, State.SENT]] * SEVERAL
    assert told(another, good) == [State.SENT] * 2


def test_where_the_right_to_look_for_a_note_is_missing_what_needs_it_waits_and_a_person_is_asked(
    tmp_path: Path,
) -> None:
    with a_firm(tmp_path, "xero", strategy=WITH_STATEMENT) as firm:
        (bad,) = approved(firm, 1)
        firm.fault("drop_after", method="PUT", path=history(firm, bad))
        firm.run()
        firm.fault("forbidden", method="GET", path=history(firm, bad), times=None)
        (good,) = approved(firm, 1)
        with pytest.raises(Reconnect):
            firm.run()
        assert told(firm, bad) == [State.UNKNOWN, State.SENT, State.SENT]
        assert told(firm, good) == [State.APPROVED, State.APPROVED, State.SENT]


def test_what_waits_for_a_right_does_not_break_up_several_in_a_row(tmp_path: Path) -> None:
    asked: list[Any] = []

    def busy(write: Any) -> bool:
        asked.append(write)
        if isinstance(write, File):
            raise Reconnect("the right to attachments is missing")
        return len(asked) > len(told(firm, first))

    with a_firm(tmp_path, "quickbooks", strategy=WITH_STATEMENT) as firm:
        first, *_ = approved(firm, SEVERAL)
        with pytest.raises(Reconnect):
            cycle.run(with_busy_books(firm, "find", busy), send=True)
        assert told(firm, first) == [State.SENT, State.SENT, State.APPROVED]
        assert len(asked) == len(told(firm, first)) + SEVERAL
