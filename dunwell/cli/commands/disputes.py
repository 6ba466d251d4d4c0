"""They say an invoice is wrong."""

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
from strategy.agreements import DisputeOutcome
from strategy.explain import amount as in_words

if TYPE_CHECKING:
    from sync.store.agreements import ListedDispute

CATEGORIES = (
    "price",
    "quantity",
    "quality",
    "delivery",
    "order-number",
    "duplicate",
    "paid",
    "not-ours",
    "tax",
    "other",
)


_COLUMNS = "id customer~ customer_id| invoice currency amount> category since ended| reason… status answer_by| owner|"


@click.group()
def dispute() -> None:
    """They say an invoice is wrong, in whole or in part: what is disputed is not asked for.

    \b
    Examples: dunwell dispute add acme 1042 --category price --amount 150 --reason "agreed 10 % less"
              dunwell dispute list acme
              dunwell dispute answer acme 2
              dunwell dispute end acme 2 --outcome partial --credit 100
    """


class _Said(TypedDict):
    category: str
    amount: Decimal | None
    reason: str
    owner: str
    answer_by: date | None
    by: str | None


@dispute.command("add")
@click.argument("ledger")
@click.argument("invoice")
@click.option(
    "--category",
    type=click.Choice(CATEGORIES),
    required=True,
    metavar="CATEGORY",
    help=f"What it is about: {', '.join(CATEGORIES)}.",
)
@click.option("--amount", type=AMOUNT, metavar="AMOUNT", help="How much of it. Otherwise all.")
@click.option("--reason", default="", metavar="TEXT", help="What they say.")
@click.option("--owner", default="owner", metavar="ROLE", help="Who of our own people answers it. Otherwise the owner.")
@click.option("--answer-by", type=DAY, metavar="DATE", help="By when. Otherwise as the strategy says.")
@by
@pass_session
def dispute_add(session: Session, ledger: str, invoice: str, **said: Unpack[_Said]) -> None:
    """Record a dispute of an invoice.

    \b
    Example: dunwell dispute add acme 1042 --category quality --reason "two chairs were broken"
    """
    from dunwell.agreements import disputes
    from dunwell.agreements.refusing import minor

    bench = session.books(ledger)
    account, row = finding.receivable(bench, invoice)
    objection = disputes.Objection(
        category=disputes.Category(said["category"]),
        amount=said["amount"],
        reason=said["reason"],
        owner=said["owner"],
        answer_by=said["answer_by"],
    )
    number, answer_by = disputes.dispute(bench, account, row, objection, session.who(said["by"]))
    part = in_words(minor(said["amount"], row.currency) if said["amount"] else row.open_minor, row.currency)
    say(f"Dispute {number}: {part} of invoice {row.number} of {account.customer.name}, {said['category']}.")
    say(f"To be answered by {answer_by} ({said['owner']}).")


@dispute.command("list")
@click.argument("ledger")
@click.option("--all", "ended", is_flag=True, help="Ended ones too.")
@as_json
@pass_session
def dispute_list(session: Session, ledger: str, ended: bool, as_json: bool) -> None:
    """Disputes, the oldest first.

    \b
    Example: dunwell dispute list acme
    """
    from sync.store import agreements

    bench = session.bench(ledger)
    found = agreements.disputes(bench.store, bench.ledger.id, ended=ended)
    if as_json:
        emit({"ledger": ledger, "disputes": [_plain(one) for one in found]})
        return
    show(
        Table(
            kind="dispute",
            title=f"{ledger}: disputes",
            columns=columns(_COLUMNS),
            rows=[
                (
                    str(one.id),
                    one.customer,
                    one.customer_id,
                    one.number,
                    one.currency,
                    Money(minor=_disputed(one), currency=one.currency),
                    one.category,
                    one.opened_on,
                    one.closed_on,
                    one.reason,
                    one.status,
                    one.answer_by,
                    one.owner,
                )
                for one in found
            ],
            empty="Nothing is disputed.",
        )
    )


def _disputed(one: "ListedDispute") -> int:
    return one.open_minor if one.amount_minor is None else one.amount_minor


def _plain(one: "ListedDispute") -> Plain:
    return {
        "id": one.id,
        "customer": {"id": one.customer_id, "name": one.customer},
        "invoice": {"id": one.invoice_id, "number": one.number},
        "currency": one.currency,
        "amount": amount(_disputed(one), one.currency),
        "whole": one.amount_minor is None,
        "category": one.category,
        "reason": one.reason,
        "opened_on": one.opened_on.isoformat(),
        "closed_on": one.closed_on.isoformat() if one.closed_on else None,
        "status": one.status,
        "owner": one.owner,
        "answer_by": one.answer_by.isoformat() if one.answer_by else None,
        "answered_on": one.answered_on.isoformat() if one.answered_on else None,
        "resolved_on": one.resolved_on.isoformat() if one.resolved_on else None,
        "outcome": one.outcome.value if one.outcome else None,
        "credit": None if one.credit_minor is None else amount(one.credit_minor, one.currency),
    }


@dispute.command("answer")
@click.argument("ledger")
@click.argument("number", type=NUMBER)
@by
@pass_session
def dispute_answer(session: Session, ledger: str, number: int, by: str | None) -> None:
    """We have told them what we think of it; it rests on until it has an outcome.

    \b
    Example: dunwell dispute answer acme 2
    """
    from dunwell.agreements import disputes

    disputes.answer(session.bench(ledger), number, session.who(by))
    say(f"Dispute {number} is answered.")


@dispute.command("end")
@click.argument("ledger")
@click.argument("number", type=NUMBER)
@click.option(
    "--outcome",
    type=click.Choice([one.value for one in DisputeOutcome]),
    metavar="OUTCOME",
    help="valid: they are right; partial; invalid. Otherwise it was taken back.",
)
@click.option(
    "--credit", type=AMOUNT, metavar="AMOUNT", help="The credit note they get. Otherwise all that is disputed."
)
@by
@pass_session
def dispute_end(
    session: Session, ledger: str, number: int, outcome: str | None, credit: Decimal | None, by: str | None
) -> None:
    """The dispute is settled: what they owe is asked for again, the rest waits for a credit note in the books.

    \b
    Examples: dunwell dispute end acme 2 --outcome invalid
              dunwell dispute end acme 2 --outcome partial --credit 100
    """
    from dunwell.agreements import disputes
    from sync.store import agreeing

    bench = session.bench(ledger)
    if outcome is not None:
        expected, currency = disputes.resolve(bench, number, DisputeOutcome(outcome), credit, session.who(by))
        if expected:
            rests = in_words(expected, currency)
            say(f"Dispute {number}: {outcome}; {rests} rests until the credit note is in the books.")
        else:
            say(f"Dispute {number} is ended: {outcome}.")
        return
    if credit is not None:
        raise click.UsageError("A credit note goes with --outcome valid or partial.")
    with bench.store.transaction():
        ended = agreeing.end_dispute(bench.store, bench.moment(session.who(by)), number)
    if not ended:
        raise Wrong(f"there is no open dispute {number} in {ledger}; dunwell dispute list {ledger} shows them")
    say(f"Dispute {number} is ended.")
