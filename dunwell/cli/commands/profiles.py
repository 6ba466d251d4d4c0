"""What we know of a customer that the books do not hold."""

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from dunwell.cli import finding
from dunwell.cli.ending import Wrong
from dunwell.cli.parameters import as_json, by
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Table, columns
from dunwell.cli.showing.page import emit, say, show

if TYPE_CHECKING:
    from strategy.account import Account
    from sync.bench import Bench


class _Edit(TypedDict):
    put: tuple[str, ...]
    unset: tuple[str, ...]
    file: Path | None
    by: str | None
    as_json: bool


@click.command()
@click.argument("ledger")
@click.argument("customer", required=False)
@click.option("--set", "put", multiple=True, metavar="FIELD=VALUE", help="Know this from now on.")
@click.option("--unset", multiple=True, metavar="FIELD", help="Forget this.")
@click.option("--import", "file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Many, as CSV.")
@by
@as_json
@pass_session
def profile(session: Session, ledger: str, customer: str | None, **edit: Unpack[_Edit]) -> None:
    """What we know of a customer that the books do not hold, shown or changed.

    \b
    Fields:   language, country, region (as in DE-BY, for its public holidays), time_zone, method,
              legal_form (company, public, sole_trader, consumer), po_required (yes, no),
              owner (our own person's address), lists ("key accounts, north"), credit_limit.EUR,
              contact.days, .hours, .gap, .to, .by, .missed and .most (as in [contact] of a strategy, for this
              customer alone; most is written 3/30),
              run (the day they pay: fri, 15, month end) and cutoff (business days before it),
              reviewed (a day: what fell due before it may be chased),
              role.billing ("Anna Berg <anna@berg.example>"), or role.billing.name, .email and .phone
    CSV:      a column "customer" (id, number or name) and one for each field;
              an empty cell changes nothing, a dash forgets
    Examples: dunwell profile acme lund
              dunwell profile acme lund --set language=de --set role.manager.email=mats@lund.example
              dunwell profile acme --import profiles.csv
    """
    bench = session.books(ledger)
    who = session.who(edit["by"])
    if edit["file"] is not None:
        if customer or edit["put"] or edit["unset"]:
            raise click.UsageError("--import takes its customers from the file; leave the rest out.")
        _import(bench, edit["file"], who)
        return
    if customer is None:
        raise click.UsageError("Name a customer, or a file with --import.")
    account = finding.account(bench, customer)
    if edit["put"] or edit["unset"]:
        _edit(bench, account, edit["put"], edit["unset"], who)
    _show(bench, account, as_json=edit["as_json"])


def _import(bench: "Bench", file: Path, who: str) -> None:
    from dunwell.cli import profile_file
    from sync import profiles

    now = bench.moment(who)
    with bench.store.transaction():  # what a row changes depends on what is known
        changes = profile_file.read(bench, file)
        changed = [profiles.apply(bench.store, now, one.account_id, one.changes) for one in changes]
    say(f"{sum(changed)} fields of {sum(map(bool, changed))} customers changed; {len(changes)} rows were read.")


def _edit(bench: "Bench", account: "Account", put: tuple[str, ...], unset: tuple[str, ...], who: str) -> None:
    from sync import profiles

    pairs = [*(_pair(one) for one in put), *((field, None) for field in unset)]
    with bench.store.transaction():  # what a field becomes depends on what is known
        before = dict(profiles.stored(bench.store, bench.ledger.id, account.customer.id))
        changes: dict[str, str | None] = {}
        for field, text in pairs:
            known = {**before, **{name: value for name, value in changes.items() if value is not None}}
            try:
                changes |= profiles.change(known, field, text)
            except profiles.BadValue as error:
                raise Wrong(str(error)) from None
        profiles.apply(bench.store, bench.moment(who), account.customer.id, changes)


def _pair(written: str) -> tuple[str, str]:
    field, equals, value = written.partition("=")
    if not equals:
        raise Wrong(f'--set takes FIELD=VALUE, as in language=de, not "{written}"')
    return field.strip(), value


def _show(bench: "Bench", account: "Account", *, as_json: bool) -> None:
    from sync import profiles

    customer = account.customer
    known = profiles.shown(profiles.stored(bench.store, bench.ledger.id, customer.id))
    if as_json:
        about = {"id": customer.id, "name": customer.name}
        emit({"ledger": bench.ledger.name, "customer": about, "profile": dict(known)})
        return
    show(
        Table(
            kind="field",
            title=customer.name,
            columns=columns("field value…"),
            rows=list(known.items()),
            empty=f"Nothing is known of {customer.name} but what the books say.",
        )
    )
