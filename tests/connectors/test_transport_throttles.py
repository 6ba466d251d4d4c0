"""Being told to wait: a short wait is waited on the clock and the call replayed, a long one is reported."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from connectors.errors import Reconnect, RetryLater
from connectors.xero import faults as xero
from tests.connectors import servers
from tests.connectors.roads import a_line, a_road
from tests.connectors.servers import Server

XML = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><IntuitResponse><Fault type="SERVICE"><Error code="3001">'
    b"<Message>message=ThrottleExceeded; errorCode=003001</Message></Error></Fault></IntuitResponse>"
)


def throttled(after: str, **headers: str) -> servers.Reply:
    if after:
        headers["retry_after"] = after
    return servers.answer(b"", 429, keep=True, **headers)


@pytest.mark.parametrize("method", ["read", "write"])
def test_a_short_retry_after_is_waited_for_and_the_call_replayed(method: str) -> None:
    with Server(throttled("7")) as server, a_line(server.url) as line:
        assert getattr(line, method)() == b"{}"
        assert len(server.asked) == 2
        assert line.clock.slept == [7]


def test_what_is_replayed_is_what_was_sent() -> None:
    with Server(throttled("1")) as server, a_line(server.url) as line:
        line.write()
        first, second = server.asked
        assert (first.method, first.target, first.body, first.headers) == (
            second.method,
            second.target,
            second.body,
            second.headers,
        )


def test_ninety_seconds_are_waited_for_and_ninety_one_reported() -> None:
    with Server(throttled("90"), servers.answer(), throttled("91")) as server, a_line(server.url) as line:
        line.read()
        assert line.clock.slept == [90]
        with pytest.raises(RetryLater) as caught:
            line.read()
        assert caught.value.after_s == 91
        assert line.clock.slept == [90]


def test_an_instant_in_retry_after_is_counted_from_the_answers_own_date() -> None:
    date, until = "Mon, 02 Mar 2026 17:00:00 GMT", "Mon, 02 Mar 2026 17:00:30 GMT"
    with Server(throttled(until, date=date)) as server, a_line(server.url) as line:
        line.read()
        assert line.clock.slept == [30]


@pytest.mark.parametrize("after", ["", "soon", "-5", "\xb2", "9" * 40])
def test_without_a_retry_after_that_makes_sense_a_minute_is_waited(after: str) -> None:
    with Server(throttled(after)) as server, a_line(server.url) as line:
        line.read()
        assert line.clock.slept == [60]


def test_an_instant_that_has_passed_is_no_wait() -> None:
    date, until = "Mon, 02 Mar 2026 17:00:00 GMT", "Mon, 02 Mar 2026 16:00:00 GMT"
    with Server(throttled(until, date=date)) as server, a_line(server.url) as line:
        line.read()
        assert (len(server.asked), sum(line.clock.slept) <= 1) == (2, True)


@pytest.mark.parametrize("after", ["999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_however_long_a_platform_wants_to_be_left_alone_a_day_is_all_it_gets(after: str) -> None:
    with Server(throttled(after, date="Mon, 02 Mar 2026 17:00:00 GMT")) as server, a_line(server.url) as line:
        with pytest.raises(RetryLater) as caught:
            line.read()
        assert (caught.value.after_s, caught.value.until) == (86_400, line.clock.at + timedelta(days=1))


def test_a_throttle_that_goes_on_is_reported_after_five_calls() -> None:
    with Server(*[throttled("1")] * 9) as server, a_line(server.url) as line:
        with pytest.raises(RetryLater) as caught:
            line.read()
        assert (len(server.asked), caught.value.status, caught.value.ledger) == (5, 429, "harbour")


@pytest.mark.parametrize("status", [429, 403])
def test_quickbooks_throttles_in_xml_with_either_status(status: int) -> None:
    with (
        Server(servers.answer(XML, status, content_type="application/xml;charset=UTF-8")) as server,
        a_line(server.url) as line,
    ):
        assert line.write() == b"{}"
        assert (len(server.asked), line.clock.slept) == (2, [60])


@pytest.mark.parametrize("kind", ["minute_limit", "xml_limit_429", "xml_limit_403"])
def test_the_sandboxs_throttles_are_waited_for(kind: str) -> None:
    with a_road() as road:
        rule = road.fault(kind)
        assert road.connector.company().records
        assert rule.happened == 1
        assert sum(road.clock.slept) == 60


def test_a_day_of_quickbooks_is_reported_and_not_waited_for() -> None:
    with a_road() as road:
        road.fault("day_limit")
        with pytest.raises(RetryLater) as caught:
            road.connector.company()
        assert (caught.value.after_s, road.clock.slept) == (86_400, [])


def test_a_day_of_xeros_is_reported_however_short_its_retry_after() -> None:
    day = throttled("10", x_rate_limit_problem="day")
    with Server(day) as server, a_line(server.url, dialect=xero.DIALECT) as line:
        with pytest.raises(RetryLater, match="daily limit") as caught:
            line.read()
        assert (caught.value.daily, len(server.asked)) == (True, 1)


def test_a_day_of_xeros_that_does_not_say_when_it_ends_is_asked_about_after_an_hour() -> None:
    day = throttled("", x_rate_limit_problem="day")
    with Server(day) as server, a_line(server.url, dialect=xero.DIALECT) as line:
        for _ in range(3):
            with pytest.raises(RetryLater, match="daily limit"):
                line.read()
        assert len(server.asked) == 1
        line.clock.move(hours=1)
        assert line.read() == b"{}"


def test_a_day_that_is_over_asks_for_no_token_either() -> None:
    with Server(throttled("7200")) as server, a_line(server.url) as line:
        with pytest.raises(RetryLater):
            line.read()
        line.tokens.access = refused  # type: ignore[method-assign]
        with pytest.raises(RetryLater, match="ledger harbour"):
            line.read()


def test_a_token_that_cannot_be_had_leaves_its_place_to_others() -> None:
    with Server() as server, a_line(server.url) as line:
        had, line.tokens.access = line.tokens.access, refused  # type: ignore[method-assign]
        for _ in range(20):
            with pytest.raises(Reconnect):
                line.read()
        line.tokens.access = had  # type: ignore[method-assign]
        assert line.read() == b"{}"
        assert (line.budget.spent()[0], line.clock.slept) == (1, [])


def refused() -> str:
    raise Reconnect("It is not connected")


def test_our_own_pace_never_meets_the_platforms_limits() -> None:
    with a_road() as road:
        for _ in range(60):
            road.connector.payment_link(next(iter(road.control.live()["invoice"])))  # type: ignore[arg-type]
        assert {one.status for one in road.asked()} == {200}
        assert sum(road.clock.slept) == pytest.approx(5, abs=0.01)


def test_waiting_is_not_done_while_holding_a_slot() -> None:
    with Server(*[throttled("1")] * 4) as server, a_line(server.url) as line:
        line.read()
        assert line.budget.spent()[0] == 5


def test_a_connection_is_reused() -> None:
    with Server() as server, a_line(server.url) as line:
        for _ in range(3):
            line.read()
        assert (len(server.asked), server.connections) == (3, 1)


def test_calls_and_bytes_on_the_wire_are_counted_both_ways() -> None:
    with Server() as server, a_line(server.url) as line:
        line.read()
        line.write()
        assert line.budget.spent() == (2, 1, len(b'{"Note":"x"}'), 4)


def test_a_line_can_be_used_from_several_threads() -> None:
    with Server() as server, a_line(server.url) as line, ThreadPoolExecutor(6) as threads:
        assert list(threads.map(lambda _: line.read(), range(30))) == [b"{}"] * 30
        assert len(server.asked) == 30
