"""Contacts that were made elsewhere."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import click

from dunwell.agreements.ways import ELSEWHERE
from dunwell.cli import finding
from dunwell.cli.ending import Wrong
from dunwell.cli.parameters import DAY, NUMBER, as_json, by
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Table, columns
from dunwell.cli.showing.page import emit, say, show
from dunwell.cli.showing.plain import Plain
from strategy.touches import REPLY

if TYPE_CHECKING:
    from sync.store.agreements import ListedTouch

CHANNELS: Final = (*ELSEWHERE, REPLY)


@click.group()
def touch() -> None:
    """Contacts that were made elsewhere: they keep ours away for the gap, and count for the most there may be.

    \b
    Examples: dunwell touch add acme lund --channel call --note "asked for a copy of 1042"
              dunwell touch import acme said-before.csv
              dunwell touch list acme
              dunwell touch end acme 4
    """


class _Made(TypedDict):
    channel: str
    note: str
    on: date | None
    invoices: tuple[str, ...]
    by: str | None


@touch.command("add")
@click.argument("ledger")
@click.argument("customer")
@click.option(
    "--channel",
    type=click.Choice(CHANNELS),
    default="call",
    metavar="CHANNEL",
    help=f"How: {', '.join(CHANNELS)}; platform is a reminder of QuickBooks' or Xero's own, reply what they "
    "wrote to us. Otherwise a call.",
)
@click.option("--note", required=True, metavar="TEXT", help="What was said, for the next person who looks.")
@click.option("--on", type=DAY, metavar="DATE", help="The day. Otherwise today.")
@click.option("--invoice", "invoices", multiple=True, metavar="INVOICE", help="What it was about; may be repeated.")
@by
@pass_session
def touch_add(session: Session, ledger: str, customer: str, **made: Unpack[_Made]) -> None:
    """Note a telephone call, a visit, or a message that left from elsewhere.

    \b
    Example: dunwell touch add acme lund --note "rang Mats, he looks for the invoice" --invoice 1042
    """
    from dunwell.agreements import touches

    bench = session.books(ledger)
    account = finding.account(bench, customer)
    rows = tuple(finding.open_invoice(bench, account, one) for one in dict.fromkeys(made["invoices"]))
    told = touches.Made(on=made["on"] or bench.today(), channel=made["channel"], what=made["note"], rows=rows)
    number = touches.note(bench, account, told, session.who(made["by"]))
    counts = "nothing is said before somebody answers" if told.channel == REPLY else "it counts like one of ours"
    say(f"Contact {number}: {account.customer.name}, {told.channel} on {told.on}; {counts}.")


@touch.command("import")
@click.argument("ledger")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@by
@pass_session
def touch_import(session: Session, ledger: str, file: Path, by: str | None) -> None:
    """Take over what the program before has said, so that each ladder goes on where it stands.

    \b
    CSV:     columns customer or invoice, said (a step of the strategy, or the letter that it says), day, channel;
             without an invoice all that was overdue on that day is meant; the same file twice adds nothing
    Example: dunwell touch import acme said-before.csv
    """
    from dunwell.cli import touch_file
    from sync.store import journal

    bench = session.books(ledger)
    now = bench.moment(session.who(by))
    with bench.store.transaction():  # with the reading: what is known already is not taken over twice at once
        read = touch_file.read(bench, file)
        for one in read.new:
            journal.add_touch(bench.store, now, one)
    say(
        f"{len(read.new)} contacts were taken over; {read.known} rows were known already, {read.settled} are about "
        "what is paid by now."
    )


@touch.command("list")
@click.argument("ledger")
@click.option("--all", "ended", is_flag=True, help="Those taken back, too.")
@as_json
@pass_session
def touch_list(session: Session, ledger: str, ended: bool, as_json: bool) -> None:
    """Contacts that were made elsewhere, the oldest first.

    \b
    Example: dunwell touch list acme
    """
    from sync.store import agreements

    bench = session.bench(ledger)
    found = agreements.noted(bench.store, bench.ledger.id, ended=ended)
    if as_json:
        emit({"ledger": ledger, "touches": [_plain(one) for one in found]})
        return
    show(
        Table(
            kind="touch",
            title=f"{ledger}: contacts made elsewhere",
            columns=columns("id on| customer~ customer_id| channel step invoices by| note…"),
            rows=[
                (
                    str(one.id),
                    one.on,
                    one.customer,
                    one.customer_id,
                    one.channel,
                    None if one.act == "noted" else one.act,
                    ", ".join(one.numbers) or None,
                    one.who,
                    one.what,
                )
                for one in found
            ],
            empty="Nobody has noted any.",
        )
    )


def _plain(one: "ListedTouch") -> Plain:
    return {
        "id": one.id,
        "on": one.on.isoformat(),
        "customer": {"id": one.customer_id, "name": one.customer},
        "channel": one.channel,
        "step": None if one.act == "noted" else one.act,
        "invoices": list(one.numbers),
        "by": one.who,
        "note": one.what,
        "ended_on": one.ended_on.isoformat() if one.ended_on else None,
    }


@touch.command("end")
@click.argument("ledger")
@click.argument("number", type=NUMBER)
@by
@pass_session
def touch_end(session: Session, ledger: str, number: int, by: str | None) -> None:
    """It was noted by mistake.

    \b
    Example: dunwell touch end acme 4
    """
    from dunwell.agreements import touches

    bench = session.bench(ledger)
    if not touches.take_back(bench, number, session.who(by)):
        raise Wrong(f"there is no noted contact {number} in {ledger}; dunwell touch list {ledger} shows them")
    say(f"Contact {number} is taken back.")
