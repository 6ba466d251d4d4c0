"""What is simply so or not of an account, and its words."""

from collections.abc import Mapping
from datetime import date

from strategy.account import Account
from strategy.agreements import HoldKind
from strategy.facts.asked import Measure
from strategy.promises import Judged
from strategy.text.grammar.facts import OUTCOME
from strategy.touches import Bounce

_OF_ALL = frozenset({HoldKind.PAUSED, HoldKind.OPTED_OUT})
"""Holds that make a flag only where they are on the whole account; one exclusion on one invoice is already a flag."""


def flags(account: Account, judged: tuple[Judged, ...], as_of: date) -> Mapping[str, Measure[bool]]:
    """Every flag that needs no history."""
    standing = [hold for hold in account.holds if hold.stands(as_of)]
    held = {hold.kind for hold in standing if hold.invoice_id is None or hold.kind not in _OF_ALL}
    return {
        "promised": lambda: any(one.rests for one in judged),
        "claimed": lambda: any(claim.rests(as_of) for claim in account.claims),
        "bounced": lambda: any(not _said_since(account, one) for one in account.bounces if one.ended_on is None),
        "part_paid": lambda: _part_paid(account, as_of),
        "po_required": lambda: account.profile.po_required,
        **_NONE_HELD,
        **{kind.value: _yes for kind in held},
    }


def _yes() -> bool:
    return True


def _no() -> bool:
    return False


_NONE_HELD: Mapping[str, Measure[bool]] = {kind.value: _no for kind in HoldKind}


def _part_paid(account: Account, as_of: date) -> bool:
    """Deposits do not count, in whatever form the books have them: what came before the invoice or with it says nothing
    of what came after.
    """
    issued_on = {one.invoice_id: one.issued_on for one in account.receivables if one.due_on < as_of}
    return any(
        part.by_payment and part.settled_on > issued_on.get(part.invoice_id, date.max) for part in account.settlements
    )


def words(account: Account, language: str | None) -> dict[str, tuple[str, ...]]:
    """Those that are known. `language`: of its letters."""
    profile, customer = account.profile, account.customer
    single = {
        "method": account.pays_by,
        "country": account.country,
        "language": language,
        "legal_form": profile.legal_form,
    }
    currencies = {r.currency for r in account.receivables} or {account.ledger.company.base_currency}
    known = {fact: (word,) for fact, word in single.items() if word is not None}
    return (
        known
        | _outcomes(account)
        | {
            "currency": tuple(sorted(currencies)),
            "group": customer.groups,
            "list": profile.lists,
        }
    )


def _outcomes(account: Account) -> dict[str, tuple[str, ...]]:
    """By step, what came of it last in the open case; in every currency that has one."""
    if not (account.came or account.bounces):
        return {}
    open_cases = [case for case in account.cases if case.closed_on is None]
    back = [one for one in account.bounces if one.whole and not _said_since(account, one, one.act)]
    came = [(one.on, one, one.outcome) for one in account.came] + [(one.on, one, "bounced") for one in back]
    last: dict[str, dict[str, str]] = {}
    for _, one, outcome in sorted(came, key=lambda each: each[0]):
        if any(case.has(one) for case in open_cases):
            last.setdefault(one.act, {})[one.currency] = outcome
    return {f"{act}.{OUTCOME}": tuple(dict.fromkeys(found.values())) for act, found in last.items()}


def _said_since(account: Account, bounce: Bounce, act: str | None = None) -> bool:
    """Whether a message (of this step) was taken since, which is not the one of which a part came back."""
    itself = None if bounce.whole else (bounce.act, bounce.occasion, bounce.currency)
    return any(
        touch.on >= bounce.on
        and touch.channel != "task"
        and act in {None, touch.act}
        and (touch.act, touch.occasion, touch.currency) != itself
        for touch in account.touches
    )
