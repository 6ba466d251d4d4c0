"""Accounts on credit hold, for whoever takes orders."""

from typing import TYPE_CHECKING

import click

from dunwell.cli.parameters import as_json
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Table, columns
from dunwell.cli.showing.page import aside, emit, show
from dunwell.cli.showing.plain import Plain, amount

if TYPE_CHECKING:
    from sync.stopped import Stopped


@click.command("credit-holds")
@click.argument("ledger")
@as_json
@pass_session
def credit_holds(session: Session, ledger: str, as_json: bool) -> None:
    """Accounts on credit hold: which trigger with over = true holds for whom, since when and why.

    As last decided. With credit_holds = "holds.csv" below the ledger in config.toml, every run writes the same as a
    file for the order desk.

    \b
    Example: dunwell credit-holds acme
    """
    from sync.stopped import stopped

    bench = session.books(ledger)
    found = stopped(bench)
    if as_json:
        emit({"ledger": ledger, "credit_holds": [_plain(one) for one in found]})
        return
    show(
        Table(
            kind="credit hold",
            title=f"{ledger}: on credit hold",
            columns=columns("customer~ customer_id| since| trigger~ overdue> why…"),
            rows=[(one.customer, one.customer_id, one.since, one.trigger, _overdue(one), one.why) for one in found],
            empty="Nobody is on credit hold.",
        )
    )
    if not any(trigger.over for trigger in bench.settings.strategy.triggers):
        aside("No trigger of the strategy has over = true, so nobody ever is.")


def _overdue(one: "Stopped") -> str:
    from strategy.explain import amount as written

    return ", ".join(written(minor, currency) for currency, minor in one.overdue_minor)


def _plain(one: "Stopped") -> Plain:
    return {
        "customer": {"id": one.customer_id, "number": one.number, "name": one.customer},
        "trigger": one.trigger,
        "since": one.since.isoformat(),
        "why": one.why,
        "overdue": [{"currency": currency, "amount": amount(minor, currency)} for currency, minor in one.overdue_minor],
    }
