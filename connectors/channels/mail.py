"""An email as exact bytes: the same message always seals to the same bytes, and nothing in it can add a header.

Text goes out quoted-printable and files base64, so that the bytes are ASCII, survive every relay, and can never contain
the boundary between parts, which is made from the message id. Only an address that is not ASCII before its @ needs
more (SMTPUTF8); a domain is written the way the internet writes it (xn--).

The header lines are written here and not by `email.message`: that one folds `"Lund, Mats" <m@x>` into two addresses
once the name is long, and a long message id into encoded words that no reader threads by (Python 3.11.7, read
2026-11-21). Every address stands in angle brackets, names are encoded or quoted, and lines break between items only.

There is no `Auto-Submitted` and no `X-Auto-Response-Suppress`: help desks set aside mail that carries either (Zendesk
suspends it, others drop it; read 2026-11-21), and a shared accounts inbox often is a help desk. An out-of-office
answer is also worth having: it says who is away. Whoever wants them passes them in `Message.headers`.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from connectors.addresses import ADDRESS, wire_domain
from connectors.base import Attachment, Message
from connectors.errors import Rejected, SetRight
from strategy.model import Record

_ADDRESS: Final = re.compile(f"(?:(?P<name>[^<>]*)<(?P<named>{ADDRESS})>|(?P<alone>{ADDRESS}))")
_ATOMS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/?^_`{|}~ -]*")
_MESSAGE_ID: Final = re.compile(r"<[!-;=?A-~]{1,400}@[!-;=?A-~]{1,400}>")
_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_OURS: Final = frozenset("date from to cc bcc sender reply-to subject message-id in-reply-to references".split())
_LONGEST_LINE: Final = 900
_LONGEST_NAME: Final = 60


class Envelope(Record):
    """Who sends and who receives, as the mail server is told. `utf8`: an address is not ASCII before its @."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    utf8: bool


def seal(message: Message) -> bytes:
    """The message as it will cross the wire. Raises `Rejected` where it cannot be an email, saying which part, and
    `SetRight` where that is our own address.
    """
    if not message.to:
        raise Rejected("the message has no recipient")
    lines = "\r\n".join((*_head(message), "MIME-Version: 1.0", ""))
    return lines.encode() + _body(message)


def envelope(sealed: bytes) -> Envelope:
    """The envelope that the sealed headers say. Everybody in To and Cc receives it; there is no Bcc."""
    head = re.sub(r"\r\n[ \t]+", " ", sealed.partition(b"\r\n\r\n")[0].decode())
    fields = dict(line.partition(": ")[::2] for line in head.split("\r\n"))
    senders = _bracketed(fields.get("From", ""))
    everybody = [*_bracketed(fields.get("To", "")), *_bracketed(fields.get("Cc", ""))]
    if not everybody or len(senders) != 1 or "Message-ID" not in fields:
        raise Rejected("the sealed message has no sender, no recipient or no id")
    return Envelope(
        message_id=fields["Message-ID"],
        sender=senders[0],
        recipients=tuple(dict.fromkeys(everybody)),
        utf8=not head.isascii(),
    )


def _bracketed(field: str) -> list[str]:
    """The addresses of a field as `_address` writes them: only they stand in angle brackets."""
    return re.findall(r"<([^<>]*)>", field)


def _head(message: Message) -> Iterator[str]:
    """The header lines, always in this order."""
    yield f"Date: {format_datetime(message.at.astimezone(UTC))}"
    yield f"From: {_our_own(message.sender, 'sender', 'from and name')}"
    yield f"To: {_list(_address(to, 'recipient') for to in message.to)}"
    if message.cc:
        yield f"Cc: {_list(_address(cc, 'recipient') for cc in message.cc)}"
    if message.reply_to:
        yield f"Reply-To: {_our_own(message.reply_to, 'reply address', 'reply_to')}"
    yield f"Subject: {_words('Subject', _line(message.subject, 'subject'))}"
    yield f"Message-ID: {_id(message.message_id)}"
    if message.in_reply_to:
        yield f"In-Reply-To: {_id(message.in_reply_to)}"
    if message.references:
        yield f"References: {_folded(_id(reference) for reference in message.references)}"
    for name, value in message.headers.items():
        yield f"{_own(name)}: {_words(name, _line(value, f'header {name}'))}"


def _list(addresses: Iterable[str]) -> str:
    return ",\r\n ".join(addresses)


def _folded(items: Iterable[str]) -> str:
    return "\r\n ".join(items)


def _address(text: str, what: str) -> str:
    """One address in brackets, after its name if it has one. A refusal does not repeat it."""
    found = _ADDRESS.fullmatch(_line(text, what).strip())
    if not found:
        raise Rejected(f"the {what} is not one email address")
    local, _, domain = (found["named"] or found["alone"]).partition("@")
    try:
        written = f"<{local}@{wire_domain(domain)}>"
    except ValueError:  # its message repeats the domain
        raise Rejected(f"the {what} is at no domain that can exist") from None
    name = _unquoted((found["name"] or "").strip())
    return f"{_name(name)} {written}" if name else written


def _our_own(text: str, what: str, settings: str) -> str:
    try:
        return _address(text, what)
    except Rejected as error:
        raise SetRight(f"{error}: look at {settings} in [mail], or in the ledger's own mail table") from None


def _unquoted(name: str) -> str:
    if len(name) > 1 and name.startswith('"') and name.endswith('"'):
        return re.sub(r"\\(.)", r"\1", name[1:-1]).strip()
    return name


def _name(name: str) -> str:
    """A display name as it is, in quotes, or encoded: whatever keeps it one name."""
    if len(name) > _LONGEST_NAME or not name.isascii() or "=?" in name:
        return _encoded("From", name)
    if _ATOMS.fullmatch(name):
        return name
    return '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'


def _words(field: str, text: str) -> str:
    """Running text: as it is where it is ASCII, encoded and folded where it is not."""
    if text.isascii() and len(text) <= _LONGEST_LINE and "=?" not in text:
        return text
    return _encoded(field, text)


def _encoded(field: str, text: str) -> str:
    return Header(text, "utf-8", header_name=field).encode(linesep="\r\n")


def _id(text: str) -> str:
    """A message id in its angle brackets, whether or not they were given."""
    whole = text if text.startswith("<") else f"<{text}>"
    if not _MESSAGE_ID.fullmatch(whole):
        raise Rejected("a message id is not of the form <left@right>, in ASCII")
    return whole


def _own(name: str) -> str:
    """A header that is not one of the message's own fields, and not about its parts."""
    if (
        not _HEADER.fullmatch(name)
        or name.lower() in _OURS
        or name.lower().startswith(("content-", "mime-", "resent-"))
    ):
        raise Rejected(f"{name!r} is not a header that may be added")
    return name


def _line(text: str, what: str) -> str:
    """The text, which must be one line: a line break would start a header of its own."""
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in text):
        raise Rejected(f"the {what} holds a line break or another control character")
    return text


def _body(message: Message) -> bytes:
    """Text, HTML beside it, files after both; boundaries that are the same every time."""
    email = EmailMessage(policy=SMTP)
    email.set_content(message.text, cte="quoted-printable")
    if message.html is not None:
        email.add_alternative(message.html, subtype="html", cte="quoted-printable")
    for attachment in message.attachments:
        _attach(email, attachment)
    digest = hashlib.sha256(message.message_id.encode()).hexdigest()[:32]
    for number, part in enumerate(part for part in email.walk() if part.is_multipart()):
        part.set_boundary(f"=_{digest}_{number}")
    for part in email.walk():
        del part["MIME-Version"]  # said once, at the top
    return email.as_bytes()


def _attach(email: EmailMessage, attachment: Attachment) -> None:
    kind, _, form = _line(attachment.media_type, "media type").partition("/")
    if not kind.isidentifier() or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.+-]*", form):
        raise Rejected(f"{attachment.media_type!r} is not a media type like application/pdf")
    email.add_attachment(attachment.content, maintype=kind, subtype=form, filename=_line(attachment.name, "file name"))
