"""What the sandbox's tests speak with: a clock to move, and a session on one company."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec

from dunwell.sandbox.control import Control
from dunwell.sandbox.server import Sandbox

MONDAY = datetime(2026, 3, 2, 17, tzinfo=UTC)
"""Nine in the morning at the company."""

_DECODE = msgspec.json.Decoder(float_hook=Decimal)


class Clock:
    """Stands still unless it is moved or slept on."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def move(self, **span: float) -> None:
        self.at += timedelta(**span)


class Company:
    """A running sandbox and a session with a good token on its QuickBooks company. Rate limits are off."""

    def __init__(self, *, seed: int = 1, at: datetime = MONDAY, start: date | None = None) -> None:
        self.clock = Clock(at)
        self.sandbox = Sandbox(self.clock, seed=seed, start=start, platforms=["quickbooks"])
        self.sandbox.limits(False)
        self.sandbox.start()
        self.control: Control = self.sandbox.quickbooks
        self.realm = self.sandbox.dialects["quickbooks"].company_id()
        base_url = f"{self.sandbox.url}/v3/company/{self.realm}/"
        self.session = httpx.Client(base_url=base_url, timeout=60, verify=False)  # loading certificates takes 60 ms
        self.sign_in()

    def sign_in(self) -> str:
        """Use a new access token from now on."""
        token = str(self.control.tokens()["access_token"])
        self.session.headers["Authorization"] = f"Bearer {token}"
        return token

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()
        self.sandbox.stop()

    def get(self, path: str, **params: str) -> Any:
        """The JSON of a successful GET."""
        return ok(self.session.get(path, params=params))

    def post(self, path: str, body: object, **params: str) -> Any:
        """The JSON of a successful POST."""
        return ok(self.session.post(path, content=msgspec.json.encode(body), params=params))

    def refused(self, path: str, body: object, **params: str) -> tuple[str, str]:
        """Code and detail of a refused POST."""
        return fault(self.session.post(path, content=msgspec.json.encode(body), params=params))

    def query(self, text: str) -> Any:
        """The QueryResponse of a successful query."""
        return self.get("query", query=text)["QueryResponse"]

    def rows(self, text: str) -> list[Any]:
        """The objects that a query finds."""
        response = self.query(text)
        return next((value for value in response.values() if isinstance(value, list)), [])

    def query_refused(self, text: str) -> tuple[str, str]:
        """Code and detail of a refused query."""
        return fault(self.session.get("query", params={"query": text}))

    def an_invoice(self, **more: object) -> Any:
        """A new invoice of 100.00 for customer 1."""
        return self.post("invoice", invoice_body(**more))["Invoice"]

    def changes(self, entities: str, since: datetime) -> list[Any]:
        """The QueryResponse list of change data capture."""
        body = self.get("cdc", entities=entities, changedSince=since.isoformat())
        responses: list[Any] = body["CDCResponse"][0]["QueryResponse"]
        return responses


def bare(method: str, url: str, **what: Any) -> httpx.Response:
    """A request of somebody who is not signed in."""
    return httpx.request(method, url, verify=False, timeout=60, **what)


def invoice_body(**more: object) -> dict[str, object]:
    """What is sent to create an invoice of 100.00."""
    return {"Line": [sales_line()], "CustomerRef": {"value": "1"}, **more}


def sales_line(amount: str = "100.00") -> dict[str, object]:
    """A line that sells labour."""
    detail = {"ItemRef": {"value": "1", "name": "Labour"}}
    return {"Amount": float(amount), "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}


def payment_body(total: float, *linked: tuple[str, str, float], customer: str = "1") -> dict[str, object]:
    """What is sent to create a payment with lines of (type, id, amount)."""
    lines = [{"Amount": amount, "LinkedTxn": [{"TxnId": txn, "TxnType": kind}]} for kind, txn, amount in linked]
    return {"CustomerRef": {"value": customer}, "TotalAmt": total, "Line": lines}


def ok(response: httpx.Response) -> Any:
    """The JSON of an answer that must be a success."""
    assert response.status_code == 200, response.text
    return _DECODE.decode(response.content)


def fault(response: httpx.Response) -> tuple[str, str]:
    """Code and detail of an answer that must be a Fault."""
    assert response.status_code == 400, response.text
    error = response.json()["Fault"]["Error"][0]
    return error["code"], error["Detail"]
