"""The endpoints below `/api.xro/2.0/`: who answers which path, and in which format."""

from datetime import datetime

from dunwell.sandbox.dialect import Ledger
from dunwell.sandbox.exchange import Answer, Call
from dunwell.sandbox.xero import trouble
from dunwell.sandbox.xero.bills import Bills
from dunwell.sandbox.xero.idempotency import Keys
from dunwell.sandbox.xero.reading.reader import Reader
from dunwell.sandbox.xero.reading.shelf import Shelf
from dunwell.sandbox.xero.wire import Refused, answered, envelope, not_found
from dunwell.sandbox.xero.writing.papers import MOST_BYTES
from dunwell.sandbox.xero.writing.services import Services
from dunwell.sandbox.xero.writing.writer import Writer

_ENDPOINTS = """
Contacts ContactGroups Invoices CreditNotes Overpayments Prepayments Payments Organisation InvoiceReminders
BrandingThemes PaymentServices RepeatingInvoices Currencies Reports
"""
_INNER = "Attachments History Allocations OnlineInvoice Email PaymentServices Contacts Settings Actions pdf"
_NAMED = ("organisation", "invoicereminders", "reports")
"""Behind these stands no id but a name."""

_SPELLED = {name.lower(): name for name in f"{_ENDPOINTS} {_INNER} AgedReceivablesByContact".split()}


class Api:
    """Answers requests that have shown a good token for the organisation."""

    def __init__(self, ledger: Ledger) -> None:
        self.shelf = Shelf(ledger, Bills(ledger))
        services = Services()
        self._reader = Reader(ledger, self.shelf, services)
        self._writer = Writer(ledger, self.shelf, services)
        self._keys = Keys()

    def answer(self, call: Call, parts: list[str], app: str, now: datetime) -> Answer:
        """Answer a call. The endpoint's name counts without regard to case; XML is what you get without asking."""
        try:
            return self._keys.once(call, app, now, lambda: self._answered(call, _spelled(parts), now))
        except Refused as refused:
            return answered(refused.body, refused.status, json=_json(call))

    def _answered(self, call: Call, parts: list[str], now: datetime) -> Answer:
        if len(call.body) > MOST_BYTES:
            return trouble.too_large(now)
        try:
            if call.method == "GET":
                found = self._reader.read(call, parts, now)
            else:
                found = self._writer.write(call, parts, now)
        except Refused as refused:
            return answered(refused.body, refused.status, json=_json(call))
        if isinstance(found, Answer):
            return found
        return answered(envelope(found, now), 200, json=_json(call))


def _json(call: Call) -> bool:
    return "json" in call.header("accept").lower()


def _spelled(parts: list[str]) -> list[str]:
    """The path with its fixed parts as the contract spells them. Raises `Refused`."""
    if parts[0].lower() not in _SPELLED:
        raise not_found()
    named = parts[0].lower() in _NAMED
    return [
        _SPELLED.get(part.lower(), part) if place != 3 and (place != 1 or named) else part
        for place, part in enumerate(parts)
    ]
