"""Whatever a platform, a proxy or a cable does to a call: what it comes to on either platform's terms, for a read and
for a write. Each fault happens once; then the server answers well.
"""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from connectors import transport
from connectors.errors import BadAnswer, OutcomeUnknown, Reconnect, RetryLater
from strategy.model import Record
from tests.connectors import servers
from tests.connectors.roads import CONNECTORS, LONG, SHORT, Line, Road, a_line, a_road
from tests.connectors.servers import Server

MEGABYTE = 1 << 20

WORDS = b'{"a":"' + bytes(range(32, 127)).replace(b'"', b"").replace(b"\\", b"") * 50 + b'"}'

ELSEWHERE = "https://elsewhere.example/"

INTUITS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><IntuitResponse><Fault type="SERVICE"><Error code="3001">'
    b"<Message>message=ThrottleExceeded; errorCode=003001</Message></Error></Fault></IntuitResponse>"
)
XEROS = b"<Error><Title>TooManyRequests</Title><Status>403</Status><Detail>Rate limit exceeded</Detail></Error>"


class Fault(Record):
    """What it comes to: an error, or None where the same is sent again and answered."""

    reply: servers.Reply
    read: type[Exception] | None
    write: type[Exception] | None
    timeout: httpx.Timeout = LONG


def a_page(status: int) -> servers.Reply:
    return servers.answer(b"<html>Sign in to the hotel's network</html>", status, content_type="text/html")


def throttle(body: bytes, status: int) -> servers.Reply:
    return servers.answer(body, status, content_type="application/xml;charset=UTF-8")


def waits(reply: servers.Reply) -> Fault:
    """Nothing happened, and the same again is right."""
    return Fault(reply=reply, read=None, write=None)


def breaks(reply: servers.Reply, *, timeout: httpx.Timeout = LONG) -> Fault:
    """A read is asked again. A write may have happened."""
    return Fault(reply=reply, read=None, write=OutcomeUnknown, timeout=timeout)


def ends(reply: servers.Reply) -> Fault:
    """Asking again would end the same way."""
    return Fault(reply=reply, read=BadAnswer, write=OutcomeUnknown)


def loses(reply: servers.Reply) -> Fault:
    """A person has to connect the ledger again."""
    return Fault(reply=reply, read=Reconnect, write=Reconnect)


def later(reply: servers.Reply) -> Fault:
    """Reported, not waited for."""
    return Fault(reply=reply, read=RetryLater, write=RetryLater)


FAULTS = {
    "a 429": waits(servers.answer(b"", 429)),
    "a 429 that says when": waits(servers.answer(b"", 429, retry_after="7")),
    "a 429 that says tomorrow": later(servers.answer(b"", 429, retry_after="86400")),
    "a 429 as Intuit's XML": waits(throttle(INTUITS, 429)),
    "a 429 as Xero's XML": waits(throttle(XEROS, 429)),
    "a 401": waits(servers.answer(b"{}", 401)),
    "a 403": loses(servers.answer(b"{}", 403)),
    "a proxy's 403": breaks(a_page(403)),
    "a 408": breaks(servers.answer(b"", 408, content_type="text/plain")),
    "a 500": breaks(servers.answer(b"", 500)),
    "a gateway's 502": breaks(a_page(502)),
    "a 503": breaks(servers.answer(b"", 503)),
    "a 503 that says when": breaks(servers.answer(b"", 503, retry_after="7")),
    "a 503 that says tomorrow": Fault(
        reply=servers.answer(b"", 503, retry_after="86400"), read=RetryLater, write=OutcomeUnknown
    ),
    "a 504": breaks(servers.answer(b"", 504)),
    "a page that says 200": breaks(a_page(200)),
    "nothing with 200": breaks(servers.answer(b"")),
    "half a body that HTTP calls whole": breaks(servers.answer(WORDS[:200])),
    "half of a packed body": breaks(servers.answer(gzip.compress(WORDS)[:60], content_encoding="gzip")),
    "what says gzip and is not": breaks(servers.answer(b"nonsense", content_encoding="gzip")),
    "a body that ends before its length": breaks(servers.cut(b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{}")),
    "no HTTP": breaks(servers.cut(b"SSH-2.0-OpenSSH_9.2\r\n")),
    "a connection that breaks": breaks(servers.dropped),
    "silence": breaks(servers.silent, timeout=SHORT),
    "silence in the middle": breaks(
        servers.then_silent(b'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"ha'), timeout=SHORT
    ),
    "a redirect to another host": ends(servers.answer(b"", 302, location=ELSEWHERE)),
    "a lasting redirect to another host": ends(servers.answer(b"", 308, location=ELSEWHERE)),
    "a bomb": ends(servers.answer(gzip.compress(bytes(4 * MEGABYTE)), content_encoding="gzip")),
    "a body packed twice": ends(servers.answer(gzip.compress(gzip.compress(WORDS)), content_encoding="gzip, gzip")),
    "a body that is too large": ends(servers.answer(b" " * (2 * MEGABYTE))),
    "a body without end": ends(servers.endless(b" " * MEGABYTE)),
}

OWN = {
    "quickbooks": {"a throttle that says 403": waits(throttle(INTUITS, 403))},
    "xero": {"a throttle that says 403": waits(throttle(XEROS, 403))},
}

CASES = [
    pytest.param(platform, fault, id=f"{platform}-{name}")
    for platform in CONNECTORS
    for name, fault in (FAULTS | OWN[platform]).items()
]


@contextmanager
def met(platform: str, fault: Fault) -> Iterator[tuple[Server, Line]]:
    """A server to which the fault happens once, and a line to it."""
    dialect, limits, _ = CONNECTORS[platform]
    with (
        Server(fault.reply) as server,
        a_line(server.url, dialect=dialect, budget=limits, timeout=fault.timeout) as line,
    ):
        yield server, line


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body of a megabyte is the largest that is held: `test_transport_bodies` tries the true bound."""
    monkeypatch.setattr(transport, "MOST_BYTES", MEGABYTE)


def asks(call: Callable[[], bytes], server: Server, error: type[Exception] | None, *, waits_long: bool) -> None:
    """Once, where it ends in an error that names the ledger, and once more where it does not; who waits for moments
    only may wait in vain again.
    """
    if error is None:
        assert call() == b"{}"
        assert len(server.asked) == 2 or not waits_long
    else:
        with pytest.raises(error, match="ledger harbour"):
            call()
        assert len(server.asked) == 1


@pytest.mark.parametrize(("platform", "fault"), CASES)
def test_what_happens_to_a_read(platform: str, fault: Fault) -> None:
    with met(platform, fault) as (server, line):
        asks(line.read, server, fault.read, waits_long=fault.timeout is LONG)


@pytest.mark.parametrize(("platform", "fault"), CASES)
def test_what_happens_to_a_write(platform: str, fault: Fault) -> None:
    with met(platform, fault) as (server, line):
        asks(line.write, server, fault.write, waits_long=fault.timeout is LONG)


@pytest.fixture(scope="module", params=list(CONNECTORS))
def road(request: pytest.FixtureRequest) -> Iterator[Road]:
    with a_road(request.param, weeks=-100) as opened:
        yield opened


@pytest.mark.parametrize(
    "kind",
    "minute_limit xml_limit_429 xml_limit_403 expired broken unavailable html_page drop_before drop_after cut_off "
    "truncated fault_in_200".split(),
)
def test_each_platforms_own_trouble_costs_a_read_only_time(road: Road, kind: str) -> None:
    rule = road.fault(kind)
    assert road.connector.company().records
    assert rule.happened == 1


@pytest.mark.parametrize(("after", "slept"), [("7", 7), ("90", 90)])
@pytest.mark.parametrize("platform", list(CONNECTORS))
def test_who_is_told_when_to_come_back_comes_back_then(platform: str, after: str, slept: float) -> None:
    for status in (429, 503):
        with met(platform, waits(servers.answer(b"", status, retry_after=after))) as (_, line):
            line.read()
            assert line.clock.slept == [slept]
