"""The web process on real sockets: what it answers, what it refuses, and how it stops."""

import asyncio
import signal
import socket

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dunwell.web.app import BODY_BYTES, application
from strategy.model import Record
from tests.dunwell.cli.desk import Desk
from tests.dunwell.web.conftest import a_desk
from tests.dunwell.web.served import HTTP, Served, exchange, serving


def test_it_says_where_it_listens(served: Served) -> None:
    assert served.said.splitlines()[0] == f"Listening on http://127.0.0.1:{served.port}; Ctrl-C ends it."


def test_health_says_that_it_answers_and_nothing_else(served: Served) -> None:
    answer = HTTP.get(f"{served.url}/health")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "server" not in answer.headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/health", "/nothing-here"])
def test_every_answer_carries_the_security_headers(served: Served, path: str) -> None:
    headers = HTTP.get(f"{served.url}{path}").headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/redoc", "/health/"])
def test_nothing_else_is_there(served: Served, path: str) -> None:
    answer = HTTP.get(f"{served.url}{path}")
    assert (answer.status_code, answer.content) == (404, b"")


def test_another_method_is_refused(served: Served) -> None:
    assert HTTP.post(f"{served.url}/health").status_code == 405


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(served: Served) -> None:
    head = f"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: {BODY_BYTES + 1}\r\n\r\n"
    answer = exchange(served, head.encode())
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"\r\nconnection: close\r\n" in answer.lower()


def test_a_head_that_never_ends_ends_the_connection(served: Served) -> None:
    assert exchange(served, b"GET /health HTTP/1.1\r\nHost: x\r\n") == b""


def test_a_second_head_that_never_ends_ends_the_connection_too(served: Served) -> None:
    whole = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    with served.connection() as line:
        line.sendall(whole)
        answer = b""
        while not answer.endswith(b"ok\n"):
            answer += line.recv(65536)
        line.sendall(whole[:-2])
        line.settimeout(4)  # uvicorn's own patience ends after five, and only with a line that is silent
        assert line.recv(65536) == b""


def test_what_a_proxy_says_of_others_is_not_believed(served: Served) -> None:
    answer = HTTP.get(f"{served.url}/health", headers={"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https"})
    assert answer.status_code == 200


class Ended(Record):
    """A server that was stopped: its exit code, all it said, and what a silent connection got."""

    code: int
    out: list[str]
    err: list[str]
    silent: bytes
    desk: Desk


def ended(desk: Desk, by: signal.Signals, *options: str, host: str = "127.0.0.1") -> Ended:
    """Ask a server for its health, for what is not there and for nonsense, then stop it."""
    with serving(desk, *options, host=host) as served, served.connection() as silent:
        HTTP.get(f"{served.url}/health?code=hush", headers={"X-Forwarded-For": "203.0.113.9"})
        HTTP.get(f"{served.url}/hush")
        exchange(served, b"nonsense\r\n\r\n")
        code = served.stop(by)
        out, err = served.said.splitlines(), served.err.splitlines()
        return Ended(code=code, out=out, err=err, silent=silent.recv(1), desk=desk)


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return ended(a_desk(tmp_path_factory.mktemp("firm")), signal.SIGINT)


@pytest.fixture(scope="module")
def terminated(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return ended(a_desk(tmp_path_factory.mktemp("firm")), signal.SIGTERM, "--verbose", host="0.0.0.0")


def test_a_stop_is_a_good_end(interrupted: Ended, terminated: Ended) -> None:
    for one in (interrupted, terminated):
        assert (one.code, one.silent) == (0, b"")
        assert one.out[-1] == "Stopped. Taken: 0, refused for a wrong signature: 0."


def test_without_keys_it_says_that_nothing_is_listened_for(interrupted: Ended) -> None:
    config = interrupted.desk.config
    assert interrupted.out[1] == f"No platform is listened for: add [webhooks] to {config}, as docs/webhooks.md shows."


def test_the_log_names_no_query_no_stranger_and_no_unknown_path(terminated: Ended) -> None:
    assert terminated.err[1:] == ["info dunwell.web: GET /health 200", "info dunwell.web: GET - 404"]


def test_that_other_machines_reach_it_without_tls_is_said(terminated: Ended) -> None:
    assert terminated.err[0] == (
        "Other machines reach 0.0.0.0, and without TLS: only a proxy should. See docs/webhooks.md."
    )


def test_without_being_asked_it_logs_nothing(interrupted: Ended) -> None:
    assert interrupted.err == []


def test_it_needs_neither_the_key_nor_the_tokens(interrupted: Ended) -> None:
    assert interrupted.code == 0
    assert not (interrupted.desk.folder / "key").exists()
    assert not list(interrupted.desk.folder.rglob("tokens*"))


def test_a_port_that_is_taken_is_named(bare: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = bare.failed("serve", "--port", str(port))
    assert code == 1
    assert said.startswith(f"port {port} of 127.0.0.1 cannot be listened on (Address already in use); name another ")


def test_a_mistake_of_ours_is_told_to_us_and_not_to_whoever_asked() -> None:
    async def broken(_request: Request) -> Response:
        raise KeyError("Brasserie Lund")

    told: list[Exception] = []
    app = application([Route("/", broken)], told.append)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            return await http.get("/")

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.content) == (500, b"")
    assert [str(one) for one in told] == ["'Brasserie Lund'"]
