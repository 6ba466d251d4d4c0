"""Reading bodies: what a decoder refuses for one text's sake is mended, everything else is no answer."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import answers
from connectors.errors import BadAnswer, OutcomeUnknown

decode = msgspec.json.Decoder(dict[str, str]).decode


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb"cut off \ud83d", "cut off \ufffd"),
        (rb"\ude00 begins", "\ufffd begins"),
        (rb"\uD83D\uD83D\uDE00", "\ufffd😀"),
        (rb"\ud83d\ude00 whole, \ud83d half", "😀 whole, \ufffd half"),
        (rb"a path \\ud83d and \ud83d", "a path \\ud83d and \ufffd"),
        (rb"\\\ud83d\"", '\\\ufffd"'),
    ],
)
def test_half_a_letter_does_not_spoil_the_answer(written: bytes, read: str) -> None:
    body = b'{"Name":"' + written + b'"}'
    assert answers.read(decode, body) == answers.confirmed(decode, body) == {"Name": read}


@given(st.dictionaries(st.text(), st.text(), min_size=1))
def test_texts_with_half_letters_are_read_as_far_as_they_are_letters(texts: dict[str, str]) -> None:
    halved = {name: f"{text}\ud800" for name, text in texts.items()}
    assert answers.read(decode, json.dumps(halved).encode()) == {name: f"{text}\ufffd" for name, text in texts.items()}


@pytest.mark.parametrize("body", [b"", b"{", b'{"Name":"\\ud83d', b'{"Name":7}', b"[]", b"no \\ud83d json"])
def test_what_is_no_answer_stays_none(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        answers.read(decode, body)
    with pytest.raises(OutcomeUnknown):
        answers.confirmed(decode, body)
