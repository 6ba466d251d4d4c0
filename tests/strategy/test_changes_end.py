"""What a sentence says to type ends the reason beside which it stands: all of them are done here."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

import pytest
from msgspec.structs import replace

from strategy.account import Account, Profile, Role, TieOut, TieOutState
from strategy.agreements import Claim, DisputeOutcome, Hold, HoldKind, Promise
from strategy.business_days import Calendar
from strategy.changes import CHANGES, WITHOUT, change, whose
from strategy.decision import Decision, Reason, TouchpointKind, reason
from strategy.explain import sentence
from strategy.model import Sent, Switch
from strategy.plan import plan_account
from strategy.rules import Strategy
from strategy.touches import Failures
from tests.strategy.agency_builders import placed
from tests.strategy.builders import (
    EUR,
    LUND,
    STANDARD,
    TODAY,
    a_customer,
    a_dispute,
    a_ledger,
    a_receivable,
    a_strategy,
    a_touch,
    an_account,
    days,
    decided,
)
from tests.strategy.plan_builders import PLAN, a_plan, an_account_with
from tests.strategy.test_before_action import late
from tests.strategy.test_before_action import text as with_a_last_letter
from tests.strategy.typing_commands import after, typed

ROW: Final = "1a2b3c4d"
"""A message that waits in the outbox."""

CLOSED: Final = STANDARD.replace('days  = "mon-fri"', 'days  = "tue-fri"')
"""Today, a Monday, is no day for contacts."""

RUN: Final = STANDARD.replace("gap   = 5", "gap   = 5\nrun = 2")
TO_OTHERS: Final = STANDARD.replace('"reminder" }', '"reminder", to = ["owner", "manager"] }')
OWNER: Final = Role(role="owner", name="", email="mats@lund.example")
NOBODY: Final = a_customer(emails=())


def failed(address: str, **changes: object) -> Account:
    """Three messages to the address failed."""
    return owing(failures={("second", "1", EUR): Failures(count=3, to=((address,),) * 3)}, **changes)


def owing(**changes: object) -> Account:
    """1,200.00, ten days overdue."""
    return an_account(a_receivable(), **changes)


def odd(**changes: object) -> Account:
    return an_account(replace(a_receivable(), **changes))


def disputed(**changes: object) -> Account:
    return owing(disputes=(a_dispute(**changes),))


def a_hold(kind: HoldKind, until: date | None = None) -> tuple[Hold, ...]:
    return (Hold(id=4, kind=kind, invoice_id=None, since=TODAY, until=until, reason="so"),)


PROMISE: Final = Promise(id=1, made_on=TODAY, promised_on=TODAY + days(5), currency=EUR, amounts=((LUND, 120_000),))
CLAIM: Final = Claim(id=2, invoices=frozenset({LUND}), claimed_on=TODAY, until=TODAY + days(7))
UNKNOWN_LAW: Final = a_strategy(with_a_last_letter())
NEVER_SAID: Final = a_strategy(re.sub(r"(?m)^(nudge|first|second|third|call) .*\n", "", with_a_last_letter()))

CASES: Final[dict[str, tuple[Account, str | Strategy]]] = {
    "step_due": (owing(), STANDARD),
    "early_step": (an_account(a_receivable(days_late=-3)), STANDARD),
    "instalment_due": (an_account_with(a_plan(first_on=TODAY + days(3))), STANDARD + PLAN),
    "statement_due": (
        an_account(a_receivable(days_late=-20)),
        STANDARD.replace("[amounts]", 'statement = { on = "month start + 1" }\n\n[amounts]'),
    ),
    "gap": (owing(touches=(a_touch("noted", days_ago=2, case=None, noted=True),)), STANDARD),
    "closed_day": (owing(), CLOSED),
    "payment_run": (owing(profile=Profile(run="fri")), RUN),
    "review": (owing(), STANDARD + "\n[start]\nreview = 5\n"),
    "opens_with_final": (replace(late("company", "DE"), touches=()), NEVER_SAID),
    "law_wants_country": (late("company", None), UNKNOWN_LAW),
    "law_wants_form": (late(None, "GB"), UNKNOWN_LAW),
    "law_not_known": (late("company", "ES"), UNKNOWN_LAW),
    "law_asks": (late("consumer", "GB"), UNKNOWN_LAW),
    "they_wrote": (owing(wrote_on=TODAY), STANDARD),
    "undeliverable": (failed("mats@lund.example", profile=Profile(roles=(OWNER,))), TO_OTHERS),
    "no_address": (owing(customer=NOBODY), TO_OTHERS),
    "disputed": (disputed(), STANDARD),
    "credit_expected": (
        disputed(outcome=DisputeOutcome.VALID, resolved_on=TODAY, credit_minor=120_000, amount_minor=120_000),
        STANDARD,
    ),
    "claimed_paid": (owing(claims=(CLAIM,)), STANDARD),
    "promised": (owing(promises=(PROMISE,)), STANDARD),
    "planned": (an_account_with(a_plan(first_on=TODAY + days(20))), STANDARD + PLAN),
    "never_sent": (odd(sent=Sent.NO), STANDARD),
    "unreadable": (odd(unreadable=True), STANDARD),
    "history_incomplete": (odd(doubtful_minor=5_000), STANDARD),
    "platform_says_less": (
        owing(tie_outs=(TieOut(currency=EUR, state=TieOutState.LESS, ours_minor=120_000, theirs_minor=100_000),)),
        STANDARD,
    ),
    "placed": (placed(agency=None), STANDARD),
    "pull_stale": (owing(ledger=a_ledger(pulled_on=TODAY - days(4))), STANDARD),
    "books_not_reconciled": (owing(ledger=a_ledger(reconciled_on=None)), STANDARD),
    "platform_reminders_on": (owing(ledger=a_ledger(reminders=Switch.ON)), STANDARD),
    "customer_unreadable": (owing(unreadable=("Lund",)), STANDARD),
    **{kind: (owing(holds=a_hold(kind, TODAY + days(9))), STANDARD) for kind in HoldKind},
}
"""An account that has the reason, and by which strategy."""

OTHERWISE: Final[dict[str, tuple[Account, str | Strategy]]] = {
    **{code: CASES[code] for code in ("step_due", "early_step", "instalment_due")},
    "promised": (
        owing(
            promises=(replace(PROMISE, made_on=TODAY - days(9), promised_on=TODAY - days(4)),),
            ledger=a_ledger(reconciled_on=TODAY - days(5)),
        ),
        STANDARD,
    ),
    "undeliverable": (failed("ap@lund.example"), STANDARD),
    "no_address": (owing(customer=NOBODY), STANDARD),
    **{kind: (owing(holds=a_hold(kind)), STANDARD) for kind in HoldKind},
}
"""The same for what is said where a fact is not known."""


def reasons(decision: Decision) -> Iterator[Reason]:
    """Why something is held, or said to the customer."""
    yield from (why for held in decision.held for why in held.reasons)
    yield from (why for said in decision.touchpoints if said.kind is not TouchpointKind.NOTICE for why in said.why)


def test_every_sentence_with_a_command_that_does_something_is_tried() -> None:
    assert set(CASES) == {code for code, text in CHANGES.items() if typed(text)}
    assert set(OTHERWISE) == {code for code, text in WITHOUT.items() if typed(text)}


@pytest.mark.parametrize(
    ("code", "row", "account", "text"),
    [
        *((code, ROW, account, strategy) for code, (account, strategy) in CASES.items()),
        *((code, None, account, strategy) for code, (account, strategy) in OTHERWISE.items()),
    ],
)
def test_whoever_does_what_a_sentence_says_has_ended_the_reason(
    code: str, row: str | None, account: Account, text: str | Strategy
) -> None:
    strategy = a_strategy(text) if isinstance(text, str) else text
    before = decided(account, strategy)
    why = next(one for one in reasons(before) if one.code == code)
    said = change(why, whose(account, TODAY, row))
    assert said is not None
    done = decided(after(account, before, said), strategy)
    assert code not in {one.code for one in reasons(done)}, said


def test_a_public_holiday_is_kept_whatever_days_are_set() -> None:
    account = owing()
    holidays = Calendar(holidays={"DE": frozenset({TODAY})})
    for strategy in (a_strategy(), a_strategy(CLOSED)):
        (held,) = plan_account(account, strategy, holidays, TODAY).held
        (closed,) = (why for why in held.reasons if why.code == "closed_day")
        said = change(closed, whose(account, TODAY))
        assert said == "A public holiday is kept, whatever days are set for this customer."


def test_an_address_is_missing_for_those_whom_the_step_is_to() -> None:
    (held,) = decided(owing(customer=NOBODY), a_strategy(TO_OTHERS)).held
    (said,) = map(sentence, held.reasons)
    assert said == 'Step "second" reaches nobody: owner or manager has no address that works; add one.'


def test_a_task_of_an_earlier_version_is_told_without_the_roles() -> None:
    assert sentence(reason("no_address", step="first")) == (
        'Step "first" reaches nobody: whoever it is to has no address that works; add one.'
    )
