"""What a command that a sentence names does to an account, as far as an account built by hand can tell."""

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from strategy.account import Account, Role
from strategy.agreements import Hold, HoldKind, PromiseState
from strategy.decision import Decision
from strategy.model import Sent, Switch
from strategy.rules import OwnContact
from strategy.touches import CameOf, Skipped, Touch
from tests.strategy.builders import EUR, TODAY

LOOKS: Final = frozenset({"check", "outbox", "tasks", "tie-out"})
"""Commands that show something, or wait for an answer of a person's, and so end nothing by themselves."""


def typed(text: str) -> list[str]:
    """The words of the command that a sentence ends with; none where it names none, or one that only shows."""
    words = shlex.split(text.partition("dunwell ")[2])
    return [] if words and words[0] in LOOKS and words[1:2] != ["accept"] else words


def after(account: Account, decision: Decision, text: str) -> Account:
    """The account once somebody has done what the sentence says."""
    command, *words = typed(text)
    if command in _ENDS:
        return _ENDS[command](account, words)
    if command == "reject":
        said = decision.touchpoints[0]
        skipped = Skipped(act=said.act, occasion=said.occasion, case=said.case, currency=said.currency, on=TODAY)
        return replace(account, skipped=(*account.skipped, skipped))
    assert command == "touch", text
    step = re.search(r'step "(\w+)"', text) if words[0] == "import" else None
    touch = Touch(
        on=TODAY,
        act=step[1] if step else "noted",
        occasion="noted-1",
        case=1 if step else None,
        currency=EUR,
        channel="email",
        invoices=frozenset(one.invoice_id for one in account.receivables) if step else frozenset(),
        lead=account.receivables[0].invoice_id if step else None,
        noted=True,
    )
    return replace(account, touches=(*account.touches, touch))


def _sync(account: Account, words: Sequence[str]) -> Account:
    """The books were put right before."""
    right = [replace(one, sent=Sent.YES, unreadable=False, doubtful_minor=0) for one in account.receivables]
    ledger = replace(account.ledger, pulled_on=TODAY, reminders=Switch.OFF)
    return replace(account, ledger=ledger, receivables=tuple(right), unreadable=())


def _profile(account: Account, words: Sequence[str]) -> Account:
    """LEDGER CUSTOMER --set NAME=VALUE, or --unset NAME."""
    name, _, value = words[3].partition("=")
    profile = account.profile
    if name.startswith("role."):
        role = Role(role=name.split(".")[1], name="", email="new@lund.example")
        return replace(account, profile=replace(profile, roles=(role,)))
    changed: object = {
        "contact.gap": OwnContact(gap=0),
        "contact.days": OwnContact(days=frozenset(range(7))),
        "run": None,
        "reviewed": TODAY,
    }.get(name, value)
    return replace(account, profile=replace(profile, **{name.split(".")[0]: changed}))


def _hold(account: Account, words: Sequence[str]) -> Account:
    if words[0] == "add":
        hold = Hold(id=9, kind=HoldKind.PAUSED, invoice_id=None, since=TODAY, until=None, reason="so")
        return replace(account, holds=(*account.holds, hold))
    held = [replace(one, ended_on=TODAY) if one.id == int(words[2]) else one for one in account.holds]
    return replace(account, holds=tuple(held))


def _dispute(account: Account, words: Sequence[str]) -> Account:
    ended = [replace(one, closed_on=TODAY) if one.id == int(words[2]) else one for one in account.disputes]
    return replace(account, disputes=tuple(ended))


def _claim(account: Account, words: Sequence[str]) -> Account:
    ended = [replace(one, closed_on=TODAY) if one.id == int(words[2]) else one for one in account.claims]
    return replace(account, claims=tuple(ended))


def _promise(account: Account, words: Sequence[str]) -> Account:
    ended = [replace(one, state=PromiseState.CANCELLED) if f"{one.id}" == words[2] else one for one in account.promises]
    return replace(account, promises=tuple(ended))


def _plan(account: Account, words: Sequence[str]) -> Account:
    ended = [replace(one, ended_on=TODAY) if one.id == int(words[2]) else one for one in account.plans]
    return replace(account, plans=tuple(ended))


def _recall(account: Account, words: Sequence[str]) -> Account:
    back = [
        CameOf(
            task=100 + one.task,
            act="recall",
            occasion=f"{one.task}-by-hand",
            case=None,
            currency=one.currency,
            on=TODAY,
            outcome="recalled",
        )
        for one in account.came
    ]
    return replace(account, came=(*account.came, *back))


def _reconciled(account: Account, words: Sequence[str]) -> Account:
    assert words[1] == TODAY.isoformat()
    return replace(account, ledger=replace(account.ledger, reconciled_on=TODAY))


_ENDS: Final[Mapping[str, Callable[[Account, Sequence[str]], Account]]] = {
    "sync": _sync,
    "profile": _profile,
    "hold": _hold,
    "dispute": _dispute,
    "claim": _claim,
    "promise": _promise,
    "payment-plan": _plan,
    "agency": _recall,
    "reconciled": _reconciled,
    "tie-out": lambda account, words: replace(account, tie_outs=()),
}
