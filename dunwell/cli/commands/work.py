"""Work that waits for people."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final, TypedDict, Unpack
from zoneinfo import ZoneInfo

import click

from dunwell.cli.ending import Wrong
from dunwell.cli.parameters import DAY, NUMBER, as_json, by
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing import plain
from dunwell.cli.showing.cells import Money, Row, Table, columns
from dunwell.cli.showing.page import aside, emit, say, show, warn
from strategy.explain import amount as in_words
from strategy.explain import sentence

if TYPE_CHECKING:
    from strategy.decision import TaskAsked, Window
    from strategy.model import Currency
    from sync.bench import Bench
    from sync.calling import Brief
    from sync.store.work import Task


_WITH: Final = {"call": "Script", "place": "Agency", "recall": "Agency"}
"""What the strategy names for a kind of work."""


class _Said(TypedDict):
    shown: int | None
    done: int | None
    outcome: str
    note: str
    again_on: date | None
    by: str | None


@click.command()
@click.argument("ledger")
@click.option(
    "--show", "shown", type=NUMBER, metavar="ID", help="Everything for this call: numbers, best time, script."
)
@click.option("--done", type=NUMBER, metavar="ID", help="This one is done.")
@click.option(
    "--outcome",
    metavar="TEXT",
    default="",
    help="What came of it; of a call: answered, no_answer, unreachable, promised, paid, disputed or refused; of a "
    "placement: placed or declined; where an agency was to be told: told or recalled.",
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
              dunwell tasks acme --show 7
              dunwell tasks acme --done 7 --outcome no_answer --next 2026-03-06
              dunwell tasks acme --done 8 --outcome promised --note "Mrs Lund will transfer it on Friday"
    """
    from sync.store import work

    bench = session.bench(ledger)
    if said["shown"] is not None:
        _show(bench, said["shown"], as_json=as_json)
        return
    if said["done"] is not None:
        _finish(bench, said["done"], said, session.who(said["by"]))
        return
    found = work.tasks(bench.store, bench.ledger.id)
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


def _show(bench: "Bench", number: int, *, as_json: bool) -> None:
    """Whom to call, when, and what to say."""
    from sync import calling
    from sync.store import work

    ledger = bench.ledger.name
    task = next((one for one in work.tasks(bench.store, bench.ledger.id) if one.id == number), None)
    if task is None or task.asked is None:
        raise Wrong(f"there is no open task {number} in {ledger}; dunwell tasks {ledger} shows them")
    account = bench.account(task.asked.customer_id, bench.today())
    if account is None:
        raise Wrong(f"{task.customer} is gone from the books of {ledger}")
    brief = calling.brief(bench, account, task.asked)
    if as_json:
        emit(_plain(task) | {"call": _call(brief, task.asked.currency)})
        return
    say(
        f"{task.customer}: {in_words(brief.amount_minor, task.asked.currency)}. {' '.join(_why(task.kind, task.asked))}"
    )
    say(*(" ".join(filter(None, (one.phone, one.name, one.role and f"({one.role})"))) for one in brief.numbers))
    if not brief.numbers:
        say("No number is known: add one in the books, or with dunwell profile.")
    say(f"Best: {_hours(brief.best, brief.time_zone)} there, {_hours(brief.best, brief.ours)} here.")
    if brief.script is not None:
        say("", *brief.script.text.splitlines())
    elif brief.trouble is not None:
        warn(brief.trouble)


def _hours(best: "Window", zone: str) -> str:
    """ "2026-03-02 09:00 to 16:30 (Europe/Berlin)"."""
    opens, closes = (one.astimezone(ZoneInfo(zone)) for one in (best.opens, best.closes))
    until = f"{closes:%H:%M}" if closes.date() == opens.date() else f"{closes:%Y-%m-%d %H:%M}"
    return f"{opens:%Y-%m-%d %H:%M} to {until} ({zone})"


def _call(brief: "Brief", currency: "Currency") -> plain.Plain:
    return {
        "numbers": [{"name": one.name, "role": one.role or None, "phone": one.phone} for one in brief.numbers],
        "opens": brief.best.opens.isoformat(),
        "closes": brief.best.closes.isoformat(),
        "time_zone": brief.time_zone,
        "amount": plain.amount(brief.amount_minor, currency),
        "script": brief.script.text if brief.script else None,
        "trouble": brief.trouble,
    }


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
