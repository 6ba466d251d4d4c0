"""Who stands in the queue of first words, and that what leaves goes by the same queue."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from dunwell.agreements import plans, touches
from dunwell.agreements.plans import Offer
from dunwell.sandbox.control import Control
from strategy.model import CustomerId
from sync import outbox, ramp
from sync.store import journal
from sync.store.outbox import State
from tests.sync.firm import STRATEGY, Firm, a_firm, a_ladder


def test_whose_invoice_only_came_late_waits_for_a_first_word_like_everybody(tmp_path: Path) -> None:
    with a_firm(tmp_path, strategy=f"{STRATEGY}\n[start]\nramp = 1\n") as firm:
        (waits, _), (goes, oldest) = firm.customer(), firm.customer()
        number = firm.invoice(waits, days_late=10)
        firm.invoice(goes, days_late=20)
        firm.send_from_the_books(number)
        firm.sleep(days=7)
        firm.refresh()
        decided = ramp.every(firm.bench, firm.bench.store, firm.bench.today())
        assert [one.customer.id for one, found in decided if found.touchpoints] == [oldest]


INSTALMENTS = """
[start]
ramp = 1

[plan]
schedule = "instalments"

[schedule.instalments]
soon = { at = "due - 3", say = "nudge" }
"""


def test_what_leaves_is_decided_with_the_day_of_the_ramp_by_which_it_was_planned(tmp_path: Path) -> None:
    """Without it a first reminder is due, in place of which the instalment is spoken of until its day."""
    with a_firm(tmp_path, strategy=f"{STRATEGY}\n{INSTALMENTS}") as firm:
        firm.invoice(firm.customer()[0], days_late=30)
        name, waits = firm.customer()
        in_parts, _ = firm.invoice(name, days_late=10), firm.invoice(name, days_late=20)
        firm.refresh()
        agree(firm, waits, in_parts)
        firm.run()
        (row,) = firm.rows(waits)
        assert (row.act, row.state) == ("soon", State.SENT)


TO_APPROVE = 'soon = { at = "due - 3", say = "nudge" }\nfirst = { at = "due + 2", say = "friendly", approve = true }'


@pytest.mark.parametrize(("start", "days_late", "said"), [("", -3, "soon"), ("on = 2026-02-27", 2, "first")])
def test_what_is_said_of_something_new_takes_no_place(tmp_path: Path, start: str, days_late: int, said: str) -> None:
    """Else whoever waits for an approval loses the place to each nudge that leaves before."""
    strategy = a_ladder(TO_APPROVE, more=f"[start]\nramp = 1\n{start}\n")
    with a_firm(tmp_path, strategy=strategy) as firm:
        (old, waits), (new, hears) = firm.customer(), firm.customer()
        firm.invoice(old, days_late=60)
        firm.invoice(new, days_late=days_late)
        firm.run()
        for row in firm.rows(hears):
            outbox.approve(firm.bench, firm.bench.moment("Ann"), row)
        firm.run()
        firm.run()
        assert [(row.act, row.state) for row in firm.rows(hears)] == [(said, State.SENT)]
        assert [(row.act, row.state) for row in firm.rows(waits)] == [("first", State.PLANNED)]


@pytest.mark.parametrize(
    ("days_late", "ends", "takes_the_place"),
    [(20, Control.pay, True), (20, Control.void, True), (2, Control.pay, False)],
    ids=["old and paid since", "old and voided since", "new and paid since"],
)
def test_a_first_word_of_the_day_took_a_place_if_it_was_of_something_old_whatever_became_of_it(
    tmp_path: Path, days_late: int, ends: Callable[[Control, str], object], *, takes_the_place: bool
) -> None:
    with a_firm(tmp_path, strategy=f"{STRATEGY}\n[start]\non = 2026-02-27\nramp = 1\n") as firm:
        (name, hears), (other, waits) = firm.customer(), firm.customer()
        number = firm.invoice(name, days_late=days_late)
        firm.run()
        ends(firm.books, number)
        firm.invoice(other, days_late=10)
        firm.refresh()
        firm.run()
        assert firm.states(hears) == [State.SENT]
        assert firm.states(waits) == ([] if takes_the_place else [State.SENT])


def test_what_another_program_said_today_takes_no_place(tmp_path: Path) -> None:
    with a_firm(tmp_path, strategy=f"{STRATEGY}\n[start]\nramp = 1\n") as firm:
        (name, heard), (other, hears) = firm.customer(), firm.customer()
        firm.invoice(name, days_late=20)
        firm.invoice(other, days_late=10)
        firm.refresh()
        account, today = firm.account(heard), firm.bench.today()
        made = touches.Made(on=today, channel="email", what="said before")
        step = touches.step_said(firm.bench, account, "first")
        (said,) = touches.said_before(account, step, made, today)
        assert said.case is not None, "it is a step"
        journal.add_touch(firm.bench.store, firm.bench.moment("Ann"), said)
        firm.run()
        assert (firm.states(heard), firm.states(hears)) == ([], [State.SENT])


def agree(firm: Firm, customer_id: CustomerId, number: str) -> None:
    """They pay an invoice in two parts, the first of them in two days."""
    account = firm.account(customer_id)
    rows = tuple(one for one in account.receivables if one.number == number)
    offer = Offer(instalments=2, first_on=firm.bench.today() + timedelta(days=2), invoices=rows, anyway=True)
    plans.agree(firm.bench, account, offer, "Ann")
