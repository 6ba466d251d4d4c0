"""What is left over."""

from datetime import date
from typing import TYPE_CHECKING

import click

from dunwell.cli import finding
from dunwell.cli.parameters import as_json, as_of
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Money, Table, columns
from dunwell.cli.showing.page import aside, emit, show
from dunwell.cli.showing.plain import Plain, amount

if TYPE_CHECKING:
    from strategy.account import Account
    from strategy.small import Small


@click.command()
@click.argument("ledger")
@as_of
@as_json
@pass_session
def small(session: Session, ledger: str, as_of: date | None, as_json: bool) -> None:
    """Balances too small to ask for, either way: to be written off or refunded in the books.

    Small is what is at or below the strategy's minimum; nobody is ever chased for it. What is not due yet is not
    listed, nor where something else of the customer falls due.

    \b
    Example: dunwell small acme
    """
    from strategy.small import small as left_over

    bench = session.books(ledger)
    day, minimum = finding.day(bench, as_of), bench.settings.strategy.holds.minimum
    found = [(account, one) for account in bench.accounts(day) for one in left_over(account, minimum, day)]
    found.sort(key=lambda pair: (pair[1].way, pair[1].since, pair[0].customer.name.casefold()))
    if as_json:
        emit({"ledger": ledger, "as_of": day.isoformat(), "small": [_plain(account, one) for account, one in found]})
        return
    show(
        Table(
            kind="small",
            title=f"{ledger}: small balances on {day}",
            columns=columns("what customer~ customer_id| currency amount> since| of…"),
            rows=[
                (
                    one.way.value,
                    account.customer.name,
                    account.customer.id,
                    one.currency,
                    Money(minor=one.amount_minor, currency=one.currency),
                    one.since,
                    ", ".join(one.numbers),
                )
                for account, one in found
            ],
            empty="No balance is small.",
        )
    )
    if not minimum:
        aside("The strategy has no minimum, so nothing is small: set [holds] minimum.")


def _plain(account: "Account", one: "Small") -> Plain:
    return {
        "what": one.way.value,
        "customer": {"id": account.customer.id, "name": account.customer.name},
        "currency": one.currency,
        "amount": amount(one.amount_minor, one.currency),
        "since": one.since.isoformat(),
        "of": list(one.numbers),
    }
