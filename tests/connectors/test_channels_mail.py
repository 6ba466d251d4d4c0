"""Sealing: right headers for any name, subject and address, and an envelope that is exactly To and Cc."""

import re
import string
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Attachment
from connectors.channels import mail
from connectors.errors import Rejected, SetRight
from tests.connectors.channels import a_message


def sealed(**changes: Any) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(mail.seal(a_message(**changes)))


def test_the_headers_say_what_the_message_says() -> None:
    email = sealed(
        reply_to="Anna Berg <anna@northwind.example>",
        cc=("owner@lund.example",),
        headers={"X-Dunwell-Step": "second", "X-Dunwell-Key": "north/lund-EUR/second/7/email/1"},
    )
    assert [f"{name}: {value}" for name, value in email.items()] == [
        "Date: Mon, 16 Mar 2026 09:00:00 +0000",
        "From: Northwind Provisions <accounts@northwind.example>",
        "To: billing@lund.example",
        "Cc: owner@lund.example",
        "Reply-To: Anna Berg <anna@northwind.example>",
        "Subject: Invoice 1042",
        "Message-ID: <1a2b3c4d@dunwell.example>",
        "X-Dunwell-Step: second",
        "X-Dunwell-Key: north/lund-EUR/second/7/email/1",
        "MIME-Version: 1.0",
        f"Content-Type: {email['Content-Type']}",
    ]


def test_a_reply_carries_its_thread() -> None:
    before = tuple(f"<{number}{'a' * 80}@dunwell.example>" for number in range(12))
    bytes_ = mail.seal(a_message(in_reply_to=before[-1], references=before))
    email = BytesParser(policy=policy.compat32).parsebytes(bytes_)
    assert email["In-Reply-To"] == before[-1]
    assert tuple(email["References"].split()) == before


def test_a_message_id_without_its_brackets_gets_them() -> None:
    assert sealed(message_id="1a2b@dunwell.example")["Message-ID"] == "<1a2b@dunwell.example>"


@pytest.mark.parametrize("wrong", ["", "no at", "<a@b> <c@d>", "<ä@dunwell.example>", "<a@b>x"])
def test_what_is_no_message_id_is_refused(wrong: str) -> None:
    with pytest.raises(Rejected, match="message id"):
        mail.seal(a_message(message_id=wrong))


def test_every_line_is_ascii_and_fits_the_wire() -> None:
    bytes_ = mail.seal(
        a_message(
            subject="Ä" * 300, text="ü" * 5000, to=(f"{'Ö' * 300} <a@lund.example>", f"{'O' * 300} <b@lund.example>")
        )
    )
    assert max(len(line) for line in bytes_.split(b"\r\n")) <= 78
    assert bytes_.isascii()
    assert b"\n" not in bytes_.replace(b"\r\n", b"")


def test_nothing_says_that_the_mail_is_automatic() -> None:
    assert b"auto" not in mail.seal(a_message()).lower()


printable = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), max_size=120)


@given(printable)
def test_any_subject_arrives_as_it_was(subject: str) -> None:
    assert sealed(subject=subject)["Subject"].split() == subject.split()


names = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters='<>"\\', include_characters=" "))
local_parts = st.text(string.ascii_letters + string.digits + ".+-_'", min_size=1, max_size=30)


@given(st.lists(st.tuples(names, local_parts), min_size=1, max_size=5))
def test_nobody_but_the_given_addresses_receives_it_whatever_the_names_hold(people: list[tuple[str, str]]) -> None:
    to = tuple(f'"{name}" <{local}@lund.example>' for name, local in people)
    received = mail.envelope(mail.seal(a_message(to=to))).recipients
    assert received == tuple(dict.fromkeys(f"{local}@lund.example" for _, local in people))


@given(names)
def test_any_name_arrives_as_it_was(name: str) -> None:
    """Decoded word by word: `email` itself puts a space between the words of a long name."""
    head = mail.seal(a_message(to=(f'"{name}" <a@lund.example>',))).partition(b"\r\nSubject")[0].decode()
    written = re.sub(r"\r\n ", " ", head).partition("\r\nTo: ")[2]
    shown, _, address = written.rpartition("<")
    decoded = str(make_header(decode_header(shown.strip().strip('"').replace('\\"', '"'))))
    assert (decoded.split(), address) == (name.split(), "a@lund.example>")


def test_a_name_that_looks_encoded_is_no_other_name() -> None:
    (address,) = sealed(to=("=?utf-8?q?Somebody_else?= <a@lund.example>",))["To"].addresses
    assert address.display_name == "=?utf-8?q?Somebody_else?="


def test_a_subject_that_looks_encoded_is_no_other_subject() -> None:
    assert sealed(subject="=?utf-8?q?Something_else?=")["Subject"] == "=?utf-8?q?Something_else?="


def test_a_long_name_with_a_comma_stays_one_recipient() -> None:
    name = '"Lund, all@everybody.example, and ' + "more " * 30 + '" <mats@lund.example>'
    assert mail.envelope(mail.seal(a_message(to=(name,)))).recipients == ("mats@lund.example",)


def test_quotes_in_a_name_stay_in_the_name() -> None:
    email = sealed(to=(r'"Lund \"Mats\" \\ Co" <mats@lund.example>',))
    (address,) = email["To"].addresses
    assert (address.display_name, address.addr_spec) == (r'Lund "Mats" \ Co', "mats@lund.example")


def test_the_envelope_is_everybody_in_to_and_cc_once() -> None:
    message = a_message(to=("a@x.example", "B <b@x.example>"), cc=("c@x.example", "a@x.example"))
    assert mail.envelope(mail.seal(message)).recipients == ("a@x.example", "b@x.example", "c@x.example")


def test_a_domain_is_written_as_the_internet_writes_it() -> None:
    envelope = mail.envelope(mail.seal(a_message(to=("billing@straße.example", "b@BÜCHER.example"))))
    assert envelope.recipients == ("billing@xn--strae-oqa.example", "b@xn--bcher-kva.example")
    assert not envelope.utf8


def test_an_address_that_is_not_ascii_before_its_at_asks_for_more() -> None:
    envelope = mail.envelope(mail.seal(a_message(to=("jörg@lund.example",))))
    assert (envelope.recipients, envelope.utf8) == (("jörg@lund.example",), True)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "nobody",
        "a@x.example, b@x.example",
        "a@x.example b@x.example",
        "<a@x.example> <b@x.example>",
        "A <a@x.example> b",
        "a@b@x.example",
        "a@x.example>",
        "a@-.example",
    ],
)
def test_what_is_not_one_address_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(Rejected) as refused:
        mail.seal(a_message(to=(wrong,)))
    assert "x.example" not in str(refused.value)


@pytest.mark.parametrize("missing", ["From", "To", "Message-ID"])
def test_an_envelope_is_whole_or_refused(missing: str) -> None:
    with pytest.raises(Rejected, match="no sender, no recipient or no id"):
        mail.envelope(mail.seal(a_message()).replace(missing.encode(), b"X-" + missing.encode()))


def test_a_message_to_nobody_is_refused() -> None:
    with pytest.raises(Rejected, match="no recipient"):
        mail.seal(a_message(to=()))


@pytest.mark.parametrize("name", ["Bcc", "to", "Content-Type", "X Bad", "X-Bad:", "", "Resent-To", "MIME-Version"])
def test_no_header_of_the_message_can_be_added_a_second_time(name: str) -> None:
    with pytest.raises(Rejected, match="may be added"):
        mail.seal(a_message(headers={name: "x"}))


@pytest.mark.parametrize("control", "\r\n\x00\x0b\x0c\x1c\x85\u2028\u2029")
def test_no_control_character_enters_a_header(control: str) -> None:
    with pytest.raises(Rejected, match="control character"):
        mail.seal(a_message(subject=f"a{control}b"))


def test_the_name_of_a_file_cannot_leave_its_quotes() -> None:
    file = Attachment(name='a"; filename="b.exe', media_type="application/pdf", content=b"")
    (attached,) = sealed(attachments=(file,)).iter_attachments()
    assert attached.get_filename() == 'a"; filename="b.exe'


@pytest.mark.parametrize("media_type", ["", "pdf", "application/", "application/pdf; x=y", "a b/c"])
def test_what_is_no_media_type_is_refused(media_type: str) -> None:
    with pytest.raises(Rejected, match="media type"):
        mail.seal(a_message(attachments=(Attachment(name="a", media_type=media_type, content=b""),)))


def test_no_text_can_end_its_part() -> None:
    boundary = sealed().get_boundary()
    email = sealed(text=f"--{boundary}\nContent-Type: text/html\n\n--{boundary}--\n", html=None)
    assert email.get_content_type() == "text/plain"
    both = sealed(text=f"--{boundary}\n--{boundary}--\n")
    assert [part.get_content_type() for part in both.iter_parts()] == ["text/plain", "text/html"]


def test_messages_of_other_ids_have_other_boundaries() -> None:
    assert sealed().get_boundary() != sealed(message_id="<other@dunwell.example>").get_boundary()


@pytest.mark.parametrize(
    ("ours", "settings"),
    [({"sender": "Anna <anna@northwind..example>"}, "from and name"), ({"reply_to": "ar@x.example,"}, "reply_to")],
)
def test_an_address_of_ours_that_cannot_be_is_no_fault_of_the_message(ours: dict[str, str], settings: str) -> None:
    with pytest.raises(SetRight, match=f"look at {settings} in .mail., or in the ledger's own mail table"):
        mail.seal(a_message(**ours))
