"""Profiles from a spreadsheet: one row per customer, one column per field, all of it right or none of it applied.

A column `customer` names who is meant, by id, number or name; the others are fields (`sync.profiles.FIELDS`). An empty
cell changes nothing, a dash forgets the field. Commas, semicolons and tabs separate; the file is UTF-8.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dunwell.cli import finding
from dunwell.cli.ending import Ended, Wrong
from strategy.model import CustomerId, Record
from sync import profiles

if TYPE_CHECKING:
    from sync.bench import Bench

CUSTOMER: Final = "customer"
FORGET: Final = "-"


class Change(Record):
    """What a row changes of an account: stored texts by field, None for what is forgotten."""

    account_id: CustomerId
    changes: Mapping[str, str | None]


def read(bench: "Bench", file: Path) -> list[Change]:
    """The changes in the file. Raises `Wrong` with every mistake in it, each with its line."""
    return _File(bench, file).changes()


class _File:
    """One reading. Mistakes gather, and whatever is wrong is read on past."""

    def __init__(self, bench: "Bench", file: Path) -> None:
        self._bench = bench
        self._file = file
        self._mistakes: list[str] = []
        self._seen: dict[str, int] = {}

    def changes(self) -> list[Change]:
        reader = csv.reader(io.StringIO(self._text()), delimiter=self._separator())
        heading = [name.strip() for name in next(reader, [])]
        if CUSTOMER not in heading:
            self._wrong(1, f'no column is called "{CUSTOMER}"; the first line names the columns')
        changes = [
            change
            for row in reader
            if any(cell.strip() for cell in row) and CUSTOMER in heading
            for change in self._row(reader.line_num, dict(zip(heading, row, strict=False)))
        ]
        if self._mistakes:
            listed = "\n".join(dict.fromkeys(self._mistakes))
            raise Wrong(f"{listed}\nNothing of {self._file} was applied.")
        return changes

    def _text(self) -> str:
        try:
            return self._file.read_text("utf-8-sig")
        except UnicodeDecodeError:
            raise Wrong(f"{self._file} is not UTF-8; save it as CSV UTF-8") from None

    def _separator(self) -> str:
        first = self._text().partition("\n")[0]
        return max(",;\t", key=first.count)

    def _row(self, line: int, cells: Mapping[str, str]) -> Iterator[Change]:
        """The changes of one row; none where it is wrong."""
        try:
            account = finding.customer(self._bench, cells[CUSTOMER].strip())
        except Ended as error:
            self._wrong(line, error.message)
            return
        if account.account_id in self._seen:
            self._wrong(line, f"{account.account} stands in line {self._seen[account.account_id]} already")
        self._seen.setdefault(account.account_id, line)
        before = dict(profiles.stored(self._bench.store, self._bench.ledger.id, account.account_id))
        changes: dict[str, str | None] = {}
        for field, text in cells.items():
            if field != CUSTOMER and text.strip():
                changes |= self._change({**before, **_kept(changes)}, field, text.strip(), line)
        yield Change(account_id=account.account_id, changes=changes)

    def _change(self, before: Mapping[str, str], field: str, text: str, line: int) -> Mapping[str, str | None]:
        try:
            return profiles.change(before, field, None if text == FORGET else text)
        except profiles.NoField as error:
            self._wrong(1, str(error))
        except profiles.BadValue as error:
            self._wrong(line, str(error))
        return {}

    def _wrong(self, line: int, message: str) -> None:
        self._mistakes.append(f"{self._file}:{line}: {message}")


def _kept(changes: Mapping[str, str | None]) -> dict[str, str]:
    return {field: value for field, value in changes.items() if value is not None}
