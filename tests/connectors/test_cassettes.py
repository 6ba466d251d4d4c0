"""Cassettes of both SDKs over our transport, replayed with no socket open: the same is asked again, word for word.

They were recorded from the sandbox (tests/cassettes); a request that is not on the cassette is an error.
"""

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from msgspec import Struct
from vcr.errors import CannotOverwriteExistingCassetteException

from connectors.base import Page
from strategy.model import AnyRecord, Company, Credit, Customer, DocumentStatus, Invoice, Kind, Payment, Switch
from tests.cassettes.journey import PDF, PLATFORMS, ROWS, Journey, Places, a_line, a_note, a_traveller
from tests.cassettes.tape import GONE, HERE, HOME, tape
from tests.connectors.recorded import plain_quickbooks, plain_xero
from tests.connectors.recorded.comparing import Table, fields, kept_whole
from tests.connectors.roads import MONDAY, Clock

TABLES: Mapping[str, Mapping[type, Table]] = {"quickbooks": plain_quickbooks.TABLES, "xero": plain_xero.TABLES}
EXCHANGES = {"quickbooks": 41, "xero": 44}


class SocketOpened(Exception):
    """Somebody wanted to leave the machine."""


@contextmanager
def no_sockets() -> Iterator[None]:
    """Nobody makes a socket."""

    def refused(*_what: object, **_more: object) -> None:
        raise SocketOpened

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", refused)
        yield


class Replayed(Struct, frozen=True, kw_only=True):
    """What came of a cassette. `left`: exchanges that nobody asked for."""

    platform: str
    places: Places
    journey: Journey
    played: int
    left: int
    answers: str


@pytest.fixture(scope="module", params=PLATFORMS)
def replayed(request: pytest.FixtureRequest) -> Replayed:
    """The platform's journey, off its cassette."""
    platform: str = request.param
    with (
        no_sockets(),
        a_traveller(platform, HOME, Clock(MONDAY), ("anybody", "anything")) as traveller,
        tape().use_cassette(HERE / f"{platform}.yaml", record_mode="none") as cassette,
    ):
        places = Places(**cassette.get_metadata("places", None))
        redirect = {"code": "any", "realmId": places.company}
        journey = traveller.travel(redirect, places, lambda: None)
        return Replayed(
            platform=platform,
            places=places,
            journey=journey,
            played=cassette.play_count,
            left=len(cassette) - cassette.play_count,
            answers="".join(response["body"]["string"].decode("latin-1") for response in cassette.responses),
        )


def pages(journey: Journey) -> list[Page]:
    every = [page for found in journey.everything.values() for page in found]
    return [*every, *journey.changes, journey.invoices]


def raw_of(page: Page, record: AnyRecord) -> Any:
    """The body of a record, numbers as text."""
    body = next(raw.body for raw in page.raw if raw.id == record.id)
    return json.loads(body, parse_float=str, parse_int=str)


def test_every_exchange_on_the_cassette_is_asked_for_once(replayed: Replayed) -> None:
    assert (replayed.played, replayed.left) == (EXCHANGES[replayed.platform], 0)


def test_every_field_of_every_record_is_what_stands_in_its_body(replayed: Replayed) -> None:
    table = TABLES[replayed.platform]
    compared = [
        one
        for page in pages(replayed.journey)
        for record in page.records
        for one in fields("cassette", record, raw_of(page, record), table[type(record)])
    ]
    assert [one for one in compared if one.differs] == []
    assert len(compared) > 600


def test_every_raw_body_is_a_piece_of_an_answer(replayed: Replayed) -> None:
    every = [*pages(replayed.journey), replayed.journey.company]
    kept = [one for one in kept_whole("cassette", replayed.answers.encode("latin-1"), every) if one.field == "raw body"]
    assert [one for one in kept if one.differs] == []
    assert len(kept) > 30


def test_the_company_is_what_its_bodies_say(replayed: Replayed) -> None:
    page = replayed.journey.company
    (record,) = page.records
    raw = {key: value for one in page.raw for key, value in json.loads(one.body).items() if key != "Id"}
    raw["Id"] = "1"
    compared = fields("cassette", record, raw, TABLES[replayed.platform][Company])
    assert [one for one in compared if one.differs] == []


def test_two_pages_of_every_kind_are_read(replayed: Replayed) -> None:
    several = {kind: found for kind, found in replayed.journey.everything.items() if kind not in _SHORT}
    assert several.keys() == {Kind.CUSTOMER, Kind.INVOICE, Kind.PAYMENT, Kind.CREDIT}
    for first, second in several.values():
        assert (len(first.ids), len(second.ids)) == (ROWS, ROWS)
        assert not set(first.ids) & set(second.ids)
        assert first.expected == second.expected


_SHORT = {Kind.TERM, Kind.METHOD}
"""Lists of which there is no second page."""


def test_every_kind_of_record_comes(replayed: Replayed) -> None:
    found = {type(record) for page in pages(replayed.journey) for record in page.records}
    assert found >= {Customer, Invoice, Payment, Credit}


def test_what_changed_within_the_hour_comes(replayed: Replayed) -> None:
    """An edited customer, an invoice that is void, and on QuickBooks one that is gone."""
    journey, visited = replayed.journey, replayed.places
    records = [record for page in journey.changes for record in page.records]
    invoices = {record.id: record.status for record in records if isinstance(record, Invoice)}
    assert invoices[visited.voided] is DocumentStatus.VOIDED
    assert any(isinstance(record, Customer) for record in records)
    gone = [one.id for page in journey.changes for one in page.deleted]
    assert gone == ([visited.deleted] if replayed.platform == "quickbooks" else [])


def test_the_invoices_are_read_again_by_their_ids(replayed: Replayed) -> None:
    wanted = {replayed.places.invoice, replayed.places.payable}
    assert {record.id for record in replayed.journey.invoices.records} == wanted


def test_what_the_customer_owes_is_told(replayed: Replayed) -> None:
    (balance,) = replayed.journey.balances
    assert balance.customer_id == replayed.places.customer
    if replayed.platform == "xero":
        assert replayed.journey.by_report == {balance.currency: balance.owed_minor}


def test_a_note_is_looked_for_then_written_then_found(replayed: Replayed) -> None:
    journey, note = replayed.journey, a_note(replayed.places)
    assert journey.found_before is None
    assert journey.noted.text == note.text
    assert journey.found_after is not None
    assert journey.found_after.text == note.text


def test_a_statement_is_filed_and_read_back_byte_for_byte(replayed: Replayed) -> None:
    assert replayed.journey.filed.id in {one.id for one in replayed.journey.written}
    assert replayed.journey.content == PDF


def test_the_platforms_link_to_pay_is_read_and_is_not_on_the_cassette(replayed: Replayed) -> None:
    link = replayed.journey.link
    assert link is not None
    assert link.startswith("https://")
    assert GONE in link


def test_our_own_link_to_pay_is_shown(replayed: Replayed) -> None:
    shown = replayed.journey.shown
    assert shown is not None
    assert "https://pay.example/i/" in shown.text


def test_a_line_is_added_to_the_customers_notes_where_there_are_any(replayed: Replayed) -> None:
    line = replayed.journey.line
    assert (line is not None) == (replayed.platform == "quickbooks")
    assert line is None or a_line(replayed.places).text in line.text


def test_the_invoice_is_a_pdf(replayed: Replayed) -> None:
    assert replayed.journey.pdf.startswith(b"%PDF-")


def test_an_invoice_that_is_not_there_is_named_so(replayed: Replayed) -> None:
    assert "has no such record" in replayed.journey.missing


def test_an_expired_token_is_renewed_and_the_call_repeated(replayed: Replayed) -> None:
    assert replayed.journey.renewed == [GONE]


def test_the_company_that_was_let_in_is_told(replayed: Replayed) -> None:
    assert replayed.places.company in {one.id for one in replayed.journey.remotes}


def test_the_reminder_switch_is_read_where_there_is_one(replayed: Replayed) -> None:
    assert replayed.journey.reminders is (Switch.UNKNOWN if replayed.platform == "quickbooks" else Switch.OFF)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_is_not_on_the_cassette_is_not_asked_of_anybody(platform: str) -> None:
    with (
        no_sockets(),
        tape().use_cassette(HERE / f"{platform}.yaml", record_mode="none"),
        httpx.Client(verify=False, timeout=60) as http,
        pytest.raises(CannotOverwriteExistingCassetteException),
    ):
        http.get(f"{HOME}/v3/company/1/invoice/1")


def test_a_socket_that_is_opened_is_noticed() -> None:
    with no_sockets(), httpx.Client(verify=False, timeout=60) as http, pytest.raises(SocketOpened):
        http.get("http://127.0.0.1:9/")
