"""Work that waits for people."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

from dunwell.cli.ending import Wrong
from dunwell.cli.parameters import as_json, by
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing import plain
from dunwell.cli.showing.cells import Money, Row, Table, columns
from dunwell.cli.showing.page import aside, emit, say, show
from strategy.explain import sentence

if TYPE_CHECKING:
    from strategy.decision import TaskAsked
    from sync.bench import Bench
    from sync.store.outbox import Task


_WITH: Final = {"call": "Script", "place": "Agency"}
"""What the strategy names for a kind of work."""


@click.command()
@click.argument("ledger")
@click.option("--done", type=int, metavar="ID", help="This one is done.")
@click.option("--outcome", metavar="TEXT", default="", help="What came of it.")
@by
@as_json
@pass_session
def tasks(session: Session, ledger: str, done: int | None, outcome: str, by: str | None, as_json: bool) -> None:
    """Work that waits for a person: calls to make, credit to apply, addresses to find.

    \b
    Examples: dunwell tasks acme
              dunwell tasks acme --done 7 --outcome "promised to pay on Friday"
    """
    from sync.store import outbox

    bench = session.bench(ledger)
    if done is not None:
        _finish(bench, done, outcome.strip(), session.who(by))
        return
    found = outbox.tasks(bench.store, bench.ledger.id)
    if as_json:
        emit({"ledger": ledger, "tasks": [_plain(one) for one in found]})
        return
    show(
        Table(
            kind="task",
            title=f"{ledger}: tasks",
            columns=columns("id since| who kind customer~ customer_id| currency amount> invoices| what| why…"),
            rows=[_row(one) for one in found],
            empty="Nothing waits for a person.",
        )
    )
    if found:
        aside(f"When one is done: dunwell tasks {ledger} --done ID --outcome TEXT")


def _finish(bench: "Bench", number: int, outcome: str, who: str) -> None:
    from sync.store import outbox

    if not outcome:
        raise click.UsageError("Say what came of it, with --outcome.")
    with bench.store.transaction():
        finished = outbox.finish_task(bench.store, bench.moment(who), number, outcome)
    if not finished:
        raise Wrong(
            f"there is no open task {number} in {bench.ledger.name}; dunwell tasks {bench.ledger.name} shows them"
        )
    say(f"Task {number} is done.")


def _row(one: "Task") -> Row:
    asked = one.asked
    money = Money(minor=asked.amount_minor, currency=asked.currency) if asked else None
    numbers = ", ".join(each.number for each in asked.invoices) if asked else None
    currency = asked.currency if asked else None
    why = " ".join(_why(one.kind, asked)) if asked else None
    about = (str(one.id), one.created_on, one.who, one.kind, one.customer, asked.customer_id if asked else None)
    return *about, currency, money, numbers, one.what or None, why


def _why(kind: str, asked: "TaskAsked") -> Iterator[str]:
    yield from (sentence(why) for why in asked.why[:1])
    if kind in _WITH:
        yield f"{_WITH[kind]}: {asked.what}."


def _plain(one: "Task") -> plain.Plain:
    return {
        "id": one.id,
        "kind": one.kind,
        "customer": one.customer,
        "who": one.who,
        "what": one.what,
        "created_on": one.created_on.isoformat(),
        "asked": plain.task(one.asked) if one.asked else None,
    }
