"""Reading the report AgedReceivablesByContact: a table of texts that comes in more than one form.

Of a contact with documents in base currency alone, sections have no title and the last column is Due (official
example). Of others, sections are titled with a currency, and behind Due may stand its amount in base currency. So the
column is found by its name, and a section without a currency for its title is in base currency.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from connectors.errors import BadAnswer
from connectors.xero.bodies import ReportBody, ReportRow
from strategy import money
from strategy.model import Currency

_CURRENCY = re.compile(r"[A-Z]{3}")


def due(report: ReportBody, base: Currency) -> Mapping[Currency, int]:
    """What is due in each currency. Raises `BadAnswer` where the report cannot be read."""
    column = _column(report, "Due")
    found = {base: 0}
    for section in report.rows:
        title = section.title or ""
        currency = Currency(title) if _CURRENCY.fullmatch(title) else base
        rows = (row for row in section.rows if row.row_type == "Row")
        found[currency] = found.get(currency, 0) + sum(_amount(row, column, currency) for row in rows)
    return found


def _column(report: ReportBody, name: str) -> int:
    for row in report.rows:
        if row.row_type == "Header":
            names = [cell.value for cell in row.cells]
            if name in names:
                return names.index(name)
    raise BadAnswer(f"Xero's aged report has no column {name}", again=False)


def _amount(row: ReportRow, column: int, currency: Currency) -> int:
    """Summaries repeat what the rows of documents say, so only these are asked."""
    try:
        return money.to_minor(Decimal(row.cells[column].value or "0"), currency)
    except (IndexError, InvalidOperation, money.NotRepresentable):
        raise BadAnswer("Xero's aged report holds an amount that is none", again=False) from None
