"""What the program before had said, from a spreadsheet: all of it right or none of it applied.

Columns: `customer` or `invoice` (or both), `said` (a step of the strategy, or the letter that it says), `day` (as in
2026-11-21) and, where it was no email, `channel`. A row without an invoice means all that was overdue on that day.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dunwell.agreements import touches
from dunwell.agreements.refusing import Refused
from dunwell.agreements.ways import ELSEWHERE
from dunwell.cli import finding
from dunwell.cli.ending import Ended
from dunwell.cli.sheet import Cells, Sheet
from strategy.model import Record
from strategy.text.mistakes import meant
from strategy.touches import REPLY

if TYPE_CHECKING:
    from strategy.account import Account, Receivable
    from sync.bench import Bench
    from sync.store.journal import Noted


class Read(Record):
    """What the file comes to: what is new, and how many rows were known already or are about what is paid by now."""

    new: "tuple[Noted, ...]"
    known: int
    settled: int


def read(bench: "Bench", file: Path) -> Read:
    """What is in the file. Raises `Wrong` with every mistake in it, each with its line."""
    return _File(bench, Sheet(file)).read()


class _File:
    """One reading."""

    def __init__(self, bench: "Bench", sheet: Sheet) -> None:
        self._bench = bench
        self._sheet = sheet
        self._today = bench.today()
        self._known = 0
        self._settled = 0

    def read(self) -> Read:
        new = [one for line, cells in self._sheet.rows("said", "day") for one in self._row(line, cells)]
        self._sheet.finish()
        return Read(new=tuple(dict.fromkeys(new)), known=self._known, settled=self._settled)

    def _row(self, line: int, cells: Cells) -> "Iterator[Noted]":
        """What one row says; nothing where it is wrong."""
        try:
            account, row = self._whom(cells)
            made = touches.Made(
                on=_day(cells["day"]), channel=_channel(cells), what="said before", rows=(row,) if row else ()
            )
            if account.receivables and (row or not cells.get("invoice")):
                found = touches.said_before(
                    account, touches.step_said(self._bench, account, cells["said"]), made, self._today
                )
                self._known += not found
                yield from found
            else:
                self._settled += 1
        except Ended as error:
            self._sheet.wrong(line, error.message)
        except Refused as error:
            self._sheet.wrong(line, str(error))

    def _whom(self, cells: Cells) -> "tuple[Account, Receivable | None]":
        """The account, and the invoice where one is named that is open."""
        customer, number = cells.get("customer"), cells.get("invoice")
        if number:
            found = finding.invoice(self._bench, number)
            account = (
                finding.account(self._bench, customer)
                if customer
                else finding.account_of(self._bench, found.account_id, found.account)
            )
            row = next((one for one in account.receivables if one.invoice_id == found.id), None)
            if found.account_id != account.customer.id:
                raise Refused(f"invoice {number} belongs to {found.account}, not to {account.customer.name}")
            return account, row
        if not customer:
            raise Refused("it names neither a customer nor an invoice")
        return finding.account(self._bench, customer), None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f'"{text}" is no day; write it as in 2026-11-21') from None


def _channel(cells: Cells) -> str:
    channel = cells.get("channel") or "email"
    if channel == REPLY:
        raise Refused(f'"{channel}" is what they wrote, and no step that was said; note it with dunwell touch add')
    if channel not in ELSEWHERE:
        raise Refused(f'"{channel}" is no channel; {meant(channel, ELSEWHERE)}')
    return channel
