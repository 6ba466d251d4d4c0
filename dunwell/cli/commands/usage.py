"""What the work costs at the platforms."""

from collections.abc import Iterator, Sequence

import click

from dunwell.cli.parameters import as_json
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Table, columns
from dunwell.cli.showing.page import emit, show
from dunwell.cli.showing.plain import Plain
from dunwell.tiers import METERS, Tier
from strategy.model import Platform, Record


class _Used(Record):
    """One ledger's use in one month."""

    ledger: str
    platform: Platform
    month: str
    calls: int
    reads: int
    sent: int
    received: int

    @property
    def metered(self) -> int:
        """What the platform counts."""
        return self.reads if self.platform is Platform.QUICKBOOKS else self.received


class _Bill(Record):
    """A platform's month: all ledgers together, and the tier that covers them."""

    platform: Platform
    month: str
    ledgers: int
    metered: int
    tier: Tier


@click.command()
@click.argument("ledgers", nargs=-1)
@as_json
@pass_session
def usage(session: Session, ledgers: tuple[str, ...], as_json: bool) -> None:
    """Calls and bytes by month, and the cheapest price tier that covers the use of each platform.

    QuickBooks counts calls that read, over all companies of an app; Xero counts organisations and the bytes it sends.
    Tiers are those of November 2026.

    \b
    Examples: dunwell usage
              dunwell usage acme --json
    """
    used = list(_used(session, session.ledgers(ledgers)))
    bills = list(_bills(used))
    if as_json:
        emit({"months": [_used_plain(one) for one in used], "platforms": [_bill_plain(one) for one in bills]})
    else:
        show(_months(used), _tiers(bills))


def _used(session: Session, names: Sequence[str]) -> Iterator[_Used]:
    for name in names:
        ledger = session.house.ledger(name)
        for month in session.house.budgets.usage(ledger.id):
            yield _Used(
                ledger=name,
                platform=ledger.platform,
                month=month.month,
                calls=month.calls,
                reads=month.reads,
                sent=month.sent,
                received=month.received,
            )


def _bills(used: Sequence[_Used]) -> Iterator[_Bill]:
    """By month, newest first."""
    for month, platform in sorted({(one.month, one.platform) for one in used}, reverse=True):
        rows = [one for one in used if one.month == month and one.platform is platform]
        metered = sum(one.metered for one in rows)
        tier = METERS[platform].tier(metered, len(rows))
        yield _Bill(platform=platform, month=month, ledgers=len(rows), metered=metered, tier=tier)


def _months(used: Sequence[_Used]) -> Table:
    return Table(
        kind="ledger",
        title="Use by month",
        columns=columns("ledger platform month calls> reads> sent> received>"),
        rows=[
            (one.ledger, one.platform.value, one.month, one.calls, one.reads, one.sent, one.received) for one in used
        ],
        empty="Nothing was asked of a platform yet.",
    )


def _tiers(bills: Sequence[_Bill]) -> Table:
    return Table(
        kind="platform",
        title="What the platforms meter, and the cheapest tier that covers it",
        columns=columns("platform month ledgers> metered> unit included> tier price"),
        rows=[
            (
                one.platform.value,
                one.month,
                one.ledgers,
                one.metered,
                METERS[one.platform].unit,
                one.tier.included,
                one.tier.name,
                one.tier.price,
            )
            for one in bills
        ],
    )


def _used_plain(one: _Used) -> Plain:
    fields = ("ledger", "month", "calls", "reads", "sent", "received", "metered")
    return {"platform": one.platform.value, **{field: getattr(one, field) for field in fields}}


def _bill_plain(one: _Bill) -> Plain:
    return {
        "platform": one.platform.value,
        "month": one.month,
        "ledgers": one.ledgers,
        "unit": METERS[one.platform].unit,
        "metered": one.metered,
        "tier": one.tier.name,
        "price": one.tier.price,
        "included": one.tier.included,
    }
