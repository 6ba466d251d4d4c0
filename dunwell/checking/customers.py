"""Looking at a ledger's customers: what a letter to them lacks, counted in one reading of all of them."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from dunwell.checking.findings import Level
from strategy import before_action
from strategy.account import Account
from strategy.business_days import Calendar
from strategy.rules import Strategy
from strategy.situation import situate
from strategy.text.letters import languages_of
from sync.bench import Bench

_Said = tuple[Level, str, str]
"""Level, what, what to do next."""

_LACKS = {"law_wants_form": ("legal form", "legal_form=company"), "law_wants_country": ("country", "country=US")}
"""By what stops a letter before action: what the customer's profile lacks, and how it is said."""


def found(bench: Bench) -> Iterator[_Said]:
    """Languages without letters, and what letters before action wait for."""
    strategy, today = bench.settings.strategy, bench.today()
    steps = (step for segment in strategy.segments for step in segment.schedule.steps)
    warns, calendar = any(step.deadline is not None for step in steps), bench.calendar(today)
    spoken: Counter[str] = Counter()
    barred: Counter[tuple[str, str]] = Counter()
    for account in bench.accounts(today):
        if account.language and account.receivables:
            spoken[account.language] += 1
        if warns and any(one.due_on < today for one in account.receivables):
            barred.update(_barred(account, strategy, calendar, today))
    yield from _languages(bench, spoken)
    yield from _barred_letters(bench, barred)


def _languages(bench: Bench, spoken: Counter[str]) -> Iterator[_Said]:
    """Customers whose language has no letters get those of the strategy's own language."""
    strategy, letters = bench.settings.strategy, bench.settings.letters
    has = set(languages_of(strategy))
    for language, customers in sorted(spoken.items()):
        base = language.partition("-")[0]
        if not {language, base} & has and not any(letters.source(one, "reminder") for one in (language, base)):
            default = strategy.languages.default
            who = "1 customer speaks" if customers == 1 else f"{customers} customers speak"
            what = f"{who} {language}, which has no letters: letters in {default} are sent"
            yield Level.NOTE, what, f"write letters/{language}/"


def _barred(account: Account, strategy: Strategy, calendar: Calendar, today: date) -> set[tuple[str, str]]:
    """Letters before action of the account's own schedule that its profile stops, and by what it lacks."""
    steps = situate(account, strategy, calendar, today).segment.schedule.steps
    bars = ((step.name, before_action.bar(account, step)) for step in steps if step.deadline is not None)
    return {(name, bar.code) for name, bar in bars if bar is not None and bar.code in _LACKS}


def _barred_letters(bench: Bench, barred: Counter[tuple[str, str]]) -> Iterator[_Said]:
    for (letter, code), customers in sorted(barred.items()):
        lacks, said = _LACKS[code]
        owe = "1 customer who owes has" if customers == 1 else f"{customers} customers who owe have"
        mend = f"dunwell profile {bench.ledger.name} CUSTOMER --set {said}, or all of them from a CSV"
        yield Level.NOTE, f'{owe} no {lacks}: "{letter}", a letter before action, waits for it', mend
