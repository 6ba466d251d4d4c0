"""Dates, money and numbers as the reader writes them.

The language is the letter's; the conventions are those of the reader's country where the two go together (English in
Britain has its day before the month). Babel knows both, with one exception: it rounds some currencies to the digits in
daily use (a lek to whole leks), so the number of digits comes from `strategy.money`. And it runs a currency's letters
into the digits (CHF12.50), where CLDR wants a space.
"""

import re
from copy import copy
from datetime import date, datetime
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import NumberPattern

from strategy import money


class UnknownLanguage(LookupError):
    """No language has this tag."""


@cache
def locale_of(language: str, country: str | None = None) -> Locale:
    """The conventions for a language tag ("de", "pt-BR") and the reader's two-letter country."""
    tag = language.replace("-", "_")
    wanted = [f"{tag}_{country}", tag] if country and "_" not in tag else [tag]
    for name in wanted:
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    raise UnknownLanguage(f"{language!r} is no language that Babel knows; write a tag like 'en', 'de' or 'pt-BR'")


def amount(minor: int, currency: str, locale: Locale) -> str:
    """The amount with its currency: "€1,200.00", "1.200,00 €"."""
    pattern = _with_digits(locale, "currency", money.digits(currency))
    decimal = money.to_decimal(minor, currency)
    written = str(pattern.apply(decimal, locale, currency=currency, currency_digits=False))
    return re.sub(r"(?<=[A-Za-z])(?=\d)", "\N{NO-BREAK SPACE}", written)


def bare(minor: int, currency: str, locale: Locale) -> str:
    """The amount alone, for a column whose currency is said elsewhere: "1,200.00"."""
    pattern = _with_digits(locale, "decimal", money.digits(currency))
    return str(pattern.apply(money.to_decimal(minor, currency), locale))


@cache
def _with_digits(locale: Locale, kind: Literal["currency", "decimal"], digits: int) -> NumberPattern:
    """The locale's own pattern, with exactly so many decimal places."""
    pattern: NumberPattern
    pattern = copy(locale.currency_formats["standard"] if kind == "currency" else locale.decimal_formats[None])
    pattern.frac_prec = (digits, digits)
    return pattern


def number(value: int, locale: Locale) -> str:
    """A count: "1,234"."""
    return str(locale.decimal_formats[None].apply(value, locale))


def day(on: date | None, locale: Locale) -> str:
    """A date in a sentence: "4 March 2026"; nothing for None."""
    return format_date(on, "long", locale) if on else ""


def short_day(on: date | None, locale: Locale) -> str:
    """A date in a table: "4 Mar 2026"; nothing for None."""
    return format_date(on, "medium", locale) if on else ""


def instant(at: datetime, zone: str, locale: Locale) -> str:
    """An instant in a named zone, with the zone: "30 June 2026, 08:15 British Summer Time"."""
    clock = format_datetime(at, "HH:mm zzzz", tzinfo=ZoneInfo(zone), locale=locale)
    return f"{day(at.astimezone(ZoneInfo(zone)).date(), locale)}, {clock}"
