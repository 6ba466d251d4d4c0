"""The web process on real sockets: what it answers, what it refuses, and how it stops."""

import asyncio
import signal
import socket
from collections.abc import Iterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dunwell.web.app import BODY_BYTES, application
from tests.dunwell.cli.desk import Desk
from tests.dunwell.web.conftest import a_desk
from tests.dunwell.web.served import Served, exchange, serving

IMPATIENT = "import dunwell.web.manners as m, dunwell.web.serving as s\nm.BODY_S = s.HEAD_S = 1.0"
"""The same server, that waits a second where it else waits ten."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(a_desk(tmp_path_factory.mktemp("firm")), "--verbose", first=IMPATIENT) as served:
        yield served


def test_it_says_where_it_listens(served: Served) -> None:
    assert served.said == f"Listening on http://127.0.0.1:{served.port}; Ctrl-C ends it.\n"


def test_health_says_that_it_answers_and_nothing_else(served: Served) -> None:
    answer = httpx.get(f"{served.url}/health")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "server" not in answer.headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/health", "/nothing-here"])
def test_every_answer_carries_the_security_headers(served: Served, path: str) -> None:
    headers = httpx.get(f"{served.url}{path}").headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/redoc", "/health/"])
def test_nothing_else_is_there(served: Served, path: str) -> None:
    answer = httpx.get(f"{served.url}{path}")
    assert (answer.status_code, answer.content) == (404, b"")


def test_another_method_is_refused(served: Served) -> None:
    assert httpx.post(f"{served.url}/health").status_code == 405


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
    answer = httpx.get(f"{served.url}/health", headers={"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https"})
    assert answer.status_code == 200


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_is_a_good_end(bare: Desk, by: signal.Signals) -> None:
    with serving(bare) as served, served.connection() as idle:
        assert served.stop(by) == 0
        assert idle.recv(1) == b""
    assert served.said.splitlines()[-1] == "Stopped."
    assert served.err == ""


def test_the_log_names_no_query_no_stranger_and_no_unknown_path(bare: Desk) -> None:
    with serving(bare, "--verbose") as served:
        httpx.get(f"{served.url}/health?code=hush", headers={"X-Forwarded-For": "203.0.113.9"})
        httpx.get(f"{served.url}/hush")
        served.stop()
    assert served.err.splitlines() == ["info dunwell.web: GET /health 200", "info dunwell.web: GET - 404"]


def test_without_being_asked_it_logs_nothing(bare: Desk) -> None:
    with serving(bare) as served:
        exchange(served, b"nonsense\r\n\r\n")
        served.stop()
    assert served.err == ""


def test_it_needs_neither_the_key_nor_the_tokens(bare: Desk) -> None:
    with serving(bare) as served:
        assert httpx.get(f"{served.url}/health").status_code == 200
        assert served.stop() == 0
    assert not (bare.folder / "key").exists()
    assert not list(bare.folder.rglob("tokens*"))


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
