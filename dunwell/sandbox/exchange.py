"""One request and one answer as plain data, so that a dialect never meets the web server."""

import base64
import binascii
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

DECODE = msgspec.json.Decoder(float_hook=Decimal)
ENCODE = msgspec.json.Encoder(decimal_format="number")


class Call(Struct, frozen=True, kw_only=True):
    """A request that arrived. `headers` have lower-case names; `base` is scheme and host as the caller wrote them."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: dict[str, str] = {}
    body: bytes = b""
    base: str = ""

    def arg(self, name: str) -> str | None:
        """The first value of a query parameter, None where it is absent."""
        return next((value for key, value in self.query if key == name), None)

    def header(self, name: str) -> str:
        """A header's value, empty where it is absent."""
        return self.headers.get(name.lower(), "")

    def form(self) -> dict[str, str]:
        """The body as an HTML form; the first value of a field counts."""
        fields: dict[str, str] = {}
        for key, value in parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True):
            fields.setdefault(key, value)
        return fields

    def json(self) -> Any:
        """The body as JSON, numbers with a fraction as exact decimals. Raises `msgspec.DecodeError`."""
        return DECODE.decode(self.body)

    def bearer(self) -> str:
        """The access token of the request, empty where there is none."""
        scheme, _, value = self.header("authorization").partition(" ")
        return value.strip() if scheme.lower() == "bearer" else ""

    def basic(self) -> tuple[str, str] | None:
        """Name and word of HTTP Basic, None where the request carries none."""
        scheme, _, value = self.header("authorization").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name, _, word = base64.b64decode(value).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return name, word


class Answer(Struct, frozen=True, kw_only=True):
    """What goes back. `headers` are extra ones, names as written."""

    status: int = 200
    body: bytes = b""
    media_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()

    def with_headers(self, *more: tuple[str, str]) -> "Answer":
        """The same answer with these headers too."""
        return msgspec.structs.replace(self, headers=self.headers + more)


def json_answer(content: object, status: int = 200, **more: Any) -> Answer:
    """An answer with a JSON body; decimals are written as numbers."""
    return Answer(status=status, body=ENCODE.encode(content), **more)


def text_answer(text: str, status: int = 200, media_type: str = "text/plain; charset=utf-8") -> Answer:
    """An answer in words."""
    return Answer(status=status, body=text.encode(), media_type=media_type)
