"""One invoice on any day: what happens with it and why, what would change that, and what happens next."""

from datetime import date
from typing import TYPE_CHECKING

import click

from dunwell.cli import finding
from dunwell.cli.ending import Wrong
from dunwell.cli.parameters import as_json, as_of
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing import plain
from dunwell.cli.showing.page import emit, tell
from strategy.model import DocumentStatus

if TYPE_CHECKING:
    from strategy.decision import Decision
    from sync.any_day import NotSaid, Standing
    from sync.store.search import FoundInvoice


@click.command()
@click.argument("ledger")
@click.argument("invoice")
@click.option("--why-not", metavar="STEP", help="What you expected: a step, a letter, or contact for any of them.")
@as_of
@as_json
@pass_session
def explain(
    session: Session, ledger: str, invoice: str, why_not: str | None, as_of: date | None, as_json: bool
) -> None:
    """One invoice: what happens with it and why, or why nothing does, and when something will.

    INVOICE is its number, or # and its id. A day gone by is told as its morning was, with what left on it; a day to
    come as if nothing were paid, said or changed until then. With --json: ledger, as_of, invoice, asked
    (touchpoints), held, next_on, told (the sentences by what they are about) and text (all of them).

    With --why-not, the first rule because of which a step was not said on the day, what else stood against it, and what
    would have to be different; or that it was said, when and how. With --json: why_not (expected, said, reasons, text).

    \b
    Examples: dunwell explain acme 1042
              dunwell explain acme 1042 --as-of 2026-03-16
              dunwell explain acme 1042 --why-not third --as-of 2026-03-16
    """
    from sync import any_day

    bench = session.books(ledger)
    found = finding.invoice(bench, invoice)
    standing = any_day.standing(bench, found.account_id, finding.day(bench, as_of))
    if standing is None:
        raise Wrong(f"invoice {found.number} belongs to nobody in the books; read them: dunwell sync {ledger} --full")
    row, called = standing.receivable(found.id), f"Invoice {found.number} of {found.account}"
    following = tuple(standing.ahead(found.id)) if row else ()
    closed = None if row else _closed(found, standing.decision.as_of, bench.today())
    told = (
        any_day.told(bench, standing, row, following)
        if row
        else any_day.told_closed(bench, standing, found.id, f"{called}: {closed}")
    )
    lines = told.lines()
    answer = None
    if why_not is not None:
        answer = any_day.why_not(bench, standing, found.id, why_not, closed)
        if answer is None:
            raise _no_such_step(standing, why_not)
        lines = (told.invoice if row or answer.said else f"{called}.", *answer.lines)
    if as_json:
        emit(
            {
                **_plain(ledger, found, standing, following),
                **_plain_why(why_not, answer),
                "told": plain.told(told),
                "text": lines,
            }
        )
    else:
        tell(*lines)


def _no_such_step(standing: "Standing", expected: str) -> Wrong:
    known = dict.fromkeys(step.name for each in standing.strategy.schedules for step in each.steps)
    return Wrong(f'there is no step or letter "{expected}"; there are {", ".join(known)}, and contact for any of them')


def _plain_why(expected: str | None, answer: "NotSaid | None") -> plain.Plain:
    if answer is None:
        return {}
    reasons = [plain.reason(why) for why in answer.laws]
    return {"why_not": {"expected": expected, "said": answer.said, "reasons": reasons, "text": list(answer.lines)}}


def _closed(found: "FoundInvoice", day: date, today: date) -> str:
    """Why nothing of it is open on the day, by the books as they are."""
    then = f"by today's books nothing of it was open on {day}" if day < today else "nothing of it is open"
    if found.status is not DocumentStatus.ISSUED:
        return f"it is {found.status}, so nothing is asked for it."
    if found.open_minor < 0:
        return "its balance is below zero; it counts as credit and is never asked for."
    if found.issued_on > day:
        return f"it is of {found.issued_on}; before, there is nothing to ask for."
    return f"{then}: it is paid or credited."


def _plain(ledger: str, found: "FoundInvoice", standing: "Standing", following: "tuple[Decision, ...]") -> plain.Plain:
    from strategy import telling

    decision, row = standing.decision, standing.receivable(found.id)
    asked = [touchpoint for touchpoint, _ in telling.asking(decision, found.id)]
    next_on = telling.next_on(decision, following, found.id)
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
        "held": [plain.held(one, decision) for one in telling.holding(decision, found.id)],
        "next_on": next_on.isoformat() if next_on else None,
    }
