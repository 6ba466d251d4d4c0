"""Bodies: compressed, broken off, bombs, and pages that somebody else wrote."""

import gzip
import zlib

import httpx
import pytest

from connectors import transport
from connectors.errors import BadAnswer, OutcomeUnknown
from connectors.quickbooks.connector import QuickBooks
from tests.connectors import servers
from tests.connectors.roads import a_line
from tests.connectors.servers import Server

JSON = b'{"CompanyInfo":{"Id":"1"}}'


def bomb(megabytes: int) -> bytes:
    """So many megabytes of zeroes in a few kilobytes: each megabyte is compressed to the same bytes."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, 31)
    first = squeezer.compress(bytes(1 << 20)) + squeezer.flush(zlib.Z_FULL_FLUSH)
    again = squeezer.compress(bytes(1 << 20)) + squeezer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (megabytes - 1)


def test_a_compressed_body_is_unpacked_and_counted_as_it_travelled() -> None:
    plain = b'{"a":"' + b"x" * 10_000 + b'"}'
    packed = gzip.compress(plain)
    with Server(servers.answer(packed, content_encoding="gzip")) as server, a_line(server.url) as line:
        assert line.read() == plain
        assert line.budget.spent()[3] == len(packed)


def test_a_body_that_unpacks_without_end_is_given_up_at_the_bound() -> None:
    packed = bomb(transport.MOST_BYTES // (1 << 20) + 64)
    assert len(packed) < 1_000_000
    with Server(servers.answer(packed, content_encoding="gzip")) as server, a_line(server.url) as line:
        with pytest.raises(BadAnswer, match="larger than"):
            line.read()
        assert len(server.asked) == 1


def test_a_body_that_never_ends_is_given_up_at_the_bound() -> None:
    with Server(servers.endless(b" " * (1 << 20))) as server, a_line(server.url) as line:
        with pytest.raises(BadAnswer, match="larger than"):
            line.read()
        assert len(server.asked) == 1


def test_a_bomb_in_answer_to_a_write_leaves_it_unknown() -> None:
    with (
        Server(servers.endless(b" " * (1 << 20))) as server,
        a_line(server.url) as line,
        pytest.raises(OutcomeUnknown, match="larger than"),
    ):
        line.write()


def test_a_body_packed_twice_is_not_unpacked_at_all() -> None:
    packed = gzip.compress(gzip.compress(JSON))
    with (
        Server(servers.answer(packed, content_encoding="gzip, gzip")) as server,
        a_line(server.url) as line,
        pytest.raises(BadAnswer, match="compressed more than once"),
    ):
        line.read()


def test_a_body_that_says_gzip_and_is_not_is_asked_for_again() -> None:
    with Server(servers.answer(b"nonsense", content_encoding="gzip")) as server, a_line(server.url) as line:
        assert line.read() == b"{}"
        assert len(server.asked) == 2


@pytest.mark.parametrize("length", [0, 1, len(JSON) // 2, len(JSON) - 2])
def test_half_a_body_that_http_calls_whole_is_asked_for_again(length: int) -> None:
    with Server(servers.answer(JSON[:length])) as server, a_line(server.url) as line:
        assert line.read() == b"{}"
        assert len(server.asked) == 2


def test_half_a_body_that_happens_to_end_in_a_bracket_is_still_no_answer() -> None:
    with (
        Server(servers.answer(JSON[:-1])) as server,
        a_line(server.url) as line,
        pytest.raises(BadAnswer, match="reading CompanyInfo"),
    ):
        QuickBooks(line.transport, line.clock, line.url, "1").company()


def test_half_of_a_packed_body_is_asked_for_again() -> None:
    packed = gzip.compress(b'{"a":"' + bytes(range(32, 127)).replace(b'"', b"") * 50 + b'"}')
    half = servers.answer(packed[: len(packed) // 2], content_encoding="gzip")
    with Server(half) as server, a_line(server.url) as line:
        assert line.read() == b"{}"
        assert len(server.asked) == 2


def test_a_body_that_ends_before_its_length_is_asked_for_again() -> None:
    cut = servers.cut(b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\ncontent-type: application/json\r\n\r\n" + JSON)
    with Server(cut) as server, a_line(server.url) as line:
        assert line.read() == b"{}"


def test_a_body_that_ends_in_space_is_whole() -> None:
    with Server(servers.answer(JSON + b" \r\n")) as server, a_line(server.url) as line:
        assert line.read() == JSON + b" \r\n"


def test_an_answer_that_is_no_http_is_asked_for_again() -> None:
    with Server(servers.cut(b"SSH-2.0-OpenSSH_9.2\r\n")) as server, a_line(server.url) as line:
        assert line.read() == b"{}"


def test_a_web_page_with_status_200_is_no_answer() -> None:
    page = servers.answer(b"<html>Sign in to the hotel's network</html>", content_type="text/html")
    with Server(*[page] * 5) as server, a_line(server.url) as line:
        with pytest.raises(BadAnswer, match="A web page came"):
            line.read()
        assert len(server.asked) == 5


def test_the_cookies_of_one_ledger_are_not_sent_for_another() -> None:
    with Server(servers.answer(set_cookie="who=first; Path=/")) as server, transport.session() as http:
        http.get(server.url)
        http.get(server.url)
        assert [one.headers.get("cookie") for one in server.asked] == [None, None]
        assert not http.cookies


def test_a_file_is_fetched_without_the_token() -> None:
    with Server(servers.answer(b"PDF", content_type="application/pdf")) as server, a_line(server.url) as line:
        assert line.transport.fetch(f"{server.url}/file?X-Amz-Signature=secret") == b"PDF"
        assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize(
    "reply",
    [
        servers.answer(b"<Error/>", 403, content_type="application/xml"),
        servers.answer(b"", 302, location="http://elsewhere.example/"),
        servers.endless(b" " * (1 << 20)),
        servers.dropped,
    ],
)
def test_a_file_that_cannot_be_fetched_is_reported_without_its_address(reply: servers.Reply) -> None:
    with Server(reply) as server, a_line(server.url) as line:
        with pytest.raises(BadAnswer) as caught:
            line.transport.fetch(f"{server.url}/file?X-Amz-Signature=secret")
        assert caught.value.ledger == "harbour"
        assert "secret" not in str(caught.value)
        assert server.url not in str(caught.value)


def test_a_request_larger_than_the_sockets_buffer_arrives_whole() -> None:
    content = b'{"Note":"' + b"x" * 5_000_000 + b'"}'
    with Server() as server, a_line(server.url) as line:
        request = httpx.Request("POST", server.url + "/v3/company/1/upload", content=content)
        line.transport.call(request, write=True)
        assert server.asked[0].body == content
