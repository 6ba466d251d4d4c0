"""The day's work: read, decide, and let what is approved leave."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dunwell.cli import finding
from dunwell.cli.ending import Code, ended
from dunwell.cli.parameters import as_json, as_of
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing import outlook
from dunwell.cli.showing.cells import Table, columns
from dunwell.cli.showing.page import aside, emit, show, warn
from strategy.model import Record

if TYPE_CHECKING:
    from strategy.decision import Decision
    from sync.bench import Bench
    from sync.cycle import Ran, Watch


class Day(Record):
    """What came of one ledger's day. Of what left only what left now; the rest is what stands in the outbox."""

    read: str
    records: int
    accounts: int
    planned: int
    approved: int
    sent: int
    stopped: int
    unknown: int
    held: int
    written_back: int


@click.command()
@click.argument("ledgers", nargs=-1)
@click.option("--send", is_flag=True, help="Let what is approved leave, and tell the books of it.")
@as_of
@as_json
@pass_session
def run(session: Session, ledgers: tuple[str, ...], send: bool, as_of: date | None, as_json: bool) -> None:
    """Read the books, decide every account, and bring the outbox up to date; for these ledgers, or for all.

    Nothing leaves without --send, and with it only what is approved. A day that was missed is caught up; running twice
    adds nothing. With --as-of another day is looked at, and nothing is read or written.

    A ledger that fails does not stop the others. Exit code 4: something may or may not have left, or a ledger wants to
    be connected again.

    \b
    Examples: dunwell run
              dunwell run acme --send
    """
    from dunwell.cli.firm import each_ledger, finish, warn_of_ends

    if as_of is not None and send:
        raise click.UsageError("--as-of looks at another day, and what leaves is decided for today: leave one out.")
    days: dict[str, Day] = {}
    waits: dict[str, dict[str, None]] = {}

    def work(name: str) -> Code:
        waits[name] = {}

        def watch(decision: "Decision") -> None:
            waits[name] |= dict.fromkeys(outlook.everybody_waits([decision]))

        if as_of:
            days[name] = _preview(session, name, as_of)
            return Code.DONE
        ran = _work(session, name, send=send, watch=watch)
        days[name] = _day(session.bench(name), ran)
        return _came_of(name, ran, unknown=days[name].unknown)

    names = session.ledgers(ledgers)
    code = each_ledger(session, names, work)
    if as_json:
        emit({"ledgers": [{"ledger": name, **_plain(day)} for name, day in days.items()]})
    elif days:
        _show(days, title=f"What would happen on {as_of}" if as_of else "The day's work")
        _advise(days, send=send or as_of is not None)
    for name, sentences in waits.items():
        for sentence in sentences:
            warn(f"{name}: nobody is written to. {sentence}")
    if not as_of:
        warn_of_ends(session, names)
    finish(code)


def _came_of(name: str, ran: "Ran", *, unknown: int) -> Code:
    """How a ledger's day ends. Where something asked for patience, what it was and until when; or for a person."""
    over = None if ran.later is None else ended(ran.later)
    if over is not None:
        warn(f"{name}: {over.message}")
    if unknown:
        return Code.PERSON
    return Code.DONE if over is None else Code(over.exit_code)


def _work(session: Session, name: str, *, send: bool, watch: "Watch") -> "Ran":
    from dunwell.cli.showing import proof
    from dunwell.cli.showing.progress import progress
    from sync import cycle

    bench = session.bench(name)
    with cycle.alone(session.house.config.data, name), progress(name) as bar:
        ran = cycle.run(bench, send=send, progress=bar, watch=watch)
        if (file := session.house.ledger_config(name).credit_holds) is not None:
            _tell_the_order_desk(bench, file)
    if ran.pulled.differed is not None:
        warn(f"{name}: {proof.sentence(ran.pulled.differed)}.")
    return ran


def _tell_the_order_desk(bench: "Bench", file: Path) -> None:
    """Where the file cannot be written, what left is to be told all the same."""
    from dunwell import order_desk

    try:
        order_desk.write(bench, file)
    except OSError as error:
        name = bench.ledger.name
        warn(
            f"{name}: {file} was not written ({error.strerror}) and does not say who is on credit hold now: close it "
            f"where it is open, or see that it may be written, then dunwell run {name}"
        )


def _day(bench: "Bench", ran: "Ran") -> Day:
    from sync.store import outbox
    from sync.store.outbox import TO_PEOPLE, State

    standing = outbox.counts(bench.store, bench.ledger.id)

    def waiting(state: State) -> int:
        return sum(standing.get((kind, state), 0) for kind in TO_PEOPLE)

    return Day(
        read=ran.pulled.mode,
        records=sum(ran.pulled.counts.values()),
        accounts=ran.decided,
        planned=waiting(State.PLANNED),
        approved=waiting(State.APPROVED),
        sent=ran.dispatched.sent if ran.dispatched else 0,
        stopped=ran.dispatched.stopped if ran.dispatched else 0,
        unknown=waiting(State.UNKNOWN),
        held=waiting(State.HELD),
        written_back=ran.posted,
    )


def _preview(session: Session, name: str, as_of: date) -> Day:
    """What would be planned on a day; nothing is read or written."""
    from sync import cycle

    bench = session.books(name)
    decisions = list(cycle.preview(bench, finding.day(bench, as_of)))
    said = [one for decision in decisions for one in decision.touchpoints]
    return Day(
        read="nothing",
        records=0,
        accounts=len(decisions),
        planned=sum(one.approval for one in said),
        approved=sum(not one.approval for one in said),
        sent=0,
        stopped=0,
        unknown=0,
        held=0,
        written_back=0,
    )


def _plain(day: Day) -> Mapping[str, str | int]:
    return {name: getattr(day, name) for name in Day.__struct_fields__}


def _show(days: Mapping[str, Day], title: str) -> None:
    names = "ledger~ read| records>| accounts> planned> approved> sent> stopped> unknown> held> written_back>"
    rows = [(name, *_plain(day).values()) for name, day in days.items()]
    show(Table(kind="ledger", title=title, columns=columns(names), rows=rows))


def _advise(days: Mapping[str, Day], *, send: bool) -> None:
    """What a person should do now. What may have left is said even where nobody looks."""
    for name, day in days.items():
        if day.unknown:
            warn(
                f"{name}: {day.unknown} may or may not have left; look, then say which: "
                f"dunwell outbox {name} --settle KEY sent"
            )
        if day.planned:
            aside(f"{name}: {day.planned} wait for you: dunwell outbox {name}, then dunwell approve {name} --all")
        if day.approved and not send:
            aside(f"{name}: {day.approved} are approved and leave with: dunwell run {name} --send")
