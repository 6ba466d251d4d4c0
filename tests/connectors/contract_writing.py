"""What every connector keeps when it writes: once, where it can be found again and read back."""

import io
from collections.abc import Callable, Mapping

import pytest
from pypdf import PdfReader

from connectors.base import FieldNote, File, Note, PayLink, Target, Write, Written
from connectors.errors import OutcomeUnknown, Rejected
from dunwell.sandbox.books.records import Invoice as Kept
from tests.connectors import books
from tests.connectors.roads import Road

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF"


def target_of(road: Road, target: Target) -> str:
    if target is Target.INVOICE:
        return books.id_of(road, books.an_open_invoice(road))
    return books.id_of(road, books.kept_books(road).customers[1])


def a_note(road: Road, target: Target = Target.CUSTOMER, marker: str = "Dunwell 1a2b3c4d") -> Note:
    text = f"{marker} 2026-03-02 first reminder; „Grüße“ & 'quotes' \\ done"
    return Note(target=target, target_id=target_of(road, target), marker=marker, text=text)


def a_file(
    road: Road, target: Target = Target.CUSTOMER, marker: str = "Dunwell 5e6f7a8b", content: bytes = PDF
) -> File:
    return File(
        target=target,
        target_id=target_of(road, target),
        marker=marker,
        name="Statement USD.pdf",
        media_type="application/pdf",
        content=content,
    )


def a_link(road: Road) -> PayLink:
    return PayLink(
        invoice_id=books.id_of(road, books.an_open_invoice(road)),
        name="Pay by card",
        url="https://pay.example/i/1042?amount=12.00",
        template="https://pay.example/i/{number}?amount={amount}&currency={currency}",
    )


def a_line(road: Road, target: Target = Target.CUSTOMER, marker: str = "Dunwell 9c0d1e2f") -> FieldNote:
    text = f"{marker} called, will pay on Friday"
    return FieldNote(target=target, target_id=target_of(road, target), marker=marker, text=text)


MAKE: Mapping[str, Callable[[Road], Write]] = {
    "note on invoice": lambda road: a_note(road, Target.INVOICE),
    "note on customer": a_note,
    "file on invoice": lambda road: a_file(road, Target.INVOICE),
    "file on customer": a_file,
    "payment link": a_link,
    "line on customer": a_line,
    "line on invoice": lambda road: a_line(road, Target.INVOICE),
}


class Writing:
    """Facts of writing. `may_write`: what the platform takes; `wide`: the scopes that takes, where the usual do not."""

    platform: str
    may_write: tuple[str, ...]
    wide: str | None = None

    def made(self, road: Road, what: str) -> Write:
        """One write of that kind; skips nothing: what a platform does not take must be refused."""
        if self.wide is not None:
            road.tokens.token = str(road.control.tokens(self.wide)["access_token"])
        return MAKE[what](road)

    @pytest.mark.parametrize("what", MAKE)
    def test_a_write_is_found_again_and_not_before(self, road: Road, what: str) -> None:
        write = self.made(road, what)
        if what not in self.may_write:
            with pytest.raises(Rejected):
                road.connector.write(write, "key-1")
            return
        assert road.connector.find(write) is None
        road.connector.write(write, "key-1")
        assert road.connector.find(write) is not None

    @pytest.mark.parametrize("what", MAKE)
    def test_the_same_write_with_the_same_key_happens_once(self, road: Road, what: str) -> None:
        if what not in self.may_write or what.startswith("file"):
            return
        write = self.made(road, what)
        state = self._state(road, write)
        for _ in range(2):
            if not road.connector.find(write):
                road.connector.write(write, "key-1")
        assert self._count(road, write, state) == 1

    @pytest.mark.parametrize("what", ["note on invoice", "note on customer"])
    def test_the_platform_itself_keeps_one_key_to_one_note(self, road: Road, what: str) -> None:
        write = self.made(road, what)
        for _ in range(2):
            road.connector.write(write, "key-1")
        assert len(road.control.papers()) == 1

    @pytest.mark.parametrize("what", ["note on invoice", "note on customer", "file on invoice", "file on customer"])
    def test_a_file_or_note_that_was_written_and_whose_answer_was_lost_is_found(self, road: Road, what: str) -> None:
        write = self.made(road, what)
        road.fault("drop_after", method=self.verb)
        with pytest.raises(OutcomeUnknown):
            road.connector.write(write, "key-1")
        assert road.connector.find(write) is not None
        assert len(road.control.papers()) == 1

    @pytest.mark.parametrize("what", ["note on customer", "file on customer"])
    def test_what_was_lost_before_it_arrived_is_not_found(self, road: Road, what: str) -> None:
        write = self.made(road, what)
        road.fault("drop_before", method=self.verb)
        with pytest.raises(OutcomeUnknown):
            road.connector.write(write, "key-1")
        assert road.connector.find(write) is None

    verb: str
    """The HTTP method of its writes."""

    @pytest.mark.parametrize("target", list(Target))
    def test_notes_are_read_back_word_for_word_oldest_first(self, road: Road, target: Target) -> None:
        notes = [a_note(road, target, f"Dunwell {number:08x}") for number in range(3)]
        for number, note in enumerate(notes):
            road.connector.write(note, f"key-{number}")
            road.clock.move(minutes=5)
        told = [one for one in road.connector.written(target, notes[0].target_id) if "Dunwell" in one.text]
        assert [one.text for one in told] == [note.text for note in notes]
        assert [one.at for one in told] == sorted(one.at for one in told if one.at)

    def test_only_the_note_that_was_meant_is_found(self, road: Road) -> None:
        first, second = a_note(road, marker="Dunwell 00000001"), a_note(road, marker="Dunwell 00000002")
        road.connector.write(first, "key-1")
        assert road.connector.find(second) is None
        found = road.connector.find(first)
        assert found is not None
        assert found.text == first.text

    def test_a_note_on_one_record_is_not_on_another(self, road: Road) -> None:
        note = a_note(road, Target.CUSTOMER)
        road.connector.write(note, "key-1")
        invoice = target_of(road, Target.INVOICE)
        assert not [one for one in road.connector.written(Target.INVOICE, invoice) if note.marker in one.text]

    @pytest.mark.parametrize("target", list(Target))
    def test_a_file_comes_back_byte_for_byte(self, road: Road, target: Target) -> None:
        file = a_file(road, target)
        road.connector.write(file, "key-1")
        found = self._file(road, file)
        assert road.connector.file_content(target, file.target_id, found) == PDF

    def test_a_file_is_nothing_that_the_customer_gets_to_see(self, road: Road) -> None:
        road.connector.write(a_file(road, Target.INVOICE), "key-1")
        (paper,) = books.kept_books(road).papers.values()
        assert not paper.fields.get("IncludeOnSend")
        assert not paper.fields.get("IncludeOnline")

    def test_another_file_of_the_same_name_is_not_taken_for_this_one(self, road: Road) -> None:
        other = a_file(road, content=b"%PDF-1.7 of last month", marker="Dunwell 00000001")
        road.connector.write(other, "key-1")
        assert road.connector.find(a_file(road, marker="Dunwell 00000002")) is None

    def test_a_note_longer_than_the_platform_takes_is_cut_and_not_refused(self, road: Road) -> None:
        note = a_note(road)
        long = Note(target=note.target, target_id=note.target_id, marker=note.marker, text=note.text + "x" * 5_000)
        road.connector.write(long, "key-1")
        found = road.connector.find(long)
        assert found is not None
        assert long.text.startswith(found.text)
        assert len(found.text) >= 1_000

    def test_a_note_on_a_record_that_is_not_there_is_refused(self, road: Road) -> None:
        note = Note(target=Target.INVOICE, target_id=self.no_such_id, marker="Dunwell 1", text="Dunwell 1")
        with pytest.raises(Rejected):
            road.connector.write(note, "key-1")

    no_such_id: str

    def test_the_platforms_own_payment_link_is_read(self, road: Road) -> None:
        link = road.connector.payment_link(books.id_of(road, self.payable(road)))
        assert link is not None
        assert link.startswith("https://")

    def payable(self, road: Road) -> Kept:
        """An invoice that the platform itself offers to pay."""
        books_kept = books.kept_books(road)
        every = (books.an_open_invoice(road, skip=skip) for skip in range(40))
        return next(one for one in every if books_kept.customers[one.customer_id].pays_online and one.email)

    def test_an_invoice_that_is_not_there_has_no_payment_link(self, road: Road) -> None:
        assert road.connector.payment_link(self.no_such_id) is None  # type: ignore[arg-type]

    def test_the_invoice_comes_as_a_pdf(self, road: Road) -> None:
        kept = books.an_open_invoice(road)
        pdf = road.connector.invoice_pdf(books.id_of(road, kept))
        assert str(kept.number) in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()

    def test_what_is_no_pdf_is_not_taken_for_one(self, road: Road) -> None:
        kept = books.an_open_invoice(road)
        with pytest.raises(Rejected):
            road.connector.invoice_pdf(self.no_such_id)  # type: ignore[arg-type]
        assert road.connector.invoice_pdf(books.id_of(road, kept)).startswith(b"%PDF-")

    def _file(self, road: Road, file: File) -> Written:
        """The file as `written` tells it."""
        found = road.connector.find(file)
        assert found is not None
        return next(one for one in road.connector.written(file.target, file.target_id) if one.id == found.id)

    def _state(self, road: Road, write: Write) -> int:
        return self._effects(road, write)

    def _count(self, road: Road, write: Write, before: int) -> int:
        return self._effects(road, write) - before

    def _effects(self, road: Road, write: Write) -> int:
        """How often the write's effect is in the books."""
        match write:
            case PayLink():
                found = road.connector.find(write)
                return found.text.count(write.url) if found and write.url in found.text else int(found is not None)
            case FieldNote():
                found = road.connector.find(write)
                return found.text.count(write.text) if found else 0
        return len(road.control.papers())
