"""The organisation itself: its settings, its time zone, and whether it reminds by itself."""

import re
from functools import cache

from babel.core import get_global

from connectors.xero import bodies
from connectors.xero.contacts import address, lines, phone
from connectors.xero.instants import instant
from strategy.model import Company, CompanyId, Currency, Switch


def company(body: bodies.OrganisationBody, reminders: Switch) -> Company:
    """The organisation. Nothing dated on or before the later of its two lock dates can be changed."""
    locks = [instant(written).date() for written in (body.period_lock_date, body.end_of_year_lock_date) if written]
    return Company(
        id=CompanyId(body.organisation_id),
        name=body.name,
        legal_name=body.legal_name,
        country=body.country_code,
        time_zone=zone(body.timezone),
        base_currency=Currency(body.base_currency),
        several_currencies=True,
        reminders=reminders,
        books_closed_on=max(locks, default=None),
        tax_number=body.tax_number,
        phone=phone(body.phones),
        address=lines(address(body.addresses)),
    )


def switch(answer: bodies.RemindersAnswer) -> Switch:
    """Xero's own reminders."""
    enabled = [one.enabled for one in answer.invoice_reminders]
    if not enabled or enabled[0] is None:
        return Switch.UNKNOWN
    return Switch.ON if enabled[0] else Switch.OFF


def zone(written: str | None) -> str | None:
    """NEWZEALANDSTANDARDTIME is Windows' "New Zealand Standard Time" without its spaces; None where it is none of
    those.
    """
    return _zones().get(written or "")


_OLD_ZONES = {"UTC": "UTC", "KAMCHATKASTANDARDTIME": "Asia/Kamchatka", "MIDATLANTICSTANDARDTIME": "Etc/GMT+2"}
"""Of the contract's TimeZone, those that Windows, or what we know it by, no longer has."""


@cache
def _zones() -> dict[str, str]:
    windows: dict[str, str] = dict(get_global("windows_zone_mapping"))
    return {re.sub(r"[\s.-]", "", name).upper(): zone for name, zone in windows.items()} | _OLD_ZONES
