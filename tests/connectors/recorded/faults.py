"""Recorded and official refusals, and the error that each must become."""

from collections.abc import Callable
from pathlib import Path

import yaml
from msgspec import Struct

from connectors.base import Connector
from connectors.errors import BadAnswer, NotFound, OutcomeUnknown, OutsideError, Reconnect, Rejected, RetryLater
from strategy.model import InvoiceId
from tests.connectors.recorded import playing
from tests.connectors.recorded.xero import A_FILE, A_NOTE


def reads(connector: Connector) -> object:
    return connector.invoices([InvoiceId("1")])


def writes(connector: Connector) -> object:
    return connector.write(A_NOTE, "key-1")


def uploads(connector: Connector) -> object:
    return connector.write(A_FILE, "key-1")


class Fault(Struct, frozen=True, kw_only=True):
    """One body, and what must come of it. `says`: a piece of the error's text; `again`: how often it is asked."""

    platform: str
    name: str
    status: int
    asks: Callable[[Connector], object]
    error: type[OutsideError]
    code: str | None = None
    says: str = ""
    again: int = 1

    def body(self, data: Path) -> bytes:
        """The body as it was recorded."""
        if self.platform == "xero":
            (found,) = (data / "xero").glob(f"*/{self.name}.json")
            return found.read_bytes()
        if self.name.endswith(".xml"):
            return (data / "quickbooks/recorded-faults-xml" / self.name).read_bytes()
        file, number = self.name.split()
        text = (data / f"quickbooks/recorded-sandbox-2020/vcr/{file}.yml").read_text()
        body: str = yaml.load(text, yaml.CSafeLoader)["http_interactions"][int(number)]["response"]["body"]["string"]
        return body.encode()

    def raised(self, data: Path) -> OutsideError | None:
        """What the connector raises when it gets the body; None where it takes it for good."""
        replies = playing.said(self.body(data), status=self.status) * self.again
        opened = playing.quickbooks(*replies) if self.platform == "quickbooks" else playing.xero(*replies)
        with opened as (connector, _):
            try:
                self.asks(connector)
            except OutsideError as error:
                return error
        return None


def _quickbooks() -> list[Fault]:
    def fault(
        name: str, status: int, asks: Callable[[Connector], object], error: type[OutsideError], **more: object
    ) -> Fault:
        told = {"platform": "quickbooks", "name": name, "status": status, "asks": asks, "error": error}
        return Fault(**told, **more)  # type: ignore[arg-type]

    throttled = {"code": "3001", "says": "throttles", "again": 5}
    return [
        fault("error/401 0", 401, reads, Reconnect, says="a token that it has just issued", again=2),
        fault("error/400_json 0", 400, writes, Rejected, code="2010", says="invalid or unsupported property"),
        fault("error/validation 0", 400, writes, Rejected, code="6240", says="Duplicate Name Exists Error"),
        fault("error/400 1", 400, reads, Rejected, code="4001", says="Invalid query"),
        fault("error/500 0", 400, reads, Rejected, code="500", says="Unsupported Operation"),
        fault("error/500 1", 400, reads, Rejected, code="2030", says="Invalid ID"),
        fault("attachment/error_estimate 0", 200, uploads, Rejected, code="6000", says="business validation error"),
        fault("batch/basic 0", 200, reads, NotFound, code="610"),
        fault("too_many_requests_error.xml", 429, reads, RetryLater, **throttled),
        fault("too_many_requests_error.xml", 429, writes, RetryLater, **throttled),
        fault("throttle_exceeded_error.xml", 403, reads, RetryLater, **throttled),
        fault("throttle_exceeded_error.xml", 403, writes, RetryLater, **throttled),
        fault("customer_duplicate_error.xml", 400, writes, Rejected, code="6240", says="Duplicate Name Exists Error"),
        fault("fault.xml", 400, writes, Rejected, code="2050", says="Length exceeds limit"),
        fault("query_validation_error.xml", 400, reads, Rejected, code="4001", says="Invalid query"),
        fault("generic_error.xml", 400, reads, BadAnswer, code="10000", again=5),
        fault("generic_error.xml", 400, writes, OutcomeUnknown, code="10000"),
        fault("generic_error.xml", 500, reads, BadAnswer, again=5),
        fault("generic_error.xml", 500, writes, OutcomeUnknown),
        fault("batch_response.xml", 200, reads, BadAnswer, says="not what was asked for"),
        fault("batch_response.xml", 200, writes, OutcomeUnknown, says="cannot be read"),
    ]


def _xero() -> list[Fault]:
    def fault(name: str, says: str, status: int = 400) -> Fault:
        told = {"name": name, "status": status, "asks": writes, "error": Rejected, "code": "10", "says": says}
        return Fault(platform="xero", **told)  # type: ignore[arg-type]

    gone = "The document with the supplied id was not found for this endpoint."
    recorded = "invoice.createInvoiceWithValidationError"
    return [
        fault("createContacts.400", "is already assigned to another contact"),
        fault("updateOrCreateContacts.400", "is already assigned to another contact"),
        fault("createContactGroup.400", "reached the limit of 100 contact groups"),
        fault("createOverpaymentHistory.400", gone),
        fault("createPaymentHistory.400", gone),
        fault("createPrepaymentHistory.400", gone),
        fault(recorded, "Invoice not of valid type for creation", 200),
        Fault(platform="xero", name=recorded, status=200, asks=reads, error=BadAnswer, says="an element", again=5),
    ]


FAULTS = [*_quickbooks(), *_xero()]
