"""What the platforms announce, over real sockets to `dunwell serve` in a process of its own."""

import json
import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from dunwell.web.app import BODY_BYTES
from strategy.model import Platform
from tests.docs.pages import ROOT
from tests.dunwell.cli.desk import Desk
from tests.dunwell.web.announcing import (
    HEADERS,
    KEYS,
    cloud_events,
    deliver,
    listens,
    made,
    of_xero,
    signature,
    store_of,
)
from tests.dunwell.web.served import HTTP, Served, exchange, serving

QUICKBOOKS, XERO = Platform.QUICKBOOKS, Platform.XERO
BODIES = {QUICKBOOKS: cloud_events("a"), XERO: of_xero("2026-03-02T12:00:00.123")}


@pytest.fixture(autouse=True)
def clean(desk: Desk, served: Served) -> None:
    """Every test begins with nothing announced."""
    with closing(store_of(desk)) as store:
        store.run("DELETE FROM webhook_seen")
        store.run("DELETE FROM webhook_ledger")
        store.run("UPDATE webhook SET deliveries = 0, announcements = 0, repeated = 0, unknown = 0, unreadable = 0")


@pytest.mark.parametrize(("platform", "ledger"), [(QUICKBOOKS, "brindle"), (XERO, "cove")])
def test_an_event_makes_the_ledger_of_its_company_dirty(
    desk: Desk, served: Served, platform: Platform, ledger: str
) -> None:
    answer = deliver(served, platform, BODIES[platform])
    assert (answer.status_code, answer.content) == (200, b"")
    assert "set-cookie" not in answer.headers
    assert made(desk, platform).dirty == (ledger,)


def test_the_older_form_of_quickbooks_is_taken_too(desk: Desk, served: Served) -> None:
    entity = {"name": "Invoice", "id": "7", "operation": "Update", "lastUpdated": "2026-03-02T12:00:00-0700"}
    told = {"eventNotifications": [{"realmId": "9130347", "dataChangeEvent": {"entities": [entity]}}]}
    for _ in range(2):
        assert deliver(served, QUICKBOOKS, json.dumps(told).encode()).status_code == 200
    assert made(desk, QUICKBOOKS).dirty == ("brindle",)
    assert made(desk, QUICKBOOKS).heard.repeated == 1


@pytest.mark.parametrize("platform", BODIES)
@pytest.mark.parametrize(
    "wrong",
    ["", "x", "AAAA", "ÿ", signature(b"other bytes", "verifier-token"), signature(b"other bytes", "webhooks-key")],
    ids=["empty", "short", "base64", "not ascii", "of other bytes", "of other bytes too"],
)
def test_a_wrong_signature_is_refused_and_changes_nothing(
    desk: Desk, served: Served, platform: Platform, wrong: str
) -> None:
    headers = {HEADERS[platform].encode(): wrong.encode("latin-1")}
    answer = HTTP.post(f"{served.url}/webhooks/{platform}", content=BODIES[platform], headers=headers)
    assert (answer.status_code, answer.content) == (401, b"")
    assert "set-cookie" not in answer.headers
    assert made(desk, platform).dirty == ()
    assert made(desk, platform).heard.deliveries == 0


@pytest.mark.parametrize("platform", BODIES)
def test_a_missing_header_and_the_other_platforms_key_are_refused(served: Served, platform: Platform) -> None:
    body, url = BODIES[platform], f"{served.url}/webhooks/{platform}"
    other = next(one for one in BODIES if one is not platform)
    assert HTTP.post(url, content=body).status_code == 401
    assert HTTP.post(url, content=body, headers={HEADERS[other]: signature(body, KEYS[platform])}).status_code == 401
    assert deliver(served, platform, body, signature(body, KEYS[other])).status_code == 401


def test_any_app_of_the_firm_may_announce(desk: Desk, served: Served) -> None:
    body = cloud_events("a")
    assert deliver(served, QUICKBOOKS, body, signature(body, "another")).status_code == 200
    assert made(desk, QUICKBOOKS).dirty == ("brindle",)


def test_the_intent_to_receive_is_answered_as_xero_asks(desk: Desk, served: Served) -> None:
    """200 for the right signature and 401 for a wrong one, each with an empty body and no cookie."""
    body = of_xero()
    for signed, status in ((None, 200), (signature(body, "wrong"), 401)):
        answer = deliver(served, XERO, body, signed)
        assert (answer.status_code, answer.content, answer.headers.get("set-cookie")) == (status, b"", None)
    assert made(desk, XERO).dirty == ()
    assert made(desk, XERO).heard.deliveries == 1


@pytest.mark.parametrize("platform", BODIES)
def test_what_is_signed_and_cannot_be_read_is_acknowledged_and_counted(
    desk: Desk, served: Served, platform: Platform
) -> None:
    """Sent again it would be no better."""
    assert deliver(served, platform, b"hello").status_code == 200
    assert deliver(served, platform, b'{"events":7,"eventNotifications":7}').status_code == 200
    assert made(desk, platform).heard.unreadable == 2
    assert made(desk, platform).dirty == ()


def test_a_company_that_nobody_knows_is_acknowledged_and_counted(desk: Desk, served: Served) -> None:
    assert deliver(served, QUICKBOOKS, cloud_events("a", "b", realm="77")).status_code == 200
    assert made(desk, QUICKBOOKS).heard.unknown == 2
    assert made(desk, QUICKBOOKS).dirty == ()


def test_a_body_that_grows_too_large_is_refused_while_it_comes(desk: Desk, served: Served) -> None:
    """It says nothing of its length, so that much is read and no more."""
    head = b"POST /webhooks/quickbooks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n%s\r\n" % (100_000, b" " * 100_000)
    with served.connection() as line:
        line.sendall(head)
        sent = 0
        try:
            while sent < 100 * BODY_BYTES:
                line.sendall(chunk)
                sent += 100_000
        except OSError:
            pass
    assert sent < 20 * BODY_BYTES
    assert made(desk, QUICKBOOKS).heard.deliveries == 0


def test_a_body_of_just_the_bound_is_taken(desk: Desk, served: Served) -> None:
    body = cloud_events("a").ljust(BODY_BYTES)
    assert deliver(served, QUICKBOOKS, body).status_code == 200
    assert deliver(served, QUICKBOOKS, body + b" ").status_code == 413


def test_a_body_that_never_ends_is_refused(served: Served) -> None:
    head = b"POST /webhooks/xero HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
    answer = exchange(served, head)
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_another_method_and_another_path_are_refused(served: Served) -> None:
    assert HTTP.get(f"{served.url}/webhooks/xero").status_code == 405
    assert HTTP.post(f"{served.url}/webhooks/other", content=b"").status_code == 404


def test_many_at_once_are_all_taken_and_make_one_row(desk: Desk, served: Served) -> None:
    bodies = [cloud_events(*(f"{start}-{number}" for number in range(50))) for start in range(40)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda body: deliver(served, QUICKBOOKS, body).status_code, bodies))
    assert set(answers) == {200}
    assert made(desk, QUICKBOOKS).heard.announcements == 2_000
    with closing(store_of(desk)) as store:
        assert store.row("SELECT COUNT(*) FROM webhook_ledger") == (1,)


def test_while_the_database_is_busy_the_platform_is_told_to_come_again(desk: Desk, served: Served) -> None:
    other = sqlite3.connect(desk.folder / "data" / "dunwell.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = deliver(served, QUICKBOOKS, cloud_events("a"))
    other.execute("ROLLBACK")
    other.close()
    assert (answer.status_code, answer.content) == (503, b"")
    assert deliver(served, QUICKBOOKS, cloud_events("a")).status_code == 200
    assert made(desk, QUICKBOOKS).dirty == ("brindle",)
    assert made(desk, QUICKBOOKS).heard.repeated == 0


def test_it_says_what_it_took_and_keeps_what_it_is_answering_when_the_stop_comes(bare: Desk) -> None:
    """And it has neither the key of the tokens nor the tokens, and looks for neither."""
    body = BODIES[XERO]
    head = f"POST /webhooks/xero HTTP/1.1\r\nHost: x\r\nx-xero-signature: {signature(body, KEYS[XERO])}\r\n"
    with serving(listens(bare)) as served, served.connection() as line:
        line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:10])
        with ThreadPoolExecutor(1) as pool:
            deliver(served, XERO, body, "wrong")  # so that the head above has arrived
            stopped = pool.submit(served.stop)
            _until_closed(served.port)
            line.sendall(body[10:])
            assert line.recv(65536).startswith(b"HTTP/1.1 200 ")
            assert stopped.result() == 0
    assert made(bare, XERO).dirty == ("cove",)
    page = (ROOT / "docs" / "webhooks.md").read_text("utf-8")
    assert "\n".join(served.said.splitlines()[:-1]).replace(str(served.port), "8020") in page
    assert served.said.splitlines() == [
        f"Listening on {served.url}; Ctrl-C ends it.",
        f"  quickbooks: {served.url}/webhooks/quickbooks",
        f"  xero: {served.url}/webhooks/xero",
        "Stopped. Taken: 1, refused for a wrong signature: 1.",
    ]
    assert not (bare.folder / "key").exists()
    assert not list(bare.folder.rglob("tokens*"))


def _until_closed(port: int) -> None:
    """Until nobody listens there any more."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=60).close()
        except OSError:
            return


def test_a_key_that_is_not_there_is_named(bare: Desk) -> None:
    listens(bare)
    (bare.folder / "xero").unlink()
    code, said = bare.failed("serve", "--port", "0")
    assert code == 2
    assert said == "[webhooks] xero of config.toml: xero cannot be read (No such file or directory)"
