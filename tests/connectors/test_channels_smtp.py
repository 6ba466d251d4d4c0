"""SMTP: what each answer, and each lost connection, says about whether the customer has the mail."""

import base64
import re
import ssl

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from connectors.channels.smtp import Security, SignIn, Smtp
from connectors.errors import OutcomeUnknown, Reconnect, Rejected, RetryLater, SetRight
from tests.connectors.channels import (
    HANG_UP,
    SILENT,
    Script,
    Sink,
    a_certificate,
    a_mail_server,
    a_message,
    a_relay,
    a_scripted_server,
    played,
    send,
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return a_certificate(tmp_path_factory.mktemp("tls"))


Certificate = tuple[ssl.SSLContext, ssl.SSLContext]


def test_a_taken_message_is_acknowledged_in_the_servers_own_words() -> None:
    assert played(Script()) == "2.0.0 queued as 7"


def test_the_envelope_names_sender_and_recipients() -> None:
    sink = Sink()
    with a_mail_server(sink) as port:
        send(port, message=a_message(cc=("owner@lund.example",)))
    (taken,) = sink.taken
    assert (taken.mail_from, taken.rcpt_tos) == (
        "accounts@northwind.example",
        ["billing@lund.example", "owner@lund.example"],
    )


def test_a_refused_connection_is_tried_again_later() -> None:
    with a_scripted_server(Script()) as port:
        send(port)
    with pytest.raises(RetryLater, match="could not be reached: ConnectionRefusedError"):
        send(port)


BEFORE_THE_DOT = ["banner", "ehlo", "mail", "rcpt", "data"]


@pytest.mark.parametrize("point", BEFORE_THE_DOT)
def test_a_connection_lost_before_the_dot_is_tried_again_later(point: str) -> None:
    script = Script(**{point: HANG_UP, "helo": HANG_UP})
    with pytest.raises(RetryLater):
        played(script)
    assert script.dots == 0


@pytest.mark.parametrize("point", BEFORE_THE_DOT)
def test_silence_before_the_dot_is_tried_again_later(point: str) -> None:
    with pytest.raises(RetryLater):
        played(Script(**{point: SILENT}), timeout_s=0.2)


@pytest.mark.parametrize("point", BEFORE_THE_DOT)
def test_a_garbled_answer_before_the_dot_is_tried_again_later(point: str) -> None:
    with pytest.raises(RetryLater):
        played(Script(**{point: b"HTTP/1.1 400 Bad Request\r\n", "helo": b"what?\r\n"}))


def test_a_connection_lost_with_the_word_to_begin_is_tried_again_later() -> None:
    script = Script(early=HANG_UP)
    with pytest.raises(RetryLater, match="hung up"):
        played(script)
    assert script.dots == 0


def test_a_connection_lost_while_the_text_is_written_is_tried_again_later() -> None:
    script = Script(midway=HANG_UP)
    with pytest.raises(RetryLater):
        played(script, a_message(text="x" * 60 + "\n", html="a long line\n" * 400_000))
    assert script.dots == 0


def test_a_connection_lost_after_the_dot_leaves_the_outcome_unknown() -> None:
    script = Script(dot=HANG_UP)
    with pytest.raises(OutcomeUnknown):
        played(script)
    assert script.dots == 1


def test_the_verdict_may_take_longer_than_any_other_answer() -> None:
    script = Script()
    script.thinks_s = 0.6
    assert played(script, timeout_s=0.2, verdict_s=5)


def test_silence_after_the_dot_leaves_the_outcome_unknown() -> None:
    with pytest.raises(OutcomeUnknown):
        played(Script(dot=SILENT), verdict_s=0.2)


@pytest.mark.parametrize("answer", [b"what?\r\n", b"2\r\n", b"\r\n", b"354 more\r\n", b"5" * 9000 + b"\r\n"])
def test_a_garbled_answer_to_the_dot_leaves_the_outcome_unknown(answer: bytes) -> None:
    with pytest.raises(OutcomeUnknown):
        played(Script(dot=answer))


def test_a_recipient_who_is_forwarded_is_accepted() -> None:
    assert played(Script(rcpt=b"251 will forward\r\n"))


@pytest.mark.parametrize("farewell", [HANG_UP, b"500 no\r\n", b"what?\r\n"])
def test_a_taken_message_stays_taken_whatever_the_farewell(farewell: bytes) -> None:
    assert played(Script(quit=farewell)) == "2.0.0 queued as 7"


def test_dots_at_the_start_of_a_line_are_doubled_on_the_wire() -> None:
    script = Script()
    played(script, a_message(text=".\n.a\n", html=None))
    assert script.text.endswith(b"\r\n..\r\n..a\r\n")


def test_the_size_is_declared_where_the_server_asks_for_it() -> None:
    sink = Sink()
    with a_mail_server(sink, data_size_limit=10_000) as port, pytest.raises(Rejected, match="MAIL 552"):
        send(port, message=a_message(text="x" * 20_000))
    assert sink.taken == []


def test_an_address_that_is_not_ascii_goes_to_a_server_that_can() -> None:
    sink = Sink()
    with a_mail_server(sink, enable_SMTPUTF8=True) as port:
        send(port, message=a_message(to=("jörg@lund.example",)))
    assert sink.taken[0].rcpt_tos == ["jörg@lund.example"]


def test_an_address_that_is_not_ascii_is_refused_where_the_server_cannot() -> None:
    with pytest.raises(Rejected, match="SMTPUTF8"):
        played(Script(), a_message(to=("jörg@lund.example",)))


def test_tls_protects_the_whole_conversation(certificate: Certificate) -> None:
    sink = Sink()
    with a_mail_server(sink, tls=certificate[0]) as port:
        send(port, certificate[1], security=Security.TLS)
    assert len(sink.taken) == 1


def test_starttls_comes_before_anything_is_said(certificate: Certificate) -> None:
    sink = Sink()
    with a_mail_server(sink, tls_context=certificate[0], require_starttls=True) as port:
        send(port, certificate[1], security=Security.STARTTLS)
    assert len(sink.taken) == 1


def test_a_server_without_starttls_gets_nothing() -> None:
    script = Script()
    with pytest.raises(SetRight, match="STARTTLS"):
        played(script, security=Security.STARTTLS)
    assert "mail" not in script.heard


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_that_nobody_vouches_for_gets_nothing(certificate: Certificate, security: Security) -> None:
    sink = Sink()
    settings = {"tls": certificate[0]} if security is Security.TLS else {"tls_context": certificate[0]}
    with a_mail_server(sink, **settings) as port, pytest.raises(SetRight, match="certificate is not trusted"):
        send(port, security=security)
    assert sink.taken == []


def test_a_server_that_speaks_no_tls_is_tried_again_later() -> None:
    with pytest.raises(RetryLater):
        played(Script(), security=Security.TLS)


@pytest.mark.parametrize("host", ["mx.example", "192.0.2.1", "localhost.example"])
def test_mail_in_the_clear_never_leaves_this_machine(host: str) -> None:
    with pytest.raises(ValueError, match="unencrypted"):
        Smtp(a_relay(25, host=host))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_mail_in_the_clear_may_go_to_this_machine(host: str) -> None:
    assert Smtp(a_relay(25, host=host)).name == "email"


def test_mail_in_the_clear_leaves_where_it_is_said_that_it_may() -> None:
    assert Smtp(a_relay(25, host="mx.example", plain_anywhere=True)).name == "email"


def only_anna(server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: object) -> AuthResult:
    right = isinstance(auth_data, LoginPassword) and auth_data == LoginPassword(b"anna", b"secret")
    return AuthResult(success=right, handled=right)


def test_a_password_signs_in(certificate: Certificate) -> None:
    sink = Sink()
    with a_mail_server(sink, tls=certificate[0], authenticator=only_anna, auth_require_tls=False) as port:
        send(port, certificate[1], security=Security.TLS, sign_in=SignIn(user="anna", secret=lambda: "secret"))
    assert len(sink.taken) == 1


def test_a_wrong_password_is_a_persons_to_set_right_and_stays_secret(certificate: Certificate) -> None:
    sink = Sink()
    sign_in = SignIn(user="anna", secret=lambda: "guess")
    with (
        a_mail_server(sink, tls=certificate[0], authenticator=only_anna, auth_require_tls=False) as port,
        pytest.raises(SetRight, match=r"look at user, password and oauth .*AUTH 535") as refused,
    ):
        send(port, certificate[1], security=Security.TLS, sign_in=sign_in)
    assert "guess" not in repr(refused.value) + repr(sign_in)


def test_a_sign_in_refused_for_now_is_tried_again_later() -> None:
    script = Script(ehlo=b"250-mx.example\r\n250 AUTH PLAIN\r\n", auth=b"454 4.7.0 later\r\n")
    with pytest.raises(RetryLater, match=re.escape("AUTH 454 4.7.0")):
        played(script, sign_in=SignIn(user="anna", secret=lambda: "secret"))


@pytest.mark.parametrize("oauth", [False, True])
def test_a_server_that_does_not_ask_who_we_are_learns_no_secret(oauth: bool) -> None:
    script = Script()
    with pytest.raises(SetRight, match="does not offer"):
        played(script, sign_in=SignIn(user="anna", secret=lambda: "secret", oauth=oauth))
    assert script.heard == ["ehlo"]


def test_a_password_that_cannot_be_sent_is_refused_and_stays_secret() -> None:
    script = Script(ehlo=b"250-mx.example\r\n250 AUTH PLAIN\r\n")
    with pytest.raises(SetRight, match="not ASCII") as refused:
        played(script, sign_in=SignIn(user="anna", secret=lambda: "sëcret"))
    assert refused.value.__cause__ is None


def with_token() -> SignIn:
    return SignIn(user="anna@northwind.example", secret=lambda: "ya29.token", oauth=True)


def test_a_token_signs_in() -> None:
    script = Script(ehlo=b"250-mx.example\r\n250 AUTH XOAUTH2\r\n", auth=b"235 2.7.0 accepted\r\n")
    assert played(script, sign_in=with_token())


def test_a_token_is_said_the_way_the_mail_servers_want_it() -> None:
    sink = Sink()
    with (
        a_mail_server(sink, auth_require_tls=False, authenticator=only_anna) as port,
        pytest.raises(SetRight, match="AUTH 535"),
    ):
        send(port, sign_in=with_token())
    said = base64.b64decode(sink.tokens[0])
    assert said == b"user=anna@northwind.example\x01auth=Bearer ya29.token\x01\x01"


def test_a_refused_token_is_a_persons_to_set_right() -> None:
    script = Script(
        ehlo=b"250-mx.example\r\n250 AUTH XOAUTH2\r\n",
        auth=b"334 eyJzdGF0dXMiOiI0MDEifQ==\r\n",
        **{"": b"535 5.7.8 not accepted\r\n"},
    )
    with pytest.raises(SetRight, match=re.escape("AUTH 535 5.7.8")):
        played(script, sign_in=with_token())


def test_what_the_token_keeper_raises_goes_through_before_anything_is_connected() -> None:
    def gone() -> str:
        raise Reconnect("the mail account must be connected again")

    with pytest.raises(Reconnect):
        send(1, sign_in=SignIn(user="anna", secret=gone, oauth=True))


def test_the_words_of_the_receipt_are_bounded() -> None:
    assert len(played(Script(dot=b"250 " + b"x" * 5000 + b"\r\n"))) == 200
