"""Accounts that an agency has: nothing is chased beside it, and what happens meanwhile is told to it at once."""

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from strategy.account import Account, money_in
from strategy.acts import Act
from strategy.decision import Fact, Reason, reason
from strategy.model import Currency, InvoiceId, Record
from strategy.touches import CameOf

PLACED, RECALLED = "placed", "recalled"

PACKED: Final = Act.PACK
"""The act of the message that goes with a pack; its occasion is the task, the day and what was left."""

_LATELY: Final = timedelta(days=30)
"""So long after it was taken back an agency is still told, should it not have been told before."""


class Word(StrEnum):
    """What happened, for an agency to hear; by it a letter tells one from the other. SETTLED: less is open, and it was
    not all by money.
    """

    PLACED = "placed"
    RECALLED = "recalled"
    PAID = "paid"
    SETTLED = "settled"
    REOPENED = "reopened"
    DISPUTED = "disputed"
    CLAIMED = "claimed"


class News(Record):
    """What an agency must hear of what a task placed, once for each occasion. `number` is that of the dispute or claim;
    where it hears how much is left, which time that is, and `left_minor` is what is left.
    """

    task: int
    word: Word
    why: Reason
    number: int | None = None
    left_minor: int | None = None

    @property
    def occasion(self) -> str:
        """As `_left_told` reads it."""
        parts = (self.task, self.word.value, self.number, self.left_minor)
        return "-".join(str(one) for one in parts if one is not None)


_LEFT_TOLD: Final = re.compile("([0-9]+)-[a-z]+-([0-9]+)-([0-9]+)")


def _left_told(occasion: str, task: int) -> tuple[int, int] | None:
    """Which time it was that an agency heard how much is left of the task's, and how much; None where this is not what
    it heard.
    """
    known = _LEFT_TOLD.fullmatch(occasion)
    return (int(known[2]), int(known[3])) if known and int(known[1]) == task else None


class Packed(Record):
    """A pack that an agency was sent for a task that asks for a placement. `left_minor` is what was open then."""

    task: int
    on: date
    agency: str
    currency: Currency
    left_minor: int

    @property
    def occasion(self) -> str:
        """As `_packed` reads it."""
        return f"{self.task}-{self.on:%Y%m%d}-{self.left_minor}-{self.agency}"


def _packed(occasion: str, currency: Currency) -> Packed:
    task, on, left, agency = occasion.split("-", 3)
    return Packed(task=int(task), on=date.fromisoformat(on), agency=agency, currency=currency, left_minor=int(left))


def placed(account: Account, as_of: date = date.max) -> tuple[CameOf, ...]:
    """The placements that stand: each taken by an agency, not recalled since, and its case is not over. The
    agency has it still on the day (`as_of`) that ends the case, and hears that it was paid.
    """
    if not account.came:
        return ()
    open_cases = [case for case in account.cases if case.closed_on is None or case.closed_on >= as_of]
    back = _recalls(account)
    return tuple(
        one
        for one in account.came
        if one.outcome == PLACED and any(case.has(one) for case in open_cases) and one.task not in back
    )


def recalled(account: Account, as_of: date) -> tuple[CameOf, ...]:
    """The placements that were taken back lately, where none stands in their currency since."""
    back = _recalls(account)
    again = {one.currency for one in placed(account, as_of)}
    return tuple(
        one
        for one in account.came
        if one.outcome == PLACED
        and one.currency not in again
        and one.task in back
        and as_of - back[one.task] <= _LATELY
    )


def _recalls(account: Account) -> dict[int, date]:
    """On which day what was placed by a task was taken back: a recall's occasion begins with that task."""
    return {
        int(one.occasion.partition("-")[0]): one.on
        for one in account.came
        if one.act == Act.RECALL and one.outcome == RECALLED
    }


def ended(account: Account, as_of: date) -> tuple[CameOf, ...]:
    """The placements whose case was over lately, before this day, and which were never taken back."""
    over = [case for case in account.cases if case.closed_on is not None and as_of - _LATELY <= case.closed_on < as_of]
    back = _recalls(account)
    return tuple(
        one
        for one in account.came
        if one.outcome == PLACED and any(case.has(one) for case in over) and one.task not in back
    )


def packed(account: Account) -> tuple[Packed, ...]:
    """The last pack for each task of which nobody has said what came of it."""
    finished = {one.task for one in account.came}
    return tuple(one for one in _packs(account) if one.task not in finished)


def _packs(account: Account) -> tuple[Packed, ...]:
    """The last one for each task."""
    found = [_packed(occasion, currency) for act, occasion, currency in account.ever_done if act == PACKED]
    return tuple({one.task: one for one in sorted(found, key=lambda one: one.on)}.values())


def was_lately(standing: CameOf, as_of: date) -> bool:
    """Whether it is so new that the agency may still hear of it for the first time."""
    return as_of - standing.on <= _LATELY


class Left(Record):
    """What is open of some invoices, less what unapplied credit would cover, and how much of that credit is money."""

    minor: int
    by_payment_minor: int


def left(account: Account, currency: Currency, invoices: Collection[InvoiceId], heard_minor: int) -> Left:
    """What is left of these invoices, from all credit off them to all of it off what is older first.

    What is older and was not placed with them may have been covered by credit then, or held. So what was heard last
    holds as long as it may be true, and then what comes nearest to it.
    """
    unapplied = tuple(one for one in account.unapplied if one.currency == currency)
    credit = older = sum(one.amount_minor for one in unapplied)
    open_minor = covered = 0
    for one in account.receivables:
        if one.currency == currency:
            part = min(older, one.open_minor)
            older -= part
            if one.invoice_id in invoices:
                open_minor += one.open_minor
                covered += part
    least = max(0, open_minor - credit)
    minor = min(max(heard_minor, least), open_minor - covered)
    return Left(minor=minor, by_payment_minor=money_in(unapplied, minor - least, open_minor - minor))


def to_tell(account: Account, standing: CameOf) -> Iterator[News]:
    """What the agency must hear: less or more is left, disputed, said to be paid. It counts from the pack's day, where
    there was one.
    """
    yield from how_much_is_left(account, standing)
    pack = _pack(account, standing)
    agency, since = standing.what, pack.on if pack else standing.on
    for dispute in account.disputes:
        if dispute.closed_on is None and dispute.opened_on >= since:
            why = reason("placed_disputed", agency=agency, opened_on=dispute.opened_on, category=dispute.category)
            yield News(task=standing.task, word=Word.DISPUTED, number=dispute.id, why=why)
    for claim in account.claims:
        if claim.closed_on is None and claim.claimed_on >= since:
            why = reason("placed_claimed", agency=agency, claimed_on=claim.claimed_on)
            yield News(task=standing.task, word=Word.CLAIMED, number=claim.id, why=why)


def how_much_is_left(account: Account, standing: CameOf) -> Iterator[News]:
    """Where what is open of the placed invoices is not what the agency heard last, from the pack at the earliest: the
    books may tell of a payment with a day before that, and take it back.
    """
    pack, currency = _pack(account, standing), standing.currency
    handed = sum(one.open_minor for one in standing.handed)
    first = pack.left_minor if pack else handed
    times, last = _told(account, standing) or (0, first)
    now = left(account, currency, {one.invoice_id for one in standing.handed}, last)
    facts: dict[str, Fact] = {"agency": standing.what, "currency": currency}
    if now.minor == last:
        return
    if now.minor > last:
        word, why = Word.REOPENED, reason("placed_reopened", **facts, figure=now.minor - last)
    elif now.minor < first and _paid(account, standing, now) >= handed - now.minor:
        word, why = Word.PAID, reason("placed_paid", **facts, paid=first - now.minor)
    else:
        word, why = Word.SETTLED, reason("placed_settled", **facts, figure=last - now.minor)
    yield News(task=standing.task, word=word, number=times + 1, left_minor=now.minor, why=why)


def _told(account: Account, standing: CameOf) -> tuple[int, int] | None:
    """How often the agency has heard how much is left, and how much that was the last time."""
    found = (
        _left_told(occasion, standing.task)
        for act, occasion, currency in account.ever_done
        if act in {Act.AGENCY, Act.RECALL} and currency == standing.currency
    )
    return max((one for one in found if one), default=None)


def _pack(account: Account, standing: CameOf) -> Packed | None:
    return next((one for one in _packs(account) if one.task == standing.task), None)


def _paid(account: Account, standing: CameOf, now: Left) -> int:
    """What came to us for the placed invoices since the task asked to place them, by money and not by credit."""
    then = {one.invoice_id: one.paid_minor for one in standing.handed}
    came = sum(one.amount_minor for one in account.settlements if one.by_payment and one.invoice_id in then)
    return came + now.by_payment_minor - sum(then.values())
