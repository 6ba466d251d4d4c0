"""What the work costs at the platforms."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from dunwell.cli.parameters import as_json
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Bytes, Cell, Table, columns
from dunwell.cli.showing.page import aside, emit, show, warn
from dunwell.cli.showing.plain import Plain
from dunwell.tiers import METERS
from strategy.model import Platform

if TYPE_CHECKING:
    from dunwell.metering import Bill, Metered, Today, Used, Warned


@click.command()
@click.argument("ledgers", nargs=-1)
@as_json
@pass_session
def usage(session: Session, ledgers: tuple[str, ...], as_json: bool) -> None:
    """Calls and bytes by month beside the platforms' limits and prices, and what this month will come to.

    QuickBooks counts calls that read, over all companies of an app; Xero counts organisations and the bytes it sends.
    The tier is the cheapest that covers all ledgers of the firm; prices are those of November 2026. The forecast is
    what is metered, at the end of the month, from its whole days so far; with fewer than three there is none. From 80 %
    of a limit on, a warning says so; so does dunwell check.

    \b
    Examples: dunwell usage
              dunwell usage acme --json
    """
    from dunwell.metering import metered

    found = metered(session.house, session.ledgers(ledgers))
    if as_json:
        emit(_plain(found))
        return
    show(_months(found.months), _tiers(found.bills), _days(found.days))
    days = {one.days for one in found.months if one.forecast is not None}
    if days:
        aside(f"The forecast is what is metered at the end of the month, {_from(days)}.")
    for one in found.warnings:
        warn(f"{one.about}: {one.what}")


def _from(days: set[int]) -> str:
    """From how many whole days."""
    fewest, most = min(days), max(days)
    return f"from {fewest} whole days" if fewest == most else f"from {fewest} to {most} whole days, by ledger"


def _months(used: "Sequence[Used]") -> Table:
    return Table(
        kind="ledger",
        title="Use by month",
        columns=columns("ledger~ platform| month calls> reads> sent> received> forecast> days|"),
        rows=[
            (
                one.ledger,
                one.platform.value,
                one.month,
                one.calls,
                one.reads,
                Bytes(count=one.sent),
                Bytes(count=one.received),
                _amount(one.platform, one.forecast),
                one.days or None,
            )
            for one in used
        ],
        empty="Nothing was asked of a platform yet.",
    )


def _tiers(bills: "Sequence[Bill]") -> Table:
    return Table(
        kind="platform",
        title="What the platforms meter, and the cheapest tier that covers it",
        columns=columns("platform month ledgers> metered> unit| included> tier price percent>| forecast> days|"),
        rows=[
            (
                one.platform.value,
                one.month,
                one.ledgers,
                _amount(one.platform, one.metered),
                METERS[one.platform].unit,
                _amount(one.platform, one.tier.included),
                one.tier.name,
                one.tier.price,
                None if one.share is None else round(one.share * 100),
                _amount(one.platform, one.forecast),
                one.days or None,
            )
            for one in bills
        ],
    )


def _amount(platform: Platform, metered: int | None) -> Cell:
    """So much of what a platform meters."""
    return Bytes(count=metered) if metered is not None and platform is Platform.XERO else metered


def _days(days: "Sequence[Today]") -> Table:
    return Table(
        kind="day",
        title="Today, by the ledger's own clock",
        columns=columns("ledger~ calls> allowed> limit> left> said_at rests_until"),
        rows=[
            (
                one.ledger,
                one.calls,
                one.allowed,
                one.limit,
                one.left,
                one.said_at.astimezone() if one.said_at else None,
                one.rest.until.astimezone() if one.rest else None,
            )
            for one in days
            if one.calls or one.rest or one.left is not None
        ],
    )


def _plain(found: "Metered") -> Plain:
    return {
        "months": [_used_plain(one) for one in found.months],
        "platforms": [_bill_plain(one) for one in found.bills],
        "days": [_day_plain(one) for one in found.days],
        "warnings": [_warned_plain(one) for one in found.warnings],
    }


def _used_plain(one: "Used") -> Plain:
    fields = ("ledger", "month", "calls", "reads", "sent", "received", "metered", "forecast", "test")
    return {
        "platform": one.platform.value,
        **{field: getattr(one, field) for field in fields},
        "forecast_days": one.days if one.forecast is not None else None,
    }


def _bill_plain(one: "Bill") -> Plain:
    return {
        "platform": one.platform.value,
        "month": one.month,
        "ledgers": one.ledgers,
        "unit": METERS[one.platform].unit,
        "metered": one.metered,
        "forecast": one.forecast,
        "forecast_days": one.days if one.forecast is not None else None,
        "tier": one.tier.name,
        "price": one.tier.price,
        "included": one.tier.included,
        "used_percent": None if one.share is None else round(one.share * 100, 1),
        "next_tier": one.next.name if one.next else None,
    }


def _day_plain(one: "Today") -> Plain:
    return {
        "ledger": one.ledger,
        "calls": one.calls,
        "allowed": one.allowed,
        "limit": one.limit,
        "left": one.left,
        "said_at": one.said_at.isoformat() if one.said_at else None,
        "rests_until": one.rest.until.isoformat() if one.rest else None,
        "rests_why": one.rest.why if one.rest else None,
    }


def _warned_plain(one: "Warned") -> Plain:
    return {"about": one.about, "what": one.what}
