"""SMTP: whom a server's refusal is against, and whether it is for good."""

import re

import pytest

from connectors.channels.smtp import Smtp
from connectors.errors import OutsideError, Rejected, RetryLater, SetRight
from tests.connectors.channels import Script, Sink, a_mail_server, a_message, a_relay, played, send


@pytest.mark.parametrize("point", ["banner", "ehlo", "mail", "rcpt", "data", "dot"])
def test_a_refusal_for_now_is_tried_again_later(point: str) -> None:
    with pytest.raises(RetryLater) as later:
        played(Script(**{point: b"451 4.7.1 try again\r\n", "helo": b"451 4.7.1 try again\r\n"}))
    assert later.value.after_s == 300
    assert str(later.value.code).endswith("451 4.7.1")


@pytest.mark.parametrize(
    ("point", "stage", "settings"),
    [("banner", "CONNECT", "host, port and security"), ("mail", "MAIL", "from and user")],
)
def test_a_server_that_refuses_us_says_nothing_of_the_message(point: str, stage: str, settings: str) -> None:
    with pytest.raises(SetRight, match=f"look at {settings} in .mail., or in the ledger's own mail table") as refused:
        played(Script(**{point: b"554 5.7.1 go away\r\n"}))
    assert refused.value.code == f"{stage} 554 5.7.1"


@pytest.mark.parametrize("point", ["rcpt", "data"])
@pytest.mark.parametrize(
    "answer", ["530 5.7.0 sign in first", "550 5.1.8 sender address rejected", "553 5.1.7 no sender"]
)
def test_a_server_may_tell_what_it_has_against_us_only_once_it_hears_of_recipients(point: str, answer: str) -> None:
    with pytest.raises(SetRight, match="takes nothing from our address: look at from and user"):
        played(Script(**{point: f"{answer}\r\n".encode()}))


def sent_or_not(channel: Smtp, address: str) -> str:
    try:
        channel.send(channel.seal(a_message(to=(address,))))
    except OutsideError as error:
        return type(error).__name__
    return "sent"


def test_a_policy_that_several_recipients_meet_one_after_the_other_is_against_us() -> None:
    sink = Sink(refuse={f"{one}@lund.example": "554 5.7.1 relay access denied" for one in "abcd"})
    with a_mail_server(sink) as port:
        channel = Smtp(a_relay(port))
        came = [sent_or_not(channel, f"{one}@lund.example") for one in "abxcdca"]
    assert came == ["Rejected", "Rejected", "sent", "Rejected", "Rejected", "SetRight", "SetRight"]


@pytest.mark.parametrize(("point", "stage"), [("rcpt", "RCPT"), ("data", "DATA"), ("dot", "DATA")])
def test_a_refusal_for_good_says_at_which_stage(point: str, stage: str) -> None:
    with pytest.raises(Rejected) as refused:
        played(Script(**{point: b"550 5.1.1 <billing@lund.example> unknown\r\n"}))
    assert refused.value.code == f"{stage} 550 5.1.1"


def test_a_refusal_repeats_no_address() -> None:
    with pytest.raises(Rejected) as refused:
        played(Script(rcpt=b"550 5.1.1 <billing@lund.example> unknown\r\n"))
    assert "lund" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_sender_refused_for_now_stays_so_whatever_the_server_says_of_recipients() -> None:
    with pytest.raises(RetryLater):
        played(Script(mail=b"451 4.3.0 later\r\n", rcpt=b"503 5.5.1 sender first\r\n"))


TWO = a_message(to=("a@lund.example", "b@lund.example"))


def test_one_recipient_refused_for_good_means_that_nobody_gets_it() -> None:
    sink = Sink(refuse={"b@lund.example": "550 5.1.1 unknown"})
    with a_mail_server(sink) as port, pytest.raises(Rejected, match=re.escape("RCPT 550 5.1.1")):
        send(port, message=TWO)
    assert sink.taken == []


@pytest.mark.parametrize(
    ("point", "answer", "only_this"),
    [
        ("rcpt", b"450 4.1.2 domain not found\r\n", True),
        ("rcpt", b"421 4.3.2 closing\r\n", False),
        ("mail", b"451 4.3.0 later\r\n", False),
        ("dot", b"452 4.3.1 full\r\n", False),
    ],
)
def test_only_a_recipient_refused_for_now_says_nothing_of_other_messages(
    point: str, answer: bytes, only_this: bool
) -> None:
    with pytest.raises(RetryLater) as later:
        played(Script(**{point: answer}))
    assert later.value.only_this is only_this


def test_one_recipient_refused_for_now_means_that_nobody_gets_it_yet() -> None:
    sink = Sink(refuse={"b@lund.example": "451 4.7.1 greylisted"})
    with a_mail_server(sink) as port, pytest.raises(RetryLater):
        send(port, message=TWO)
    assert sink.taken == []


@pytest.mark.parametrize("order", [0, 1])
def test_a_refusal_for_good_outweighs_one_for_now(order: int) -> None:
    answers = [b"550 5.1.1 unknown\r\n", b"451 4.7.1 greylisted\r\n"]
    with pytest.raises(Rejected):
        played(Script(rcpt=answers if order else answers[::-1]), TWO)


def test_a_garbled_answer_about_one_recipient_means_that_nobody_gets_it_yet() -> None:
    script = Script(rcpt=[b"what?\r\n", b"250 OK\r\n"])
    with pytest.raises(RetryLater):
        played(script, TWO)
    assert "data" not in script.heard
