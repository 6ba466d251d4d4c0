"""What the tests of the Xero dialect speak with: a session on one organisation."""

from datetime import date, datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec

from dunwell.sandbox.control import Control
from dunwell.sandbox.server import Sandbox
from dunwell.sandbox.xero.oauth import SCOPES
from tests.dunwell.sandbox.api import MONDAY, Clock

EVERYTHING = " ".join(sorted(SCOPES))
_DECODE = msgspec.json.Decoder(float_hook=Decimal)


class Organisation:
    """A running sandbox and a session with a good token on its Xero organisation. Rate limits are off."""

    def __init__(self, *, seed: int = 1, at: datetime = MONDAY, start: date | None = None) -> None:
        self.clock = Clock(at)
        self.sandbox = Sandbox(self.clock, seed=seed, start=start, platforms=["xero"])
        self.sandbox.limits(False)
        self.sandbox.start()
        self.control: Control = self.sandbox.xero
        self.tenant = self.sandbox.dialects["xero"].company_id()
        base_url = f"{self.sandbox.url}/api.xro/2.0/"
        headers = {"Accept": "application/json", "xero-tenant-id": self.tenant, "Content-Type": "application/json"}
        self.session = httpx.Client(base_url=base_url, headers=headers, timeout=60, verify=False)
        self.sign_in()

    def sign_in(self, scope: str = EVERYTHING) -> str:
        """Use a new access token from now on."""
        token = str(self.control.tokens(scope)["access_token"])
        self.session.headers["Authorization"] = f"Bearer {token}"
        return token

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()
        self.sandbox.stop()

    def get(self, path: str, **params: Any) -> Any:
        """The JSON of a successful GET."""
        return ok(self.session.get(path, params=params))

    def page(self, endpoint: str, **params: Any) -> list[Any]:
        """The objects of a page, by default of a thousand."""
        rows: list[Any] = self.get(endpoint, **{"page": 1, "pageSize": 1000, **params})[endpoint]
        return rows

    def everything(self, endpoint: str, **params: Any) -> list[Any]:
        """The objects of all pages."""
        rows, pages = self.page(endpoint, **params), 1
        while len(rows) == pages * int(params.get("pageSize", 1000)):
            pages += 1
            rows += self.page(endpoint, page=pages, **params)
        return rows

    def one(self, endpoint: str, object_id: str) -> Any:
        """An object read by itself."""
        (found,) = self.get(f"{endpoint}/{object_id}")[endpoint]
        return found

    def put(self, path: str, body: object, **params: Any) -> Any:
        """The JSON of a successful PUT."""
        return ok(self.session.put(path, content=msgspec.json.encode(body), params=params))

    def post(self, path: str, body: object, **params: Any) -> Any:
        """The JSON of a successful POST."""
        return ok(self.session.post(path, content=msgspec.json.encode(body), params=params))

    def refused(self, method: str, path: str, body: object, **params: Any) -> str:
        """The first sentence of a validation exception."""
        return refusal(self.session.request(method, path, content=msgspec.json.encode(body), params=params))

    def a_contact(self, **more: object) -> Any:
        """A new contact."""
        name = f"Contact {len(self.control.live()['customer'])}"
        (made,) = self.put("Contacts", {"Contacts": [{"Name": name, "EmailAddress": "ap@example.com", **more}]})[
            "Contacts"
        ]
        return made

    def an_invoice(self, **more: object) -> Any:
        """A new approved invoice of 100.00 for a new contact, due in a month."""
        if "Contact" not in more:
            more["Contact"] = {"ContactID": self.a_contact()["ContactID"]}
        (made,) = self.put("Invoices", {"Invoices": [invoice_body(**more)]})["Invoices"]
        return made

    def a_credit_note(self, contact: Any, amount: float = 40) -> Any:
        """A new approved credit note of a contact."""
        body = {**invoice_body(Contact={"ContactID": contact["ContactID"]}), "Type": "ACCRECCREDIT"}
        body["LineItems"] = [{"Description": "Returned", "Quantity": 1, "UnitAmount": amount, "AccountCode": "200"}]
        (made,) = self.put("CreditNotes", {"CreditNotes": [body]})["CreditNotes"]
        return made

    def pay(self, invoice: Any, amount: float) -> Any:
        """A payment of an invoice."""
        (made,) = self.put("Payments", {"Payments": [payment_body(amount, Invoice=invoice)]})["Payments"]
        return made


def invoice_body(**more: object) -> dict[str, Any]:
    """What is sent to create an invoice of 100.00."""
    line = {"Description": "Labour", "Quantity": 4, "UnitAmount": 25, "AccountCode": "200", "TaxType": "NONE"}
    body = {"Type": "ACCREC", "Date": "2026-03-02", "DueDate": "2026-04-01", "Status": "AUTHORISED"}
    return {**body, "LineItems": [line], **more}


def payment_body(amount: float, **target: Any) -> dict[str, Any]:
    """What is sent to pay an invoice, or to give a credit back: `Invoice=…`, `CreditNote=…`."""
    ((name, document),) = target.items()
    named = {name: {f"{name}ID": document[f"{name}ID"]}}
    return {**named, "Account": {"Code": "090"}, "Date": "2026-03-02", "Amount": amount}


def ok(response: httpx.Response) -> Any:
    """The JSON of an answer that must be a success."""
    assert response.status_code == 200, response.text
    return _DECODE.decode(response.content)


def refusal(response: httpx.Response) -> str:
    """The first sentence of an answer that must be a 400."""
    assert response.status_code == 400, response.text
    body = response.json()
    elements = body.get("Elements") or [{}]
    errors = elements[0].get("ValidationErrors") or [{"Message": body["Message"]}]
    return str(errors[0]["Message"])
