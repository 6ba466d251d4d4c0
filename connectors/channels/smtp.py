"""Email over SMTP: handed over once, and the outcome said exactly.

Everything up to the last byte of the text may be repeated: the server takes nothing before the dot that ends it. So an
answer or a lost connection before the dot is `RetryLater` (or `Rejected`, where the server said no for good), and one
after the dot without an answer is `OutcomeUnknown`, the only case in which the customer may or may not have the mail.
Where the server said no to us and not to a message, it is `SetRight`, with the setting: before it heard of a recipient,
or later, where its code says so, or where one recipient after the other meets the same policy.

A message goes to all of its recipients or to none: with several, the first refusal ends it before the text is sent.
Otherwise a mail would be half sent, and sending the rest later would be a second mail to the others.

Each message has a connection of its own: nothing to keep alive, and no doubt what an answer belongs to.
"""

import ipaddress
import re
import select
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from functools import cached_property
from typing import Final

from connectors.base import Message, Receipt
from connectors.channels import mail
from connectors.errors import OutcomeUnknown, OutsideError, Rejected, RetryLater, SetRight
from strategy.model import Record

_AGAIN_S: Final = 300.0
_GOODBYE_S: Final = 5.0
_CLOSING: Final = 421
"""Says at any stage that the server takes nothing from anybody now (RFC 5321, 3.8)."""

_TAKEN: Final = (250, 251)

_TOO_LARGE: Final = 552
"""The answer to MAIL that is about the message: its size is declared there (RFC 1870)."""

_OURS: Final = {
    "CONNECT": "does not talk to us: look at host, port and security",
    "AUTH": "refuses our sign-in: look at user, password and oauth",
    "MAIL": "takes nothing from our address: look at from and user",
}
"""What a refusal before the first recipient says, and the settings to look at."""
_WHERE: Final = "in [mail], or in the ledger's own mail table"

_OF_SENDER: Final = re.compile(r" 530\b| 5\.1\.[78]$")
"""Codes that are about us at whatever stage: sign in first (RFC 4954, 6), and bad sender addresses (RFC 3463, 3.2). A
server may keep what it has against client and sender until RCPT, as Postfix does (smtpd_delay_reject, read 2026-11-22).
"""
_OF_POLICY: Final = re.compile(r"RCPT .* 5\.7\.\d+$")
"""Of the sender (relay access denied, not our address) or of the recipient: it does not tell (RFC 3463, 3.8)."""
_SEVERAL: Final = 3
"""So many recipients refused by policy, and none taken between, are not the recipients' fault."""


class Security(StrEnum):
    """TLS from the first byte (port 465), STARTTLS before anything is said (587), or NONE: to this machine only."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class SignIn(Record):
    """Who we are to the mail server. `secret` gives the password, or (`oauth`) an access token that is still good.

    It is called once per message, before the connection is made, and may raise `Reconnect` or `RetryLater` itself.
    """

    user: str
    secret: Callable[[], str]
    oauth: bool = False


class Relay(Record):
    """A mail server. `hello` is how we introduce ourselves.

    `timeout_s` bounds the connection and every answer but the last; `verdict_s` the one after the text, for which RFC
    5321 asks for ten minutes, because giving up there is what leaves an outcome unknown. `plain_anywhere` allows
    `Security.NONE` beyond this machine.
    """

    host: str
    port: int
    security: Security
    sign_in: SignIn | None = None
    hello: str = "[127.0.0.1]"
    timeout_s: float = 30.0
    verdict_s: float = 600.0
    plain_anywhere: bool = False


class Smtp:
    """The email channel."""

    name = "email"

    def __init__(self, relay: Relay, trust: ssl.SSLContext | None = None) -> None:
        """`trust` None: the certificates that this machine trusts. Raises `ValueError` for mail in the clear."""
        if relay.security is Security.NONE and not (relay.plain_anywhere or _is_here(relay.host)):
            raise ValueError(f"mail to {relay.host} would leave this machine unencrypted; use tls or starttls")
        self._relay = relay
        self._given_trust = trust
        self._by_policy = 0

    def seal(self, message: Message) -> bytes:
        """The exact bytes, as `mail.seal` makes them."""
        return mail.seal(message)

    def send(self, sealed: bytes) -> Receipt:
        """Hand the sealed message over to all its recipients, once."""
        envelope = mail.envelope(sealed)
        secret = self._relay.sign_in.secret() if self._relay.sign_in else ""
        with _nothing_happened():
            session = self._connected()
        try:
            with _nothing_happened():
                self._signed_in(session, secret)
                _offered(session, envelope, len(sealed))
                _written(session, sealed)
            receipt = self._verdict(session)
        except Rejected as error:
            raise self._of_all(error) from None
        finally:
            session.close()
        self._by_policy = 0
        return receipt

    def _of_all(self, error: Rejected) -> Rejected | SetRight:
        """What a refusal is once its kind has met several."""
        self._by_policy += bool(error.code and _OF_POLICY.fullmatch(error.code))
        if self._by_policy < _SEVERAL:
            return error
        policy = "refuses one recipient after the other by its policy: look at user, password and from"
        return SetRight(f"the mail server {policy} {_WHERE}", code=error.code)

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return self._given_trust or ssl.create_default_context()

    def _connected(self) -> smtplib.SMTP:
        relay = self._relay
        if relay.security is Security.TLS:
            return smtplib.SMTP_SSL(relay.host, relay.port, relay.hello, timeout=relay.timeout_s, context=self._trust)
        return smtplib.SMTP(relay.host, relay.port, relay.hello, timeout=relay.timeout_s)

    def _signed_in(self, session: smtplib.SMTP, secret: str) -> None:
        session.ehlo_or_helo_if_needed()
        if self._relay.security is Security.STARTTLS:
            session.starttls(context=self._trust)
            session.ehlo_or_helo_if_needed()
        sign_in = self._relay.sign_in
        if sign_in and sign_in.oauth:
            _with_token(session, sign_in.user, secret)
        elif sign_in:
            session.login(sign_in.user, secret)

    def _verdict(self, session: smtplib.SMTP) -> Receipt:
        """End the text and hear what becomes of it. From here on, silence is not a no."""
        try:
            if session.sock is not None:
                session.sock.settimeout(self._relay.verdict_s)
            session.send(b".\r\n")
            code, said = session.getreply()
        except OSError:
            raise OutcomeUnknown("the connection was lost while the mail server took the message") from None
        if 200 <= code < 300:
            _goodbye(session)
            return Receipt(reference=said.decode("ascii", "replace")[:200])
        if 400 <= code < 600:
            raise _refusal("DATA", code, said)
        raise OutcomeUnknown("the mail server's answer to the message is none", code=f"DATA {code}")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def _nothing_happened() -> Iterator[None]:
    """Names what goes wrong before the dot. The server's own words may hold addresses, so only its codes go on."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise _refusal("AUTH", error.smtp_code, _bytes(error.smtp_error)) from None
    except smtplib.SMTPResponseException as error:
        raise _refusal("CONNECT", error.smtp_code, _bytes(error.smtp_error)) from None
    except smtplib.SMTPServerDisconnected:
        raise RetryLater("the mail server hung up", after_s=_AGAIN_S) from None
    except smtplib.SMTPException:
        lacks = "the mail server does not offer STARTTLS or our way to sign in: look at security, user and oauth"
        raise SetRight(f"{lacks} {_WHERE}") from None
    except ssl.SSLCertVerificationError as error:
        distrusted = f"the mail server's certificate is not trusted ({error.verify_message}): look at host"
        raise SetRight(f"{distrusted} {_WHERE}", code="TLS") from None
    except UnicodeError:  # it holds the text that could not be encoded, which may be the password
        raise SetRight(f"host, user or password {_WHERE} cannot be sent: they are not ASCII") from None
    except OSError as error:
        reason = type(error).__name__
        raise RetryLater(f"the mail server could not be reached: {reason}", after_s=_AGAIN_S) from None


def _refusal(stage: str, code: int, said: bytes) -> OutsideError:
    """What a refusal means: 5xx is for good, anything else is not. The enhanced code goes along where there is one."""
    enhanced = re.match(rb"[245]\.\d{1,3}\.\d{1,3}\b", said)
    whole = " ".join((stage, str(code), *([enhanced[0].decode()] if enhanced else [])))
    against_us = stage in _OURS and (stage, code) != ("MAIL", _TOO_LARGE)
    if 500 <= code < 600 and (against_us or _OF_SENDER.search(whole)):
        return SetRight(f"the mail server {_OURS.get(stage, _OURS['MAIL'])} {_WHERE}", code=whole)
    if 500 <= code < 600:
        return Rejected("the mail server refused", code=whole)
    only_this = stage == "RCPT" and code != _CLOSING
    return RetryLater("the mail server cannot take it now", after_s=_AGAIN_S, only_this=only_this, code=whole)


def _with_token(session: smtplib.SMTP, user: str, token: str) -> None:
    """XOAUTH2. To a challenge, which tells why the token is refused, the answer is empty; then comes the refusal."""
    if not session.has_extn("auth"):
        raise smtplib.SMTPNotSupportedError

    def answer(challenge: bytes | None = None) -> str:
        return f"user={user}\x01auth=Bearer {token}\x01\x01" if challenge is None else ""

    session.auth("XOAUTH2", answer)


def _offered(session: smtplib.SMTP, envelope: mail.Envelope, size: int) -> None:
    """Sender and recipients, each accepted, and the word to begin."""
    if envelope.utf8 and not session.has_extn("smtputf8"):
        if not envelope.sender.isascii():
            raise SetRight(f"the mail server does not offer SMTPUTF8, which our address needs: look at from {_WHERE}")
        raise Rejected("the mail server does not offer SMTPUTF8, which an address needs that is not ASCII")
    options = [f"SIZE={size}"] if session.has_extn("size") else []
    options += ["SMTPUTF8"] if envelope.utf8 else []
    _accepted("MAIL", session.mail(envelope.sender, options))
    answers = [session.rcpt(recipient) for recipient in envelope.recipients]
    for answer in sorted(answers, reverse=True):  # a refusal for good before one for now
        _accepted("RCPT", answer)
    _accepted("DATA", session.docmd("DATA"), (354,))


def _accepted(stage: str, answer: tuple[int, bytes], taken: tuple[int, ...] = _TAKEN) -> None:
    code, said = answer
    if code not in taken:
        raise _refusal(stage, code, said)


def _written(session: smtplib.SMTP, sealed: bytes) -> None:
    """All of the text but the dot that ends it. A server that speaks or hangs up before the dot takes nothing."""
    session.send(re.sub(rb"(?m)^\.", b"..", sealed))
    if not sealed.endswith(b"\r\n"):
        session.send(b"\r\n")
    poll = select.poll()
    poll.register(session.sock or -1, select.POLLIN)
    if poll.poll(0):
        code, said = session.getreply()
        raise _refusal("DATA", code, said)


def _goodbye(session: smtplib.SMTP) -> None:
    """The message is taken; whatever happens to the farewell changes nothing."""
    with suppress(OSError):
        if session.sock is not None:
            session.sock.settimeout(_GOODBYE_S)
        session.quit()


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode("ascii", "replace")
