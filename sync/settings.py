"""What a ledger is configured to be, ready to use: strategy parsed, letters found, every default filled in.

`dunwell.config` reads the files and makes these; nothing in here knows of TOML, paths or the environment.
"""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from strategy.account import Agency
from strategy.model import Platform, Record
from strategy.rules import Strategy


class Letters(Protocol):
    """Where letters come from."""

    def source(self, language: str, name: str) -> str | None:
        """A letter's text in a language, or None where there is none."""
        ...


class Sender(Record):
    """In whose name letters leave. `address` is the From, `reply_to` where answers go (None: the same)."""

    name: str
    address: str
    reply_to: str | None = None


class WriteBack(Record):
    """What is told to the books. The first two are on unless the ledger says otherwise, the others where it opts in.

    `pay_url` may hold {number}, {amount} and {currency}; it goes into a field that the customer sees.
    """

    notes: bool = True
    statements: bool = True
    agreed_notes: bool = False
    customer_notes: bool = False
    invoice_notes: bool = False
    pay_url: str | None = None


class Hands(Record):
    """An agency and what its packs look like. `papers`: invoices, statement and letters besides the tables."""

    agency: Agency
    separator: str = ","
    papers: bool = True


class LedgerSettings(Record):
    """One ledger.

    `time_zone` None: the company's own. `reminders_off_on`: the day somebody looked and found the platform's own
    reminders off, where the platform does not tell. `people` are ours: address by role. `bank` goes on statements.
    `agencies` by the name that strategies place with.
    """

    name: str
    platform: Platform
    strategy: Strategy
    strategy_text: str
    letters: Letters
    sender: Sender
    time_zone: str | None = None
    reminders_off_on: date | None = None
    approve_all: bool = True
    invoices_leave_here: bool = True
    people: Mapping[str, str] = {}
    bank: tuple[str, ...] = ()
    write_back: WriteBack = WriteBack()
    agencies: Mapping[str, Hands] = {}
