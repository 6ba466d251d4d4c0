"""Everything that is wrong, missing or odd, at once."""

import textwrap
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from dunwell.cli.ending import Code
from dunwell.cli.parameters import as_json
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Table, clean, columns
from dunwell.cli.showing.page import at_terminal, emit, show, width

if TYPE_CHECKING:
    from dunwell.checking.findings import Finding

MARKS: Final = {
    "good": ("✓", "green"),
    "note": ("·", "yellow"),
    "person": ("!", "yellow"),
    "failed": ("✗", "red"),
    "wrong": ("✗", "red"),
}

CODES: Final = {"failed": Code.FAILED, "person": Code.PERSON, "wrong": Code.WRONG}

MOST_ALIKE: Final = 5
"""So many odd records of one ledger are listed at a terminal; a pipe gets all."""


@click.command()
@click.option("--online", is_flag=True, help="Ask each platform for its company, too.")
@as_json
@pass_session
def check(session: Session, online: bool, as_json: bool) -> None:
    """Everything that is wrong, missing or odd, at once: settings, strategies, letters, key, ledgers, books, outbox.

    Exit code 2: settings, a strategy or a letter is wrong, and nothing runs. 4: something is held until a person did
    something. 1: something did not work. In a pipe: level, about, record, what, next.

    \b
    Examples: dunwell check
              dunwell check --online
    """
    from dunwell.checking.everything import everything
    from dunwell.cli.ending import worst
    from dunwell.cli.firm import finish

    findings = list(everything(session.config_file(), online=online))
    if as_json:
        emit({"findings": [_plain(one) for one in findings]})
    elif at_terminal():
        _draw(findings)
    else:
        show(_table(findings))
    finish(worst(CODES[one.level.value] for one in findings if one.level.value in CODES))


def _plain(one: "Finding") -> dict[str, str]:
    return {
        "level": one.level.value,
        "about": one.about,
        "record": one.record,
        "what": one.what,
        "next": one.next,
    }


def _table(findings: "Sequence[Finding]") -> Table:
    rows = [(one.level.value, one.about, one.record, one.what, one.next) for one in findings]
    return Table(kind="finding", title="", columns=columns("level about record what next"), rows=rows)


def _draw(findings: "Sequence[Finding]") -> None:
    """For people: group by group, the odd records of the books last and only a few of them."""
    for about, group in groupby(findings, key=lambda one: one.about):
        click.echo(click.style(about, bold=True))
        found = list(group)
        plain = [one for one in found if not _is_odd(one)]
        odd = [one for one in found if _is_odd(one)]
        for one in (*plain, *odd[:MOST_ALIKE]):
            click.echo("\n".join(_lines(one)))
        if len(odd) > MOST_ALIKE:
            click.echo(f"  · and {len(odd) - MOST_ALIKE} more odd records: dunwell check | grep note")
        click.echo()


def _is_odd(one: "Finding") -> bool:
    return one.about.startswith("ledger ") and bool(one.record)


def _lines(one: "Finding") -> Sequence[str]:
    mark, colour = MARKS[one.level.value]
    first = click.style(mark, fg=colour)
    if one.drawing:
        head, *rest = one.drawing.split("\n")
        return [*_wrapped(f"  {first} ", head), *(f"    {clean(line)}" for line in rest)]
    record = f"{one.record}: " if one.record else ""
    text = f"{record}{one.what}"
    return [*_wrapped(f"  {first} ", text), *(_wrapped("      → ", one.next) if one.next else ())]


def _wrapped(mark: str, text: str) -> Sequence[str]:
    """Lines no wider than the terminal, the further ones under the first one's text."""
    indent = len(click.unstyle(mark))
    parts = textwrap.wrap(clean(text), max(20, width() - indent), break_long_words=False, break_on_hyphens=False)
    return [(mark if number == 0 else " " * indent) + part for number, part in enumerate(parts or [""])]
