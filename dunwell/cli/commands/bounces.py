"""A message came back."""

import click

from dunwell.cli import finding
from dunwell.cli.ending import Wrong
from dunwell.cli.parameters import NUMBER, as_json, by
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Table, columns
from dunwell.cli.showing.page import emit, say, show


@click.group()
def bounce() -> None:
    """A message came back: its address is not written to again, and what nobody got counts as not said.

    \b
    Examples: dunwell bounce add acme 1a2b3c4d
              dunwell bounce add acme 1a2b3c4d --address jo@lund.example
              dunwell bounce list acme
              dunwell bounce end acme 3
    """


@bounce.command("add")
@click.argument("ledger")
@click.argument("key")
@click.option("--address", "addresses", multiple=True, metavar="ADDRESS", help="From whom. Otherwise from all.")
@by
@pass_session
def bounce_add(session: Session, ledger: str, key: str, addresses: tuple[str, ...], by: str | None) -> None:
    """Record that a message came back. KEY is what dunwell outbox --all shows.

    Where somebody else got it too, it counts as said. Otherwise the next run says it to the next address that there is,
    and where there is none, somebody is asked to find one.

    \b
    Example: dunwell bounce add acme 1a2b3c4d --by Anna
    """
    from dunwell.agreements import bounces

    bench = session.books(ledger)
    row = finding.outbox_row(bench, key)
    found = bounces.came_back(bench, row, addresses, session.who(by))
    say(f"Nothing more is sent to {', '.join(found.addresses)}.")
    say(
        f'Nobody got it: "{row.act}" counts as not said, and the next run decides it anew.'
        if found.whole
        else f'Somebody else got it: "{row.act}" counts as said.'
    )


@bounce.command("list")
@click.argument("ledger")
@click.option("--all", "ended", is_flag=True, help="Ended ones too.")
@as_json
@pass_session
def bounce_list(session: Session, ledger: str, ended: bool, as_json: bool) -> None:
    """Addresses that are not written to.

    \b
    Example: dunwell bounce list acme
    """
    from sync.store import bounces

    bench = session.bench(ledger)
    found = bounces.bounces(bench.store, bench.ledger.id, ended=ended)
    if as_json:
        emit(
            {
                "ledger": ledger,
                "bounces": [
                    {
                        "id": one.id,
                        "customer": {"id": one.customer_id, "name": one.customer},
                        "address": one.address,
                        "step": one.step,
                        "message": one.id8,
                        "came_on": one.on.isoformat(),
                        "ended_on": one.ended_on.isoformat() if one.ended_on else None,
                    }
                    for one in found
                ],
            }
        )
        return
    show(
        Table(
            kind="bounce",
            title=f"{ledger}: messages that came back",
            columns=columns("id customer~ customer_id| address~ step message| on ended|"),
            rows=[
                (str(one.id), one.customer, one.customer_id, one.address, one.step, one.id8, one.on, one.ended_on)
                for one in found
            ],
            empty="Nothing came back.",
        )
    )


@bounce.command("end")
@click.argument("ledger")
@click.argument("number", type=NUMBER)
@by
@pass_session
def bounce_end(session: Session, ledger: str, number: int, by: str | None) -> None:
    """Say that an address works again.

    \b
    Example: dunwell bounce end acme 3
    """
    from sync.store import bounces

    bench = session.bench(ledger)
    with bench.store.transaction():
        ended = bounces.end(bench.store, bench.moment(session.who(by)), number)
    if not ended:
        raise Wrong(f"there is no bounce {number} in {ledger}; dunwell bounce list {ledger} shows them")
    say(f"Bounce {number} is ended: the address is written to again.")
