"""Servers that do not answer, or never stop: every call ends, and soon."""

import socket

import httpx
import pytest

from connectors import transport
from connectors.errors import BadAnswer, OutcomeUnknown, RetryLater
from tests.connectors import servers
from tests.connectors.roads import SHORT, a_line, a_road
from tests.connectors.servers import LOOPBACK, Server


def test_no_wait_of_a_session_is_without_an_end() -> None:
    waits = transport.session().timeout.as_dict()
    assert waits.keys() == {"connect", "read", "write", "pool"}
    assert all(seconds is not None and 0 < seconds <= 120 for seconds in waits.values())


def test_a_read_that_nobody_answers_is_asked_five_times_and_given_up() -> None:
    with Server(*[servers.silent] * 9) as server, a_line(server.url, timeout=SHORT) as line:
        with pytest.raises(BadAnswer, match="ReadTimeout"):
            line.read()
        assert len(server.asked) == 5


def test_a_write_that_nobody_answers_is_sent_once() -> None:
    with Server(*[servers.silent] * 9) as server, a_line(server.url, timeout=SHORT) as line:
        with pytest.raises(OutcomeUnknown, match="ReadTimeout"):
            line.write()
        assert len(server.asked) == 1


def test_silence_in_the_middle_of_a_body_ends_too() -> None:
    half = b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"half":'

    def begun(connection: socket.socket) -> bool:
        connection.sendall(half)
        return servers.silent(connection)

    with Server(begun) as server, a_line(server.url, timeout=SHORT) as line:
        assert line.read() == b"{}"
        assert len(server.asked) == 2


def test_a_server_that_accepts_no_connection_ends_in_retry_later() -> None:
    with socket.create_server((LOOPBACK, 0), backlog=0) as full:
        port = full.getsockname()[1]
        with socket.create_connection((LOOPBACK, port)), a_line(f"http://{LOOPBACK}:{port}") as line:
            line.transport._http.timeout = httpx.Timeout(5, connect=0.05)
            with pytest.raises(RetryLater, match="ConnectTimeout"):
                line.write()


def test_a_refused_connection_is_tried_again_even_for_a_write_and_then_reported() -> None:
    with socket.create_server((LOOPBACK, 0)) as gone:
        url = f"http://{LOOPBACK}:{gone.getsockname()[1]}"
    with a_line(url) as line:
        with pytest.raises(RetryLater, match="cannot be reached") as caught:
            line.write()
        assert caught.value.ledger == "harbour"
        assert len(line.clock.slept) == transport.TRIES - 1
        assert min(line.clock.slept) >= 2


def test_an_answer_that_drips_in_is_given_up_after_five_minutes() -> None:
    with a_line("") as line:
        drip = servers.endless(b" ", between=lambda: line.clock.move(seconds=45), content_type="application/json")
        with Server(drip) as server:
            line.url = server.url
            with pytest.raises(BadAnswer, match="does not come to an end"):
                line.read()
            assert len(server.asked) == 1


def test_a_write_whose_answer_drips_in_is_unknown() -> None:
    with a_line("") as line:
        drip = servers.endless(b" ", between=lambda: line.clock.move(seconds=45))
        with Server(drip) as server:
            line.url = server.url
            with pytest.raises(OutcomeUnknown, match="does not come to an end"):
                line.write()


def test_a_slot_comes_back_from_every_call_that_failed() -> None:
    with Server(*[servers.dropped] * 12) as server, a_line(server.url) as line:
        for _ in range(12):
            with pytest.raises(OutcomeUnknown):
                line.write()
        assert line.write() == b"{}"


def test_the_sandbox_staying_silent_ends_as_quickly() -> None:
    with a_road(timeout=SHORT) as road:
        road.fault("silence", times=None, path="/companyinfo", seconds=5)
        with pytest.raises(BadAnswer):
            road.connector.company()
