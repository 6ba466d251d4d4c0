"""Who the customers are, what they owe, and what is known of each."""

from collections.abc import Iterator, Mapping
from datetime import date

import click

from dunwell.cli import finding
from dunwell.cli.parameters import as_json, as_of
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Money, Row, Table, columns
from dunwell.cli.showing.page import emit, show
from dunwell.cli.showing.plain import Plain, amount
from strategy.account import Account
from strategy.aging import currencies_of
from strategy.facts.measuring import measure
from strategy.model import Currency


@click.command()
@click.argument("ledger")
@click.option("--all", "everybody", is_flag=True, help="Those too who owe nothing.")
@as_of
@as_json
@pass_session
def customers(session: Session, ledger: str, everybody: bool, as_of: date | None, as_json: bool) -> None:
    """The customers, what they owe, how late they pay, and how they are treated.

    A customer that the books bill to a parent stands with the parent. Days late are weighted by amount over twelve
    months, what is overdue now included.

    \b
    Examples: dunwell customers acme
              dunwell customers acme --all --json
    """
    bench = session.books(ledger)
    day = finding.day(bench, as_of)
    found = [each for each in bench.accounts(day) if everybody or each.receivables or each.unapplied]
    found.sort(key=lambda each: (each.customer.name.casefold(), each.customer.id))
    if as_json:
        emit({"ledger": ledger, "as_of": day.isoformat(), "customers": [_plain(each, day) for each in found]})
        return
    show(
        Table(
            kind="customer",
            title=f"{ledger}: {len(found)} customers on {day}",
            columns=columns("customer~ number| id| currency open> overdue> days> late> segment~ email|"),
            rows=[row for each in found for row in _rows(each, day)],
            empty="Nobody owes anything.",
        )
    )


def _rows(account: Account, day: date) -> Iterator[Row]:
    """One row per currency; one without amounts where nothing is open."""
    customer = account.customer
    facts = measure(account, (), day)
    late = facts.numbers.get("late_days")
    for currency in _currencies(account) or (None,):
        yield (
            customer.name,
            customer.number,
            customer.id,
            currency,
            _money(facts.money["balance"], currency),
            _money(facts.money["overdue"], currency),
            int(facts.numbers["overdue_days"]) or None,
            None if late is None else round(late),
            account.placement.segment if account.placement else None,
            customer.emails[0] if customer.emails else None,
        )


def _money(amounts: Mapping[Currency, int], currency: Currency | None) -> Money | None:
    return None if currency is None else Money(minor=amounts.get(currency, 0), currency=currency)


def _currencies(account: Account) -> list[Currency]:
    return currencies_of(account.receivables, account.unapplied)


def _plain(account: Account, day: date) -> Plain:
    customer = account.customer
    facts = measure(account, (), day)
    late = facts.numbers.get("late_days")
    return {
        "id": customer.id,
        "name": customer.name,
        "number": customer.number,
        "status": customer.status.value,
        "emails": list(customer.emails),
        "segment": account.placement.segment if account.placement else None,
        "overdue_days": int(facts.numbers["overdue_days"]),
        "late_days": None if late is None else round(late),
        "currencies": [
            {
                "currency": currency,
                **{
                    name: amount(facts.money[name].get(currency, 0), currency)
                    for name in ("balance", "overdue", "credit", "disputed")
                },
            }
            for currency in _currencies(account)
        ],
    }


@click.command()
@click.argument("ledger")
@click.argument("customer")
@click.option("--events", type=click.IntRange(0, 10_000), default=15, show_default=True, help="How many, at most.")
@as_json
@pass_session
def customer(session: Session, ledger: str, customer: str, events: int, as_json: bool) -> None:
    """Everything about one customer: who they are, what is open, what happens next, and what happened.

    CUSTOMER is an id (with or without a #), a number, a name, or a part of a name that no other customer has.

    \b
    Examples: dunwell customer acme lund
              dunwell customer acme "Brasserie Lund" --json
    """
    from dunwell.cli.showing import portrait
    from sync import any_day
    from sync.store import journal

    bench = session.books(ledger)
    account = finding.account(bench, customer)
    standing = any_day.decided(bench, account, bench.today())
    happened = journal.events(bench.store, bench.ledger.id, account.customer.id, events)
    following = standing.decision if standing.decision.touchpoints else standing.following()
    next_on = following.as_of if following else None
    drawn = portrait.Portrait(account=account, decision=standing.decision, next_on=next_on, events=happened)
    if as_json:
        emit(portrait.as_plain_object(drawn))
    else:
        show(*portrait.tables(drawn))
