"""A touchpoint as a message: the letter in the customer's language, the table, the link, the files, the thread."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Final

import msgspec

from connectors.addresses import wire_domain
from connectors.base import Attachment, Message
from connectors.errors import NotFound
from strategy import explain, instalments, plans, promises, statement
from strategy.account import Account
from strategy.agreements import HoldKind
from strategy.business_days import Calendar
from strategy.decision import Decision, Reason, Touchpoint, TouchpointKind
from strategy.facts import sums
from strategy.model import Currency, Issue, Record
from strategy.promises import Verdict
from strategy.statement import Aside, AsideReason, Statement
from sync.bench import Bench
from sync.letters import words
from sync.letters.fields import LetterFacts, Planned, Promised, StatementTotal, fields
from sync.letters.render import render_letter
from sync.letters.sheet import Stationery
from sync.letters.statement_pdf import statement_pdf
from sync.store import ledgers, outbox
from sync.store.outbox import Sealed

MOST_PDFS = 10
"""Invoices attached to one message; a longer list goes with the statement."""

_ASIDES: Final[Mapping[str, AsideReason]] = {
    "disputed": AsideReason.DISPUTED,
    "credit_expected": AsideReason.DISPUTED,
    "promised": AsideReason.PROMISED,
    "claimed_paid": AsideReason.CLAIMED,
    "planned": AsideReason.PLANNED,
    "never_sent": AsideReason.HELD,
    "unreadable": AsideReason.DOUBTFUL,
} | dict.fromkeys(HoldKind, AsideReason.HELD)
"""What a statement must not ask for; what is held for other reasons is owed all the same."""


class NoLetter(Exception):
    """The step names a letter that is not there."""


class DoesNotFoot(Exception):
    """A statement that would not foot is not sent."""


class Composed(Record):
    """A message, and the platform's own payment link in it: a secret, "" where the letter names none."""

    message: Message
    link: str = ""


def compose(bench: Bench, account: Account, decision: Decision, touchpoint: Touchpoint, calendar: Calendar) -> Composed:
    """The message, every value final.

    Reads the payment link and the invoices' PDFs where letter and step ask for them. Raises `connectors.errors`,
    `NoLetter`, `DoesNotFoot`, and `sync.letters.render.BadLetter`.
    """
    touchpoint, name, source = source_of(bench, touchpoint)
    paper = _statement(account, decision, touchpoint) if "statement" in touchpoint.attach else None
    link = _link(bench, touchpoint) if "link" in source else ""
    facts = msgspec.structs.replace(
        letter_facts(bench, account, touchpoint, calendar, decision.as_of),
        statement=StatementTotal(as_of=paper.as_of, total_minor=paper.total_minor) if paper else None,
        link=link,
    )
    letter = render_letter(source, name, fields(facts))
    thread = outbox.conversation(bench.store, bench.ledger.id, touchpoint) if touchpoint.case is not None else ()
    sender = bench.settings.sender
    message = Message(
        message_id=message_id(touchpoint.key, sender.address),
        sender=f"{sender.name} <{sender.address}>",
        reply_to=sender.reply_to,
        to=touchpoint.to,
        subject=_one_line(letter.subject),
        text=letter.text,
        html=letter.html,
        attachments=tuple(_attachments(bench, account, touchpoint, paper)),
        headers={"X-Dunwell-Key": touchpoint.key, "X-Dunwell-Step": touchpoint.step},
        in_reply_to=thread[-1] if thread else None,
        references=thread,
        at=bench.clock.now(),
    )
    return Composed(message=message, link=link)


def sealed(touchpoint: Touchpoint, message: Message, content: bytes) -> Sealed:
    """What is kept as evidence: the bytes, who got them, and the balances they named."""
    return Sealed(
        message_id=message.message_id,
        recipients=(*message.to, *message.cc),
        subject=message.subject,
        balances={asked.invoice_id: asked.open_minor for asked in (*touchpoint.invoices, *touchpoint.coming)},
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def message_id(key: str, sender: str) -> str:
    """Always the same for a key, so that a mailbox can be searched for what may have left. A domain that is not ASCII
    stands in it as the internet writes it; one that cannot exist stays, for the channel to refuse the sender.
    """
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    domain = sender.rpartition("@")[2]
    if not domain.isascii():
        with suppress(ValueError):
            domain = wire_domain(domain)
    return f"<{digest}@{domain}>"


def _one_line(text: str) -> str:
    """Tabs and line breaks of the books are no part of a subject or of a file's name."""
    return " ".join(text.split())


def stationery(bench: Bench, account: Account, spoken: str | None = None) -> Stationery:
    """What the account's statements are printed on. `spoken`: the language of the letter that one goes with.

    A statement is all words of ours: where there are none in its language, it is in the strategy's default.
    """
    languages = bench.settings.strategy.languages
    own = spoken or languages.of(account.country, account.language)
    synced_at = ledgers.last_complete(bench.store, bench.ledger.id)
    return Stationery(
        company=bench.company(),
        country=account.country,
        language=own if words.known(own) else languages.default,
        synced_at=synced_at or bench.clock.now(),
        time_zone=bench.time_zone(),
        bank=bench.settings.bank,
    )


def asides(decision: Decision) -> Iterator[Aside]:
    """What a statement must not ask for."""
    for held in decision.held:
        if reason := _ASIDES.get(held.reasons[0].code):
            yield Aside(invoice_id=held.invoice_id, reason=reason, amount_minor=held.amount_minor)


def statement_name(currency: Currency) -> str:
    """One fixed file name per currency: Xero keeps ten files on a customer, and the same name replaces."""
    return f"Statement {currency}.pdf"


def source_of(bench: Bench, touchpoint: Touchpoint) -> tuple[Touchpoint, str, str]:
    """The letter's file name and text: in the language, its base, or the strategy's default; with the touchpoint in the
    language that it then has throughout, amounts and tables too. Raises `NoLetter`.
    """
    own, default = touchpoint.language, bench.settings.strategy.languages.default
    for folder, language in ((own, own), (own.partition("-")[0], own), (default, default)):
        if source := bench.settings.letters.source(folder, touchpoint.letter):
            spoken = msgspec.structs.replace(touchpoint, language=language)
            return spoken, f"letters/{folder}/{touchpoint.letter}.txt", source
    raise NoLetter(
        f'step "{touchpoint.step}" says "{touchpoint.letter}", but there is no letters/{touchpoint.language}/'
        f"{touchpoint.letter}.txt; run dunwell check"
    )


def _link(bench: Bench, touchpoint: Touchpoint) -> str:
    """The platform's own link of the lead invoice."""
    named = touchpoint.invoices or touchpoint.coming
    return (bench.connector.payment_link(named[0].invoice_id) if named else None) or ""


def _statement(account: Account, decision: Decision, touchpoint: Touchpoint) -> Statement:
    made = statement.open_items(account, touchpoint.currency, decision.as_of, asides(decision))
    if isinstance(made, Issue):
        raise DoesNotFoot(made.message)
    return made


def letter_facts(
    bench: Bench, account: Account, touchpoint: Touchpoint, calendar: Calendar, today: date
) -> LetterFacts:
    """What a letter of this touchpoint may speak of on its own day, but for a statement and the payment link."""
    disputed = sums.money(account, today)["disputed"].get(touchpoint.currency, 0)
    notice = touchpoint.kind is TouchpointKind.NOTICE
    return LetterFacts(
        touchpoint=touchpoint,
        customer=account.customer,
        country=account.country,
        company=bench.company(),
        today=today,
        sender=bench.settings.sender.name,
        disputed_minor=disputed,
        promise=_broken_promise(bench, account, touchpoint.currency, calendar, today),
        plan=_instalment(bench, account, touchpoint, calendar, today),
        trigger=touchpoint.step if notice else "",
        why=tuple(map(explain.sentence, _told(touchpoint.why))) if notice else (),
        noticed_minor=_noticed(touchpoint) if notice else 0,
    )


def _noticed(notice: Touchpoint) -> int:
    """What the books say of an agency's case, in minor units."""
    found = (why.facts.get("paid", why.facts.get("figure")) for why in notice.why if why.code.startswith("placed_"))
    return next((one for one in found if isinstance(one, int)), 0)


def _told(why: tuple[Reason, ...]) -> Iterator[Reason]:
    return (one for one in why if not one.code.startswith("segment"))


def _broken_promise(
    bench: Bench, account: Account, currency: Currency, calendar: Calendar, today: date
) -> Promised | None:
    """The latest promise in the currency, if it was broken."""
    judged = promises.judge(account, bench.settings.strategy.holds.promise, calendar, today)
    latest = [one for one in judged if one.promise.currency == currency and not one.is_moot]
    if not latest or latest[-1].verdict is not Verdict.BROKEN:
        return None
    promise = latest[-1].promise
    return Promised(on=promise.promised_on, amount_minor=sum(amount for _, amount in promise.amounts))


def _instalment(
    bench: Bench, account: Account, touchpoint: Touchpoint, calendar: Calendar, today: date
) -> Planned | None:
    """The instalment that the message is about, if it is about one."""
    judged = plans.judge(account, bench.settings.strategy, calendar, today)
    found = instalments.spoken_of(judged, touchpoint.occasion)
    if found is None:
        return None
    plan, one = found
    return Planned(number=one.number, count=plan.plan.instalments, on=one.due_on, amount_minor=one.left_minor)


def _attachments(
    bench: Bench, account: Account, touchpoint: Touchpoint, paper: Statement | None
) -> Iterator[Attachment]:
    if "invoices" in touchpoint.attach:
        for asked in (touchpoint.invoices or touchpoint.coming)[:MOST_PDFS]:
            try:
                content = bench.connector.invoice_pdf(asked.invoice_id)
            except NotFound:
                continue  # a PDF that the platform does not have holds nobody up
            yield Attachment(name=f"{_one_line(asked.number)}.pdf", media_type="application/pdf", content=content)
    if paper is not None:
        content = statement_pdf(paper, stationery(bench, account, touchpoint.language))
        yield Attachment(name=statement_name(touchpoint.currency), media_type="application/pdf", content=content)
