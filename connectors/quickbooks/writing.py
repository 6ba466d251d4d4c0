"""Writing to QuickBooks: notes and files as Attachables, and three fields where a ledger opts in.

A note is an Attachable without a file: it shows in the attachments panel and on nothing that is printed or mailed. Our
marker opens its text, so that an earlier write can be found whatever became of its answer. Fields that people use are
read, added to and saved with the SyncToken just read; what stands there is never replaced.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress

import msgspec

from connectors.answers import confirmed, read
from connectors.base import FieldNote, File, Note, PayLink, Target, Write, Written
from connectors.errors import Rejected, RetryLater
from connectors.quickbooks import bodies
from connectors.quickbooks.faults import StaleSyncToken
from connectors.quickbooks.sdk import Api, quoted

NOTE_LENGTH = 2000
"""Attachable.Note (Intuit, attachable)."""

MEMO_LENGTH = 1000
"""Invoice.CustomerMemo, which the customer sees."""

NOTES_LENGTH = {Target.CUSTOMER: 1000, Target.INVOICE: 4000}
"""Customer.Notes: 2,000 in the documentation, 1,024 in the XSD; we stay under both. Invoice.PrivateNote: 4,000."""

_AGAIN_S = 300
"""How long somebody who is at work on a record is left to it."""

_NOTES = {Target.CUSTOMER: "Notes", Target.INVOICE: "PrivateNote"}

_ENTITY = {Target.INVOICE: "Invoice", Target.CUSTOMER: "Customer"}

_decode_saved = msgspec.json.Decoder(bodies.AttachableAnswer).decode
_decode_uploaded = msgspec.json.Decoder(bodies.Uploaded).decode
_decode_attached = msgspec.json.Decoder(bodies.Attached).decode
_decode_memo = msgspec.json.Decoder(bodies.MemoAnswer).decode
_decode_notes = msgspec.json.Decoder(bodies.NotesAnswer).decode


def write(api: Api, write: Write, key: str) -> Written:
    """One write under its idempotency key. Its earlier effect is the caller's to look for, with `find`."""
    match write:
        case Note():
            saved = api.save("Attachable", _attachable(write, {"Note": write.text[:NOTE_LENGTH]}), key)
            return _written(confirmed(_decode_saved, saved).attachable)
        case File():
            about = {"FileName": write.name, "ContentType": write.media_type, "Note": write.marker}
            uploaded = api.upload(_attachable(write, about), write.content, key)
            return _written(confirmed(_decode_uploaded, uploaded).answers[0].attachable)
        case PayLink():
            return _once_more_if_stale(lambda: _add_pay_link(api, write, key))
        case FieldNote():
            return _once_more_if_stale(lambda: _add_line(api, write, key))


def find(api: Api, write: Write) -> Written | None:
    """The effect of this write if it happened."""
    match write:
        case PayLink():
            memo = _invoice_memo(api, write.invoice_id)
            return Written(id=write.invoice_id, text=memo.text) if write.url in memo.text else None
        case FieldNote():
            notes = _notes(api, write.target, write.target_id)
            return Written(id=write.target_id, text=notes.text) if write.marker in notes.text else None
        case Note() | File():
            found = (one for one in written(api, write.target, write.target_id) if write.marker in one.text)
            return next(found, None)


def written(api: Api, target: Target, target_id: str) -> tuple[Written, ...]:
    """All notes and files on the record, ours and others', oldest first."""
    return tuple(_written(body) for body in sorted(_attachables(api, target, target_id), key=_age))


def _attachable(write: Note | File, about: Mapping[str, str]) -> dict[str, object]:
    """Never sent along when QuickBooks mails the transaction: that would be the customer's to read."""
    entity = {"type": _ENTITY[write.target], "value": write.target_id}
    return {"AttachableRef": [{"EntityRef": entity, "IncludeOnSend": False}], **about}


def _attachables(api: Api, target: Target, target_id: str) -> tuple[bodies.AttachableBody, ...]:
    ref = "AttachableRef.EntityRef"
    where = f"{ref}.Type = {quoted(_ENTITY[target].lower())} AND {ref}.value = {quoted(target_id)}"
    answer = api.query(f"SELECT * FROM Attachable WHERE {where} MAXRESULTS 1000")
    return read(_decode_attached, answer).found.attachable


def _age(body: bodies.AttachableBody) -> tuple[bool, float, str]:
    """The order of writing; what does not say when it was written comes first. Ids break ties: they only grow."""
    at = body.meta_data.create_time if body.meta_data else None
    return at is not None, at.timestamp() if at else 0.0, body.id.zfill(20)


def _written(body: bodies.AttachableBody) -> Written:
    text = " ".join(part for part in (body.file_name, body.note) if part)
    return Written(id=body.id, text=text, at=body.meta_data.last_updated_time if body.meta_data else None)


class _Field(msgspec.Struct):
    """A text field that people use, with what it takes to save it."""

    text: str
    sync_token: str

    def with_line(self, line: str, longest: int) -> str:
        text = f"{self.text}\n{line}" if self.text else line
        if len(text) > longest:
            raise Rejected(f"The field has no room left for a line of {len(line)} characters (it holds {longest})")
        return text


def _invoice_memo(api: Api, invoice_id: str) -> _Field:
    invoice = read(_decode_memo, api.read("Invoice", invoice_id)).invoice
    return _Field(text=invoice.customer_memo.value if invoice.customer_memo else "", sync_token=invoice.sync_token)


def _add_pay_link(api: Api, link: PayLink, key: str) -> Written:
    memo = _invoice_memo(api, link.invoice_id)
    text = memo.with_line(f"{link.name}: {link.url}", MEMO_LENGTH)
    _sparse(api, "Invoice", link.invoice_id, memo, {"CustomerMemo": {"value": text}}, key)
    return Written(id=link.invoice_id, text=text)


def _notes(api: Api, target: Target, target_id: str) -> _Field:
    if target is Target.INVOICE:
        invoice = read(_decode_memo, api.read("Invoice", target_id)).invoice
        return _Field(text=invoice.private_note or "", sync_token=invoice.sync_token)
    customer = read(_decode_notes, api.read("Customer", target_id)).customer
    return _Field(text=customer.notes or "", sync_token=customer.sync_token)


def _add_line(api: Api, note: FieldNote, key: str) -> Written:
    notes = _notes(api, note.target, note.target_id)
    text = notes.with_line(note.text, NOTES_LENGTH[note.target])
    _sparse(api, _ENTITY[note.target], note.target_id, notes, {_NOTES[note.target]: text}, key)
    return Written(id=note.target_id, text=text)


def _sparse(api: Api, entity: str, record_id: str, read: _Field, changed: Mapping[str, object], key: str) -> None:
    """A sparse update: a full one clears every writable field that it leaves out."""
    api.save(entity, {"Id": record_id, "SyncToken": read.sync_token, "sparse": True, **changed}, key)


def _once_more_if_stale(attempt: Callable[[], Written]) -> Written:
    """Somebody saved between our reading and our saving: read again and add to what they wrote. Where they do it twice,
    they are at work on the record, and nothing happened: `RetryLater`, of this record alone.
    """
    with suppress(StaleSyncToken):
        return attempt()
    try:
        return attempt()
    except StaleSyncToken as error:
        later = RetryLater(
            "Somebody is changing the record in QuickBooks", after_s=_AGAIN_S, only_this=True, code=error.code
        )
        later.ledger, later.status, later.correlation_id = error.ledger, error.status, error.correlation_id
        raise later from error
