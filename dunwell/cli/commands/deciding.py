"""What is decided for a day, and why: the same decisions as the real run's, written nowhere."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dunwell.cli import finding
from dunwell.cli.parameters import as_json, as_of
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing import outlook, plain
from dunwell.cli.showing.cells import Money, Row, Table, columns
from dunwell.cli.showing.page import aside, at_terminal, emit, show, warn
from strategy import explain as explaining
from strategy.decision import Decision, Held, TaskAsked, Touchpoint
from strategy.model import Currency, Issue

if TYPE_CHECKING:
    from sync.bench import Bench


@click.command()
@click.argument("ledger")
@click.option("--held", "every_hold", is_flag=True, help="At a terminal, every held amount instead of sums by reason.")
@click.option(
    "--letters",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the letters there, to read.",
)
@as_of
@as_json
@pass_session
def plan(
    session: Session, ledger: str, every_hold: bool, letters: Path | None, as_of: date | None, as_json: bool
) -> None:
    """What would happen today, and why; nothing is written and nothing leaves.

    For every open invoice, what is asked and what is held add up to what is open. In a pipe the first column says
    whether a line is a touchpoint, a held amount, a task or an issue of the books. With --json: ledger, as_of,
    touchpoints, held, tasks and issues, each with its reasons as code, facts and text.

    A day gone by is decided by the journal and the strategy of that day; a day to come as if nothing were paid, said or
    changed until then, and what is due before had left.

    With --letters, each letter as it would leave, a file named by its outbox id; nobody is told, and no book either.

    \b
    Examples: dunwell plan acme
              dunwell plan acme --letters to-read
              dunwell plan acme --as-of 2026-03-16 --json
    """
    from sync import cycle
    from sync.store import mirror

    bench = session.books(ledger)
    day = finding.day(bench, as_of)
    decisions = sorted(cycle.preview(bench, day), key=lambda one: (one.customer_name.casefold(), one.customer_id))
    odd = mirror.issues(bench.store, bench.ledger.id)
    if as_json:
        emit(plain.plan(ledger, day.isoformat(), decisions, odd))
    else:
        on = None if day == bench.today() else day
        _show(ledger, decisions, odd, on=on, in_sums=at_terminal() and not every_hold)
    if letters:
        _write_letters(bench, day, letters)


def _write_letters(bench: "Bench", day: date, folder: Path) -> None:
    from sync.drafts import drafts
    from sync.outbox import id8

    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for draft in drafts(bench, day):
        if draft.content:
            (folder / f"{id8(draft.touchpoint.key)}.eml").write_bytes(draft.content)
            written += 1
        else:
            warn(f"No letter for {draft.touchpoint.customer_name}: {draft.trouble}")
    aside(f"{written} letters to read in {folder}; none of them has left.")


def _show(ledger: str, decisions: Sequence[Decision], odd: Sequence[Issue], *, on: date | None, in_sums: bool) -> None:
    """`on`: the day that is shown, None for today."""
    touchpoints = [one for decision in decisions for one in decision.touchpoints]
    tasks = [one for decision in decisions for one in decision.tasks]
    issues = [*odd, *(issue for decision in decisions for issue in decision.issues)]
    show(
        _touchpoints(touchpoints, on),
        _held_in_sums(decisions) if in_sums else _held(decisions),
        _tasks(tasks),
        _issues([] if in_sums else issues),
    )
    aside(*outlook.everybody_waits(decisions))
    if issues and in_sums:
        aside(f"{len(issues)} odd records in the books: dunwell check lists them.")
    aside(f"Why, invoice by invoice: dunwell explain {ledger} INVOICE")


def _touchpoints(found: Sequence[Touchpoint], on: date | None) -> Table:
    return Table(
        kind="touchpoint",
        title=f"Would be said {f'on {on}' if on else 'today'} ({len(found)})",
        columns=columns("customer~ id| step~ channel| to~ currency amount> invoices> days> not_before| approval| key|"),
        rows=[
            (
                one.customer_name,
                one.customer_id,
                one.step,
                one.channel,
                ", ".join(one.to),
                one.currency,
                Money(minor=one.amount_minor, currency=one.currency),
                len(one.invoices or one.coming),
                max((asked.days_overdue for asked in one.invoices), default=0) or None,
                one.window.opens,
                "person" if one.approval else "strategy",
                one.key,
            )
            for one in found
        ],
        totals=[
            ("Total", *[None] * 4, currency, Money(minor=asked, currency=currency), *[None] * 5)
            for currency, asked in _sums((one.currency, one.amount_minor) for one in found)
        ],
        empty="Nothing would be said today.",
    )


def _sums(amounts: Iterable[tuple[Currency, int]]) -> list[tuple[Currency, int]]:
    sums: dict[Currency, int] = defaultdict(int)
    for currency, minor in amounts:
        sums[currency] += minor
    return sorted(sums.items())


def _held(decisions: Sequence[Decision]) -> Table:
    return Table(
        kind="held",
        title="Not asked for",
        columns=columns("customer~ id| invoice currency amount> until reason| why…"),
        rows=[_held_row(decision, one) for decision in decisions for one in decision.held],
    )


def _held_row(decision: Decision, one: Held) -> Row:
    money = Money(minor=one.amount_minor, currency=one.currency)
    why = " ".join(map(explaining.sentence, one.reasons))
    return (
        decision.customer_name,
        decision.customer_id,
        one.number,
        one.currency,
        money,
        one.until,
        one.reasons[0].code,
        why,
    )


def _held_in_sums(decisions: Sequence[Decision]) -> Table:
    """By the first reason and currency: how many invoices, and how much."""
    sums: dict[tuple[str, Currency], list[int]] = defaultdict(list)
    for decision in decisions:
        for one in decision.held:
            sums[one.reasons[0].code, one.currency].append(one.amount_minor)
    largest = sorted(sums.items(), key=lambda item: -sum(item[1]))
    return Table(
        kind="held",
        title="Not asked for",
        columns=columns("because currency amount> invoices>"),
        rows=[
            (code.replace("_", " "), currency, Money(minor=sum(amounts), currency=currency), len(amounts))
            for (code, currency), amounts in largest
        ],
    )


def _tasks(found: Sequence[TaskAsked]) -> Table:
    return Table(
        kind="task",
        title=f"Work for people ({len(found)})",
        columns=columns("customer~ id| kind who currency amount> why…"),
        rows=[
            (
                one.customer_name,
                one.customer_id,
                one.kind,
                one.who,
                one.currency,
                Money(minor=one.amount_minor, currency=one.currency),
                explaining.sentence(one.why[0]) if one.why else None,
            )
            for one in found
        ],
    )


def _issues(found: Sequence[Issue]) -> Table:
    rows = [(one.source, one.code, one.message) for one in found]
    return Table(kind="issue", title="Odd in the books", columns=columns("record~ code message…"), rows=rows)
