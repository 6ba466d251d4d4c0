"""What we know of a customer that the books do not hold: which fields there are, and what each may be.

A field is stored as text under its name (`sync.accounts.journal` reads them back). `credit_limit.EUR` is in minor units
there, `lists` a JSON list, `role.billing` a `Role` as JSON; people write 5000, "key accounts, north" and
"Anna Berg <anna@berg.example>", or the parts of a role one by one as `role.billing.email`.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Final
from zoneinfo import available_timezones

import msgspec
from babel.core import get_global

from connectors.addresses import ADDRESS
from strategy import money, payment_run
from strategy.account import Role
from strategy.model import CustomerId
from strategy.text.grammar.facts import LEGAL_FORMS
from strategy.text.mistakes import meant
from strategy.text.parts.own import OWN, own_example, read_own
from strategy.text.table import Wrong
from sync import places
from sync.letters import figures
from sync.store import journal
from sync.store.database import Store, Value
from sync.store.journal import Moment
from sync.store.statements import load

SQL = load("accounts_journal")

_NAMED: Final = re.compile(rf"(?P<name>[^<>]*?)\s*<(?P<email>{ADDRESS})>")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_ROLE: Final = re.compile(r"[a-z][a-z0-9_-]*")
_PARTS: Final = ("name", "email", "phone")


class BadValue(Exception):
    """The value, or the field, is none; the message says what would be."""


class NoField(BadValue):
    """There is no such field."""


Values = Mapping[str, str]
"""Stored texts by field."""


def stored(store: Store, ledger_id: int, account_id: str) -> Values:
    """What is stored of an account."""
    bounds: dict[str, Value] = {"ledger": ledger_id, "first": account_id, "last": account_id}
    return {field: value for _, field, value in store.rows_by_name(SQL["profiles"], bounds)}


def change(before: Values, field: str, text: str | None) -> Mapping[str, str | None]:
    """What is to be stored, None for what is to be forgotten, where a person writes a text (None: nothing any more).

    A part of a role changes the whole of it, so that `before` is needed. Raises `BadValue`.
    """
    head, _, rest = field.partition(".")
    if head == "role":
        return _role(before, rest, text)
    if head == "credit_limit":
        return {field: None if text is None else _limit(rest, text)}
    if head == "contact":
        return {field: None if text is None else _own(rest, text.strip())}
    if field not in _FIELDS:
        raise NoField(f"there is no field {field}; {meant(field, FIELDS)}")
    return {field: None if text is None else _FIELDS[field](text.strip())}


def apply(store: Store, now: Moment, account_id: CustomerId, changes: Mapping[str, str | None]) -> int:
    """Store the changes; how many fields are different now. Belongs into a transaction."""
    before = stored(store, now.ledger_id, account_id)
    new = {field: value for field, value in changes.items() if before.get(field) != value}
    for field, value in new.items():
        journal.set_profile(store, now, account_id, field, value)
    return len(new)


def shown(values: Values) -> Mapping[str, str]:
    """The stored texts as people write them, role by role in parts."""
    written: dict[str, str] = {}
    for field, value in values.items():
        head, _, rest = field.partition(".")
        if head == "role":
            role = msgspec.json.decode(value, type=Role)
            written |= {f"{field}.{part}": said for part in _PARTS if (said := getattr(role, part))}
        elif head == "credit_limit":
            written[field] = str(money.to_decimal(int(value), rest))
        elif field == "lists":
            written[field] = ", ".join(msgspec.json.decode(value))
        else:
            written[field] = value
    return written


def _language(text: str) -> str:
    try:
        figures.locale_of(text)
    except figures.UnknownLanguage:
        raise BadValue(f'"{text}" is no language; write it as in en, de or pt-BR') from None
    return text


def _country(text: str) -> str:
    if text not in get_global("territory_zones"):
        raise BadValue(f'"{text}" is no country; write its two letters, as in DE')
    return text


def _region(text: str) -> str:
    country, _, part = text.partition("-")
    if part not in places.regions(country):
        raise BadValue(f'"{text}" is no part of a country with holidays of its own; write it as in DE-BY or US-CA')
    return text


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise BadValue(f'"{text}" is no time zone; write it as in Europe/Berlin')
    return text


def _word(text: str) -> str:
    if not text:
        raise BadValue("nothing is written; to forget a field, unset it")
    return text


def _legal_form(text: str) -> str:
    if text not in LEGAL_FORMS:
        raise BadValue(f'"{text}" is no legal form; {meant(text, LEGAL_FORMS)}')
    return text


def _yes_or_no(text: str) -> str:
    if text not in {"yes", "no"}:
        raise BadValue(f'"{text}" is neither; write yes or no')
    return text


def _address(text: str) -> str:
    if not re.fullmatch(ADDRESS, text):
        raise BadValue(f'"{text}" is no email address')
    return text


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadValue(f'"{text}" is no day; write it as in 2026-11-21') from None


def _run(text: str) -> str:
    if not payment_run.is_run(text):
        raise BadValue(f'"{text}" is no day to pay on; write a weekday (fri), a day of the month (15) or month end')
    return text


def _cutoff(text: str) -> str:
    if not (text.isdecimal() and int(text) <= 10):
        raise BadValue(f'"{text}" is no number of business days from 0 to 10')
    return str(int(text))


def _lists(text: str) -> str:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise BadValue('lists are names with commas between them, as in "key accounts, north"')
    return msgspec.json.encode(names).decode()


_FIELDS: Final[Mapping[str, Callable[[str], str]]] = {
    "language": _language,
    "country": _country,
    "region": _region,
    "time_zone": _zone,
    "method": _word,
    "legal_form": _legal_form,
    "po_required": _yes_or_no,
    "owner": _address,
    "reviewed": _day,
    "run": _run,
    "cutoff": _cutoff,
    "lists": _lists,
}

FIELDS: Final = (
    *_FIELDS,
    *(f"contact.{name}" for name in OWN),
    "credit_limit.CURRENCY",
    "role.NAME",
    *(f"role.NAME.{part}" for part in _PARTS),
)


def _own(name: str, text: str) -> str:
    """A rule of contact for this account alone, as it was written."""
    if name not in OWN:
        raise NoField(f"there is no field contact.{name}; {meant(name, OWN)}")
    value = read_own(name, text)
    if isinstance(value, Wrong):
        raise BadValue(f'"{text}" is no value of contact.{name}; write it as in {own_example(name)}')
    return text


def _limit(currency: str, text: str) -> str:
    """In minor units, as text."""
    if not _CURRENCY.fullmatch(currency):
        raise BadValue(f'"{currency}" is no currency; write the field as in credit_limit.EUR')
    amount = money.as_written(text.strip())
    with suppress(money.NotRepresentable):
        if amount is not None:
            return str(money.to_minor(amount, currency))
    raise BadValue(f'"{text}" is no amount in {currency}; write it as in 5000 or 5000.00')


def _role(before: Values, rest: str, text: str | None) -> Mapping[str, str | None]:
    """A role as a whole, or one part of it."""
    name, _, part = rest.partition(".")
    if not _ROLE.fullmatch(name) or part not in {"", *_PARTS}:
        raise NoField(f"there is no field role.{rest}; write role.billing, or role.billing.email")
    field = f"role.{name}"
    known = before.get(field)
    role = msgspec.json.decode(known, type=Role) if known else Role(role=name, name="")
    if part:
        role = msgspec.structs.replace(role, **{part: _part(part, text)})
    else:
        role = Role(role=name, name="") if text is None else _person(name, text.strip())
    nobody = not (role.name or role.email or role.phone)
    return {field: None if nobody else msgspec.json.encode(role).decode()}


def _part(part: str, text: str | None) -> str | None:
    if text is None:
        return "" if part == "name" else None
    return _address(text.strip()) if part == "email" else _word(text.strip())


def _person(role: str, text: str) -> Role:
    """A role from "Anna Berg <anna@berg.example>", or from an address alone."""
    if match := _NAMED.fullmatch(text):
        return Role(role=role, name=match["name"].strip('" '), email=match["email"])
    if re.fullmatch(ADDRESS, text):
        return Role(role=role, name="", email=text)
    raise BadValue(f'"{text}" is no person; write "Anna Berg <anna@berg.example>", or the address alone')
