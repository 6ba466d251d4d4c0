"""What counts for a ledger or a customer, and where each of it was said."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import click

from dunwell.cli import finding
from dunwell.cli.parameters import as_json
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Table, columns
from dunwell.cli.showing.page import emit, show

if TYPE_CHECKING:
    from strategy.account import Account
    from strategy.text.nodes import Node
    from strategy.text.origins import Effective
    from sync.bench import Bench

_Row = tuple[str, str, str]
"""The setting, its value, and where it was said."""


@click.command("explain-config")
@click.argument("ledger")
@click.argument("customer", required=False)
@as_json
@pass_session
def explain_config(session: Session, ledger: str, customer: str | None, as_json: bool) -> None:
    """Every setting as it counts, and where it was said: file and line, "default", "profile" or "books".

    For a ledger, config.toml and the strategy with all that it inherits and the ledger overrides. With CUSTOMER, what
    counts for that customer today: its segment over the strategy, and its profile over both.

    \b
    Examples: dunwell explain-config acme
              dunwell explain-config acme lund
    """
    from dunwell.config.effective import of_ledger
    from strategy.text.origins import of_strategy

    house = session.house
    root = house.ledger_strategy(ledger).root
    if customer is None or root is None:
        settings = [*of_ledger(house.config, ledger), *(of_strategy(root) if root else ())]
        rows = [_row(one) for one in settings]
    else:
        bench = session.books(ledger)
        rows = list(_of_account(bench, finding.account(bench, customer), root))
    if as_json:
        emit(
            {"ledger": ledger, "settings": [dict(zip(("setting", "value", "from"), row, strict=True)) for row in rows]}
        )
    else:
        show(Table(kind="setting", title="", columns=columns("setting value… from…"), rows=rows))


def _row(one: "Effective") -> _Row:
    return one.setting, one.value, f"{one.place.file}:{one.place.line}" if one.place else "default"


def _of_account(bench: "Bench", account: "Account", root: "Node") -> Iterator[_Row]:
    """What is known of the account, then its segment's settings with its own over them."""
    from strategy.plan import plan_account
    from strategy.text.origins import of_segment
    from sync import profiles

    today = bench.today()
    placed = plan_account(account, bench.settings.strategy, bench.calendar(today), today).placed
    own = profiles.shown(profiles.stored(bench.store, bench.ledger.id, account.customer.id))
    yield from _known(bench, account)
    yield "segment.since", placed.since.isoformat(), "decided"
    yield from _with_own(map(_row, of_segment(root, placed.segment)), own)
    yield from (
        (name, value, "profile")
        for name, value in own.items()
        if not name.startswith("contact.") and name not in _KNOWN
    )


def _with_own(rows: Iterable[_Row], own: Mapping[str, str]) -> Iterator[_Row]:
    """The strategy's settings, the profile's word once in place of all parts of what it says otherwise."""
    said: set[str] = set()
    for row in rows:
        name = ".".join(row[0].split(".")[:2])
        if name not in own:
            yield row
        elif name not in said:
            said.add(name)
            yield name, own[name], "profile"


_KNOWN = ("language", "country", "time_zone", "method")


def _known(bench: "Bench", account: "Account") -> Iterator[_Row]:
    """What the profile says, else the books, else what counts for everybody."""
    profile, books, ledger = account.profile, account.customer, account.ledger
    language = bench.settings.strategy.languages.of(account.country, account.language)
    said = {
        "language": (language, profile.language, books.language, "strategy"),
        "country": (account.country, profile.country, books.country, "company"),
        "time_zone": (account.time_zone, profile.time_zone, None, _whose(account.time_zone, ledger.time_zone)),
        "method": (account.pays_by, profile.method, account.method, ""),
    }
    for name, (value, own, in_books, otherwise) in said.items():
        if value is not None:
            yield name, value, "profile" if own else "books" if in_books else otherwise


def _whose(zone: str, ledgers: str) -> str:
    return "ledger" if zone == ledgers else "country"
