"""Accounts that an agency has, as tests of placements and of what the agency is told need them."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from strategy.account import Account, Agency, Receivable
from strategy.agreements import Claim
from strategy.decision import Decision
from strategy.touches import CameOf, Handed
from tests.strategy.builders import (
    EUR,
    LUND,
    TODAY,
    a_dispute,
    a_ledger,
    a_receivable,
    an_account,
    an_open_case,
    days,
)

PLACED = CameOf(
    task=4,
    act="agency",
    occasion="1",
    case=1,
    currency=EUR,
    on=TODAY - days(5),
    outcome="placed",
    what="northgate",
    handed=(Handed(invoice_id=LUND, open_minor=120_000, paid_minor=0),),
)
RECALLED = replace(PLACED, task=5, act="recall", occasion="4-by-hand", case=None, outcome="recalled")
NORTHGATE = Agency(name="Northgate Ltd", to="cases@northgate.example", acknowledge=3)
DISPUTED = {"disputes": (a_dispute(),)}
CLAIMED = {"claims": (Claim(id=8, invoices=frozenset({LUND}), claimed_on=TODAY, until=TODAY + days(7)),)}


def open_now(amount: int) -> Receivable:
    """The invoice that was placed, with so much open."""
    return a_receivable(days_late=60, open_minor=amount)


def placed(*came: CameOf, agency: Agency | None = NORTHGATE, **changes: Any) -> Account:
    """Placed with Northgate five days ago, unless `came` says otherwise; `agency` None: it has no settings."""
    agencies: Mapping[str, Agency] = {} if agency is None else {"northgate": agency}
    account = an_account(
        open_now(120_000),
        ledger=a_ledger(agencies=agencies),
        cases=(an_open_case(days_ago=60),),
        came=came or (PLACED,),
    )
    return replace(account, **changes)


def asked(decision: Decision) -> list[str]:
    """What our own people are asked about the agency."""
    return [task.why[0].code for task in decision.tasks if task.kind in {"recall", "pack unconfirmed"}]
