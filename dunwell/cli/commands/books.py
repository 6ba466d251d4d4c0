"""Reading the books, and proving that they were read right."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from dunwell.cli import finding
from dunwell.cli.ending import Code, Failed, Wrong
from dunwell.cli.lazy import Defaulting
from dunwell.cli.parameters import DAY, as_json, by
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.page import aside, emit, say, show, warn

if TYPE_CHECKING:
    from sync.bench import Bench
    from sync.pull import Options
    from sync.reader import Pulled
    from sync.tie_out import Difference, Summary


@click.command()
@click.argument("ledgers", nargs=-1)
@click.option("--full", is_flag=True, help="Read everything again, not only what changed.")
@click.option("--accept-deletions", is_flag=True, help="Many records that are gone are really gone.")
@click.option("--announced", is_flag=True, help="Only ledgers of which changes were announced (dunwell serve).")
@as_json
@pass_session
def sync(
    session: Session, ledgers: tuple[str, ...], full: bool, accept_deletions: bool, announced: bool, as_json: bool
) -> None:
    """Read what changed in the books of these ledgers, or of all.

    The first time everything is read, and again once a week or with --full: that says whether anything was otherwise
    than the changes had made it. Afterwards our open items are compared with the platform's balances. With
    --announced, ledgers of which nothing was announced since they were last read cost no call, so that a schedule may
    do this every few minutes; read all of them once a day nevertheless.

    \b
    Examples: dunwell sync
              dunwell sync acme --full
              dunwell sync --announced
    """
    from dunwell.cli.firm import each_ledger, finish, warn_of_ends
    from sync.pull import Options

    options = Options(full=full, accept_deletions=accept_deletions)
    done: dict[str, tuple[Pulled, Summary]] = {}

    def work(name: str) -> Code:
        done[name] = _read(session, name, options)
        return Code.DONE

    names = session.ledgers(ledgers)
    if announced:
        names = _announced(session, names)
    code = each_ledger(session, names, work)
    if as_json:
        emit({"ledgers": [_read_plain(name, *one) for name, one in done.items()]})
    elif done:
        _show_read(done)
    warn_of_ends(session, names)
    finish(code)


def _announced(session: Session, names: Sequence[str]) -> tuple[str, ...]:
    """Those of which something was announced since they were last read."""
    from sync.store import webhooks

    house = session.house
    dirty = tuple(name for name in names if webhooks.dirty(house.store, house.ledger(name).id))
    if not dirty:
        aside("Nothing was announced since the last reading.")
    return dirty


def _read(session: Session, name: str, options: "Options") -> "tuple[Pulled, Summary]":
    from dunwell.cli.showing.progress import progress
    from sync import cycle, tie_out

    bench = session.bench(name)
    with cycle.alone(session.house.config.data, name), progress(name) as bar:
        pulled = cycle.bring_up_to_date(bench, options, bar)
    return pulled, tie_out.summary(bench.store, bench.ledger.id)


def _read_plain(name: str, pulled: "Pulled", summary: "Summary") -> dict[str, object]:
    return {
        "ledger": name,
        "read": pulled.mode,
        "records": {kind.value: count for kind, count in pulled.counts.items()},
        "gone": pulled.gone,
        "differed": None if pulled.differed is None else {kind.value: n for kind, n in pulled.differed.items()},
        "tie_out": _summary_plain(summary),
    }


def _show_read(done: "dict[str, tuple[Pulled, Summary]]") -> None:
    from dunwell.cli.showing import proof
    from dunwell.cli.showing.cells import Table, columns
    from strategy.model import Kind

    kinds = (Kind.CUSTOMER, Kind.INVOICE, Kind.PAYMENT, Kind.CREDIT)
    show(
        Table(
            kind="ledger",
            title="Read",
            columns=columns("ledger read customers> invoices> payments> credits> gone> differences>"),
            rows=[
                (name, pulled.mode, *(pulled.counts.get(kind, 0) for kind in kinds), pulled.gone, summary.apart)
                for name, (pulled, summary) in done.items()
            ],
        )
    )
    for name, (pulled, _) in done.items():
        if pulled.differed is not None:
            warn(f"{name}: {proof.sentence(pulled.differed)}.")
    for name, (_, summary) in done.items():
        if summary.apart:
            aside(f"{_apart(summary)} from the platform's own balance: dunwell tie-out {name}")


def _apart(summary: "Summary") -> str:
    return "One account differs" if summary.apart == 1 else f"{summary.apart} accounts differ"


@click.group("tie-out", cls=Defaulting)
def tie_out() -> None:
    """Our open items beside the platform's own balances, account by account.

    Shows what differs, by how much, and which records it may come from. Where the platform says that less is owed than
    we would ask for, nobody is asked. A difference that you know may be accepted: it is silent until it changes.

    \b
    Examples: dunwell tie-out acme
              dunwell tie-out accept acme "Brasserie Lund" --reason "credit note is with the auditor"
    """


@tie_out.command("show")
@click.argument("ledger")
@click.option("--again", is_flag=True, help="Compare with the platform now. Otherwise the last comparison is shown.")
@as_json
@pass_session
def tie_out_show(session: Session, ledger: str, again: bool, as_json: bool) -> None:
    """What differs, by how much, with suspects.

    \b
    Example: dunwell tie-out acme --again
    """
    from sync import tie_out as comparison

    bench = session.books(ledger)
    if again:
        _compare(session, bench)
    summary = comparison.summary(bench.store, bench.ledger.id)
    differences = tuple(comparison.differences(bench.store, bench.ledger.id))
    if as_json:
        plain = [_difference_plain(one) for one in differences]
        emit({"ledger": ledger, **_summary_plain(summary), "differences": plain})
        return
    _show_differences(differences)
    if summary.checked_at is None:
        aside(f"Nothing was compared yet: dunwell sync {ledger}")
    else:
        aside(f"{summary.compared} accounts compared on {summary.checked_at:%Y-%m-%d %H:%M} UTC.")
    if summary.out_of_balance:
        aside("Too many differ: nobody of this ledger is written to until that is mended.")


def _compare(session: Session, bench: "Bench") -> None:
    from sync import cycle, tie_out

    with cycle.alone(session.house.config.data, bench.ledger.name):
        tie_out.tie_out(bench.store, bench.ledger, bench.connector, bench.moment())


def _summary_plain(summary: "Summary") -> dict[str, object]:
    return {
        "compared": summary.compared,
        "apart": summary.apart,
        "checked_at": summary.checked_at.isoformat() if summary.checked_at else None,
        "out_of_balance": summary.out_of_balance,
    }


def _difference_plain(one: "Difference") -> dict[str, object]:
    from dunwell.cli.showing.plain import amount

    theirs = one.theirs_minor
    return {
        "customer": {"id": one.customer_id, "name": one.customer},
        "currency": one.currency,
        "state": one.state.value,
        "ours": amount(one.ours_minor, one.currency),
        "theirs": None if theirs is None else amount(theirs, one.currency),
        "difference": None if theirs is None else amount(one.ours_minor - theirs, one.currency),
        "suspects": list(one.suspects),
        "accepted": one.accepted,
    }


def _show_differences(differences: "tuple[Difference, ...]") -> None:
    from dunwell.cli.showing.cells import Money, Table, columns

    show(
        Table(
            kind="difference",
            title="What differs",
            columns=columns("customer~ id~ currency ours> theirs> difference> accepted… suspects…"),
            rows=[
                (
                    one.customer,
                    one.customer_id,
                    one.currency,
                    Money(minor=one.ours_minor, currency=one.currency),
                    None if theirs is None else Money(minor=theirs, currency=one.currency),
                    None if theirs is None else Money(minor=one.ours_minor - theirs, currency=one.currency),
                    one.accepted,
                    ", ".join(one.suspects),
                )
                for one in differences
                for theirs in (one.theirs_minor,)
            ],
            empty="Every account agrees with the platform.",
        )
    )


@tie_out.command("accept")
@click.argument("ledger")
@click.argument("customer")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is right to live with it.")
@by
@pass_session
def tie_out_accept(session: Session, ledger: str, customer: str, reason: str, by: str | None) -> None:
    """Accept a known difference of a customer, until it changes.

    \b
    Example: dunwell tie-out accept acme "Brasserie Lund" --reason "old deposit, the auditor knows"
    """
    from sync import tie_out

    bench = session.books(ledger)
    account_id = finding.customer(bench, customer).account_id
    found = [one for one in tie_out.differences(bench.store, bench.ledger.id) if one.customer_id == account_id]
    if not found:
        raise Wrong(f'nothing of "{customer}" differs from the platform; dunwell tie-out {ledger} shows what does')
    known = [one for one in found if one.theirs_minor is not None]
    if not known:
        raise Failed(f'the platform told no balance of "{customer}"; ask it again: dunwell tie-out {ledger} --again')
    for one in known:
        tie_out.accept(bench.store, bench.moment(session.who(by)), one, reason)
        say(f"The difference of {one.customer} in {one.currency} is accepted until it changes.")


@click.command()
@click.argument("ledger")
@click.argument("through", type=DAY, metavar="DATE")
@by
@pass_session
def reconciled(session: Session, ledger: str, through: date, by: str | None) -> None:
    """Say that the books are matched with the bank through a day.

    Nobody is reminded on books that were matched too long ago, because a payment may be lying there unmatched. The last
    word counts, also with an earlier day: so a wrong day is taken back, or matching that was undone.

    \b
    Example: dunwell reconciled acme 2026-03-02 --by Anna
    """
    from dunwell.agreements import matching

    bench = session.bench(ledger)
    who = session.who(by)
    later = matching.reconciled(bench, through, who)
    say(f"The books of {ledger} are matched through {through}, says {who}.")
    if later is not None:
        say(f"It takes the place of {later.through}, which {later.who} said on {later.said_on}.")
