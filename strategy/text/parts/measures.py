"""The parts of a strategy that are measures: amounts, languages, contact, holds, the statement, days and conditions."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from strategy.conditions import KEYWORDS, Condition
from strategy.model import Currency
from strategy.money import NotRepresentable, to_decimal, to_minor
from strategy.rules import (
    Amount,
    Anchor,
    At,
    Contact,
    Holds,
    Languages,
    Most,
    PromiseRule,
    Start,
    StatementRule,
    ThanksRule,
)
from strategy.text.grammar.at import read_at
from strategy.text.grammar.condition import Scope, read_condition
from strategy.text.grammar.facts import FACTS
from strategy.text.kinds import NAME
from strategy.text.mistakes import meant, nearest
from strategy.text.nodes import Node, made
from strategy.text.parts import keys
from strategy.text.table import Findings, Table, Wrong, entries, read, what

NOTHING: Final = made({})
"""An empty table, where none is written."""

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_MOST_DIGITS: Final = 15
"""Of a sum in whole units: in minor units it is a number that a database keeps."""

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LAST_DAY, _LAST_WORKDAY = 27, 19
"""So many days behind its first every month still has, and so many from Monday to Friday before its last."""


def amounts(node: Node, findings: Findings) -> Mapping[str, Amount]:
    """Every named amount. One with a mistake in it keeps its name, so that tests against it are not mistakes too."""
    named: dict[str, Amount] = {}
    for name, entry in entries(node, findings).items():
        if isinstance(NAME.read(made(name)), Wrong) or name in KEYWORDS:
            findings.wrong(entry.name, f'"{name}" cannot name an amount', "use letters, digits and _")
        elif name in FACTS:
            findings.wrong(entry.name, f'"{name}" is a fact already', "give the amount another name")
        named[name] = _figures(name, entry, findings)
    return named


def _figures(name: str, node: Node, findings: Findings) -> Amount:
    figures: dict[Currency, int] = {}
    if node.table == {}:
        findings.wrong(node.at, f'"{name}" has no figure', f"write {name} = {{ EUR = 25 }}")
    for currency, entry in entries(node, findings).items():
        if not _CURRENCY.fullmatch(currency):
            upper = currency.upper()
            right = f"write {upper}" if _CURRENCY.fullmatch(upper) else "write three capital letters, as in EUR"
            findings.wrong(entry.name, f'"{currency}" is no currency', right)
        elif (minor := _minor(entry, currency, findings)) is not None:
            figures[Currency(currency)] = minor
    return figures


def _minor(node: Node, currency: str, findings: Findings) -> int | None:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite() or value < 0:
        if not node.broken:
            findings.wrong(node.at, f"{currency} takes a sum from 0, not {what(node)}", f"for example {currency} = 25")
        return None
    try:
        return to_minor(Decimal(value), currency)
    except NotRepresentable as error:
        findings.wrong(node.at, str(error), _nearest(Decimal(value), currency))
        return None


def _nearest(value: Decimal, currency: str) -> str:
    """What may be written in place of a sum that is none, without a figure where there is none near."""
    if value.adjusted() >= _MOST_DIGITS:
        return f"write what somebody may owe, for example {currency} = 10_000"
    return f"round it: {currency} = {round(value) or to_decimal(1, currency)}"


def languages(node: Node | None, findings: Findings) -> Languages:
    """The language of letters by country."""
    if node is not None and node.text is not None:
        default = read(node, keys.ONE_LANGUAGE, findings)
        return Languages(default=default or keys.DEFAULT_LANGUAGE.value, by_country={})
    default, by_country = keys.DEFAULT_LANGUAGE.value, {}
    for country, entry in entries(node or NOTHING, findings).items():
        language = read(entry, keys.DEFAULT_LANGUAGE, findings) or default
        if country == keys.DEFAULT_LANGUAGE.name:
            default = language
        elif _COUNTRY.fullmatch(country):
            by_country[country] = language
        else:
            right = (
                f"write {country.upper()}" if len(country) == 2 else "write default, or two capital letters, as in DE"
            )
            findings.wrong(entry.name, f'"{country}" is no country', right)
    return Languages(default=default, by_country=by_country)


def contact(node: Node, findings: Findings) -> Contact:
    """When, how often and to whom."""
    table = Table(node, keys.CONTACT_KEYS, findings)
    opens, closes = table.get(keys.CONTACT_HOURS)
    to = table.get(keys.TO)
    roles(to, table.entry(keys.TO), findings)
    return Contact(
        days=table.get(keys.CONTACT_DAYS),
        opens=opens,
        closes=closes,
        gap=table.get(keys.GAP),
        most=_most(table, findings),
        to=to,
        by=table.get(keys.BY),
        missed=table.get(keys.MISSED),
        run=table.find(keys.RUN),
    )


def roles(names: tuple[str, ...], node: Node | None, findings: Findings) -> None:
    """A role that looks like a misspelled one is asked about: nobody would ever have it."""
    for index, name in enumerate(names):
        close = None if name in keys.ROLES else nearest(name, keys.ROLES)
        if close and node is not None and node.items:
            findings.warn(node.items[index].at, f'the role "{name}" is new here', f'did you mean "{close}"?')


def _most(table: Table, findings: Findings) -> Most | None:
    node = table.find(keys.MOST)
    if node is not None and node.text is not None:
        return None
    inner = Table(node or NOTHING, keys.MOST_KEYS, findings)
    return Most(contacts=inner.get(keys.MOST_CONTACTS), days=inner.get(keys.MOST_DAYS))


def start(node: Node, findings: Findings) -> Start:
    """How it begins on books that were not chased before."""
    table = Table(node, keys.START_KEYS, findings)
    return Start(on=table.find(keys.START_ON), ramp=table.find(keys.RAMP), review=table.find(keys.REVIEW))


def holds(node: Node, named: Mapping[str, Amount], findings: Findings) -> Holds:
    """The measures of the holds."""
    table = Table(node, keys.HOLDS_KEYS, findings)
    promise = Table(table.find(keys.PROMISE) or NOTHING, keys.PROMISE_KEYS, findings)
    return Holds(
        minimum=named_amount(table.find(keys.MINIMUM), named, findings),
        dispute=table.get(keys.DISPUTE),
        answer=table.get(keys.ANSWER),
        promise=PromiseRule(
            grace=promise.get(keys.GRACE),
            tolerance_bp=promise.get(keys.TOLERANCE),
            times=promise.get(keys.TIMES),
            in_days=promise.get(keys.IN_DAYS),
        ),
        reply=table.get(keys.REPLY),
        books=table.get(keys.BOOKS),
        claim=table.get(keys.CLAIM),
    )


def named_amount(node: Node | None, named: Mapping[str, Amount], findings: Findings) -> Amount:
    """The figures of the amount that is named; none where 0 stands there, or nothing, or what is no amount."""
    if node is None or not node.text:
        return {}
    if node.text not in named:
        otherwise = f"add {node.text} = {{ EUR = 25 }} under [amounts]"
        findings.wrong(node.at, f'"{node.text}" is no amount', meant(node.text, named, otherwise))
    return named.get(node.text, {})


def statement(node: Node | None, scope: Scope, findings: Findings) -> StatementRule | None:
    """When a statement is due; None is never."""
    if node is None or node.broken or read(node, keys.STATEMENT, findings) is None or node.text is not None:
        return None
    table = Table(node, keys.STATEMENT_KEYS, findings)
    on = day(table.find(keys.STATEMENT_ON), findings)
    if on is None:
        return None
    if on.anchor not in (Anchor.MONTH_START, Anchor.MONTH_END) or on.every:
        entry = table.entry(keys.STATEMENT_ON) or node
        right = f"for example {keys.STATEMENT_ON.name} = {keys.STATEMENT_ON.example}"
        findings.wrong(entry.at, "a statement is due on one day of each month", right)
    elif instead := _in_every_month(on):
        entry = table.entry(keys.STATEMENT_ON) or node
        findings.wrong(entry.at, f'"{on.text}" is not a day of every month', instead)
    return StatementRule(on=on, when=condition(table.find(keys.STATEMENT_WHEN), scope, findings))


def _in_every_month(on: At) -> str | None:
    """What to write instead of a day that not every month has; None where every one does."""
    from_start, unit = on.anchor is Anchor.MONTH_START, " business days" if on.business else ""
    here, there = ("month start +", "month end -") if from_start else ("month end -", "month start +")
    most = _LAST_WORKDAY if on.business and not from_start else _LAST_DAY
    into = on.offset if from_start else -on.offset
    if into < 0:
        return f'write "{there} {min(-into - 1, most)}{unit}"'
    if into > most:
        return f'write "{here} {most}{unit}" at most, or "{there} 0"'
    return None


def thanks(node: Node | None, scope: Scope, findings: Findings) -> ThanksRule | None:
    """The letter that is said when a case was paid; None is none."""
    if node is None or node.broken or read(node, keys.THANKS, findings) is None or node.text is not None:
        return None
    table = Table(node, keys.THANKS_KEYS, findings)
    say = table.find(keys.THANKS_SAY)
    when = condition(table.find(keys.THANKS_WHEN), scope, findings)
    return ThanksRule(say=say, when=when, file=node.name.file, line=node.name.line) if say else None


def day(node: Node | None, findings: Findings) -> At | None:
    """The day that a text names, None where there is none or it is wrong."""
    if node is None:
        return None
    at = read_at(node.text or "")
    if isinstance(at, Wrong):
        _tell(node, at, findings)
        return None
    return at


def condition(node: Node | None, scope: Scope, findings: Findings) -> Condition | None:
    """The condition that a text holds, None where there is none or it is wrong."""
    if node is None:
        return None
    parsed, wrongs = read_condition(node.text or "", scope)
    for wrong in wrongs:
        _tell(node, wrong, findings)
    return parsed


def _tell(node: Node, wrong: Wrong, findings: Findings) -> None:
    findings.wrong(node.inside(wrong.index or 0, wrong.width), wrong.message, wrong.right)
