"""The sandbox announces as the platforms do: to whom, what, how often, and until when."""

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from dunwell.sandbox.control import Control
from dunwell.sandbox.server import Sandbox
from dunwell.sandbox.webhooks import signature
from tests.dunwell.sandbox.api import Clock

KEY = "a key"


class Ear:
    """Listens on a port; answers each delivery with the next of `answers`, then with the last one for ever.

    An answer is a status, or what is to be written instead of one.
    """

    def __init__(self) -> None:
        self.answers: Sequence[int | bytes] = [200]
        self.heard: list[tuple[dict[str, str], bytes]] = []
        ear = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                ear.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
                answer = ear.answers[min(len(ear.heard), len(ear.answers)) - 1]
                if isinstance(answer, bytes):
                    self.wfile.write(answer)
                    return
                self.send_response(ear.intends(self.headers["x-xero-signature"], body) or answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://localhost:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def intends(self, signed: str | None, body: bytes) -> int | None:
        """A right answer to the intent to receive; None where it is none."""
        if signed is None or json.loads(body)["events"]:
            return None
        return 200 if signed == signature(body, KEY) else 401

    def told(self) -> list[Any]:
        """The bodies so far; forgets them."""
        bodies = [json.loads(body) for _, body in self.heard]
        self.heard.clear()
        return bodies

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    yield ear
    ear.close()


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def sandbox(clock: Clock) -> Sandbox:
    """Companies whose stories have ended, on no port."""
    return Sandbox(clock, weeks=-52)


@pytest.fixture
def quickbooks(sandbox: Sandbox, ear: Ear) -> Control:
    assert sandbox.quickbooks.subscribe(ear.url, KEY) == {"status": "ok"}
    return sandbox.quickbooks


@pytest.fixture
def xero(sandbox: Sandbox, ear: Ear) -> Control:
    assert sandbox.xero.subscribe(ear.url, KEY) == {"status": "ok"}
    ear.told()
    return sandbox.xero


def test_what_was_before_the_subscription_is_not_announced(quickbooks: Control, ear: Ear) -> None:
    assert quickbooks.announce() == {"answered": []}
    assert ear.told() == []


def test_a_change_is_announced_once_signed_over_its_bytes(quickbooks: Control, ear: Ear) -> None:
    made = quickbooks.add_customer("Larch & Sons")
    assert quickbooks.announce() == {"answered": [200]}
    ((headers, body),) = ear.heard
    assert headers["intuit-signature"] == signature(body, KEY)
    ((event,),) = ear.told()
    assert (event["type"], event["intuitentityid"]) == ("qbo.customer.created.v1", made["customer"])
    assert quickbooks.announce() == {"answered": []}


def test_what_happened_to_a_record_is_named(quickbooks: Control, sandbox: Sandbox, ear: Ear) -> None:
    made = quickbooks.add_invoice(quickbooks.add_customer("Alder Ltd")["customer"], 10_000)
    quickbooks.announce()
    ear.told()
    quickbooks.void(made["number"])
    quickbooks.announce()
    assert [event["type"] for event in ear.told()[0]] == ["qbo.invoice.voided.v1"]


def test_a_merge_names_the_survivor_and_in_the_older_form_who_is_gone(sandbox: Sandbox, ear: Ear, clock: Clock) -> None:
    control = sandbox.quickbooks
    ids = [control.add_customer(name)["customer"] for name in ("Old Oak", "New Oak")]
    control.subscribe(ear.url, KEY, "legacy")
    books = sandbox.dialects["quickbooks"].ledger.books
    books.merge(clock.now(), books.customers[int(ids[0])], books.customers[int(ids[1])])
    control.announce()
    (entity,) = ear.told()[0]["eventNotifications"][0]["dataChangeEvent"]["entities"]
    assert (entity["operation"], entity["id"], entity["deletedId"]) == ("Merge", ids[1], ids[0])


@pytest.mark.parametrize("failure", [500, 401, 302, 204, b"", b"nonsense\r\n\r\n"], ids=str)
def test_what_is_not_taken_is_sent_again_as_intuit_says_and_holds_back_what_is_newer(
    quickbooks: Control, ear: Ear, clock: Clock, failure: int | bytes
) -> None:
    ear.answers = [failure]
    quickbooks.add_customer("First")
    quickbooks.announce()
    quickbooks.add_customer("Second")
    for wait in (10, 20, 30, 300, 1200, 7_200, 14_400, 21_600, 21_600):
        before = len(ear.heard)
        clock.move(seconds=wait - 1)
        quickbooks.announce()
        assert len(ear.heard) == before
        clock.move(seconds=1)
        quickbooks.announce()
        assert len(ear.heard) == before + 1
    assert {body for _, body in ear.heard} == {ear.heard[0][1]}
    ear.answers, ear.heard = [200], []
    clock.move(hours=6)
    assert quickbooks.announce() == {"answered": [200, 200]}


def test_xero_asks_for_the_intent_to_receive_first(sandbox: Sandbox, ear: Ear) -> None:
    assert sandbox.xero.subscribe(ear.url, KEY) == {"status": "ok"}
    rights = [headers["x-xero-signature"] == signature(body, KEY) for headers, body in ear.heard]
    assert set(rights) == {True, False}
    assert {json.loads(body)["firstEventSequence"] for _, body in ear.heard} == {0}


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 200 OK\r\n\r\n",
        b"HTTP/1.0 401 Unauthorized\r\n\r\n",
        b"",
    ],
    ids=["always 200", "always 401", "nothing"],
)
def test_who_does_not_check_signatures_gets_nothing_from_xero(sandbox: Sandbox, ear: Ear, answer: bytes) -> None:
    ear.answers = [answer]
    assert sandbox.xero.subscribe(ear.url, KEY) == {"status": "intent to receive required"}
    sandbox.xero.add_customer(f"Nobody {len(answer)}")
    assert sandbox.xero.announce() == {"answered": []}


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.0 200 OK\r\n\r\nThanks!", b"HTTP/1.0 200 OK\r\nSet-Cookie: a=b\r\n\r\n"],
    ids=["a body", "a cookie"],
)
def test_a_body_or_a_cookie_is_not_what_xero_takes(xero: Control, ear: Ear, answer: bytes) -> None:
    ear.answers = [answer]
    xero.add_customer(f"Beech {len(answer)}")
    assert xero.announce() == {"answered": [200, 200]}  # at once again
    assert len({body for _, body in ear.heard}) == 1


def test_xero_tries_for_a_day_and_then_no_more(xero: Control, ear: Ear, clock: Clock) -> None:
    ear.answers = [500]
    xero.add_customer("Elm & Elm")
    began = clock.now()
    while xero.announce()["answered"]:
        clock.move(minutes=15)
    assert clock.now() - began == timedelta(hours=24, minutes=15)
    assert len(ear.heard) == 2 + 24 * 4
    ear.answers = [200]
    xero.add_customer("Elm & Ash")
    assert xero.announce() == {"answered": []}


def test_xero_numbers_its_events_and_leaves_no_gap(xero: Control, ear: Ear) -> None:
    for name in ("Fir", "Spruce"):
        xero.add_customer(name)
        xero.announce()
    first, second = ear.told()
    assert (first["firstEventSequence"], second["firstEventSequence"]) == (1, first["lastEventSequence"] + 1)


def test_it_announces_to_this_machine_only(sandbox: Sandbox) -> None:
    assert sandbox.quickbooks.subscribe("http://dunwell.example/hook", KEY) == {
        "status": "the sandbox announces to this machine only"
    }
