"""A customer's statement, on paper, on a screen, or for a program."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import click

from dunwell.cli import finding
from dunwell.cli.ending import Failed, Wrong
from dunwell.cli.parameters import DAY, as_of
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.page import say
from strategy.account import Account
from strategy.aging import currencies_of
from strategy.model import Currency, Issue, Record
from strategy.plan import plan_account
from strategy.statement import Statement, activity, open_items

if TYPE_CHECKING:
    from sync.bench import Bench
    from sync.letters.sheet import Stationery

_STDOUT: Final = Path("-")
_NO_NAME: Final = re.compile(r"[^\w.-]+")


class _Wish(TypedDict):
    format_: str
    kind: str
    first: date | None
    currency: str | None
    out: Path | None
    as_of: date | None


class Asked(Record):
    """Which statement. `first` None is the open item kind."""

    currency: Currency
    as_of: date
    first: date | None


@click.command()
@click.argument("ledger")
@click.argument("customer")
@click.option("--format", "format_", type=click.Choice(["pdf", "html", "json"]), default="pdf", show_default=True)
@click.option(
    "--kind",
    type=click.Choice(["open-item", "activity"]),
    default="open-item",
    show_default=True,
    help="What is open, or what happened in a period.",
)
@click.option("--from", "first", type=DAY, metavar="DATE", help="First day of an activity. Otherwise of last month.")
@click.option("--currency", metavar="CUR", help="In which, where several are open.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to; - is stdout. JSON goes there.")
@as_of
@pass_session
def statement(session: Session, ledger: str, customer: str, **wish: Unpack[_Wish]) -> None:
    """A customer's statement in one currency. It foots, or there is none.

    \b
    Examples: dunwell statement acme lund
              dunwell statement acme lund --kind activity --from 2026-01-01 --out lund.pdf
              dunwell statement acme lund --format json
    """
    if wish["first"] is not None and wish["kind"] != "activity":
        raise click.UsageError("--from belongs to --kind activity.")
    bench = session.books(ledger)
    day = finding.day(bench, wish["as_of"])
    account = finding.account(bench, customer, day)
    first = None
    if wish["kind"] == "activity":
        first = wish["first"] or _last_month(day)
    asked = Asked(currency=_currency(account, wish["currency"]), as_of=day, first=first)
    made = _made(bench, account, asked)
    told = made.activity.entries if made.activity else made.lines
    if not told and asked.currency not in (known := _known(account)):
        raise Wrong(f"nothing of {account.customer.name} is in {asked.currency}; there is {', '.join(known)}")
    _put(bench, account, made, wish["format_"], wish["out"])


def _last_month(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _currency(account: Account, wanted: str | None) -> Currency:
    there = currencies_of(account.receivables, account.unapplied)
    if wanted is not None:
        return Currency(wanted.upper())
    if len(there) > 1:
        raise Wrong(f"{account.customer.name} has open items in {' and '.join(there)}: say which with --currency")
    return there[0] if there else account.customer.currency or account.ledger.company.base_currency


def _known(account: Account) -> list[Currency]:
    """In which currencies there may be a statement although there is nothing in it."""
    own = (account.customer.currency, account.ledger.company.base_currency)
    return sorted({*currencies_of(account.receivables, account.unapplied), *(one for one in own if one is not None)})


def _made(bench: "Bench", account: Account, asked: Asked) -> Statement:
    """The statement. Ends where it does not foot, with the difference and where it may come from."""
    from sync import composing

    decision = plan_account(account, bench.settings.strategy, bench.calendar(asked.as_of), asked.as_of)
    made = open_items(account, asked.currency, asked.as_of, composing.asides(decision))
    if isinstance(made, Statement) and asked.first is not None:
        if asked.first > asked.as_of:
            raise Wrong(f"a period from {asked.first} to {asked.as_of} ends before it begins")
        made = activity(made, bench.period(account.customer.id, asked.currency, asked.first, asked.as_of))
    if isinstance(made, Issue):
        raise Failed(f"{made.source}: {made.message}")
    return made


def _put(bench: "Bench", account: Account, made: Statement, format_: str, out: Path | None) -> None:
    from sync import composing

    content = _rendered(made, composing.stationery(bench, account), format_)
    if out == _STDOUT or (out is None and format_ == "json"):
        click.echo(content, nl=False)
        return
    file = out or Path(f"{_name(made)}.{format_}")
    _write(file, content)
    say(str(file))


def _name(made: Statement) -> str:
    customer = _NO_NAME.sub("-", made.customer.name).strip("-.")
    return f"statement-{customer}-{made.currency}-{made.as_of}"


def _write(file: Path, content: bytes) -> None:
    """All of it or nothing: beside the place first, then into it."""
    if not file.parent.is_dir():
        raise Wrong(f"there is no folder {file.parent}")
    half = file.with_name(f".{file.name}.half")
    try:
        half.write_bytes(content)
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)


def _rendered(made: Statement, stationery: "Stationery", format_: str) -> bytes:
    if format_ == "pdf":
        from sync.letters.statement_pdf import statement_pdf

        return statement_pdf(made, stationery)
    if format_ == "html":
        from sync.letters.statement_html import statement_html

        return statement_html(made, stationery).encode()
    from sync.letters.statement_json import statement_plain

    return json.dumps(statement_plain(made, stationery), ensure_ascii=False, indent=2).encode() + b"\n"
