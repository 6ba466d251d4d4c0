"""What is decided for a day, and why: the same decisions as the real run's, written nowhere."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from dunwell.cli import finding
from dunwell.cli.ending import Wrong
from dunwell.cli.parameters import as_json, as_of
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing import outlook, plain
from dunwell.cli.showing.cells import Money, Row, Table, columns
from dunwell.cli.showing.page import aside, at_terminal, emit, say, show, warn
from strategy import explain as explaining
from strategy.decision import Decision, Held, TaskAsked, Touchpoint
from strategy.model import Currency, DocumentStatus, InvoiceId, Issue

if TYPE_CHECKING:
    from strategy.account import Receivable
    from sync.bench import Bench
    from sync.store.search import FoundInvoice


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

    With --letters, each letter as it would leave, a file named by its outbox id; nobody is told, and no book either.

    \b
    Examples: dunwell plan acme
              dunwell plan acme --letters to-read
              dunwell plan acme --as-of 2026-03-16 --json
    """
    from sync import cycle
    from sync.store import mirror

    bench = session.books(ledger)
    day = as_of or bench.today()
    decisions = sorted(cycle.preview(bench, day), key=lambda one: (one.customer_name.casefold(), one.customer_id))
    odd = mirror.issues(bench.store, bench.ledger.id)
    if as_json:
        emit(plain.plan(ledger, day.isoformat(), decisions, odd))
    else:
        _show(ledger, decisions, odd, in_sums=at_terminal() and not every_hold)
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


def _show(ledger: str, decisions: Sequence[Decision], odd: Sequence[Issue], *, in_sums: bool) -> None:
    touchpoints = [one for decision in decisions for one in decision.touchpoints]
    tasks = [one for decision in decisions for one in decision.tasks]
    issues = [*odd, *(issue for decision in decisions for issue in decision.issues)]
    show(
        _touchpoints(touchpoints),
        _held_in_sums(decisions) if in_sums else _held(decisions),
        _tasks(tasks),
        _issues([] if in_sums else issues),
    )
    aside(*outlook.everybody_waits(decisions))
    if issues and in_sums:
        aside(f"{len(issues)} odd records in the books: dunwell check lists them.")
    aside(f"Why, invoice by invoice: dunwell explain {ledger} INVOICE")


def _touchpoints(found: Sequence[Touchpoint]) -> Table:
    return Table(
        kind="touchpoint",
        title=f"Would be said today ({len(found)})",
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


@click.command()
@click.argument("ledger")
@click.argument("invoice")
@as_of
@as_json
@pass_session
def explain(session: Session, ledger: str, invoice: str, as_of: date | None, as_json: bool) -> None:
    """One invoice: what happens with it and why, or why nothing does, and when something will.

    INVOICE is its number, or its id where it has none. With --json: ledger, as_of, invoice, asked (touchpoints), held,
    next_on, and text, the same as sentences.

    \b
    Examples: dunwell explain acme 1042
              dunwell explain acme 1042 --as-of 2026-03-16
    """
    from sync import ramp

    bench = session.books(ledger)
    found = finding.invoice(bench, invoice)
    day = as_of or bench.today()
    account = bench.account(found.account_id, day)
    if account is None:
        raise Wrong(f"invoice {found.number} belongs to nobody in the books; read them: dunwell sync {ledger} --full")
    decision = ramp.decided(bench, account, day)
    row = next((one for one in account.receivables if one.invoice_id == found.id), None)
    lines = list(dict.fromkeys(_told(bench, found, row, decision)))
    if as_json:
        emit(_plain(ledger, found, row, decision, lines))
    else:
        say(*lines)


def _told(bench: "Bench", found: "FoundInvoice", row: "Receivable | None", decision: Decision) -> Iterator[str]:
    if row is None:
        yield f"Invoice {found.number} of {found.account}: {_closed(found)}"
        return
    days = (decision.as_of - row.due_on).days
    age = "not due yet" if days <= 0 else "1 day overdue" if days == 1 else f"{days} days overdue"
    owed = explaining.amount(row.open_minor, row.currency)
    yield f"Invoice {found.number} of {found.account}: {owed} open, due on {row.due_on}, {age}."
    yield from explaining.about_invoice(decision, found.id, ZoneInfo(bench.time_zone()))
    day = outlook.next_day(decision, found.id)
    if day is None:
        yield "Nothing more happens by itself: what holds it has to be settled first."
    elif day > decision.as_of:
        yield f"Next: on {day}, if nothing changes before."
    else:
        yield from _leaves(bench, decision, found.id)


def _leaves(bench: "Bench", decision: Decision, invoice_id: InvoiceId) -> Iterator[str]:
    """What a message that asks for it today still waits for."""
    from sync.store import outbox
    from sync.store.outbox import State

    name = bench.ledger.name
    for touchpoint, _ in outlook.asking(decision, invoice_id):
        row = outbox.by_key(bench.store, bench.ledger.id, touchpoint.key)
        if row is not None and row.state is State.APPROVED:
            yield f"Next: today; it is approved and leaves with: dunwell run {name} --send"
        elif touchpoint.approval:
            yield f"Next: today, once it is approved: dunwell outbox {name}"


def _closed(found: "FoundInvoice") -> str:
    """Why nothing of it is open."""
    if found.status is not DocumentStatus.ISSUED:
        return f"it is {found.status}, so nothing is asked for it."
    if found.open_minor < 0:
        return "its balance is below zero; it counts as credit and is never asked for."
    return "nothing of it is open: it is paid or credited."


def _plain(
    ledger: str, found: "FoundInvoice", row: "Receivable | None", decision: Decision, lines: list[str]
) -> plain.Plain:
    asked = [touchpoint for touchpoint, _ in outlook.asking(decision, found.id)]
    day = outlook.next_day(decision, found.id)
    return {
        "ledger": ledger,
        "as_of": decision.as_of.isoformat(),
        "invoice": {
            "id": found.id,
            "number": found.number,
            "status": found.status.value,
            "customer": {"id": found.account_id, "name": found.account},
            "currency": found.currency,
            "original": plain.amount(found.total_minor, found.currency),
            "open": plain.amount(row.open_minor if row else 0, found.currency),
            "due_on": row.due_on.isoformat() if row else None,
            "days_overdue": max(0, (decision.as_of - row.due_on).days) if row else 0,
        },
        "asked": [plain.touchpoint(one) for one in asked],
        "held": [plain.held(one, decision) for one in outlook.holding(decision, found.id)],
        "next_on": day.isoformat() if day else None,
        "text": lines,
    }
