"""Profiles from a spreadsheet: one row per customer, one column per field, all of it right or none of it applied.

A column `customer` names who is meant, by id, number or name; the others are fields (`sync.profiles.FIELDS`). An empty
cell changes nothing, a dash forgets the field.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dunwell.cli import finding
from dunwell.cli.ending import Ended
from dunwell.cli.sheet import Cells, Sheet
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
    return _File(bench, Sheet(file)).changes()


class _File:
    """One reading."""

    def __init__(self, bench: "Bench", sheet: Sheet) -> None:
        self._bench = bench
        self._sheet = sheet
        self._seen: dict[str, int] = {}

    def changes(self) -> list[Change]:
        changes = [change for line, cells in self._sheet.rows(CUSTOMER) for change in self._row(line, cells)]
        self._sheet.finish()
        return changes

    def _row(self, line: int, cells: Cells) -> Iterator[Change]:
        """The changes of one row; none where it is wrong."""
        try:
            account = finding.customer(self._bench, cells[CUSTOMER])
        except Ended as error:
            self._sheet.wrong(line, error.message)
            return
        if account.account_id in self._seen:
            self._sheet.wrong(line, f"{account.account} stands in line {self._seen[account.account_id]} already")
        self._seen.setdefault(account.account_id, line)
        before = dict(profiles.stored(self._bench.store, self._bench.ledger.id, account.account_id))
        changes: dict[str, str | None] = {}
        for field, text in cells.items():
            if field != CUSTOMER and text:
                changes |= self._change({**before, **_kept(changes)}, field, text, line)
        yield Change(account_id=account.account_id, changes=changes)

    def _change(self, before: Mapping[str, str], field: str, text: str, line: int) -> Mapping[str, str | None]:
        try:
            return profiles.change(before, field, None if text == FORGET else text)
        except profiles.NoField as error:
            self._sheet.wrong(1, str(error))
        except profiles.BadValue as error:
            self._sheet.wrong(line, str(error))
        return {}


def _kept(changes: Mapping[str, str | None]) -> dict[str, str]:
    return {field: value for field, value in changes.items() if value is not None}
