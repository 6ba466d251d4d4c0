"""Work that waits for people."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import click

from dunwell.cli.ending import Wrong
from dunwell.cli.parameters import DAY, as_json, by
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


class _Said(TypedDict):
    done: int | None
    outcome: str
    note: str
    again_on: date | None
    by: str | None


@click.command()
@click.argument("ledger")
@click.option("--done", type=int, metavar="ID", help="This one is done.")
@click.option(
    "--outcome",
    metavar="TEXT",
    default="",
    help="What came of it; of a call: answered, no_answer, unreachable, promised, paid, disputed or refused.",
)
@click.option("--note", metavar="TEXT", default="", help="What was said; of a call, the books hear it too.")
@click.option("--next", "again_on", type=DAY, metavar="DATE", help="Call again on this day, and say nothing before.")
@by
@as_json
@pass_session
def tasks(session: Session, ledger: str, as_json: bool, **said: Unpack[_Said]) -> None:
    """Work that waits for a person: calls to make, credit to apply, addresses to find.

    What came of a call is what a strategy asks for with call.outcome, and is noted in the books.

    \b
    Examples: dunwell tasks acme
              dunwell tasks acme --done 7 --outcome no_answer --next 2026-03-06
              dunwell tasks acme --done 8 --outcome promised --note "Mrs Lund will transfer it on Friday"
    """
    from sync.store import outbox

    bench = session.bench(ledger)
    if said["done"] is not None:
        _finish(bench, said["done"], said, session.who(said["by"]))
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


def _finish(bench: "Bench", number: int, said: _Said, who: str) -> None:
    from dunwell.agreements import calls

    if not said["outcome"].strip():
        raise click.UsageError("Say what came of it, with --outcome.")
    came = calls.Came(outcome=said["outcome"], note=said["note"], again_on=said["again_on"])
    task = calls.finish(bench, number, came, who)
    ledger = bench.ledger.name
    if task is None:
        raise Wrong(f"there is no open task {number} in {ledger}; dunwell tasks {ledger} shows them")
    say(f"Task {number} is done.")
    if came.again_on is not None:
        say(f"Nothing is said to {task.customer} before {came.again_on}; then the call is a task again.")
    if task.kind == "call" and task.asked and (line := calls.SAY_IT.get(said["outcome"])):
        say(f"Record it too: dunwell {line.format(ledger=ledger, customer=task.asked.customer_id)}")


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
