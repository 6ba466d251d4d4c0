"""Writing to Xero: notes into History, files as attachments, a payment service where the ledger opts in.

History is append-only and shows "System Generated" as its user: a note once written stays, so it is looked for before
it is written. A file of the same name replaces the one before, which is how ten files on a contact are enough for
ever.
"""

import msgspec

from connectors.answers import confirmed, read
from connectors.base import FieldNote, File, Note, PayLink, Target, Write, Written
from connectors.errors import Rejected
from connectors.xero import bodies
from connectors.xero.instants import instant
from connectors.xero.sdk import Api

NOTE_LENGTH = 2500
"""History details; an older copy of Xero's page says 250, so what matters stands in the first 250."""

_TARGET = {Target.INVOICE: "invoice", Target.CUSTOMER: "contact"}

_decode_history = msgspec.json.Decoder(bodies.HistoryAnswer).decode
_decode_attachments = msgspec.json.Decoder(bodies.AttachmentsAnswer).decode
_decode_attached = msgspec.json.Decoder(bodies.AttachedAnswer).decode
_decode_services = msgspec.json.Decoder(bodies.PaymentServicesAnswer).decode
_decode_offered = msgspec.json.Decoder(bodies.OfferedAnswer).decode
_decode_branded = msgspec.json.Decoder(bodies.BrandedInvoicesAnswer).decode


def write(api: Api, write: Write, key: str) -> Written:
    """One write under its idempotency key, which Xero remembers for six minutes, its refusals included."""
    match write:
        case Note():
            api.add_history(_TARGET[write.target], write.target_id, write.text[:NOTE_LENGTH], key)
            return Written(id=write.marker, text=write.text)
        case File():
            sent = api.attach(_TARGET[write.target], write.target_id, write.name, write.content, key)
            return _file(confirmed(_decode_attached, sent).attachments[0])
        case PayLink():
            return _offer_service(api, write, key)
        case FieldNote():
            raise Rejected("Xero has no notes field on a contact or an invoice; their history holds the note already")


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
            shown = service is not None and _is_shown(api, service, _theme_of(api, write.invoice_id))
            return _link(service) if service and shown else None
        case FieldNote():
            return None


def written(api: Api, target: Target, target_id: str) -> tuple[Written, ...]:
    """All notes and files on the record, ours and others'."""
    files = (_file(body) for body in _files(api, target, target_id))
    return (*_notes(api, target, target_id), *files)


def content(api: Api, target: Target, target_id: str, file_id: str, media_type: str) -> bytes:
    """A file's bytes."""
    return api.attachment(_TARGET[target], target_id, file_id, media_type)


def _notes(api: Api, target: Target, target_id: str) -> list[Written]:
    """Oldest first, as Xero does not promise any order."""
    notes = [
        Written(id=record.date_utc, text=record.details, at=instant(record.date_utc))
        for record in read(_decode_history, api.history(_TARGET[target], target_id)).history_records
        if record.details and record.date_utc
    ]
    return sorted(notes, key=lambda note: note.at or instant(note.id))


def _files(api: Api, target: Target, target_id: str) -> tuple[bodies.AttachmentBody, ...]:
    return read(_decode_attachments, api.attachments(_TARGET[target], target_id)).attachments


def _file(body: bodies.AttachmentBody) -> Written:
    return Written(id=body.attachment_id, text=body.file_name)


def _same(api: Api, body: bodies.AttachmentBody, write: File) -> bool:
    """Whether the attachment is this very file: its name is always the same, so its bytes decide."""
    if body.file_name != write.name or body.content_length not in {None, len(write.content)}:
        return False
    return content(api, write.target, write.target_id, body.attachment_id, write.media_type) == write.content


def _service(api: Api, name: str) -> bodies.PaymentServiceBody | None:
    services = read(_decode_services, api.payment_services()).payment_services
    return next((one for one in services if one.payment_service_name == name), None)


def _theme_of(api: Api, invoice_id: str) -> str | None:
    """The branding theme in which the invoice is shown."""
    found = read(_decode_branded, api.invoice(invoice_id)).invoices
    return found[0].branding_theme_id if found else None


def _is_shown(api: Api, service: bodies.PaymentServiceBody, theme_id: str | None) -> bool:
    """Whether invoices of the theme offer the service; those without a theme cannot."""
    if theme_id is None:
        return True
    offered = read(_decode_services, api.theme_services(theme_id)).payment_services
    return any(one.payment_service_id == service.payment_service_id for one in offered)


def _offer_service(api: Api, link: PayLink, key: str) -> Written:
    """One service for the organisation, shown on the invoice's branding theme; Xero fills in number and amount.

    Two writes, each left out where it was done before.
    """
    service = _service(api, link.name)
    if service is None:
        url = link.template.format(number="[INVOICENUMBER]", amount="[AMOUNTDUE]", currency="[CURRENCY]")
        made = api.add_payment_service(link.name, url, link.name, key)
        service = confirmed(_decode_offered, made).payment_services[0]
    theme_id = _theme_of(api, link.invoice_id)
    if theme_id is not None and not _is_shown(api, service, theme_id):
        api.use_payment_service(theme_id, service.payment_service_id, f"{key[:30]}-theme")
    return _link(service)


def _link(service: bodies.PaymentServiceBody) -> Written:
    url = service.payment_service_url
    told = f"{service.payment_service_name}: {url}" if url else service.payment_service_name
    return Written(id=service.payment_service_id, text=told or "")
