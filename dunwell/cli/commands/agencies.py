"""Accounts that an agency has."""

from decimal import Decimal
from pathlib import Path

import click

from dunwell.cli import finding
from dunwell.cli.ending import Wrong
from dunwell.cli.parameters import NUMBER, as_json, by
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Table, columns
from dunwell.cli.showing.page import emit, say, show
from strategy import money


@click.group()
def agency() -> None:
    """Accounts that an agency has: nothing is chased beside it.

    A schedule asks a person to place an account (dunwell tasks). Send the agency a pack; it has the account once it has
    confirmed that, or once the task is done as placed.

    \b
    Examples: dunwell agency pack acme --out placements
              dunwell agency ack acme placements/acme-2026-03-02-northgate --accounts 2 --total "1840.00 EUR"
              dunwell agency list acme
              dunwell agency recall acme lund --reason "paid to us"
    """


@agency.command("pack")
@click.argument("ledger")
@click.argument("tasks", nargs=-1, type=NUMBER)
@click.option("--agency", "name", metavar="NAME", help="For which, where tasks name several.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to put it in.")
@by
@pass_session
def agency_pack(
    session: Session, ledger: str, tasks: tuple[int, ...], name: str | None, out: Path, by: str | None
) -> None:
    """Write what the agency needs: debts, papers, contacts, totals and hashes. Nothing is placed by that.

    TASKS are those that ask for a placement, otherwise all. The pack holds personal data and is not encrypted: send it
    only as you and the agency have agreed.

    \b
    Example: dunwell agency pack acme --out placements
    """
    from dunwell.agreements import agencies

    bench = session.books(ledger)
    made = agencies.packed(bench, name, tasks, session.who(by))
    folder = out / f"{ledger}-{made.header.on}-{made.header.agency}"
    if folder.exists():
        raise Wrong(f"{folder} is there already; a pack that may have been sent is not written over: move it away")
    for file, content in made.files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / file).write_bytes(content)
    told = agencies.announce(bench, made.header, session.who(by))
    say(str(folder))
    for total in made.header.totals:
        say(f"{total.accounts} accounts, {total.invoices} invoices, {total.amount} {total.currency}")
    if told:
        say(f"{made.header.agency} is told with the next dunwell run {ledger} --send.")


@agency.command("ack")
@click.argument("ledger")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--accounts", type=int, required=True, metavar="N", help="How many accounts the agency has counted.")
@click.option("--total", "totals", multiple=True, required=True, metavar="AMOUNT", help='As in "1840.00 EUR"; each.')
@by
@pass_session
def agency_ack(
    session: Session, ledger: str, folder: Path, accounts: int, totals: tuple[str, ...], by: str | None
) -> None:
    """Record that the agency confirmed a pack: where its figures are ours, it has the accounts from now on.

    \b
    Example: dunwell agency ack acme placements/acme-2026-03-02-northgate --accounts 2 --total "1840.00 EUR"
    """
    import msgspec

    from dunwell.agreements import agencies
    from sync.placing import HEADER, Header

    bench = session.books(ledger)
    try:
        header = msgspec.json.decode((folder / HEADER).read_bytes(), type=Header)
    except (OSError, msgspec.DecodeError):
        raise Wrong(f"{folder} is no pack: it has no {HEADER} that can be read") from None
    agencies.acknowledge(bench, header, accounts, dict(_total(one) for one in totals), session.who(by))
    say(f"{header.agency} has {accounts} accounts; nothing is chased beside it.")


def _total(written: str) -> tuple[str, Decimal]:
    amount, _, currency = written.strip().rpartition(" ")
    known = money.as_written(amount)
    if not known:
        raise Wrong(f'"{written}" is no total; write it as in "1840.00 EUR"')
    return currency.upper(), known


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
    found = [(one, standing) for one in bench.accounts(bench.today()) for standing in placements.placed(one)]
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
@click.option("--letter", type=click.Path(path_type=Path, dir_okay=False), help="Write the release letter here.")
@by
@pass_session
def agency_recall(
    session: Session, ledger: str, customer: str, reason: str, letter: Path | None, by: str | None
) -> None:
    """Record that you asked the agency to stop, in every currency that it has. From then on the schedule goes on.

    An agency with an address in the settings is told by message; for others --letter writes what to send.

    \b
    Examples: dunwell agency recall acme lund --reason "we settled it with them" --by Anna
              dunwell agency recall acme lund --reason "paid to us" --letter release.txt
    """
    from dunwell.agreements import agencies

    bench = session.books(ledger)
    account = finding.account(bench, customer)
    if letter is not None:  # first, for who has been taken back has no such letter any more
        releases = agencies.release_letters(bench, account)
        letter.write_text("\n\n".join(f"{one.subject}\n\n{one.text}" for one in releases), "utf-8")
    for name in agencies.recall(bench, account, reason, session.who(by)):
        hands = bench.settings.agencies.get(name)
        told = hands is not None and hands.agency.to is not None
        rest = f"the next dunwell run {ledger} --send tells them" if told else "tell them, if you have not"
        say(f"{account.customer.name} is taken back from {name}: {rest}. The next run decides it anew.")
