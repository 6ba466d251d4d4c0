"""One invoice on any day: what happens with it and why, what would change that, and what happens next."""

from datetime import date
from typing import TYPE_CHECKING

import click

from dunwell.cli import finding
from dunwell.cli.ending import Wrong
from dunwell.cli.parameters import as_json, as_of
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing import plain
from dunwell.cli.showing.page import emit, say
from strategy.model import DocumentStatus

if TYPE_CHECKING:
    from sync.any_day import Standing
    from sync.store.search import FoundInvoice


@click.command()
@click.argument("ledger")
@click.argument("invoice")
@as_of
@as_json
@pass_session
def explain(session: Session, ledger: str, invoice: str, as_of: date | None, as_json: bool) -> None:
    """One invoice: what happens with it and why, or why nothing does, and when something will.

    INVOICE is its number, or its id where it has none. A day gone by is told as its morning was, with what left on it;
    a day to come as if nothing were paid, said or changed until then. With --json: ledger, as_of, invoice, asked
    (touchpoints), held, next_on, told (the sentences by what they are about) and text (all of them).

    \b
    Examples: dunwell explain acme 1042
              dunwell explain acme 1042 --as-of 2026-03-16
    """
    from sync import any_day

    bench = session.books(ledger)
    found = finding.invoice(bench, invoice)
    standing = any_day.standing(bench, found.account_id, as_of or bench.today())
    if standing is None:
        raise Wrong(f"invoice {found.number} belongs to nobody in the books; read them: dunwell sync {ledger} --full")
    told = any_day.told(bench, standing, found.id)
    lines = told.lines() if told else (f"Invoice {found.number} of {found.account}: {_closed(found)}",)
    if as_json:
        emit({**_plain(ledger, found, standing), "told": plain.told(told), "text": list(lines)})
    else:
        say(*lines)


def _closed(found: "FoundInvoice") -> str:
    """Why nothing of it is open."""
    if found.status is not DocumentStatus.ISSUED:
        return f"it is {found.status}, so nothing is asked for it."
    if found.open_minor < 0:
        return "its balance is below zero; it counts as credit and is never asked for."
    return "nothing of it is open: it is paid or credited."


def _plain(ledger: str, found: "FoundInvoice", standing: "Standing") -> plain.Plain:
    from strategy import telling

    decision, row = standing.decision, standing.receivable(found.id)
    asked = [touchpoint for touchpoint, _ in telling.asking(decision, found.id)]
    following = decision if asked else standing.following(found.id) if row else None
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
        "next_on": following.as_of.isoformat() if following else None,
    }
