"""How cassettes are kept: labelled, readable, and cleaned of whatever opens a door."""

import re
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import vcr
from vcr.request import Request
from vcr.serializers import yamlserializer

HERE = Path(__file__).parent
HOME = "http://sandbox.invalid"
"""Where cassettes say that the sandbox was: at no port of this machine, and nowhere in the world."""

LABEL = (
    "Recorded from Dunwell's own sandbox (seed 1, invented customers), not from Intuit or Xero. "
    "Record anew with: python -m tests.cassettes.record"
)
GONE = "REDACTED"

_SECRET_HEADERS = ("authorization", "cookie")
_SECRET_FIELDS = ("client_id", "client_secret", "code", "code_verifier", "refresh_token", "token")
_SECRET_PARAMETERS = ("X-Amz-Signature",)
_IN_ANSWERS = (
    re.compile(rb'(?<="access_token":")[^"]+|(?<="refresh_token":")[^"]+|(?<="id_token":")[^"]+'),
    re.compile(rb"(?<=X-Amz-Signature=)\w+"),
    re.compile(rb'(?<=Token expired: )[^"]+'),
    re.compile(rb"(?<=scs-v1-)\w+|(?<=https://in\.xero\.com/)\w+"),
)
"""Tokens, a file's signature, the echo of a token, and links to pay, which open the invoice to whoever holds them."""


class _Labelled:
    """YAML whose first lines say where it comes from."""

    @staticmethod
    def serialize(cassette: Mapping[str, Any]) -> str:
        text: str = yamlserializer.serialize({"recorded_from": LABEL, **cassette})
        return f"# {LABEL}\n{text}"

    deserialize = staticmethod(yamlserializer.deserialize)


CLEANING: Mapping[str, Any] = {
    "filter_headers": [(name, GONE) for name in _SECRET_HEADERS],
    "filter_post_data_parameters": [(name, GONE) for name in _SECRET_FIELDS],
    "filter_query_parameters": [(name, GONE) for name in _SECRET_PARAMETERS],
}


def tape(address: str = HOME, *, without: Collection[str] = ()) -> vcr.VCR:
    """The recorder of a sandbox at that address, which goes into the cassette as `HOME`.

    Bodies count when a request is looked up: all of QuickBooks' queries go to one path. `without` leaves filters out,
    by their names in `FILTERS`.
    """
    answers = [] if "answers" in without else [_cleaned]
    recorder = vcr.VCR(
        serializer="labelled",
        match_on=("method", "scheme", "host", "port", "path", "query", "body"),
        decode_compressed_response=True,
        before_record_request=partial(_moved, address=address),
        before_record_response=[partial(_answered_at_home, address=address), *answers, _measured],
        **{name: cleaning for name, cleaning in CLEANING.items() if name not in without},
    )
    recorder.register_serializer("labelled", _Labelled)
    return recorder


FILTERS = (*CLEANING, "answers")


def _moved(request: Request, *, address: str) -> Request:
    request.uri = request.uri.replace(address, HOME, 1)
    request.headers = {**request.headers, "host": HOME.removeprefix("http://")}
    return request


def _answered_at_home(response: dict[str, Any], *, address: str) -> dict[str, Any]:
    return {**response, "body": {"string": response["body"]["string"].replace(address.encode(), HOME.encode())}}


def _cleaned(response: dict[str, Any]) -> dict[str, Any]:
    body = response["body"]["string"]
    for secret in _IN_ANSWERS:
        body = secret.sub(GONE.encode(), body)
    headers = {name: values for name, values in response["headers"].items() if name.lower() != "set-cookie"}
    return {**response, "headers": headers, "body": {"string": body}}


def _measured(response: dict[str, Any]) -> dict[str, Any]:
    """With the length of the body as it is kept."""
    length = str(len(response["body"]["string"]))
    return {**response, "headers": {**response["headers"], "content-length": [length]}}
