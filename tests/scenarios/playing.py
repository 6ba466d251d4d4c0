"""Playing a story: one account, day by day, with every decision fed back as the outbox and the journal would.

What is decided leaves on its day, as if it had been approved at once. On the way every decision is held to what is
true of all of them: for each invoice, what is asked plus what is held is what is open; what is done has a name that
no step may have; and deciding again after it left adds nothing.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache

from strategy.account import Account
from strategy.acts import Act
from strategy.decision import Decision, Held, TaskAsked, Touchpoint, TouchpointKind
from strategy.explain import amount
from strategy.plan import plan_account
from strategy.rules import Strategy
from tests.scenarios.books import Books
from tests.scenarios.reading import Row, Story, every_day, story, written
from tests.scenarios.words.telling import happens


class Broken(Exception):
    """What is true of every decision is not true of this one."""


def play(one: Story, given: set[str] | None = None) -> list[Row]:
    """What leaves on each day, and what is held where that changes. The codes of reasons for what is said and asked are
    added to `given`.
    """
    given = set() if given is None else given
    strategy = one.strategy()
    books = Books(one)
    coming = list(one.happens)
    rows: list[Row] = []
    before: list[str] = []
    for day in every_day(one.first, one.last):
        while coming and coming[0].on <= day:
            happens(books, coming.pop(0))
        books.today = day
        if books.is_off:
            continue
        account = books.account(day)
        decision = plan_account(account, strategy, books.calendar(), day)
        _accounts_for_everything(account, decision)
        _has_known_acts(strategy, decision)
        given |= _codes(decision)
        said, held = list(_said(books, decision)), _held(decision)
        rows += (Row(on=day, text=text) for text in [*said, *(held if held != before else [])])
        before = held
        books.remember(decision)
        again = plan_account(books.account(day), strategy, books.calendar(), day)
        if again.touchpoints or again.tasks:
            raise Broken(f"{written(day)}: decided again what has left: {[*_said(books, again)]}")
    assert not coming, "The first table goes on after the last day."
    return rows


@cache
def as_told(name: str) -> tuple[tuple[Row, ...], frozenset[str]]:
    """What `play` makes of a story of this folder with all its rules, and the codes that were given."""
    given: set[str] = set()
    return tuple(play(story(name), given)), frozenset(given)


def _codes(decision: Decision) -> set[str]:
    said = (why for one in decision.touchpoints for why in one.why)
    asked = (why for one in decision.tasks for why in one.why)
    return {why.code for why in (*said, *asked, *decision.placed.why)}


def _has_known_acts(strategy: Strategy, decision: Decision) -> None:
    """Of steps, of triggers, or of ours, as no step is called."""
    steps = {step.name for each in strategy.schedules for step in each.steps}
    done = [(said.act, said.occasion) for said in decision.touchpoints]
    done += [(task.act, task.occasion) for task in decision.tasks]
    for act, on in done:
        if act not in steps | set(Act) and not on.startswith("trigger-"):
            raise Broken(f"{decision.as_of}: nobody knows the act {act} on {on}")


def _accounts_for_everything(account: Account, decision: Decision) -> None:
    asked = Counter({one.invoice_id: 0 for one in account.receivables})
    for said in decision.touchpoints:
        if said.kind is not TouchpointKind.NOTICE:
            asked.update({one.invoice_id: one.asked_minor for one in said.invoices})
    for held in decision.held:
        asked[held.invoice_id] += held.amount_minor
    if asked != {one.invoice_id: one.open_minor for one in account.receivables}:
        raise Broken(f"{written(decision.as_of)}: what is asked and held is not what is open: {dict(asked)}")


# What is written into the second table


def _said(books: Books, decision: Decision) -> Iterator[str]:
    if decision.placed.was:
        yield f"moves from {decision.placed.was} to {decision.placed.segment}"
    yield from (f"case {one.number} is closed" for one in decision.cases if one.closed_on == decision.as_of)
    yield from (_line(said, "rejected" if said.step in books.rejects else "") for said in decision.touchpoints)
    for task in decision.tasks:
        what = task.kind.replace("_", " ")
        step = "" if task.act.replace("-", " ").replace("_", " ") == what else f" {task.act}"
        yield f"task {what}{step} for {task.who}: {_amounts(task)}"


def _line(said: Touchpoint, note: str) -> str:
    """ "email first to billing: 1042 1,200.00 EUR"."""
    also = [f"{one.number} mentioned" for one in said.coming]
    notes = [note] if note else ["to approve"] if said.approval else []
    notes += [f"statement of {said.statement}"] if said.statement else []
    to = said.role if said.kind is not TouchpointKind.NOTICE else "our own"
    what = said.channel if said.kind is not TouchpointKind.NOTICE else "notice"
    behind = f" ({', '.join(notes)})" if notes else ""
    about = ", ".join(filter(None, [_amounts(said), *also]))
    return f"{what} {said.step} to {to}{': ' if about else ''}{about}{behind}"


def _amounts(one: Touchpoint | TaskAsked) -> str:
    return ", ".join(f"{asked.number} {amount(asked.asked_minor, one.currency)}" for asked in one.invoices)


def _held(decision: Decision) -> list[str]:
    return [_kept(one) for one in decision.held] or ([] if decision.touchpoints else ["nothing is open"])


def _kept(held: Held) -> str:
    """ "held 1042 1,200.00 EUR until Mon 9 Mar: waiting for second, gap"."""
    until = f" until {written(held.until)}" if held.until else ""
    codes = [f"waiting for {why.facts['step']}" if why.code == "waiting" else why.code for why in held.reasons]
    return f"held {held.number} {amount(held.amount_minor, held.currency)}{until}: {', '.join(codes)}"
