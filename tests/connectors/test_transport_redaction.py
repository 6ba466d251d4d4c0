"""Nothing that must stay secret reaches a log line or an error: no token, no query, no address, no name."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest

from connectors.base import FieldNote, File, Note, Target, TokenSet
from connectors.errors import OutsideError
from connectors.oauth import App
from connectors.quickbooks import connecting
from strategy.model import CustomerId, InvoiceId, Kind
from tests.connectors.roads import MONDAY, SHORT, Road, a_road

FAULTS = (
    "minute_limit day_limit expired forbidden broken unavailable html_page xml_limit_429 xml_limit_403 fault_in_200 "
    "stale silence drop_before drop_after truncated cut_off"
).split()

NOTE = Note(target=Target.CUSTOMER, target_id="1", marker="Dunwell 1a2b", text="Dunwell 1a2b to billing@lund.example")
FILE = File(
    target=Target.CUSTOMER,
    target_id="1",
    marker="Dunwell 3c4d",
    name="statement.pdf",
    media_type="application/pdf",
    content=b"%PDF-1.7 1,200.00",
)
LINE = FieldNote(
    target=Target.CUSTOMER, target_id=CustomerId("1"), marker="Dunwell 5e6f", text="Dunwell 5e6f called Mats Lund"
)


def drive(road: Road) -> Iterator[str]:
    """Use every part of the connector; the errors, with what caused them."""
    connector, invoice = road.connector, InvoiceId(next(iter(road.control.live()["invoice"])))
    for step in (
        connector.company,
        lambda: list(connector.everything(Kind.CUSTOMER)),
        lambda: list(connector.changes(road.clock.now() - timedelta(days=3))),
        lambda: connector.invoices([invoice]),
        lambda: connector.payment_link(invoice),
        lambda: connector.payment_link(InvoiceId("1.5")),
        lambda: connector.invoice_pdf(invoice),
        lambda: connector.write(NOTE, "key-1"),
        lambda: connector.write(FILE, "key-2"),
        lambda: connector.write(LINE, "key-3"),
        lambda: connector.find(NOTE),
    ):
        error: BaseException | None = None
        with suppress(OutsideError), _kept() as kept:
            step()
        error = kept[0] if kept else None
        while error is not None:
            yield f"{error} {error!r}"
            error = error.__cause__ or error.__context__


@contextmanager
def _kept() -> Iterator[list[BaseException]]:
    kept: list[BaseException] = []
    try:
        yield kept
    except OutsideError as error:
        kept.append(error)
        raise


@pytest.mark.parametrize("kind", FAULTS)
def test_whatever_goes_wrong_nothing_secret_is_said(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "dunwell")
    with a_road(timeout=SHORT) as road:
        tokens = [road.tokens.token]
        road.fault(kind, times=30, seconds=5)
        said = [*drive(road), *(f"{record.name} {record.getMessage()}" for record in caplog.records)]
        tokens += [*road.tokens.renewed, road.tokens.token]
        secrets = {part for token in tokens for part in (token, token[:16])}
        emails = {one.email for one in road.sandbox.dialects["quickbooks"].ledger.books.customers.values() if one.email}
        secrets |= emails | {"select", "requestid", "minorversion", "signature", "billing@", "mats lund", "1,200"}
        assert len(said) > 5
        assert [(one, secret) for one in said for secret in secrets if secret.casefold() in one.casefold()] == []


def test_each_call_is_one_line_with_ledger_method_path_and_status(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "dunwell.http")
    with a_road() as road:
        road.connector.company()
        road.fault("drop_before")
        road.connector.reminders()
        company = f"/v3/company/{road.sandbox.dialects['quickbooks'].company_id()}"
        list(road.connector.everything(Kind.METHOD))
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0].startswith(f"harbour GET {company}/companyinfo/")
    assert lines[0].endswith("-> 200")
    assert lines[1:] == [
        f"harbour POST {company}/query -> 200",
        f"harbour POST {company}/query -> no answer",
        f"harbour POST {company}/query -> 200",
        f"harbour POST {company}/query -> 200",
    ]


def test_tokens_do_not_show_when_their_record_is_printed() -> None:
    tokens = TokenSet(access_token="secret-a", refresh_token="secret-r", expires_at=MONDAY)
    assert "secret" not in f"{tokens} {tokens!r} {[tokens]}"


def test_the_apps_secret_does_not_show_when_its_record_is_printed() -> None:
    app = App(
        client_id="app", client_secret="secret", authorize_url="", token_url="", revoke_url="", scopes=connecting.SCOPES
    )
    assert "secret" not in f"{app} {app!r} {[app]}"
