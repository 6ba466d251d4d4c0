"""Reading a story: an account's weeks as a text table, and writing what happened as the same table.

    A title

    The rule that the story guards, in a sentence or two.

    days      2 Mar 2026 to 20 Mar 2026
    strategy  standard
    history   12 invoices paid, 10 days late

    day         | what happens
    Mon  2 Feb  | invoice 1042 of 1,200.00 EUR, due 4 Mar

    day         | what leaves, what is held
    Mon  2 Mar  | held 1042 1,200.00 EUR until Thu 5 Mar: not_due

`days` are those that are played, both included; all are of one year, except what happened before them. `strategy` is
the name of a shipped one, lines of TOML below it (indented), or both: then the lines win over what they inherit.
`history` is what is known of the customer: "none", or "12 invoices paid, 10 days late". `words` has those of the
first table. In the second, contacts and tasks stand on their days, and what is held where it changes.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from strategy import shipped
from strategy.model import Record
from strategy.rules import Strategy
from strategy.text.parse import parse

FOLDER: Final = Path(__file__).parent

HAPPENS: Final = "what happens"
EXPECTED: Final = "what leaves, what is held"

_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_WEEKDAYS: Final = "Mon Tue Wed Thu Fri Sat Sun".split()


class Row(Record):
    """A line of a table."""

    on: date
    text: str


class Story(Record):
    """A story as it is written. `strategy_text` is TOML."""

    name: str
    title: str
    rule: str
    first: date
    last: date
    strategy_text: str
    settings: dict[str, str]
    happens: tuple[Row, ...]
    expected: tuple[Row, ...]

    def strategy(self) -> Strategy:
        """Its strategy, parsed."""
        parsed = parse(self.strategy_text, f"{self.name}.txt", shipped.find)
        assert parsed.strategy is not None, parsed.shown()
        return parsed.strategy


def names() -> list[str]:
    """Every story of this folder."""
    return sorted(file.stem for file in FOLDER.glob("*.txt"))


def story(name: str) -> Story:
    """The story of this name."""
    return read(name, (FOLDER / f"{name}.txt").read_text("utf-8"))


def read(name: str, text: str) -> Story:
    """A story from its text."""
    head, happens, expected = _parts(text)
    title, rule, *paragraphs = head.strip().split("\n\n")
    settings = _settings("\n".join(paragraphs))
    first, last = (_day_with_year(one) for one in settings.pop("days").split(" to "))
    return Story(
        name=name,
        title=title,
        rule=" ".join(rule.split()),
        first=first,
        last=last,
        strategy_text=_strategy_text(settings.pop("strategy")),
        settings=settings,
        happens=tuple(_rows(happens, first.year)),
        expected=tuple(_rows(expected, first.year)),
    )


def table(rows: Iterable[Row]) -> str:
    """The second table, as it is written in a story."""
    return "\n".join([f"day         | {EXPECTED}", *(f"{written(row.on, 2)}  | {row.text}" for row in rows)])


def written(day: date, digits: int = 1) -> str:
    """ "Mon 2 Mar"; in a column all days have the same number of digits."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day:{digits}} {_MONTHS[day.month - 1]}"


def day_in(year: int, text: str) -> date:
    """The day of "2 Mar", "Mon 2 Mar" or "2 Mar 2025". The weekday must be right."""
    words = text.split()
    *weekday, number, month, given = words if words[-1].isdigit() else [*words, str(year)]
    day = date(int(given), _MONTHS.index(month) + 1, int(number))
    assert weekday in ([], [_WEEKDAYS[day.weekday()]]), f"{text} is a {_WEEKDAYS[day.weekday()]}"
    return day


def _day_with_year(text: str) -> date:
    return day_in(0, text)


def _parts(text: str) -> tuple[str, str, str]:
    """What stands above the tables, and the lines of each."""
    head, *tables = re.split(rf"^day +\| (?:{HAPPENS}|{EXPECTED})\n", text, flags=re.MULTILINE)
    assert len(tables) == 2, "A story has two tables."
    return head, tables[0], tables[1]


def _settings(text: str) -> dict[str, str]:
    """Word and value of each line; a line that begins with a space belongs to the one before."""
    found: dict[str, str] = {}
    word = ""
    for line in text.splitlines():
        if line.startswith(" "):
            found[word] += f"\n{line.strip()}"
        elif line:
            word, _, value = line.partition(" ")
            found[word] = value.strip()
    return found


def _strategy_text(value: str) -> str:
    name, _, lines = value.partition("\n")
    if not lines:
        return shipped.text(name)
    return f'inherits = "{name}"\n{lines}\n' if name else lines


def _rows(text: str, year: int) -> Iterator[Row]:
    for line in text.strip().splitlines():
        day, _, what = line.partition("|")
        yield Row(on=day_in(year, day), text=what.strip())


def every_day(first: date, last: date) -> Iterator[date]:
    """Both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
