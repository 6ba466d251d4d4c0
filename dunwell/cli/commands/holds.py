"""A reason of ours not to write."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from dunwell.cli import finding
from dunwell.cli.ending import Wrong
from dunwell.cli.parameters import AMOUNT, DAY, NUMBER, as_json, by
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Money, Table, columns
from dunwell.cli.showing.page import emit, say, show
from dunwell.cli.showing.plain import Plain, amount
from strategy.agreements import HoldKind
from strategy.explain import amount as in_words

if TYPE_CHECKING:
    from sync.store.agreements import ListedHold

KINDS = tuple(kind.value.replace("_", "-") for kind in HoldKind)


@click.group()
def hold() -> None:
    """A reason of ours not to write to a customer, or not about one invoice.

    \b
    Examples: dunwell hold add acme lund --kind paused --reason "their owner is ill" --until 2026-04-01
              dunwell hold add acme lund --kind retention --reason "5 % until June" --invoice 1042 --amount 60
              dunwell hold list acme
              dunwell hold end acme 4
    """


class _Given(TypedDict):
    kind: str
    reason: str
    invoice: str | None
    amount: Decimal | None
    until: date | None
    by: str | None


@hold.command("add")
@click.argument("ledger")
@click.argument("customer")
@click.option("--kind", type=click.Choice(KINDS), required=True, metavar="KIND", help=f"One of: {', '.join(KINDS)}.")
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the next person who looks.")
@click.option("--invoice", metavar="INVOICE", help="Only this one. Otherwise the whole customer.")
@click.option("--amount", type=AMOUNT, metavar="AMOUNT", help="Only so much of the invoice, as a retention is.")
@click.option("--until", type=DAY, metavar="DATE", help="The last day. Otherwise until it is ended.")
@by
@pass_session
def hold_add(session: Session, ledger: str, customer: str, **given: Unpack[_Given]) -> None:
    """Hold a customer, or one invoice.

    \b
    Example: dunwell hold add acme lund --kind paused --reason "we owe them a credit note" --until 2026-03-15
    """
    from dunwell.agreements import holds
    from dunwell.agreements.refusing import minor

    bench = session.books(ledger)
    account = finding.account(bench, customer)
    row = finding.open_invoice(bench, account, given["invoice"]) if given["invoice"] else None
    kind = HoldKind(given["kind"].replace("-", "_"))
    reason = holds.Reason(kind=kind, text=given["reason"], until=given["until"], amount=given["amount"])
    number = holds.hold(bench, account, row, reason, session.who(given["by"]))
    part = f"{in_words(minor(given['amount'], row.currency), row.currency)} of " if row and given["amount"] else ""
    what = f"{part}invoice {row.number} of {account.customer.name}" if row else account.customer.name
    until = f"through {given['until']}" if given["until"] else "until it is ended"
    say(f"Hold {number}: {what} is held ({given['kind']}) {until}.")


@hold.command("list")
@click.argument("ledger")
@click.option("--all", "ended", is_flag=True, help="Ended ones too.")
@as_json
@pass_session
def hold_list(session: Session, ledger: str, ended: bool, as_json: bool) -> None:
    """Holds, the oldest first.

    \b
    Example: dunwell hold list acme
    """
    from sync.store import agreements

    bench = session.bench(ledger)
    found = agreements.holds(bench.store, bench.ledger.id, ended=ended)
    if as_json:
        emit({"ledger": ledger, "holds": [_plain(one) for one in found]})
        return
    show(
        Table(
            kind="hold",
            title=f"{ledger}: holds",
            columns=columns("id customer~ customer_id| invoice kind since until ended| reason… currency| amount>"),
            rows=[
                (
                    str(one.id),
                    one.customer,
                    one.customer_id,
                    one.number or "all",
                    one.kind.replace("_", "-"),
                    one.since,
                    one.until,
                    one.ended_on,
                    one.reason,
                    one.currency if one.amount_minor is not None else None,
                    _amount(one),
                )
                for one in found
            ],
            empty="Nobody is held.",
        )
    )


def _amount(one: "ListedHold") -> Money | None:
    """So much of the invoice, where it is not all of it."""
    if one.amount_minor is None or one.currency is None:
        return None
    return Money(minor=one.amount_minor, currency=one.currency)


def _plain(one: "ListedHold") -> Plain:
    return {
        "id": one.id,
        "customer": {"id": one.customer_id, "name": one.customer},
        "invoice": {"id": one.invoice_id, "number": one.number} if one.invoice_id else None,
        "amount": amount(one.amount_minor, one.currency) if one.amount_minor is not None and one.currency else None,
        "kind": one.kind.value,
        "reason": one.reason,
        "since": one.since.isoformat(),
        "until": one.until.isoformat() if one.until else None,
        "ended_on": one.ended_on.isoformat() if one.ended_on else None,
    }


@hold.command("end")
@click.argument("ledger")
@click.argument("number", type=NUMBER)
@by
@pass_session
def hold_end(session: Session, ledger: str, number: int, by: str | None) -> None:
    """The reason no longer stands.

    \b
    Example: dunwell hold end acme 4
    """
    from sync.store import agreeing

    bench = session.bench(ledger)
    with bench.store.transaction():
        ended = agreeing.end_hold(bench.store, bench.moment(session.who(by)), number)
    if not ended:
        raise Wrong(f"there is no standing hold {number} in {ledger}; dunwell hold list {ledger} shows them")
    say(f"Hold {number} is ended.")
