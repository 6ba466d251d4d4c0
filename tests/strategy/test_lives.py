"""What is true of every account on every day, whatever happened before: random lives, each decided day by day.

`make prove` decides at least a million account-days and prints how many they were.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Final

import pytest

from strategy import explain, shipped
from strategy.account import Account, Receivable
from strategy.agreements import PromiseState
from strategy.decision import Decision, Reason, Touchpoint, TouchpointKind
from strategy.model import InvoiceId
from strategy.plan import plan_account
from strategy.rules import Contact, Segment, Strategy, Verb
from strategy.schedule import is_final
from strategy.text.parse import parse
from tests.proving import FACTOR, counted, times
from tests.strategy.builders import STANDARD, a_strategy, days
from tests.strategy.life_books import CALENDAR, HOLIDAYS, PROFILES
from tests.strategy.lives import Life

LIFE = 125
"""Days."""

LIVES = 4 if FACTOR == 1 else times(16)
"""Of each of five strategies: at a factor of 100, a million days."""

NAMES = ("short", *shipped.names())

SHORT = f"""{STANDARD.split("[schedule.standard]")[0]}
[schedule.last]
final  = {{ at = "due + 8", say = "final", approve = true, deadline = 7 }}
agency = {{ at = "final + 3", place = "agency", after = "final" }}

[schedule.long]
like  = "last"
first = {{ at = "due + 2", say = "friendly" }}

[[segment]]
name     = "known"
when     = "paid_invoices > 1"
schedule = "last"

[[segment]]
name     = "everyone"
schedule = "long"
"""
"""A ladder on which cases come to their last letter unheard, and to handing over while its days run."""

LAWFUL: Final[Mapping[tuple[str | None, str | None], int]] = {
    ("DE", "company"): 0,
    ("DE", "sole_trader"): 0,
    ("GB", "company"): 14,
}
"""By country and legal form, to whom of those who live here a letter before action may go, and how many days it gives
at least (§ 286 BGB asks for none; Practice Direction Pre-Action Conduct, para. 6).
"""


@cache
def the(name: str) -> Strategy:
    if name == "short":
        return a_strategy(SHORT)
    parsed = parse(shipped.text(name), f"{name}.toml", shipped.find)
    assert parsed.strategy is not None
    return parsed.strategy


class Lived:
    """What was said in a life so far, and what may not be said again."""

    def __init__(self, strategy: Strategy) -> None:
        self.strategy = strategy
        self.keys: set[str] = set()

    def check(self, account: Account, decision: Decision) -> None:
        """Everything that holds of any decision on any day."""
        accounts_for_everything(account, decision)
        for said in decision.touchpoints:
            assert said.key not in self.keys, f"{said.key} was accepted before"
            if said.kind is not TouchpointKind.NOTICE:
                speaks_of_one_currency(account, said)
                leaves_alone_what_is_held(account, said)
                waits_for_an_answer(account, decision.as_of, self.strategy.holds.reply)
                keeps_its_distance(account, said, self.contact(decision), decision.as_of)
                opens_gently(account, said, self.segment(decision))
        keeps_the_law(account, decision, self.segment(decision))
        every_reason_is_a_sentence(decision)

    def segment(self, decision: Decision) -> Segment:
        return next(one for one in self.strategy.segments if one.name == decision.placed.segment)

    def contact(self, decision: Decision) -> Contact:
        return self.segment(decision).contact


def accounts_for_everything(account: Account, decision: Decision) -> None:
    """What is asked plus what is held is what is open, and so are the buckets."""
    covered = Counter({one.invoice_id: 0 for one in account.receivables})
    for said in decision.touchpoints:
        if said.kind is not TouchpointKind.NOTICE:
            covered.update({one.invoice_id: one.asked_minor for one in said.invoices})
    for held in decision.held:
        assert held.amount_minor > 0
        assert held.reasons
        assert held.until is None or held.until > decision.as_of
        covered[held.invoice_id] += held.amount_minor
    assert covered == {one.invoice_id: one.open_minor for one in account.receivables}


def speaks_of_one_currency(account: Account, said: Touchpoint) -> None:
    """Nothing is added across currencies, and a reminder never asks for more than what is overdue less credit; one of
    an instalment may name an invoice that falls due only after it.
    """
    rows = {one.invoice_id: one for one in account.receivables}
    named = [rows[one.invoice_id] for one in (*said.invoices, *said.coming)]
    assert {one.currency for one in named} == {said.currency}
    assert said.amount_minor == sum(one.asked_minor for one in said.invoices)
    if said.kind is TouchpointKind.REMINDER and not of_a_plan(said):
        as_of = said.window.opens.date()
        overdue = sum(
            one.open_minor for one in account.receivables if one.currency == said.currency and one.due_on < as_of
        )
        credit = sum(one.amount_minor for one in account.unapplied if one.currency == said.currency)
        assert 0 < said.amount_minor <= overdue - credit


def leaves_alone_what_is_held(account: Account, said: Touchpoint) -> None:
    """Whatever is disputed, claimed, held, promised or planned is in no sum that is asked for; and some holds silence
    everything.
    """
    as_of = said.window.opens.date()
    standing = [one for one in account.holds if one.stands(as_of)]
    assert all(one.invoice_id is not None for one in standing)
    at_most: dict[InvoiceId, int] = {one.invoice_id: one.open_minor for one in account.receivables}
    for row in account.receivables:
        parts = [one.amount_minor for one in standing if one.invoice_id == row.invoice_id]
        parts += [
            one.amount_minor
            for one in account.disputes
            if one.invoice_id == row.invoice_id and one.closed_on is None and one.outcome is None
        ]
        parts += [None for one in account.claims if row.invoice_id in one.invoices and one.rests(as_of)]
        parts += [*promised(account, row, as_of), *([] if of_a_plan(said) else planned(account, row, as_of))]
        aside = row.open_minor if None in parts else max((part for part in parts if part), default=0)
        at_most[row.invoice_id] -= min(row.open_minor, max(aside, row.doubtful_minor))
    assert all(one.asked_minor <= at_most[one.invoice_id] for one in said.invoices)


def waits_for_an_answer(account: Account, as_of: date, reply: int) -> None:
    """Nothing is said for so many days after they wrote (business days are no fewer), unless a person answered."""
    if account.wrote_on is not None and as_of <= account.wrote_on + days(reply):
        assert any(one.noted and one.on >= account.wrote_on for one in account.touches)


def promised(account: Account, row: Receivable, as_of: date) -> Iterator[int]:
    """What the first promise of all holds through its day, less what was paid on the invoice since; of later ones,
    whether they hold is a matter of how many there were.
    """
    for one in account.promises[:1]:
        if one.state is PromiseState.OPEN and as_of <= one.promised_on:
            wanted = sum(amount for invoice_id, amount in one.amounts if invoice_id == row.invoice_id)
            came = paid_since(account, one.made_on, row)
            if not came:
                yield wanted


def planned(account: Account, row: Receivable, as_of: date) -> Iterator[int]:
    """What a plan that runs holds until its first instalment is due."""
    for one in account.plans:
        if one.accepted_on is not None and one.ended_on is None and as_of <= one.first_on:
            wanted = sum(amount for invoice_id, amount in one.amounts if invoice_id == row.invoice_id)
            yield max(0, wanted - paid_since(account, one.made_on, row))


def paid_since(account: Account, day: date, row: Receivable) -> int:
    return sum(
        one.amount_minor for one in account.settlements if one.invoice_id == row.invoice_id and one.settled_on >= day
    )


def of_a_plan(said: Touchpoint) -> bool:
    """Whether it asks for an instalment."""
    return said.occasion.startswith("plan-")


def keeps_its_distance(account: Account, said: Touchpoint, contact: Contact, as_of: date) -> None:
    """The gap and the cap hold over all sources, and weekends and holidays are left alone."""
    assert as_of.weekday() in contact.days
    assert as_of not in HOLIDAYS
    others = [touch for touch in account.touches if touch.on < as_of]
    assert all((as_of - touch.on).days >= contact.gap for touch in others)
    assert not any(touch.on == as_of and touch.currency == said.currency for touch in account.touches)
    if contact.most:
        within = {touch.on for touch in others if (as_of - touch.on).days < contact.most.days}
        assert len(within) < contact.most.contacts


def opens_gently(account: Account, said: Touchpoint, segment: Segment) -> None:
    """A case opens with no step that needs approval or hands over where another is due, never with a last letter."""
    verbs = {step.name: step for step in segment.schedule.steps}
    this = (said.currency, said.case)
    opening = this not in {(one.currency, one.case) for one in account.touches}
    opening = opening and this not in {(one.currency, one.case) for one in account.skipped}
    if said.kind is TouchpointKind.REMINDER and opening and said.step in verbs:
        others = [
            one for one in segment.schedule.steps if one.verb is Verb.SAY and not one.approve and one.at.offset > 0
        ]
        assert not verbs[said.step].approve or not others
    if said.step in verbs and is_final(verbs[said.step], segment.schedule):
        assert any(one.noted or (one.currency, one.case) == this for one in account.touches)


_sentences: dict[str, str] = {}


def keeps_the_law(account: Account, decision: Decision, segment: Segment) -> None:
    """A letter before action goes only where it may, and nobody is handed over in the days that it gave: reckoned from
    `LAWFUL` alone, by nothing that decides.
    """
    letters = {step.name: step.deadline for step in segment.schedule.steps if step.deadline is not None}
    law = LAWFUL.get((account.profile.country or account.customer.country, account.profile.legal_form))
    for said in decision.touchpoints:
        if said.step in letters:
            assert law is not None
            assert said.deadline_days == max(letters[said.step], law)
    for task in decision.tasks:
        if task.kind == "place":
            for touch in account.touches:
                if (touch.currency, touch.case) == (task.currency, task.case) and touch.act in letters:
                    assert law is not None
                    assert (decision.as_of - touch.on).days > max(letters[touch.act], law)


def every_reason_is_a_sentence(decision: Decision) -> None:
    for why in reasons_of(decision):
        if why.code not in _sentences:
            _sentences[why.code] = explain.sentence(why)
            assert "{" not in _sentences[why.code]


def reasons_of(decision: Decision) -> Iterator[Reason]:
    for one in decision.held:
        yield from one.reasons
    for said in decision.touchpoints:
        yield from said.why
    for asked in decision.tasks:
        yield from asked.why
    yield from decision.placed.why


def live(name: str, number: int) -> set[str]:
    """One life, decided every day; what left is not decided again the same day. Profiles take turns.

    Returns the codes of all reasons given.
    """
    strategy = the(name)
    life, lived, given = Life(LIFE, number), Lived(strategy), set[str]()
    life.profile = PROFILES[number % len(PROFILES)]
    for _ in range(LIFE):
        account = life.account()
        decision = plan_account(account, strategy, CALENDAR, life.today)
        try:
            lived.check(account, decision)
        except AssertionError as broken:
            broken.add_note(f"life {number} of {name} on {life.today}: {account}")
            raise
        given.update(why.code for why in reasons_of(decision))
        left = list(life.remember(decision))
        lived.keys |= {one.key for one in left}
        if len(left) == len(decision.touchpoints) and (left or decision.tasks):
            again = plan_account(life.account(), strategy, CALENDAR, life.today)
            assert not again.touchpoints, f"life {number} of {name} on {life.today}"
            assert not again.tasks, f"life {number} of {name} on {life.today}"
        life.next_day()
    return given


@pytest.mark.prove
@pytest.mark.parametrize("name", NAMES)
def test_whatever_happens_nobody_is_chased_wrongly(name: str) -> None:
    given, before = set[str](), NAMES.index(name) * LIVES
    for number in range(before, before + LIVES):
        given |= live(name, number)
        counted("account-days of random lives", LIFE)
    if name == "short":
        assert given >= {"opens_with_final", "deadline_runs"}
