"""Writing to Xero: notes into History, files as attachments, a payment service where the ledger opts in.

History is append-only and shows "System Generated" as its user: a note once written stays, so it is looked for before
it is written. A file of the same name replaces the one before, which is how ten files on a contact are enough for
ever.
"""

from collections.abc import Iterator

import msgspec

from connectors.base import CustomerNote, File, Note, PayLink, Target, Write, Written
from connectors.errors import Rejected
from connectors.xero import bodies
from connectors.xero.records import instant
from connectors.xero.sdk import Api

NOTE_LENGTH = 2500
"""History details; an older copy of Xero's page says 250, so what matters stands in the first 250."""

_TARGET = {Target.INVOICE: "invoice", Target.CUSTOMER: "contact"}


def write(api: Api, write: Write, key: str) -> Written:
    """One write under its idempotency key, which Xero remembers for six minutes, its refusals included."""
    match write:
        case Note():
            api.add_history(_TARGET[write.target], write.target_id, write.text[:NOTE_LENGTH], key)
            return Written(id=write.marker, text=write.text)
        case File():
            sent = api.attach(_TARGET[write.target], write.target_id, write.name, write.content, key)
            return _file(msgspec.json.decode(sent, type=bodies.AttachmentsAnswer).attachments[0])
        case PayLink():
            return _offer_service(api, write, key)
        case CustomerNote():
            raise Rejected("Xero has no notes field on a contact; its history holds the note already")


def find(api: Api, write: Write) -> Written | None:
    """The effect of this write if it happened."""
    match write:
        case Note():
            notes = _notes(api, write.target, write.target_id)
            return next((note for note in notes if write.marker in note.text), None)
        case File():
            files = _files(api, write.target, write.target_id)
            return next((_file(body) for body in files if _same(api, body, write)), None)
        case PayLink():
            service = _service(api, write.name)
            return Written(id=service.payment_service_id, text=write.name) if service else None
        case CustomerNote():
            return None


def written(api: Api, target: Target, target_id: str) -> tuple[Written, ...]:
    """All notes and files on the record, ours and others'."""
    files = (_file(body) for body in _files(api, target, target_id))
    return (*_notes(api, target, target_id), *files)


def content(api: Api, target: Target, target_id: str, file_id: str, media_type: str) -> bytes:
    """A file's bytes."""
    return api.attachment(_TARGET[target], target_id, file_id, media_type)


def _notes(api: Api, target: Target, target_id: str) -> Iterator[Written]:
    """Oldest first, as Xero does not promise any order."""
    answer = msgspec.json.decode(api.history(_TARGET[target], target_id), type=bodies.HistoryAnswer)
    notes = [
        Written(id=f"{record.date_utc}", text=record.details, at=instant(record.date_utc))
        for record in answer.history_records
        if record.details and record.date_utc
    ]
    yield from sorted(notes, key=lambda note: note.id)


def _files(api: Api, target: Target, target_id: str) -> tuple[bodies.AttachmentBody, ...]:
    answer = api.attachments(_TARGET[target], target_id)
    return msgspec.json.decode(answer, type=bodies.AttachmentsAnswer).attachments


def _file(body: bodies.AttachmentBody) -> Written:
    return Written(id=body.attachment_id, text=body.file_name)


def _same(api: Api, body: bodies.AttachmentBody, write: File) -> bool:
    """Whether the attachment is this very file: its name is always the same, so its bytes decide."""
    if body.file_name != write.name or body.content_length not in {None, len(write.content)}:
        return False
    return content(api, write.target, write.target_id, body.attachment_id, write.media_type) == write.content


def _service(api: Api, name: str) -> bodies.PaymentServiceBody | None:
    answer = msgspec.json.decode(api.payment_services(), type=bodies.PaymentServicesAnswer)
    return next((one for one in answer.payment_services if one.payment_service_name == name), None)


def _offer_service(api: Api, link: PayLink, key: str) -> Written:
    """One service for the organisation, shown on the invoice's branding theme; Xero fills in number and amount."""
    service = _service(api, link.name)
    if service is None:
        url = link.template.format(number="[INVOICENUMBER]", amount="[AMOUNTDUE]", currency="[CURRENCY]")
        made = api.add_payment_service(link.name, url, link.name, key)
        service = msgspec.json.decode(made, type=bodies.PaymentServicesAnswer).payment_services[0]
    invoice = msgspec.json.decode(api.invoice(link.invoice_id), type=bodies.BrandedInvoicesAnswer).invoices[0]
    if invoice.branding_theme_id:
        api.use_payment_service(invoice.branding_theme_id, service.payment_service_id, f"{key[:30]}-theme")
    return Written(id=service.payment_service_id, text=link.name)
