"""What every channel promises, whatever it carries a message with."""

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Protocol

import pytest

from connectors.base import Attachment, Channel, Message
from connectors.channels.folder import Folder
from connectors.channels.smtp import Relay, Security, Smtp
from connectors.errors import Rejected, RetryLater, SetRight
from tests.connectors.channels import LOOPBACK, Sink, a_mail_server, a_message


class Arrivals(Protocol):
    """A channel, and what arrived at its other end, as exact bytes."""

    @property
    def channel(self) -> Channel: ...

    def arrived(self) -> list[bytes]: ...

    def broken(self) -> Channel:
        """The same kind of channel, whose other end is not there."""
        ...


class BySmtp:
    def __init__(self, port: int, sink: Sink) -> None:
        self.channel = Smtp(Relay(host=LOOPBACK, port=port, security=Security.NONE, timeout_s=5, verdict_s=5))
        self._sink = sink

    def arrived(self) -> list[bytes]:
        return [bytes(envelope.original_content or b"") for envelope in self._sink.taken]

    def broken(self) -> Channel:
        return Smtp(Relay(host=LOOPBACK, port=1, security=Security.NONE, timeout_s=5))


class ByFolder:
    def __init__(self, path: Path) -> None:
        self.channel = Folder(path)
        self._path = path

    def arrived(self) -> list[bytes]:
        return [file.read_bytes() for file in sorted(self._path.iterdir())]

    def broken(self) -> Channel:
        in_the_way = self._path.with_name("a file")
        in_the_way.write_text("")
        return Folder(in_the_way)


@pytest.fixture(params=["smtp", "folder"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Arrivals]:
    if request.param == "folder":
        yield ByFolder(tmp_path / "mail")
        return
    sink = Sink()
    with a_mail_server(sink) as port:
        yield BySmtp(port, sink)


def parsed(sealed: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(sealed)


def test_sealing_twice_gives_the_same_bytes(way: Arrivals) -> None:
    message = a_message(attachments=(Attachment(name="a.pdf", media_type="application/pdf", content=b"%PDF"),))
    assert way.channel.seal(message) == way.channel.seal(message)


def test_what_arrives_is_what_was_sealed_byte_for_byte(way: Arrivals) -> None:
    sealed = way.channel.seal(a_message(text=".\n..\n.leading dots\nFrom here\n" + "long " * 400))
    way.channel.send(sealed)
    assert way.arrived() == [sealed]


def test_a_receipt_says_what_the_other_side_calls_it(way: Arrivals) -> None:
    assert way.channel.send(way.channel.seal(a_message())).reference


def test_each_channel_has_a_name(way: Arrivals) -> None:
    assert way.channel.name in {"email", "folder"}


def test_another_end_that_is_not_there_is_tried_again_later(way: Arrivals) -> None:
    with pytest.raises(RetryLater):
        way.broken().send(way.channel.seal(a_message()))


def test_bytes_that_are_no_sealed_message_are_refused(way: Arrivals) -> None:
    with pytest.raises(Rejected):
        way.channel.send(b"Subject: hello\r\n\r\nnobody\r\n")


@pytest.mark.parametrize(
    "message",
    [
        a_message(subject="Invoice\r\nBcc: all@x.example"),
        a_message(to=("billing@lund.example\nCc: all@x.example",)),
        a_message(sender="Anna\r\nX-Evil: 1 <a@x.example>"),
        a_message(headers={"X-Dunwell-Step": "first\r\n\r\nbody"}),
        a_message(reply_to="a@x.example\r\nBcc: b@x.example"),
    ],
)
def test_a_line_break_adds_no_header(way: Arrivals, message: Message) -> None:
    with pytest.raises((Rejected, SetRight), match="line break"):
        way.channel.seal(message)


def test_text_and_html_are_alternatives_and_files_stand_beside_them(way: Arrivals) -> None:
    file = Attachment(name="Rechnung 1042 für Lund.pdf", media_type="application/pdf", content=bytes(range(256)))
    way.channel.send(way.channel.seal(a_message(text="Grüße\n", html="<p>Grüße</p>\n", attachments=(file,))))
    email = parsed(way.arrived()[0])
    text, html = email.get_body(("plain",)), email.get_body(("html",))
    assert text is not None
    assert html is not None
    (attached,) = email.iter_attachments()
    assert (text.get_content(), html.get_content()) == ("Grüße\r\n", "<p>Grüße</p>\r\n")
    assert (attached.get_filename(), attached.get_content()) == ("Rechnung 1042 für Lund.pdf", bytes(range(256)))
