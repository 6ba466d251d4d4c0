"""Accounts with a payment plan, as tests of plans need them."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from strategy import plans
from strategy.account import Account
from strategy.agreements import Dispute, DisputeOutcome, Plan
from strategy.decision import Decision, TouchpointKind
from strategy.plans import Standing, judge
from strategy.rules import DisputeStops, PlanRule
from tests.strategy.builders import (
    EUR,
    LUND,
    NO_HOLIDAYS,
    STANDARD,
    TODAY,
    a_receivable,
    a_settlement,
    a_strategy,
    an_account,
    an_open_case,
    days,
)

PLAN = """
[plan]
schedule = "instalments"

[schedule.instalments]
soon = { at = "due - 3", say = "instalment" }
late = { at = "due + 2", say = "instalment-late" }
"""


STRATEGY = a_strategy(STANDARD + PLAN)
CALLS = a_strategy(STANDARD + PLAN.replace(" }", ', by = ["call"] }'))
"""By telephone alone."""


def a_plan(**changes: Any) -> Plan:
    """1,000.00 in three parts, one a month; the first was due three weeks ago."""
    defaults: dict[str, Any] = {
        "id": 1,
        "currency": EUR,
        "amounts": ((LUND, 100_000),),
        "made_on": TODAY - days(30),
        "accepted_on": TODAY - days(30),
        "instalments": 3,
        "first_on": TODAY - days(21),
    }
    return Plan(**{**defaults, **changes})


def a_rule(**changes: Any) -> PlanRule:
    return replace(STRATEGY.plan, **changes)


def paid(amount: int, ago: int = 21, **changes: Any) -> Any:
    return a_settlement(days_late=0, days_ago=ago, amount=amount, **{"invoice_id": LUND} | changes)


def an_account_with(plan: Plan, *settlements: Any, left: int | None = None, **changes: Any) -> Account:
    """What is open is what was planned less what was settled, unless said otherwise."""
    settled = sum(one.amount_minor for one in settlements)
    open_minor = plan.total_minor - settled if left is None else left
    rows = (a_receivable(amount=plan.total_minor, open_minor=open_minor, days_late=60),) if open_minor else ()
    given: dict[str, Any] = {"plans": (plan,), "settlements": settlements, "cases": (an_open_case(),)}
    return an_account(*rows, **given | changes)


def judged(
    account: Account, rule: PlanRule | None = None, on: date = TODAY, stops: DisputeStops = DisputeStops.PART
) -> plans.Judged:
    holds = replace(STRATEGY.holds, dispute=stops)
    (one,) = judge(account, replace(STRATEGY, plan=rule or a_rule(), holds=holds), NO_HOLIDAYS, on)
    return one


def standing(
    account: Account, rule: PlanRule | None = None, on: date = TODAY, stops: DisputeStops = DisputeStops.PART
) -> Standing:
    return judged(account, rule, on, stops).standing


def disputed(amount: int | None = None, *, ago: int = 25, ended: int | None = None, **changes: Any) -> Dispute:
    """Opened before the first instalment was due, unless said otherwise; `ended` so many days ago, nothing credited."""
    over = None if ended is None else TODAY - days(ended)
    outcome = None if over is None else DisputeOutcome.INVALID
    defaults = {
        "id": 1,
        "invoice_id": LUND,
        "amount_minor": amount,
        "category": "price",
        "opened_on": TODAY - days(ago),
    }
    resolved = {"outcome": outcome, "resolved_on": over, "closed_on": over, "credit_minor": over and 0}
    return Dispute(**{**defaults, **resolved, **changes})


def asked(decision: Decision) -> list[tuple[str, int]]:
    return [(said.step, said.amount_minor) for said in decision.touchpoints if said.kind is not TouchpointKind.NOTICE]


def held(decision: Decision, code: str) -> int:
    return sum(one.amount_minor for one in decision.held if one.reasons[0].code == code)
