"""They say it is paid."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from dunwell.cli import finding
from dunwell.cli.ending import Wrong
from dunwell.cli.parameters import DAY, NUMBER, as_json, by
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Table, columns
from dunwell.cli.showing.page import emit, say, show
from dunwell.cli.showing.plain import Plain, amount
from strategy.explain import amount as in_words

if TYPE_CHECKING:
    from strategy.account import Unapplied
    from sync.bench import Bench
    from sync.store.agreements import ListedClaim


@click.group()
def claim() -> None:
    """They say it is paid: the invoices rest until the bookkeeper has looked, a week at most unless you say otherwise.

    \b
    Examples: dunwell claim add acme lund --invoice 1042 --invoice 1043 --paid-on 2026-03-03 --reference "SEPA 4711"
              dunwell claim list acme
              dunwell claim end acme 5
    """


class _Said(TypedDict):
    invoices: tuple[str, ...]
    until: date | None
    paid_on: date | None
    reference: str
    by: str | None


@claim.command("add")
@click.argument("ledger")
@click.argument("customer")
@click.option("--invoice", "invoices", multiple=True, required=True, metavar="INVOICE", help="Which; may be repeated.")
@click.option("--until", type=DAY, metavar="DATE", help="The last day on which it holds. Otherwise a week from today.")
@click.option("--paid-on", type=DAY, metavar="DATE", help="The day on which they say they paid.")
@click.option("--reference", default="", metavar="TEXT", help="What to look for: a date, an amount, a bank's number.")
@by
@pass_session
def claim_add(session: Session, ledger: str, customer: str, **said: Unpack[_Said]) -> None:
    """Record that a customer says invoices are paid.

    \b
    Example: dunwell claim add acme lund --invoice 1042 --until 2026-03-12
    """
    from dunwell.agreements import claims

    bench = session.books(ledger)
    account = finding.account(bench, customer)
    rows = [finding.open_invoice(bench, account, one) for one in dict.fromkeys(said["invoices"])]
    claimed = claims.Claimed(
        rows=tuple(rows), until=said["until"], reference=said["reference"], paid_on=said["paid_on"]
    )
    number, last = claims.claim(bench, account, claimed, session.who(said["by"]))
    numbers = ", ".join(row.number for row in rows)
    say(f"Claim {number}: {account.customer.name} says {numbers} is paid; it rests through {last}.")


@claim.command("list")
@click.argument("ledger")
@click.option("--all", "ended", is_flag=True, help="Ended ones too, and those with nothing open.")
@as_json
@pass_session
def claim_list(session: Session, ledger: str, ended: bool, as_json: bool) -> None:
    """The bookkeeper's list: what they say is paid, and which money in the books no invoice has used yet.

    By the day until which the claims hold; past it one is over: its invoices are asked for again. Claims none of whose
    invoices is open are left out.

    \b
    Example: dunwell claim list acme
    """
    from sync.store import agreements

    bench = session.books(ledger)
    today, found = bench.today(), agreements.claims(bench.store, bench.ledger.id, ended=ended)
    if as_json:
        emit({"ledger": ledger, "claims": [_plain(one, unapplied(bench, one), today) for one in found]})
        return
    show(
        Table(
            kind="claim",
            title=f"{ledger}: claims that something is paid",
            columns=columns(
                "id customer~ customer_id| invoices… since until over ended| reference… paid_on unapplied…"
            ),
            rows=[
                (
                    str(one.id),
                    one.customer,
                    one.customer_id,
                    ", ".join(one.numbers),
                    one.claimed_on,
                    one.until,
                    "over" if one.until < today else "",
                    one.closed_on,
                    one.reference,
                    one.paid_on,
                    ", ".join(_in_words(each) for each in unapplied(bench, one)),
                )
                for one in found
            ],
            empty="Nobody says that anything is paid.",
        )
    )


def unapplied(bench: "Bench", one: "ListedClaim") -> "list[Unapplied]":
    """Money of the account that may be what they speak of."""
    account = bench.account(one.customer_id, bench.today())
    return [each for each in (account.unapplied if account else ()) if each.is_money]


def _in_words(one: "Unapplied") -> str:
    return f"{in_words(one.amount_minor, one.currency)} of {one.since}"


def _plain(one: "ListedClaim", unapplied: "list[Unapplied]", today: date) -> Plain:
    return {
        "id": one.id,
        "customer": {"id": one.customer_id, "name": one.customer},
        "invoices": [
            {"id": invoice_id, "number": number} for invoice_id, number in zip(one.invoices, one.numbers, strict=True)
        ],
        "reference": one.reference,
        "claimed_on": one.claimed_on.isoformat(),
        "until": one.until.isoformat(),
        "over": one.until < today,
        "closed_on": one.closed_on.isoformat() if one.closed_on else None,
        "paid_on": one.paid_on.isoformat() if one.paid_on else None,
        "unapplied": [
            {
                "id": each.id,
                "number": each.number,
                "since": each.since.isoformat(),
                "currency": each.currency,
                "amount": amount(each.amount_minor, each.currency),
            }
            for each in unapplied
        ],
    }


@claim.command("end")
@click.argument("ledger")
@click.argument("number", type=NUMBER)
@by
@pass_session
def claim_end(session: Session, ledger: str, number: int, by: str | None) -> None:
    """The bookkeeper has looked: what is still open is asked for again.

    \b
    Example: dunwell claim end acme 5
    """
    from sync.store import agreeing

    bench = session.bench(ledger)
    with bench.store.transaction():
        ended = agreeing.end_claim(bench.store, bench.moment(session.who(by)), number)
    if not ended:
        raise Wrong(f"there is no open claim {number} in {ledger}; dunwell claim list {ledger} shows them")
    say(f"Claim {number} is ended.")
