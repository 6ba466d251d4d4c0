"""However much there is of an account, deciding reads each part of it so many times and no more."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, Final

from strategy.agreements import Claim, DisputeOutcome, Hold, HoldKind, Promise
from strategy.model import CustomerId, InvoiceId
from strategy.statement import Aside, AsideReason, Statement, open_items
from strategy.touches import Case
from tests.strategy.builders import (
    EUR,
    STANDARD,
    TODAY,
    a_customer,
    a_receivable,
    a_settlement,
    a_strategy,
    a_touch,
    an_account,
    days,
    decided,
    unapplied,
)
from tests.strategy.plan_builders import STRATEGY, a_plan, disputed, held

VALID: Final[dict[str, Any]] = {
    "outcome": DisputeOutcome.VALID,
    "resolved_on": TODAY,
    "credit_minor": 50_000,
    "counted_minor": 100_000,
}
"""They are right; the credit that the books have was there before."""


class Counted:
    """Records of an account that count how often somebody goes through them."""

    def __init__(self, records: Iterable[Any]) -> None:
        self.records = tuple(records)
        self.times = 0

    def __iter__(self) -> Iterator[Any]:
        self.times += 1
        return iter(self.records)


PATIENT = a_strategy(STANDARD.replace("[holds]", "[holds]\npromise = { times = 100 }"))


def times_read_for_promises(invoices: int, in_one: int) -> int:
    """How often settlements are gone through where so many invoices are promised, so many at once, and paid in part."""
    rows = [a_receivable(str(1000 + n)) for n in range(invoices)]
    made: dict[str, Any] = {"made_on": TODAY - days(2), "promised_on": TODAY + days(5), "currency": EUR}
    promises = (
        Promise(id=n, amounts=tuple((one.invoice_id, 50_000) for one in rows[n : n + in_one]), **made)
        for n in range(0, invoices, in_one)
    )
    paid = Counted(a_settlement(days_late=1, days_ago=1, amount=10_000, invoice_id=one.invoice_id) for one in rows)
    held = decided(an_account(*rows, promises=tuple(promises), settlements=paid), PATIENT).held
    assert [one.amount_minor for one in held] == [40_000] * invoices
    return paid.times


def test_promises_of_many_invoices_are_worked_out_once_for_all_of_them() -> None:
    assert times_read_for_promises(30, 30) == times_read_for_promises(30, 1) == times_read_for_promises(2, 2)


def times_agreements_are_read(invoices: int) -> dict[str, int]:
    """How often each kind is gone through where so many invoices are disputed, said to be paid, and held."""
    rows = [a_receivable(str(1000 + n)) for n in range(invoices)]
    kinds = {
        "settlements": Counted(a_settlement(days_late=1, by_payment=False, invoice_id=one.invoice_id) for one in rows),
        "disputes": Counted(disputed(id=n, invoice_id=one.invoice_id, **VALID) for n, one in enumerate(rows)),
        "claims": Counted(
            Claim(id=n, invoices=frozenset({one.invoice_id}), claimed_on=TODAY, until=TODAY + days(7))
            for n, one in enumerate(rows)
        ),
        "holds": Counted(
            Hold(id=n, kind=HoldKind.RETENTION, invoice_id=one.invoice_id, since=TODAY, until=None, reason="5 %")
            for n, one in enumerate(rows)
        ),
    }
    held = decided(an_account(*rows, **kinds)).held
    assert [one.reasons[0].code for one in held] == ["credit_expected", "claimed_paid"] * invoices
    return {name: kind.times for name, kind in kinds.items()}


def test_what_was_agreed_is_read_once_for_all_invoices() -> None:
    assert times_agreements_are_read(30) == times_agreements_are_read(2)


def times_receivables_are_read(agreed: int) -> tuple[int, int]:
    """How often receivables, and what was asked before, are gone through where so many promises were broken, and so
    many parts of invoices are held.
    """
    rows = [a_receivable(str(1000 + n)) for n in range(agreed)]
    made: dict[str, Any] = {"made_on": TODAY - days(40), "promised_on": TODAY - days(30), "currency": EUR}
    broken = (Promise(id=n, amounts=((one.invoice_id, 100),), **made) for n, one in enumerate(rows))
    holds = (
        Hold(id=n, kind=kind, invoice_id=one.invoice_id, since=TODAY, until=None, reason="5 %", amount_minor=100)
        for n, (one, kind) in enumerate(product(rows, (HoldKind.FACTORED, HoldKind.INSURED)))
    )
    receivables, done = Counted(rows), Counted(("exclusion", str(n), EUR) for n in range(9))
    account = an_account(receivables=receivables, done=done, promises=tuple(broken), holds=tuple(holds))
    acts = Counter(one.act for one in decided(account).tasks)
    assert acts == {"promise-broken": agreed, "exclusion": 2 * agreed - 9, "holds-disagree": agreed}
    return receivables.times, done.times


def test_what_is_to_be_asked_is_looked_up_once_for_all_that_was_agreed() -> None:
    assert times_receivables_are_read(30) == times_receivables_are_read(5)


def times_read_for_plans(count: int) -> dict[str, int]:
    """How often each kind is gone through where there are so many plans, none of them kept for months."""
    rows = [a_receivable(str(1000 + n), days_late=120) for n in range(count)]
    kinds = {
        "receivables": Counted(rows),
        "settlements": Counted(
            a_settlement(days_late=0, invoice_id=one.invoice_id, amount=100, by_payment=False) for one in rows
        ),
    }
    agreed = {"made_on": TODAY - days(110), "accepted_on": TODAY - days(110), "first_on": TODAY - days(100)}
    plans = (a_plan(id=n, amounts=((one.invoice_id, 120_000),), **agreed) for n, one in enumerate(rows))
    tasks = decided(an_account(plans=tuple(plans), **kinds)).tasks
    assert sum(one.act == "plan-missed" for one in tasks) == count
    return {name: kind.times for name, kind in kinds.items()}


def test_what_was_paid_is_read_once_for_all_plans() -> None:
    assert times_read_for_plans(20) == times_read_for_plans(2)


def times_read_for_instalments(count: int) -> dict[str, int]:
    """How often each kind is gone through where so many plans are kept, an instalment of each is late, and it was
    spoken of.
    """
    rows = [a_receivable(str(1000 + n), days_late=60) for n in range(count)]
    said = (a_touch("late", days_ago=9, case=None, occasion=f"plan-{n}.1") for n in range(count))
    kinds = {"receivables": Counted(rows), "touches": Counted(said)}
    plans = (a_plan(id=n, amounts=((one.invoice_id, 120_000),), first_on=TODAY) for n, one in enumerate(rows))
    late = an_account(plans=tuple(plans), unapplied=(unapplied(100),), **kinds)
    decision = decided(late, STRATEGY)
    assert (decision.touchpoints, held(decision, "planned")) == ((), 120_000 * count - 100)
    return {name: kind.times for name, kind in kinds.items()}


def test_what_was_said_of_instalments_is_looked_up_once_for_all_plans() -> None:
    assert times_read_for_instalments(20) == times_read_for_instalments(2)


def times_contacts_are_read_for_thanks(cases: int) -> int:
    """How often contacts are gone through where so many cases are over, the last of them not long ago."""
    touches = Counted([a_touch("first", days_ago=40, case=cases)])
    over = (
        Case(number=n + 1, currency=EUR, opened_on=TODAY - days(50), closed_on=TODAY - days(2)) for n in range(cases)
    )
    strategy = a_strategy(STANDARD + '[thanks]\nsay = "thanks"\n')
    paid = (a_settlement(days_late=5, days_ago=2),)
    (thanks,) = decided(an_account(touches=touches, cases=tuple(over), settlements=paid), strategy).touchpoints
    assert thanks.occasion == str(cases)
    return touches.times


def test_whether_an_account_may_be_thanked_is_asked_once_for_all_its_cases() -> None:
    assert times_contacts_are_read_for_thanks(20) == times_contacts_are_read_for_thanks(2)


class Compared(str):
    """A name of an invoice that counts how often it is compared, except with itself."""

    __slots__ = ()
    times = 0

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        Compared.times += 1
        return str.__ne__(self, other)

    __hash__ = str.__hash__


def comparisons(*days_late: int, **changes: Any) -> int:
    """How often names of invoices are compared to decide an account with invoices that are so many days late."""
    names = [Compared(f"{1000 + n}") for n in range(len(days_late))]
    rows = [
        a_receivable(str(name), invoice_id=InvoiceId(name), days_late=late)
        for name, late in zip(names, days_late, strict=True)
    ]
    Compared.times = 0
    decided(an_account(*rows, **changes))
    return Compared.times


def test_what_is_not_due_is_not_held_against_everything_else_that_is_held() -> None:
    assert comparisons(*[-20] * 30) < 30


def test_what_a_nudge_leaves_out_is_not_held_against_everything_that_it_names() -> None:
    assert comparisons(*[-3] * 30, *[-20] * 30) < 60


def times_contacts_are_read(invoices: int) -> int:
    """How often contacts are gone through where so many invoices are due within three days."""
    touches = Counted(a_touch("nudge", days_ago=40 + n, invoices=("1",), occasion="2025-12-01") for n in range(9))
    rows = [a_receivable(str(1000 + n), days_late=-1 - n % 3) for n in range(invoices)]
    said = decided(an_account(*rows, touches=touches)).touchpoints
    assert [len(one.invoices) for one in said] == [invoices]
    return touches.times


def test_what_was_said_of_each_invoice_that_is_coming_is_looked_up_once() -> None:
    assert times_contacts_are_read(30) == times_contacts_are_read(3)


def test_a_statement_puts_what_is_set_aside_and_whose_it_is_together_by_name() -> None:
    names = [Compared(f"{1000 + n}") for n in range(30)]
    jobs = tuple(a_customer(id=CustomerId(Compared(f"job-{n}")), name=f"Job {n:02}") for n in range(30))
    rows = [
        a_receivable(str(name), invoice_id=InvoiceId(name), customer_id=job.id)
        for name, job in zip(names, jobs, strict=True)
    ]
    asides = [Aside(invoice_id=one.invoice_id, reason=AsideReason.PROMISED, amount_minor=1) for one in rows]
    Compared.times = 0
    statement = open_items(an_account(*rows, members=jobs), EUR, TODAY, asides)
    assert isinstance(statement, Statement)
    assert (len(statement.sections), statement.arranged_minor) == (30, 30)
    assert Compared.times < 120
