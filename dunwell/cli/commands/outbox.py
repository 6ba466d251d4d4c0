"""What waits to leave, and a person's word on it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from dunwell.cli import finding
from dunwell.cli.ending import Failed, Wrong
from dunwell.cli.parameters import as_json, by
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing import plain
from dunwell.cli.showing.cells import Money, Row, Table, columns
from dunwell.cli.showing.page import aside, emit, say, show, warn
from strategy.decision import TaskAsked, Touchpoint
from strategy.explain import amount

if TYPE_CHECKING:
    from sync.bench import Bench
    from sync.store.outbox import OutboxRow

WAITING: Final = ("planned", "approved", "held", "sending", "unknown")
"""States that are shown without --all: what may still leave."""


@click.command()
@click.argument("ledger")
@click.option("--all", "everything", is_flag=True, help="What left, failed, was rejected or withdrawn, too.")
@click.option(
    "--settle",
    type=(str, click.Choice(["sent", "failed"])),
    metavar="KEY sent|failed",
    help="You looked: it left, or it did not.",
)
@by
@as_json
@pass_session
def outbox(
    session: Session, ledger: str, everything: bool, settle: tuple[str, str] | None, by: str | None, as_json: bool
) -> None:
    """What waits to leave, in which state, and why.

    planned waits for you; approved leaves with the next dunwell run --send; held has a reason against it; unknown may
    or may not have left, and nothing more is said to that customer before you have looked (at the mail server, or in
    the sent folder) and settled it. What may be in the books is looked for by the next dunwell run --send; settle it
    where its reason says that the platform refuses that.

    \b
    Examples: dunwell outbox acme
              dunwell outbox acme --settle 1a2b3c4d sent --by Anna
    """
    bench = session.bench(ledger)
    if settle is not None:
        _settle(bench, *settle, who=session.who(by))
        return
    rows = _rows(bench, everything=everything)
    if as_json:
        emit({"ledger": ledger, "outbox": [_plain(row) for row in rows]})
        return
    show(
        Table(
            kind="row",
            title=f"{ledger}: outbox",
            columns=columns(
                "id state kind| customer~ customer_id| step~ channel| to~ currency amount> decided| sent| by| why… key|"
            ),
            rows=_drawn(rows),
            empty="Nothing waits to leave.",
        )
    )
    _advise(ledger, rows)


def _rows(bench: "Bench", *, everything: bool) -> "list[OutboxRow]":
    """Messages and notices; with --all what was told to the books, too."""
    from sync.store import outbox
    from sync.store.outbox import TO_BOOKS, State

    found = outbox.everything(bench.store, bench.ledger.id)
    if everything:
        return found
    quiet = {State.APPROVED, State.SENDING}
    return [row for row in found if row.state in WAITING and not (row.kind in TO_BOOKS and row.state in quiet)]


def _drawn(rows: "Sequence[OutboxRow]") -> list[Row]:
    """By state, what waits first, and by customer; what the books are told stands under the customer it is about."""
    said = {row.id: _said(row) for row in rows}
    names = {row.customer_id: one.customer_name for row in rows if (one := said[row.id])}
    states = (*WAITING, "sent", "failed", "rejected", "withdrawn")

    def place(row: "OutboxRow") -> tuple[object, ...]:
        return states.index(row.state), names.get(row.customer_id, "").casefold(), row.id

    return [_row(row, said[row.id], names.get(row.customer_id)) for row in sorted(rows, key=place)]


def _said(row: "OutboxRow") -> "Touchpoint | TaskAsked | None":
    from sync.store.outbox import TO_PEOPLE, Kind

    if row.kind is Kind.TASK:
        return row.asked()
    return row.touchpoint() if row.kind in TO_PEOPLE else None


def _row(row: "OutboxRow", one: "Touchpoint | TaskAsked | None", name: str | None) -> Row:
    channel, to = "books", None
    if isinstance(one, Touchpoint):
        channel, to = one.channel, ", ".join(one.to)
    elif one is not None:
        channel, to = "task", one.who
    return (
        row.id8,
        row.state.value,
        row.kind.value,
        name,
        row.customer_id,
        row.act,
        channel,
        to,
        row.currency if one else None,
        Money(minor=one.amount_minor, currency=row.currency) if one else None,
        row.decided_on,
        row.sent_on,
        row.approved_by,
        row.reason,
        row.key,
    )


def _plain(row: "OutboxRow") -> plain.Plain:
    from sync.store.outbox import TO_PEOPLE

    return {
        "id": row.id8,
        "key": row.key,
        "kind": row.kind.value,
        "state": row.state.value,
        "customer_id": row.customer_id,
        "act": row.act,
        "attempt": row.attempt,
        "decided_on": row.decided_on.isoformat(),
        "approved_by": row.approved_by,
        "sent_on": row.sent_on.isoformat() if row.sent_on else None,
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "reason": row.reason,
        "touchpoint": plain.touchpoint(row.touchpoint()) if row.kind in TO_PEOPLE else None,
    }


def _advise(ledger: str, rows: "Sequence[OutboxRow]") -> None:
    states = {row.state.value for row in rows}
    if "planned" in states:
        aside(f"Let them leave: dunwell approve {ledger} ID…  or skip them: dunwell reject {ledger} ID…")
    if "unknown" in states:
        aside(f"What is unknown may have left; look, then say so: dunwell outbox {ledger} --settle ID sent")


def _settle(bench: "Bench", key: str, outcome: str, who: str) -> None:
    from sync.settling import NotUnknown, settle
    from sync.store.outbox import TO_BOOKS, Kind

    row = finding.outbox_row(bench, key)
    try:
        settle(bench, row, left=outcome == "sent", who=who)
    except NotUnknown as error:
        raise Wrong(str(error)) from None
    if row.kind in TO_BOOKS:
        as_said, anew = "it is in the books", "unless it was tried often, the next run writes it anew"
    else:
        as_said = "it counts as said"
        anew = "its reader has a task now" if row.kind is Kind.NOTICE else "the next run decides it anew"
    then = as_said if outcome == "sent" else anew
    say(f"{row.id8} is settled as {outcome}, says {who}; {then}.")


@click.command()
@click.argument("ledger")
@click.argument("keys", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Everything that is planned.")
@by
@pass_session
def approve(session: Session, ledger: str, keys: tuple[str, ...], everything: bool, by: str | None) -> None:
    """Let messages of the outbox leave. They leave with the next dunwell run --send.

    An approval binds to the message as it is: if its letter, the letter's text or its recipients change, or if it asks
    for more, it waits for you again. KEYS are the eight characters that dunwell outbox shows.

    \b
    Examples: dunwell approve acme 1a2b3c4d 5e6f7a8b
              dunwell approve acme --all --by Anna
    """
    from sync import outbox

    bench = session.bench(ledger)
    rows = _meant(bench, keys, everything=everything)
    now = bench.moment(session.who(by))
    with bench.store.transaction():
        done = [row for row in rows if outbox.approve(bench, now, row)]
    _tell(done, rows, "approved")
    if done:
        aside(f"They leave with: dunwell run {ledger} --send")


@click.command()
@click.argument("ledger")
@click.argument("keys", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Everything that is planned.")
@click.option("--reason", metavar="TEXT", default="", help="Why; the customer's history keeps it.")
@by
@pass_session
def reject(session: Session, ledger: str, keys: tuple[str, ...], everything: bool, reason: str, by: str | None) -> None:
    """Skip messages of the outbox: their steps count as passed, and nothing is said.

    \b
    Examples: dunwell reject acme 1a2b3c4d --reason "I called them"
              dunwell reject acme --all
    """
    from sync.store import outbox
    from sync.store.outbox import State

    bench = session.bench(ledger)
    rows = _meant(bench, keys, everything=everything)
    now = bench.moment(session.who(by))
    with bench.store.transaction():
        can = [row for row in rows if row.state in {State.PLANNED, State.APPROVED, State.HELD}]
        done = [row for row in can if outbox.move(bench.store, now, row, State.REJECTED, reason or None)]
    _tell(done, rows, "rejected")


def _meant(bench: "Bench", keys: Sequence[str], *, everything: bool) -> "list[OutboxRow]":
    """The rows that were named, or everything that is planned."""
    from sync.store import outbox
    from sync.store.outbox import State

    if bool(keys) == everything:
        raise click.UsageError(
            f"Name what is meant, by the characters that dunwell outbox {bench.ledger.name} shows, or say --all."
        )
    if everything:
        return outbox.in_state(bench.store, bench.ledger.id, State.PLANNED)
    return [finding.outbox_row(bench, key) for key in dict.fromkeys(keys)]


def _tell(done: "Sequence[OutboxRow]", rows: "Sequence[OutboxRow]", what: str) -> None:
    """Name what was done. Ends with 1 where something that was named could not be."""
    from sync.store.outbox import TO_PEOPLE, State

    for row in done:
        one = row.touchpoint() if row.kind in TO_PEOPLE else None
        asks = f" asks {amount(one.amount_minor, row.currency)}" if one and one.amount_minor else ""
        say(f"{what} {row.id8}: {one.customer_name if one else row.customer_id}, {row.act}{asks}")
    if not rows:
        say("Nothing is planned.")
    left = [row for row in rows if row not in done]
    for row in left:
        if row.state is State.PLANNED:
            warn(f"{row.id8} has changed meanwhile and was not {what}; look at it again with dunwell outbox")
        else:
            warn(f"{row.id8} is {row.state}, so it cannot be {what}{f': {row.reason}' if row.reason else ''}")
    if left:
        raise Failed("")
