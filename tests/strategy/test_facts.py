"""What is measured of an account, and what is left unknown."""

from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from strategy.account import Invoiced, Profile
from strategy.agreements import Claim, Dispute, HoldKind, Promise
from strategy.facts.measuring import measure
from strategy.model import CustomerId, InvoiceId
from strategy.promises import Judged, Verdict
from strategy.text.grammar.facts import FACTS, HABITS
from strategy.touches import Bounce, CameOf
from tests.strategy.builders import (
    EUR,
    TODAY,
    USD,
    a_customer,
    a_hold,
    a_receivable,
    a_settlement,
    a_touch,
    an_account,
    an_open_case,
    days,
    facts,
    settled,
    unapplied,
)


def test_money_is_measured_per_currency_and_never_added() -> None:
    found = facts(a_receivable(), a_receivable("2", currency=USD, days_late=-3), unapplied=(unapplied(20_000),))
    assert found.money["balance"] == {EUR: 120_000, USD: 120_000}
    assert found.money["overdue"] == {EUR: 120_000, USD: 0}
    assert found.money["exposure"] == {EUR: 100_000, USD: 120_000}


def test_the_oldest_overdue_invoice_counts_the_days() -> None:
    assert facts(a_receivable(), a_receivable("2", days_late=40)).numbers["overdue_days"] == 40
    assert facts(a_receivable(days_late=-4)).numbers["overdue_days"] == 0


def test_an_account_is_known_since_its_first_invoice() -> None:
    assert facts(first_invoice_on=TODAY - days(90)).numbers["known_days"] == 90


def test_touches_are_those_of_open_cases() -> None:
    touches = (a_touch("first", days_ago=9), a_touch("first", days_ago=200, case=0))
    assert facts(touches=touches, cases=(an_open_case(),)).numbers["touches"] == 1


def test_contacts_that_others_made_count_from_the_day_on_which_a_case_began() -> None:
    noted = [replace(a_touch("noted", days_ago=n, case=None), noted=True) for n in (2, 9, 200)]
    case = an_open_case(days_ago=9)
    assert facts(touches=tuple(noted), cases=(case,)).numbers["touches"] == 2
    assert facts(touches=tuple(noted), cases=(replace(case, closed_on=TODAY),)).numbers["touches"] == 0
    receipt = a_touch("receipt", days_ago=2, case=None)
    assert facts(touches=(receipt,), cases=(case,)).numbers["touches"] == 0, "what was said before it was due"


def test_the_profile_wins_over_the_books() -> None:
    profile = Profile(method="cheque", lists=("key accounts",))
    found = facts(customer=a_customer(groups=("Retail",)), method="Check", profile=profile)
    assert found.words["method"] == ("cheque",)
    assert (found.words["group"], found.words["list"]) == (("Retail",), ("key accounts",))


def a_promise() -> Promise:
    return Promise(id=1, made_on=TODAY, promised_on=TODAY, currency=EUR, amounts=((InvoiceId("7"), 100),))


@pytest.mark.parametrize(
    ("paid", "known", "new"), [(2, 89, True), (3, 89, False), (2, 90, False), (3, 90, False), (0, None, True)]
)
def test_habits_want_three_paid_invoices_or_ninety_days(paid: int, known: int | None, new: bool) -> None:
    first = None if known is None else TODAY - days(known)
    found = facts(
        a_receivable(days_late=50),
        settlements=settled(*[2] * 6),
        invoiced=(Invoiced(currency=EUR, year_minor=100, quarter_minor=50),),
        paid_invoices=paid,
        first_invoice_on=first,
    )
    assert found.flags["new"] is new
    assert bool(HABITS & {*found.numbers, *found.flags}) is not new


def test_the_limit_that_is_most_used_speaks() -> None:
    profile = Profile(credit_limit={EUR: 240_000, USD: 120_000})
    found = facts(a_receivable(), a_receivable("2", currency=USD), unapplied=(unapplied(60_000),), profile=profile)
    assert found.numbers["limit_used"] == 1


def test_more_than_the_limit_is_more_than_all_of_it() -> None:
    assert facts(a_receivable(), profile=Profile(credit_limit={EUR: 60_000})).numbers["limit_used"] == 2
    assert facts(a_receivable(amount=1), profile=Profile(credit_limit={EUR: 0})).numbers["limit_used"] == 1


def test_without_a_limit_its_use_is_unknown() -> None:
    assert "limit_used" not in facts(a_receivable()).numbers


def a_dispute(amount: int | None, days_ago: int = 10, **changes: Any) -> Dispute:
    return Dispute(
        id=1,
        invoice_id=changes.pop("invoice_id", InvoiceId("7")),
        amount_minor=amount,
        category="price",
        opened_on=TODAY - days(days_ago),
        currency=EUR,
        invoiced_minor=40_000,
        **changes,
    )


OF_ANOTHER = a_dispute(None, invoice_id=InvoiceId("8"))


@pytest.mark.parametrize(
    ("parts", "disputed"),
    [((30_000,), 30_000), ((60_000, 40_000), 50_000), ((60_000, None), 50_000), ((10_000, 20_000), 30_000)],
)
def test_no_more_is_disputed_of_an_invoice_than_is_open(parts: tuple[int | None, ...], disputed: int) -> None:
    """Of another, wholly disputed, all of it."""
    disputes = (*(replace(a_dispute(one), id=n) for n, one in enumerate(parts)), replace(OF_ANOTHER, id=9))
    found = facts(a_receivable("7", amount=50_000), a_receivable("8", amount=700), disputes=disputes)
    assert found.money["disputed"] == {EUR: disputed + 700}


@pytest.mark.parametrize(
    ("disputes", "rate"),
    [
        ((), Fraction(0)),
        ((a_dispute(10_000),), Fraction(1, 10)),
        ((a_dispute(None, closed_on=TODAY),), Fraction(2, 5)),
        ((a_dispute(30_000), a_dispute(30_000)), Fraction(2, 5)),
        ((a_dispute(10_000, days_ago=365),), Fraction(0)),
    ],
)
def test_the_dispute_rate_is_of_what_was_invoiced_in_a_year(disputes: tuple[Dispute, ...], rate: Fraction) -> None:
    """Settled disputes count too, and no invoice is disputed by more than the whole of it."""
    invoiced = (Invoiced(currency=EUR, year_minor=100_000, quarter_minor=0),)
    assert facts(disputes=disputes, invoiced=invoiced).numbers["dispute_rate"] == rate
    assert "dispute_rate" not in facts(disputes=disputes).numbers


@pytest.mark.parametrize(
    ("year", "quarter", "known", "change"),
    [
        (365, 90, 730, Fraction(0)),  # one a day all along
        (320, 45, 730, Fraction(-1, 2)),
        (180, 90, 180, Fraction(0)),  # known for half a year: a quarter beside a quarter
        (90, 90, 179, None),
        (90, 90, 730, None),
    ],
)
def test_the_volume_is_the_last_quarter_beside_those_before(
    year: int, quarter: int, known: int, change: Fraction | None
) -> None:
    invoiced = (Invoiced(currency=EUR, year_minor=year, quarter_minor=quarter),)
    found = facts(invoiced=invoiced, first_invoice_on=TODAY - days(known))
    assert found.numbers.get("volume_change") == change


@pytest.mark.parametrize(
    ("year_credited", "quarter_credited", "change"),
    [
        (275, 0, None),  # all that there was before
        (100, 0, Fraction(4, 7)),  # 175 in 275 days, then 90 in 90
        (45, 45, Fraction(-1, 2)),
        (400, 400, Fraction(-1)),  # of invoices of the year before
    ],
)
def test_credit_notes_take_off_the_volume_of_their_own_days(
    year_credited: int, quarter_credited: int, change: Fraction | None
) -> None:
    of_a_year = Invoiced(
        currency=EUR,
        year_minor=365,
        quarter_minor=90,
        year_credited_minor=year_credited,
        quarter_credited_minor=quarter_credited,
    )
    assert facts(invoiced=(of_a_year,)).numbers.get("volume_change") == change


def test_who_is_right_in_a_dispute_does_not_dispute_more_of_what_was_invoiced() -> None:
    """Half of it was disputed, and credited."""
    invoiced = Invoiced(currency=EUR, year_minor=80_000, quarter_minor=0, year_credited_minor=40_000)
    closed = a_dispute(None, closed_on=TODAY)
    assert facts(disputes=(closed,), invoiced=(invoiced,)).numbers["dispute_rate"] == Fraction(1, 2)


@pytest.mark.parametrize(
    ("changes", "insolvent"),
    [({}, True), ({"until": TODAY}, True), ({"until": TODAY - days(1)}, False), ({"ended_on": TODAY}, False)],
)
def test_an_account_is_insolvent_while_a_hold_says_so(changes: dict[str, Any], insolvent: bool) -> None:
    assert facts(holds=(a_hold(HoldKind.INSOLVENT, **changes),)).flags["insolvent"] is insolvent


@pytest.mark.parametrize("kind", list(HoldKind))
def test_every_hold_of_a_person_is_a_flag(kind: HoldKind) -> None:
    flags = facts(holds=(a_hold(kind),)).flags
    assert {other for other in HoldKind if flags[other]} == {kind}


def test_one_invoice_at_rest_is_no_paused_account_but_one_that_is_sold_says_something() -> None:
    flags = facts(holds=tuple(a_hold(kind, invoice_id=InvoiceId("7")) for kind in HoldKind)).flags
    assert {kind for kind in HoldKind if not flags[kind]} == {HoldKind.PAUSED, HoldKind.OPTED_OUT}


def test_an_account_has_promised_while_a_promise_rests() -> None:
    made = a_promise()
    pending, broken = (
        Judged(promise=made, deadline=TODAY, verdict=one, left={}) for one in (Verdict.PENDING, Verdict.BROKEN)
    )
    assert measure(an_account(), (broken, pending), TODAY).flags["promised"] is True
    assert measure(an_account(), (broken,), TODAY).flags["promised"] is False


def test_an_account_has_claimed_while_the_claim_rests() -> None:
    claim = Claim(id=1, invoices=frozenset({InvoiceId("7")}), claimed_on=TODAY, until=TODAY)
    assert facts(claims=(claim,)).flags["claimed"] is True
    assert facts(claims=(replace(claim, closed_on=TODAY),)).flags["claimed"] is False


def test_an_overdue_invoice_with_a_payment_on_it_is_paid_in_part() -> None:
    part = a_settlement(days_late=1, invoice_id=InvoiceId("1042"))
    assert facts(a_receivable(), settlements=(part,)).flags["part_paid"] is True
    assert facts(a_receivable(days_late=-9), settlements=(part,)).flags["part_paid"] is False
    assert facts(a_receivable(), settlements=(replace(part, by_payment=False),)).flags["part_paid"] is False
    assert facts(a_receivable(paid_minor=500)).flags["part_paid"] is False  # a deposit


def test_what_is_measured_are_the_facts_of_the_text() -> None:
    """Of an account that has everything."""
    account = an_account(
        settlements=(*settled(*[2] * 6), *(a_settlement(days_late=2, days_ago=120 + n) for n in range(3))),
        method="Cheque",
        invoiced=(Invoiced(currency=EUR, year_minor=100, quarter_minor=50),),
        profile=Profile(legal_form="company", lists=("VIP",), credit_limit={EUR: 1}, po_required=False),
        cases=(an_open_case(),),
        came=(came(),),
    )
    kept = Judged(promise=a_promise(), deadline=TODAY, verdict=Verdict.KEPT, left={})
    found = measure(account, (kept,), TODAY, language="de")
    assert {*found.money, *found.numbers, *found.words, *found.flags} - {"call.outcome"} == FACTS.keys()
    assert FACTS.keys() >= HABITS


def came(outcome: str = "no_answer", **changes: Any) -> CameOf:
    asked = CameOf(task=1, act="call", occasion="1", case=1, currency=EUR, on=TODAY, outcome=outcome)
    return replace(asked, **changes)


def test_what_came_of_a_step_last_is_its_outcome() -> None:
    found = facts(cases=(an_open_case(),), came=(came(), came("promised", task=2)))
    assert found.words["call.outcome"] == ("promised",)


def test_what_came_of_a_step_in_an_earlier_case_says_nothing_of_this_one() -> None:
    found = facts(cases=(an_open_case(number=2),), came=(came(),))
    assert "call.outcome" not in found.words
    another = came(customer_id=CustomerId("child"))
    assert "call.outcome" not in facts(cases=(an_open_case(),), came=(another,)).words


def test_a_step_has_an_outcome_in_each_currency_and_a_condition_is_true_of_any() -> None:
    cases = (an_open_case(), an_open_case(currency=USD))
    found = facts(cases=cases, came=(came("unreachable"), came("answered", task=2, currency=USD)))
    assert found.words["call.outcome"] == ("unreachable", "answered")


def came_back(*, whole: bool = True, days_ago: int = 2) -> Bounce:
    on = TODAY - days(days_ago)
    return Bounce(act="first", occasion="1", case=1, currency=EUR, address="ap@lund.example", whole=whole, on=on)


def test_the_last_message_bounced_until_a_later_one_is_taken() -> None:
    back = (came_back(),)
    assert facts(bounces=back).flags["bounced"] is True
    assert facts(bounces=back, touches=(a_touch("first", days_ago=3),)).flags["bounced"] is True
    assert facts(bounces=back, touches=(a_touch("first", days_ago=1),)).flags["bounced"] is False
    assert facts(bounces=(replace(back[0], ended_on=TODAY),)).flags["bounced"] is False


def test_a_step_that_came_back_has_an_outcome_until_it_is_said_again() -> None:
    cases = (an_open_case(),)
    found = facts(cases=cases, bounces=(came_back(),))
    assert found.words["first.outcome"] == ("bounced",)
    again = facts(cases=cases, bounces=(came_back(),), touches=(a_touch("first", days_ago=1),))
    assert "first.outcome" not in again.words


def test_what_came_back_in_part_was_said_and_bounced_all_the_same() -> None:
    found = facts(cases=(an_open_case(),), bounces=(came_back(whole=False),), touches=(a_touch("first", days_ago=2),))
    assert (found.flags["bounced"], "first.outcome" in found.words) == (True, False)
