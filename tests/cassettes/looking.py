"""What must not be in a cassette: the secrets that were really given out, and whatever looks like one."""

import base64
import binascii
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import yaml

from tests.cassettes.tape import GONE

SUSPICIOUS = {
    "bearer token": r"(?i)bearer\s+(?!%s|realm=)[\w.~+/=-]{6,}",
    "basic credentials": r"(?i)\bbasic\s+(?!%s)[\w+/=]{8,}",
    "JWT": r"eyJ[\w-]{8,}\.[\w-]{8,}",
    "token in a form": r"\b(?:access_token|refresh_token|id_token|token|code|code_verifier)=(?!%s)[^&\s]+",
    "token in JSON": r'"(?:access_token|refresh_token|id_token)":\s*"(?!%s)',
    "client secret": r'client_secret(?:=|":\s*")(?!%s)',
    "client id in a form": r"client_id=(?!%s)",
    "signature of an address": r"(?i)x-amz-signature=(?!%s)",
    "payment link": r"scs-v1-(?!%s)\w|in\.xero\.com/(?!%s)\w",
    "echo of a token": r"Token expired: (?!%s)",
}
HEADERS = {"authorization", "cookie", "set-cookie", "proxy-authorization"}
"""None of these may have another value than the one that stands for a secret."""

SHORTEST_ECHO = 12
"""A gateway repeats the beginning of a token; so much of one is one."""


def leaks(cassette: Path, given_out: Collection[str]) -> list[str]:
    """Each kind of secret in the cassette, with the place where it stands (never the secret itself)."""
    return sorted(
        {f"{what}: {place}" for place, text in _texts(cassette) for what in _secrets(text, given_out)}
        | set(_headers(cassette))
    )


def _secrets(text: str, given_out: Collection[str]) -> Iterator[str]:
    for what, pattern in SUSPICIOUS.items():
        if re.search(pattern.replace("%s", GONE), text):
            yield what
    if any(secret[:SHORTEST_ECHO] in text for secret in given_out):
        yield "a secret that was given out"


def _headers(cassette: Path) -> Iterator[str]:
    for number, exchange in enumerate(_load(cassette)["interactions"]):
        for side in ("request", "response"):
            for name, values in exchange[side]["headers"].items():
                if name.lower() in HEADERS and values != [GONE]:
                    yield f"header {name}: {number}.{side}"


def _texts(cassette: Path) -> Iterator[tuple[str, str]]:
    """Every text of the cassette: as it stands, with percent signs undone, and what base64 in it says."""
    for place, text in _leaves(_load(cassette), ""):
        yield place, text
        yield place, unquote_plus(text)
        for run in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", text):
            yield place, _unpacked(run)


def _unpacked(run: str) -> str:
    try:
        return base64.b64decode(run + "=" * (-len(run) % 4), validate=True).decode("latin-1")
    except binascii.Error:
        return ""


def _load(cassette: Path) -> Any:
    return yaml.load(cassette.read_text(), yaml.CSafeLoader)


def _leaves(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{place}.{number}")
    elif isinstance(value, bytes):
        yield place, value.decode("latin-1")
    elif isinstance(value, str):
        yield place, value
