"""Accounts that an agency has."""

import click

from dunwell.cli import finding
from dunwell.cli.parameters import as_json, by
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Table, columns
from dunwell.cli.showing.page import emit, say, show


@click.group()
def agency() -> None:
    """Accounts that an agency has: nothing is chased beside it.

    A schedule asks a person to place an account (dunwell tasks); the agency has it once that task is done as placed.

    \b
    Examples: dunwell tasks acme --done 7 --outcome placed
              dunwell agency list acme
              dunwell agency recall acme lund --reason "paid to us"
    """


@agency.command("list")
@click.argument("ledger")
@as_json
@pass_session
def agency_list(session: Session, ledger: str, as_json: bool) -> None:
    """Who is with which agency, and since when.

    \b
    Example: dunwell agency list acme
    """
    from strategy import placements

    bench = session.books(ledger)
    found = [(one, standing) for one in bench.accounts(bench.today()) if (standing := placements.placed(one))]
    if as_json:
        emit(
            {
                "ledger": ledger,
                "placed": [
                    {
                        "customer": {"id": one.customer.id, "name": one.customer.name},
                        "agency": standing.what,
                        "since": standing.on.isoformat(),
                        "currency": standing.currency,
                    }
                    for one, standing in found
                ],
            }
        )
        return
    show(
        Table(
            kind="placement",
            title=f"{ledger}: with an agency",
            columns=columns("customer~ customer_id| agency~ since currency"),
            rows=[(one.customer.name, one.customer.id, at.what, at.on, at.currency) for one, at in found],
            empty="No agency has anybody.",
        )
    )


@agency.command("recall")
@click.argument("ledger")
@click.argument("customer")
@click.option("--reason", metavar="TEXT", required=True, help="Why; the customer's history keeps it.")
@by
@pass_session
def agency_recall(session: Session, ledger: str, customer: str, reason: str, by: str | None) -> None:
    """Record that you asked the agency to stop. From then on the schedule goes on.

    \b
    Example: dunwell agency recall acme lund --reason "we settled it with them" --by Anna
    """
    from dunwell.agreements import agencies

    bench = session.books(ledger)
    account = finding.account(bench, customer)
    name = agencies.recall(bench, account, reason, session.who(by))
    say(f"{account.customer.name} is taken back from {name}: tell them, if you have not. The next run decides it anew.")
