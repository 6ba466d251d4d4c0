"""What the books are told of a message that was sent, a call that was made, or what was agreed."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

import msgspec

from connectors.base import FieldNote, File, Note, PayLink, Target, Write
from strategy import money
from strategy.decision import Asked, TaskAsked, Touchpoint, TouchpointKind
from strategy.explain import amount, sentence
from strategy.model import Currency, CustomerId, InvoiceId, Record
from sync.bench import Bench
from sync.composing import Composed, statement_name
from sync.outbox import BY_STRATEGY, id8
from sync.store import outbox
from sync.store.journal import Moment
from sync.store.outbox import Kind, New, OutboxRow, State
from sync.store.work import Done

BOOKS = "books"
"""The channel of what goes to the books."""

MARK = "Dunwell"


class About(Record):
    """What a write tells of: of whom, and on which occasion, as the outbox key has it. `row_id` is a message's row."""

    customer_id: CustomerId
    currency: Currency
    occasion: str
    row_id: int | None = None


_WRITE = msgspec.json.Decoder(Write)


def write_of(row: OutboxRow) -> Write:
    """What a row for the books writes, its mark in it."""
    write: Write = _WRITE.decode(row.decided)
    return write


def told_by(row: OutboxRow) -> About:
    """What a write that is in the outbox already tells of."""
    return About(
        customer_id=row.customer_id, currency=row.currency, occasion=row.key.split("/")[-3], row_id=row.about_id
    )


_VERBS = {
    TouchpointKind.REMINDER: "reminder",
    TouchpointKind.NUDGE: "nudge",
    TouchpointKind.RECEIPT: "question whether it arrived",
    TouchpointKind.STATEMENT: "statement",
    TouchpointKind.THANKS: "thanks",
}


def plan_for_message(bench: Bench, now: Moment, row: OutboxRow, touchpoint: Touchpoint, composed: Composed) -> None:
    """Rows for everything that the books are to be told. Belongs into the transaction that records the sending."""
    settings = bench.settings.write_back
    if settings.notes:
        _plan_notes(bench, now, row, touchpoint, composed)
    if settings.customer_notes:
        plan(bench, now, row, "line", _line(Target.CUSTOMER, touchpoint.customer_id, row, touchpoint, now))
    if settings.invoice_notes and (named := touchpoint.invoices or touchpoint.coming):
        plan(bench, now, row, "line", _line(Target.INVOICE, named[0].invoice_id, row, touchpoint, now))
    if settings.statements:
        for attached in composed.message.attachments:
            if attached.name == statement_name(touchpoint.currency):
                file = File(
                    target=Target.CUSTOMER,
                    target_id=touchpoint.customer_id,
                    marker="",
                    name=attached.name,
                    media_type=attached.media_type,
                    content=attached.content,
                )
                plan(bench, now, row, "file", file)
    if settings.pay_url:
        for asked in touchpoint.invoices if bench.connector.links_each_invoice else touchpoint.invoices[:1]:
            plan(bench, now, row, "link", _pay_link(settings.pay_url, touchpoint, asked))


def plan_for_call(bench: Bench, now: Moment, row: OutboxRow, asked: TaskAsked, done: Done) -> None:
    """One note on the lead invoice, one on the customer. Belongs into the transaction that records the outcome."""
    text = f'{now.on} call "{asked.act}" by {now.who}: {done.outcome.replace("_", " ")}'
    text += f", again on {done.next_on}." if done.next_on else "."
    if done.note:
        text += f" {done.note}"
    targets = [(Target.INVOICE, one.invoice_id) for one in asked.invoices[:1]]
    for target, target_id in [*targets, (Target.CUSTOMER, asked.customer_id)]:
        plan(bench, now, row, "note", Note(target=target, target_id=target_id, marker="", text=text))


def plan_for_bounce(bench: Bench, now: Moment, row: OutboxRow, addresses: Sequence[str]) -> None:
    """The same places that were told of the message hear that it came back."""
    text = f'{now.on} "{row.act}" of {row.sent_on} came back from {", ".join(addresses)}.'
    for target, target_id in _note_targets(row.touchpoint()):
        note = Note(target=target, target_id=target_id, marker="", text=text)
        plan(bench, now, row, f"bounce-{id8(addresses[0])}", note)


def plan_for_touch(bench: Bench, now: Moment, about: About, lead: InvoiceId | None, text: str) -> None:
    """A contact of somebody else's: on the invoice that it was about, where it was about one, and on the customer."""
    targets = [(Target.INVOICE, lead)] if lead else []
    for target, target_id in [*targets, (Target.CUSTOMER, about.customer_id)]:
        plan(bench, now, about, "note", Note(target=target, target_id=target_id, marker="", text=text))


def plan_for_agreement(bench: Bench, now: Moment, about: About, lead: InvoiceId, text: str) -> None:
    """The same places as of a message: the lead invoice and the customer."""
    plan_for_touch(bench, now, about, lead, f"{now.on} {text}")


def take_back(bench: Bench, now: Moment, row: OutboxRow, text: str) -> None:
    """What a row notes is not so: it is withdrawn while it waits; where the books have heard it, or may have, they hear
    the text in the same place. Belongs into a transaction.
    """
    if row.state is State.APPROVED:
        outbox.move(bench.store, now, row, State.WITHDRAWN, "It was noted by mistake.")
    elif row.state in {State.SENDING, State.SENT, State.UNKNOWN} and isinstance(written := write_of(row), Note):
        plan(bench, now, _taken_back(row), row.act, msgspec.structs.replace(written, text=text))


def correction_of(bench: Bench, row: OutboxRow) -> OutboxRow | None:
    """What tells the books that a row's note is not so; None where nobody has taken it back."""
    written = write_of(row)
    if not isinstance(written, Note):
        return None
    return outbox.by_key(bench.store, bench.ledger.id, _key(bench, _taken_back(row), row.act, written))


def _taken_back(row: OutboxRow) -> About:
    about = told_by(row)
    return msgspec.structs.replace(about, occasion=f"{about.occasion}-back")


def plan(bench: Bench, now: Moment, tells_of: OutboxRow | About, act: str, write: Write, attempt: int = 1) -> None:
    """One row, unless it is there already. The row's own mark is put into the write."""
    about = tells_of if isinstance(tells_of, About) else _message(tells_of)
    key = _key(bench, about, act, write, attempt)
    if outbox.by_key(bench.store, bench.ledger.id, key) is None:
        new = New(
            key=key,
            kind=_kind(write),
            state=State.APPROVED,
            customer_id=about.customer_id,
            currency=about.currency,
            case=None,
            act=act,
            occasion=about.occasion,
            channel=BOOKS,
            attempt=attempt,
            amount_minor=0,
            decided=msgspec.json.encode(_marked(write, f"{MARK} {id8(key)}")),
            approved_by=BY_STRATEGY,
            about_id=about.row_id,
        )
        outbox.insert(bench.store, now, new, id8(key))


def _plan_notes(bench: Bench, now: Moment, row: OutboxRow, touchpoint: Touchpoint, composed: Composed) -> None:
    """One on the lead invoice, with the reason, and one on the customer, whose field holds less."""
    text = _story(touchpoint, composed, now)
    why = " ".join(map(sentence, touchpoint.why[:1]))
    for target, target_id in _note_targets(touchpoint):
        told = f"{text} {why}" if target is Target.INVOICE and why else text
        plan(bench, now, row, "note", Note(target=target, target_id=target_id, marker="", text=told))


def _note_targets(touchpoint: Touchpoint) -> Iterator[tuple[Target, str]]:
    named = touchpoint.invoices or touchpoint.coming
    if named:
        yield Target.INVOICE, named[0].invoice_id
    yield Target.CUSTOMER, touchpoint.customer_id


def _story(touchpoint: Touchpoint, composed: Composed, now: Moment) -> str:
    """What happened, the essentials first: an old copy of Xero's page allows a note only 250 characters.

    Notes are for those who keep the books, so that the payment link may stand in them.
    """
    to = ", ".join(composed.message.to)
    text = f'{now.on} {_VERBS[touchpoint.kind]} "{touchpoint.step}" by {touchpoint.channel} to {to}'
    if touchpoint.amount_minor:
        text += f", asks {amount(touchpoint.amount_minor, touchpoint.currency)}"
    if named := touchpoint.invoices or touchpoint.coming:
        text += f" for {', '.join(one.number for one in named)}"
    if touchpoint.credits:
        text += f"; credit taken off: {', '.join(one.number or one.id for one in touchpoint.credits)}"
    return f"{text}. Payment link: {composed.link}" if composed.link else f"{text}."


def _line(target: Target, target_id: str, row: OutboxRow, touchpoint: Touchpoint, now: Moment) -> FieldNote:
    text = f'{now.on} {_VERBS[touchpoint.kind]} "{touchpoint.step}" ({row.id8})'
    return FieldNote(target=target, target_id=target_id, marker="", text=text)


def _pay_link(template: str, touchpoint: Touchpoint, asked: Asked) -> PayLink:
    """On Xero one for the company, of which the template counts; {amount} stands in no other."""
    owed = money.to_decimal(asked.open_minor, touchpoint.currency)
    url = template.format(number=quote(asked.number, safe=""), amount=owed, currency=touchpoint.currency)
    return PayLink(invoice_id=asked.invoice_id, name="Pay online", url=url, template=template)


def _marked(write: Write, marker: str) -> Write:
    """The write with the mark by which it is found again, which opens its text."""
    match write:
        case Note() | FieldNote():
            return msgspec.structs.replace(write, marker=marker, text=f"{marker} {write.text}")
        case File():
            return msgspec.structs.replace(write, marker=marker)
        case PayLink():
            return write


def without_mark(write: Write) -> Write:
    """The write as it was before `plan` marked it."""
    match write:
        case Note() | FieldNote():
            return msgspec.structs.replace(write, text=write.text.removeprefix(f"{write.marker} "))
        case File() | PayLink():
            return write


def _key(bench: Bench, about: About, act: str, write: Write, attempt: int = 1) -> str:
    return f"{bench.ledger.name}/{_subject(bench, write)}/{act}/{_occasion(about, write)}/{BOOKS}/{attempt}"


def _subject(bench: Bench, write: Write) -> str:
    match write:
        case Note() | File() | FieldNote():
            return f"{write.target}-{write.target_id}"
        case PayLink():
            return f"invoice-{write.invoice_id}" if bench.connector.links_each_invoice else "company"


def _message(row: OutboxRow) -> About:
    return About(customer_id=row.customer_id, currency=row.currency, occasion=row.id8, row_id=row.id)


def _occasion(about: About, write: Write) -> str:
    """What it tells of; a payment link is put on an invoice once, whatever message it came with."""
    return "once" if isinstance(write, PayLink) else about.occasion


def _kind(write: Write) -> Kind:
    match write:
        case Note() | FieldNote():
            return Kind.NOTE
        case File():
            return Kind.FILE
        case PayLink():
            return Kind.LINK
