"""The timing laws: which step is due, when the next one is, and that nothing starts again."""

from datetime import date

import msgspec
import pytest

from strategy.account import Account
from strategy.business_days import Calendar
from strategy.decision import Decision, TouchpointKind
from strategy.model import InvoiceId
from strategy.plan import plan_account
from strategy.touches import INVOICE_SENT, Case, Skipped
from tests.strategy.builders import (
    EUR,
    STANDARD,
    TODAY,
    USD,
    a_receivable,
    a_strategy,
    a_touch,
    an_account,
    an_open_case,
    days,
    decided,
    unapplied,
)

AGENCY = 'agency = { at = "final + 14", place = "agency", after = "final", approve = true }\n\n'
LAST = f"""{STANDARD.split("[schedule.standard]")[0]}
[schedule.short]
final  = {{ at = "due + 30", say = "final", approve = true }}
{AGENCY}
[[segment]]
name     = "everyone"
schedule = "short"
"""
SEQUENCE = STANDARD.replace("gap   = 5", 'gap   = 5\nmissed = "sequence"')


def said(decision: Decision) -> list[str]:
    return [touchpoint.step for touchpoint in decision.touchpoints]


def waits(decision: Decision) -> tuple[str | None, date | None]:
    """The step that is waited for, and its day."""
    for held in decision.held:
        for why in held.reasons:
            if why.code == "waiting":
                return str(why.facts["step"]), held.until
    return None, None


@pytest.mark.parametrize(
    ("days_late", "step"),
    [(1, ["first"]), (6, ["first"]), (7, ["second"]), (13, ["second"]), (14, ["third"])],
)
def test_the_latest_step_that_is_due_is_said(days_late: int, step: list[str]) -> None:
    assert said(decided(an_account(a_receivable(days_late=days_late)))) == step


def test_steps_left_out_are_named() -> None:
    (reminder,) = decided(an_account(a_receivable(days_late=14))).touchpoints
    assert "first, second" in [why.facts.get("steps") for why in reminder.why]


def test_in_sequence_the_first_step_comes_first_however_late_it_is() -> None:
    assert said(decided(an_account(a_receivable(days_late=20)), a_strategy(SEQUENCE))) == ["first"]


def test_the_first_contact_an_account_ever_gets_is_the_first_step() -> None:
    assert said(decided(an_account(a_receivable(days_late=50), touches=()))) == ["first"]


def test_a_case_never_opens_with_a_step_that_hands_over_or_needs_approval() -> None:
    assert said(decided(an_account(a_receivable(days_late=60)))) == ["third"]


def test_a_case_never_opens_with_a_last_letter_and_a_person_is_asked_once() -> None:
    account = an_account(a_receivable(days_late=60))
    found = decided(account, a_strategy(LAST))
    assert not found.touchpoints
    assert [(one.kind, one.who) for one in found.tasks] == [("opens_with_final", "owner")]
    assert [why.code for held in found.held for why in held.reasons] == ["opens_with_final"]
    asked = frozenset((one.act, one.occasion, one.currency) for one in found.tasks)
    assert not decided(msgspec.structs.replace(account, done=asked), a_strategy(LAST)).tasks


@pytest.mark.parametrize(("named", "step"), [("1042", "final"), ("other", "third")])
def test_what_was_never_spoken_of_begins_as_gently_as_a_case(named: str, step: str) -> None:
    """An invoice that was entered late opens the case again that ended before, or comes into one that is open."""
    before = a_touch("third", days_ago=36, invoices=(named,))
    ended = Case(number=1, currency=EUR, opened_on=TODAY - days(49), closed_on=TODAY - days(5))
    for case in (ended, an_open_case(days_ago=49)):
        account = an_account(a_receivable(days_late=50), touches=(before,), cases=(case,))
        assert said(decided(account)) == [step]


@pytest.mark.parametrize(("named", "steps"), [(("1042",), ["final"]), (("other",), []), ((), ["final"])])
def test_a_last_letter_waits_until_somebody_spoke_of_its_own_invoice(named: tuple[str, ...], steps: list[str]) -> None:
    """Or of none in particular."""
    call = msgspec.structs.replace(
        a_touch("spoke", days_ago=30, case=None, noted=True), invoices=frozenset(map(InvoiceId, named)), lead=None
    )
    account = an_account(a_receivable(days_late=60), touches=(call,), cases=(an_open_case(days_ago=59),))
    assert said(decided(account, a_strategy(LAST))) == steps


@pytest.mark.parametrize(("days_ago", "step"), [(59, ["final"]), (60, [])])
def test_a_case_that_a_person_opened_goes_on_to_its_last_letter(days_ago: int, step: list[str]) -> None:
    """What people said before anything was overdue opens nothing."""
    rang = a_touch("spoke", days_ago=days_ago, case=None, noted=True)
    assert said(decided(an_account(a_receivable(days_late=60), touches=(rang,)), a_strategy(LAST))) == step


def test_an_invoice_that_comes_late_is_a_contact_and_no_word() -> None:
    """It keeps others away for the gap, but opens no case: the books do not say whether it came before."""
    sent = a_touch(INVOICE_SENT, days_ago=6, case=None, channel="platform", noted=True)
    overdue, lately = a_receivable(days_late=50), msgspec.structs.replace(sent, on=TODAY - days(1))
    assert said(decided(an_account(overdue, touches=(sent,)))) == ["first"]
    assert waits(decided(an_account(overdue, touches=(lately,)))) == ("first", TODAY + days(4))
    assert not said(decided(an_account(overdue, touches=(sent,)), a_strategy(LAST)))
    slow = a_strategy(f"{STANDARD}\n[start]\nramp = 2\n")
    assert waits(decided(an_account(overdue, touches=(sent,), first_word_on=TODAY + days(9)), slow))[1] == TODAY + days(
        9
    )


def test_the_next_step_keeps_its_distance_to_the_one_that_was_said() -> None:
    """Due on 20 February, said a week late: the second step follows six days after the first, not the next day."""
    account = an_account(a_receivable(days_late=10), touches=(a_touch("first", days_ago=3),), cases=(an_open_case(),))
    assert waits(decided(account)) == ("second", date(2026, 3, 5))


def test_after_being_off_the_ladder_goes_on_at_its_own_pace() -> None:
    """domain.md 8.7: due 2 March, off until the 20th; in sequence 20 March, 26 March, 2 April."""
    strategy = a_strategy(SEQUENCE)
    invoice = a_receivable(due_on=date(2026, 3, 2))
    told: list[tuple[str, date]] = []
    for offset in range(18, 40):
        day = date(2026, 3, 2) + days(offset)
        touches = tuple(a_touch(step, days_ago=(TODAY - on).days) for step, on in told)
        account = _on(an_account(invoice, touches=touches, cases=(an_open_case(days_ago=-1),) if told else ()), day)
        told += [(step, day) for step in said(plan_account(account, strategy, Calendar(), day))]
    assert told[:3] == [("first", date(2026, 3, 20)), ("second", date(2026, 3, 26)), ("third", date(2026, 4, 2))]


def test_a_step_that_was_said_has_passed_and_so_has_all_before_it() -> None:
    account = an_account(
        a_receivable(days_late=15), touches=(a_touch("third", days_ago=6),), cases=(an_open_case(days_ago=14),)
    )
    assert waits(decided(account))[0] == "call"


def test_a_new_segment_does_not_start_again() -> None:
    """Said under another schedule on the ninth day: its own steps up to that day have passed."""
    account = an_account(
        a_receivable(days_late=15), touches=(a_touch("courtesy", days_ago=6),), cases=(an_open_case(days_ago=14),)
    )
    assert said(decided(account)) == ["third"]


def test_a_new_lead_goes_on_at_its_own_place_never_above_it() -> None:
    """The old lead heard the third step and was paid; the younger invoice, named in it, goes on at its own day."""
    account = an_account(
        a_receivable("young", days_late=8),
        touches=(a_touch("third", days_ago=6, invoices=("old", "young")),),
        cases=(an_open_case(days_ago=20),),
    )
    (reminder,) = decided(account).touchpoints
    assert (reminder.step, reminder.occasion) == ("second", "1")


def test_a_lead_that_no_message_ever_named_hears_the_ladder_from_its_start() -> None:
    account = an_account(
        a_receivable("young", days_late=2),
        touches=(a_touch("first", days_ago=20, invoices=("old",)), a_touch("third", days_ago=7, invoices=("old",))),
        cases=(an_open_case(days_ago=25),),
    )
    (reminder,) = decided(account).touchpoints
    assert (reminder.step, reminder.occasion) == ("first", "1.2")


def test_a_rejected_step_has_passed_though_nothing_was_said() -> None:
    rejected = Skipped(act="second", occasion="1", case=1, currency=EUR, on=TODAY - days(3))
    account = an_account(a_receivable(days_late=10), skipped=(rejected,), cases=(an_open_case(),))
    assert waits(decided(account))[0] == "third"


def test_nothing_comes_after_a_step_that_was_rejected_instead_of_said() -> None:
    strategy = a_strategy(STANDARD.replace("[[segment]]", AGENCY + "[[segment]]"))
    rejected = Skipped(act="final", occasion="1", case=1, currency=EUR, on=TODAY - days(20))
    account = an_account(
        a_receivable(days_late=70),
        touches=(a_touch("call", days_ago=40),),
        skipped=(rejected,),
        cases=(an_open_case(days_ago=69),),
    )
    assert not decided(account, strategy).tasks
    assert {why.code for held in decided(account, strategy).held for why in held.reasons} == {"schedule_ended"}


def test_days_counted_from_a_step_begin_when_it_was_said_however_late_that_was() -> None:
    """Fourteen days after the last letter, which was said eleven days after its own day."""
    strategy = a_strategy(STANDARD.replace("[[segment]]", AGENCY + "[[segment]]"))
    account = an_account(
        a_receivable(days_late=60),
        touches=(a_touch("call", days_ago=39), a_touch("final", days_ago=4)),
        cases=(an_open_case(days_ago=59),),
    )
    assert waits(decided(account, strategy)) == ("agency", TODAY + days(10))


def test_a_step_falls_on_the_next_day_that_allows_a_contact() -> None:
    account = an_account(a_receivable(due_on=date(2026, 3, 6)))  # the first step would be Saturday
    assert waits(decided(account, on=date(2026, 3, 6) + days(1))) == ("first", date(2026, 3, 9))


def test_a_public_holiday_of_the_customer_moves_the_step_on() -> None:
    calendar = Calendar(holidays={"DE": frozenset({TODAY})})
    decision = plan_account(an_account(a_receivable(days_late=1)), a_strategy(), calendar, TODAY)
    assert waits(decision) == ("first", TODAY + days(1))


def test_two_contacts_keep_the_gap() -> None:
    account = an_account(
        a_receivable(days_late=8), touches=(a_touch("note", days_ago=4, case=None),), cases=(an_open_case(),)
    )
    assert waits(decided(account)) == ("second", TODAY + days(1))


def test_contacts_keep_the_cap_over_all_sources() -> None:
    strategy = a_strategy(STANDARD.replace("gap   = 5", "gap   = 5\nmost  = { contacts = 2, days = 30 }"))
    touches = (a_touch("statement", days_ago=20, case=None), a_touch("nudge", days_ago=10, case=None))
    decision = decided(an_account(a_receivable(days_late=8), touches=touches), strategy)
    assert waits(decision) == ("second", TODAY + days(10))


def test_several_currencies_on_one_day_are_one_contact() -> None:
    account = an_account(
        a_receivable(),
        a_receivable("2001", currency=USD),
        touches=(a_touch("second", days_ago=0), a_touch("x", days_ago=30)),
    )
    assert [t.currency for t in decided(account).touchpoints] == [USD]


def test_a_call_that_was_agreed_for_the_day_lets_nothing_follow_that_the_gap_forbids() -> None:
    account = an_account(
        a_receivable(),
        a_receivable("2001", currency=USD),
        touches=(a_touch("call", days_ago=0), a_touch("x", days_ago=3)),
    )
    assert not decided(account).touchpoints


def test_a_nudge_moves_back_to_a_day_that_allows_a_contact() -> None:
    invoice = a_receivable(due_on=date(2026, 3, 11))  # three days before is Sunday
    account = an_account(invoice)
    assert not decided(account, on=date(2026, 3, 5)).touchpoints
    (nudge,) = decided(account, on=date(2026, 3, 6)).touchpoints
    assert (nudge.kind, nudge.amount_minor) == (TouchpointKind.NUDGE, 120_000)


def test_a_nudge_is_said_once() -> None:
    nudged = a_touch("nudge", days_ago=1, case=None, occasion=str(TODAY + days(1)))
    assert not decided(an_account(a_receivable(days_late=-1), touches=(nudged,))).touchpoints


def test_what_falls_due_on_a_day_of_which_a_nudge_was_said_is_not_nudged_under_the_same_name() -> None:
    """The key of a nudge names the day on which its oldest invoice falls due, and no key is used twice."""
    due_on = str(TODAY + days(1))
    nudged = a_touch("nudge", days_ago=6, case=None, occasion=due_on, invoices=("1041",))
    abroad = a_touch("nudge", days_ago=6, case=None, occasion=due_on, invoices=("1041",), currency=USD)
    assert not decided(an_account(a_receivable(days_late=-1), touches=(nudged,))).touchpoints
    assert said(decided(an_account(a_receivable(days_late=-1), touches=(abroad,)))) == ["nudge"]


def test_anything_overdue_folds_the_nudge_into_the_reminder() -> None:
    (reminder,) = decided(an_account(a_receivable(), a_receivable("1043", days_late=-1))).touchpoints
    assert (reminder.kind, [one.number for one in reminder.coming]) == (TouchpointKind.REMINDER, ["1043"])


def test_a_nudge_asks_for_nothing_that_credit_covers() -> None:
    account = an_account(a_receivable(days_late=-1), unapplied=(unapplied(119_000),))
    assert not decided(account).touchpoints
    decision = decided(an_account(a_receivable(days_late=-1), unapplied=(unapplied(20_000),)))
    assert [(one.amount_minor, decision.tasks) for one in decision.touchpoints] == [(100_000, ())], "not due yet"


def test_one_message_names_everything_overdue_led_by_the_oldest() -> None:
    (reminder,) = decided(an_account(a_receivable("new", days_late=2), a_receivable("old", days_late=15))).touchpoints
    assert [one.number for one in reminder.invoices] == ["old", "new"]
    assert reminder.step == "third"


def test_a_call_is_work_for_a_person_and_holds_the_amount_meanwhile() -> None:
    account = an_account(
        a_receivable(days_late=30), touches=(a_touch("third", days_ago=9),), cases=(an_open_case(days_ago=29),)
    )
    decision = decided(account)
    assert [(task.kind, task.who, task.amount_minor) for task in decision.tasks] == [("call", "owner", 120_000)]
    assert {why.code for held in decision.held for why in held.reasons} == {"handed_over"}


def test_a_ladder_without_further_steps_says_so() -> None:
    account = an_account(
        a_receivable(days_late=80), touches=(a_touch("final", days_ago=20),), cases=(an_open_case(days_ago=79),)
    )
    assert {why.code for held in decided(account).held for why in held.reasons} == {"schedule_ended"}


def test_a_step_that_needs_approval_says_so() -> None:
    account = an_account(
        a_receivable(days_late=50), touches=(a_touch("call", days_ago=29),), cases=(an_open_case(days_ago=49),)
    )
    assert [(t.step, t.approval) for t in decided(account).touchpoints] == [("final", True)]


def test_the_window_is_the_customers_own_hours() -> None:
    (reminder,) = decided(an_account(a_receivable(), time_zone="America/New_York")).touchpoints
    assert (reminder.window.opens.hour, reminder.window.closes.hour) == (14, 21)


def _on(account: Account, day: date) -> Account:
    ledger = msgspec.structs.replace(account.ledger, today=day, pulled_on=day, reconciled_on=day)
    return msgspec.structs.replace(account, ledger=ledger)
