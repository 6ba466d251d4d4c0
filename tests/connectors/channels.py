"""Mail servers for tests, on real sockets: a good one (aiosmtpd), and one that plays a script, faults and all."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.base import Message
from connectors.channels.smtp import Relay, Security, Smtp

LOOPBACK = "127.0.0.1"
HANG_UP = b""
SILENT = None


def a_message(**changes: Any) -> Message:
    values: dict[str, Any] = {
        "message_id": "<1a2b3c4d@dunwell.example>",
        "sender": "Northwind Provisions <accounts@northwind.example>",
        "reply_to": None,
        "to": ("billing@lund.example",),
        "subject": "Invoice 1042",
        "text": "Dear Mats,\n\nplease pay.\n",
        "html": "<p>Dear Mats,</p>",
        "at": datetime(2026, 3, 16, 9, tzinfo=UTC),
    }
    return Message(**(values | changes))


class Sink:
    """What a good mail server took: envelope and bytes. It refuses the recipients it is told to, with their answer."""

    def __init__(self, refuse: dict[str, str] | None = None) -> None:
        self.taken: list[Envelope] = []
        self.tokens: list[bytes] = []
        self._refuse = refuse or {}

    async def handle_RCPT(  # noqa: N802  # aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self._refuse:
            return self._refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        self.taken.append(envelope)
        return "250 2.0.0 OK: queued as 42"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802  # as above
        self.tokens.append(args[1].encode())
        return AuthResult(success=False, handled=False)


@contextmanager
def a_mail_server(sink: Sink, *, tls: ssl.SSLContext | None = None, **settings: Any) -> Iterator[int]:
    """aiosmtpd on a free port of loopback; the port."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(lambda: SMTP(sink, hostname="mx.example", loop=loop, **settings), LOOPBACK, 0, ssl=tls)
    )
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_closed(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _closed(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class Script:
    """What a mail server says at each point: bytes, `HANG_UP`, or `SILENT` until the other side gives up.

    `rcpt` is a list where the recipients are answered differently. `early` is said in the same packet as the word to
    begin, or hangs up in it; `midway` after the first line of the text. `thinks_s` passes before the answer to the dot.
    `heard` holds the commands, `text` what came between the word to begin and the dot.
    """

    def __init__(self, **says: bytes | list[bytes] | None) -> None:
        usual: dict[str, bytes | list[bytes] | None] = {
            "banner": b"220 mx.example ready\r\n",
            "ehlo": b"250 mx.example\r\n",
            "mail": b"250 2.1.0 OK\r\n",
            "rcpt": b"250 2.1.5 OK\r\n",
            "data": b"354 go ahead\r\n",
            "dot": b"250 2.0.0 queued as 7\r\n",
            "quit": b"221 bye\r\n",
        }
        self.says = usual | says
        self.thinks_s = 0.0
        self.heard: list[str] = []
        self.text = b""
        self.dots = 0


@contextmanager
def a_scripted_server(script: Script) -> Iterator[int]:
    """The script, once, on a free port of loopback; the port."""
    with socket.create_server((LOOPBACK, 0)) as listening:
        listening.settimeout(5)
        thread = threading.Thread(target=_play, args=(listening, script))
        thread.start()
        yield int(listening.getsockname()[1])
        thread.join(10)
        assert not thread.is_alive()


def _play(listening: socket.socket, script: Script) -> None:
    with suppress(OSError):
        connection, _ = listening.accept()
        with connection:
            connection.settimeout(5)
            _converse(connection, script)


def _converse(connection: socket.socket, script: Script) -> None:
    with connection.makefile("rb") as lines:
        if not _said(connection, script.says["banner"]):
            return
        for line in lines:
            command = (line.split() or [b""])[0].decode("latin-1").lower()
            script.heard.append(command)
            answer = script.says.get(command, b"500 unknown\r\n")
            if isinstance(answer, list):
                answer = answer[script.heard.count(command) - 1]
            if command == "data" and answer and answer.startswith(b"354"):
                if not _took(connection, lines, script, answer):
                    return
            elif not _said(connection, answer):
                return


def _took(connection: socket.socket, lines: Any, script: Script, answer: bytes) -> bool:
    """The text, up to the dot and the answer to it."""
    if "early" in script.says:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        connection.sendall(answer)
        return _said(connection, script.says["early"])
    connection.sendall(answer)
    for line in lines:
        if line == b".\r\n":
            script.dots += 1
            threading.Event().wait(script.thinks_s)
            return _said(connection, script.says["dot"])
        script.text += line
        if "midway" in script.says:
            return _said(connection, script.says["midway"])
    return False


def _said(connection: socket.socket, answer: bytes | list[bytes] | None) -> bool:
    """Whether the conversation goes on."""
    if answer is SILENT:
        while connection.recv(65536):
            pass
        return False
    assert isinstance(answer, bytes)
    connection.sendall(answer)
    return answer != HANG_UP


def a_certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate of its own making for this machine, and one that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mx.example")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(LOOPBACK))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return server, ssl.create_default_context(cafile=folder / "certificate.pem")


def a_relay(port: int, **changes: Any) -> Relay:
    """To a mail server on loopback, in the clear."""
    values: dict[str, Any] = {
        "host": LOOPBACK,
        "port": port,
        "security": Security.NONE,
        "timeout_s": 5,
        "verdict_s": 5,
    }
    return Relay(**(values | changes))


def send(port: int, trust: ssl.SSLContext | None = None, message: Any = None, **changes: Any) -> str:
    """Hand a message over; the server's words for having taken it."""
    channel = Smtp(a_relay(port, **changes), trust)
    return channel.send(channel.seal(message or a_message())).reference


def played(script: Script, message: Any = None, **changes: Any) -> str:
    """The same to a server that plays a script."""
    with a_scripted_server(script) as port:
        return send(port, message=message, **changes)
