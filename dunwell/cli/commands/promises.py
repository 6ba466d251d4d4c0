"""They will pay by a day."""

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
from strategy.explain import amount as in_words

if TYPE_CHECKING:
    from sync.bench import Bench
    from sync.store.agreements import ListedPromise


@click.group()
def promise() -> None:
    """They will pay by a day: what was promised rests until then, and is judged by the books.

    \b
    Examples: dunwell promise add acme lund --on 2026-03-22
              dunwell promise add acme lund --on 2026-03-22 --amount 1200 --invoice 1042
              dunwell promise list acme
              dunwell promise end acme 3
    """


class _Said(TypedDict):
    on: date
    amount: Decimal | None
    currency: str | None
    invoices: tuple[str, ...]
    by: str | None


@promise.command("add")
@click.argument("ledger")
@click.argument("customer")
@click.option("--on", type=DAY, required=True, metavar="DATE", help="The day of payment.")
@click.option("--amount", type=AMOUNT, metavar="AMOUNT", help="How much. Otherwise all of it.")
@click.option("--currency", metavar="CUR", help="In which, where several are open.")
@click.option(
    "--invoice", "invoices", multiple=True, metavar="INVOICE", help="For which. Otherwise all that is asked for."
)
@by
@pass_session
def promise_add(session: Session, ledger: str, customer: str, **said: Unpack[_Said]) -> None:
    """Record a promise. Without an invoice it is for all that is asked for: what is overdue, not disputed, planned,
    claimed paid or held, less credit.

    An open promise is replaced on the same invoices, and goes on for its others.

    \b
    Example: dunwell promise add acme lund --on 2026-03-22 --amount 1200 --by Anna
    """
    from dunwell.agreements import promises

    bench = session.books(ledger)
    account = finding.account(bench, customer)
    rows = tuple(finding.open_invoice(bench, account, one) for one in dict.fromkeys(said["invoices"]))
    wish = promises.Wish(on=said["on"], amount=said["amount"], currency=said["currency"], invoices=rows)
    made = promises.promise(bench, account, wish, session.who(said["by"]))
    numbers = ", ".join(row.number for row, _ in made.amounts)
    total = in_words(made.amount_minor, made.currency)
    say(f"Promise {made.id}: {account.customer.name} pays {total} by {made.on}, for {numbers}.")
    if made.replaced:
        say(f"It takes the place of promise {', '.join(map(str, made.replaced))}.")
    for one in made.shortened:
        rest = in_words(sum(part for _, part in one.amounts), one.currency)
        say(f"Promise {one.id} goes on for its other invoices: {rest} by {one.promised_on}.")
    if made.over_cap:
        rule = bench.settings.strategy.holds.promise
        say(f"Nothing rests on it: the strategy trusts {rule.times} in {rule.in_days} days, and this is one more.")


@promise.command("list")
@click.argument("ledger")
@click.option("--all", "ended", is_flag=True, help="Ended ones too.")
@as_json
@pass_session
def promise_list(session: Session, ledger: str, ended: bool, as_json: bool) -> None:
    """Promises, by the promised day, and what became of them.

    \b
    Example: dunwell promise list acme
    """
    from sync.store import agreements

    bench = session.books(ledger)
    found = [(one, _verdict(bench, one)) for one in agreements.promises(bench.store, bench.ledger.id, ended=ended)]
    if as_json:
        emit({"ledger": ledger, "promises": [_plain(one, verdict) for one, verdict in found]})
        return
    show(
        Table(
            kind="promise",
            title=f"{ledger}: promises",
            columns=columns("id customer~ customer_id| on currency amount> said verdict by"),
            rows=[
                (
                    str(one.id),
                    one.customer,
                    one.customer_id,
                    one.promised_on,
                    one.currency,
                    Money(minor=one.amount_minor, currency=one.currency),
                    one.made_on,
                    verdict,
                    one.by,
                )
                for one, verdict in found
            ],
            empty="Nothing is promised.",
        )
    )


def _verdict(bench: "Bench", one: "ListedPromise") -> str:
    """Whether it is kept, broken, or still open."""
    from dunwell.agreements import promises

    account = bench.account(one.customer_id, bench.today())
    judged = promises.judged(bench, account) if account else ()
    found = next((each.verdict.value for each in judged if each.promise.id == one.id), "ended")
    return one.state.value if found == "ended" else found.replace("_", " ")


def _plain(one: "ListedPromise", verdict: str) -> Plain:
    return {
        "id": one.id,
        "customer": {"id": one.customer_id, "name": one.customer},
        "promised_on": one.promised_on.isoformat(),
        "made_on": one.made_on.isoformat(),
        "currency": one.currency,
        "amount": amount(one.amount_minor, one.currency),
        "verdict": verdict,
        "by": one.by,
    }


@promise.command("end")
@click.argument("ledger")
@click.argument("number", type=NUMBER)
@by
@pass_session
def promise_end(session: Session, ledger: str, number: int, by: str | None) -> None:
    """Take a promise back, as if it had never been made.

    \b
    Example: dunwell promise end acme 3
    """
    from strategy.agreements import PromiseState
    from sync.store import agreeing

    bench = session.bench(ledger)
    with bench.store.transaction():
        ended = agreeing.end_promise(bench.store, bench.moment(session.who(by)), number, PromiseState.CANCELLED)
    if not ended:
        raise Wrong(f"there is no open promise {number} in {ledger}; dunwell promise list {ledger} shows them")
    say(f"Promise {number} is cancelled.")
