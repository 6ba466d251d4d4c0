"""They will pay in instalments."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from dunwell.cli import finding
from dunwell.cli.ending import Wrong
from dunwell.cli.parameters import AMOUNT, AMOUNTS, DAY, NUMBER, as_json, by
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Money, Row, Table, columns
from dunwell.cli.showing.page import emit, say, show
from dunwell.cli.showing.plain import Plain, amount
from strategy.agreements import Every
from strategy.explain import amount as in_words

if TYPE_CHECKING:
    from strategy.plans import Judged
    from sync.bench import Bench
    from sync.store.agreements import ListedPlan


@click.group("payment-plan")
def payment_plan() -> None:
    """They will pay in instalments: while these come, only they are asked for.

    \b
    Examples: dunwell payment-plan add acme lund --instalments 3 --first 2026-04-01
              dunwell payment-plan add acme lund --instalments 6 --first 2026-03-09 --every week --deposit 200
              dunwell payment-plan list acme
              dunwell payment-plan end acme 2
    """


class _Said(TypedDict):
    instalments: int
    first: date
    every: str
    amounts: tuple[Decimal, ...]
    deposit: Decimal | None
    deposit_on: date | None
    invoices: tuple[str, ...]
    currency: str | None
    proposed: bool
    anyway: bool
    by: str | None


@payment_plan.command("add")
@click.argument("ledger")
@click.argument("customer")
@click.option(
    "--instalments", type=click.IntRange(1, 120), required=True, metavar="N", help="How many, the deposit not counted."
)
@click.option("--first", type=DAY, required=True, metavar="DATE", help="The day of the first.")
@click.option(
    "--every",
    type=click.Choice([one.value for one in Every]),
    default=Every.MONTH.value,
    metavar="EVERY",
    help="How far apart: week, fortnight or month.",
)
@click.option(
    "--amounts",
    type=AMOUNTS,
    default=(),
    metavar="LIST",
    help='Of the instalments where not equal, as "500 300"; the last is the rest.',
)
@click.option("--deposit", type=AMOUNT, metavar="AMOUNT", help="Paid first.")
@click.option("--deposit-on", type=DAY, metavar="DATE", help="The day of the deposit. Otherwise today.")
@click.option(
    "--invoice", "invoices", multiple=True, metavar="INVOICE", help="For which. Otherwise all that is overdue."
)
@click.option("--currency", metavar="CUR", help="In which, where several are open.")
@click.option("--proposed", is_flag=True, help="They have not agreed yet: nothing rests before `accept`.")
@click.option("--anyway", is_flag=True, help="Although the strategy does not allow such a plan.")
@by
@pass_session
def plan_add(session: Session, ledger: str, customer: str, **said: Unpack[_Said]) -> None:
    """Record a payment plan for whole invoices.

    \b
    Example: dunwell payment-plan add acme lund --instalments 3 --first 2026-04-01 --invoice 1042
    """
    from dunwell.agreements import plans

    bench = session.books(ledger)
    account = finding.account(bench, customer)
    offer = plans.Offer(
        instalments=said["instalments"],
        first_on=said["first"],
        every=Every(said["every"]),
        deposit=said["deposit"],
        deposit_on=said["deposit_on"],
        currency=said["currency"],
        invoices=tuple(finding.open_invoice(bench, account, one) for one in dict.fromkeys(said["invoices"])),
        amounts=said["amounts"],
        proposed=said["proposed"],
        anyway=said["anyway"],
    )
    number, made = plans.agree(bench, account, offer, session.who(said["by"]))
    total, currency = made.plan.total_minor, made.plan.currency
    say(f"Payment plan {number} of {account.customer.name}: {in_words(total, currency)}, {made.standing}.")
    for one in made.instalments:
        what = f"instalment {one.number}" if one.number else "deposit"
        say(f"{one.due_on}: {what}, {in_words(one.amount_minor, currency)}")


@payment_plan.command("accept")
@click.argument("ledger")
@click.argument("number", type=NUMBER)
@click.option("--anyway", is_flag=True, help="Although the strategy does not allow such a plan.")
@by
@pass_session
def plan_accept(session: Session, ledger: str, number: int, anyway: bool, by: str | None) -> None:
    """They agree to a plan that was proposed: from now on its invoices rest. Not once its first day is over.

    \b
    Example: dunwell payment-plan accept acme 2
    """
    from dunwell.agreements import plans

    if not plans.accept(session.books(ledger), number, session.who(by), anyway=anyway):
        raise Wrong(f"there is no proposed payment plan {number} in {ledger}; {_list(ledger)}")
    say(f"Payment plan {number} is accepted.")


@payment_plan.command("list")
@click.argument("ledger")
@click.option("--all", "ended", is_flag=True, help="Those that a person ended, too.")
@as_json
@pass_session
def plan_list(session: Session, ledger: str, ended: bool, as_json: bool) -> None:
    """Payment plans, the oldest first, and where they stand.

    \b
    Example: dunwell payment-plan list acme
    """
    from sync.store import agreements

    bench = session.books(ledger)
    listed = agreements.plans(bench.store, bench.ledger.id, ended=ended)
    found = [(one, judged) for one in listed for judged in _standing(bench, one)]
    if as_json:
        emit({"ledger": ledger, "plans": [_plain(one, judged) for one, judged in found]})
        return
    show(
        Table(
            kind="plan",
            title=f"{ledger}: payment plans",
            columns=columns("id customer~ customer_id| state currency total> left> next next_amount> made| by"),
            rows=[_row(one, judged) for one, judged in found],
            empty="Nobody pays in instalments.",
        )
    )


def _standing(bench: "Bench", one: "ListedPlan") -> "list[Judged]":
    from dunwell.agreements import plans

    account = bench.account(one.customer_id, bench.today())
    return [judged for judged in (plans.standing(bench, account) if account else ()) if judged.plan.id == one.id]


def _row(one: "ListedPlan", judged: "Judged") -> Row:
    currency = judged.plan.currency
    coming = next(iter(judged.unpaid()), None)
    left = sum(each.left_minor for each in judged.unpaid())
    return (
        str(one.id),
        one.customer,
        one.customer_id,
        judged.standing.replace("_", " "),
        currency,
        Money(minor=judged.total_minor, currency=currency),
        Money(minor=left, currency=currency),
        coming.due_on if coming else None,
        Money(minor=coming.left_minor, currency=currency) if coming else None,
        judged.plan.made_on,
        one.by,
    )


def _plain(one: "ListedPlan", judged: "Judged") -> Plain:
    plan, currency = judged.plan, judged.plan.currency
    return {
        "id": one.id,
        "customer": {"id": one.customer_id, "name": one.customer},
        "state": judged.standing.value,
        "currency": currency,
        "agreed": amount(plan.own_minor, currency),
        "total": amount(judged.total_minor, currency),
        "made_on": plan.made_on.isoformat(),
        "accepted_on": plan.accepted_on.isoformat() if plan.accepted_on else None,
        "ended_on": plan.ended_on.isoformat() if plan.ended_on else None,
        "by": one.by,
        "instalments": [
            {
                "number": each.number,
                "due_on": each.due_on.isoformat(),
                "deadline": each.deadline.isoformat(),
                "amount": amount(each.amount_minor, currency),
                "paid": amount(each.paid_minor, currency),
            }
            for each in judged.instalments
        ],
    }


def _list(ledger: str) -> str:
    return f"dunwell payment-plan list {ledger} shows them"


@payment_plan.command("end")
@click.argument("ledger")
@click.argument("number", type=NUMBER)
@by
@pass_session
def plan_end(session: Session, ledger: str, number: int, by: str | None) -> None:
    """End a plan: what is open of it is asked for again.

    \b
    Example: dunwell payment-plan end acme 2
    """
    from dunwell.agreements import plans

    if not plans.end(session.books(ledger), number, session.who(by)):
        raise Wrong(f"there is no payment plan {number} in {ledger} to end; {_list(ledger)}")
    say(f"Payment plan {number} is ended.")
