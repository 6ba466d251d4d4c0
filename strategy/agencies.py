"""What an agency is told of an account that it has: by message where it has an address, else by a person, each once.

A message says what happened; whether the agency is to stop, or to go on, is a person's to decide, so that a dispute, a
claim or a payment undone is a task besides. Neither is a contact with the customer.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from strategy import placements, speaking
from strategy.account import Agency
from strategy.acts import Act
from strategy.contacts import Route
from strategy.decision import Reason, TaskAsked, Touchpoint, TouchpointKind, reason
from strategy.holds import use_credit
from strategy.model import Currency
from strategy.placements import News, Packed, Word
from strategy.rules import Anchor, At, Step, Verb
from strategy.situation import Situation
from strategy.speaking import Content, Occasion
from strategy.touches import CameOf

LETTER: Final = "agency"
_NOW: Final = At(anchor=Anchor.STEP, offset=0, text="when it happened")


def tell(situation: Situation) -> Iterator[Touchpoint | TaskAsked]:
    """Everything that an agency must hear today, and what we wait for from it."""
    for standing in placements.placed(situation.account, situation.as_of):
        yield from _of_standing(situation, standing)
    for over in placements.ended(situation.account, situation.as_of):
        left = placements.how_much_is_left(situation.account, over)
        yield from _told(situation, over, (one for one in left if one.word is not Word.REOPENED))
    for back in placements.recalled(situation.account, situation.as_of):
        yield from _message(situation, back, _recalled(back))
    yield from _unconfirmed(situation)


def of_pack(situation: Situation, agency: Agency, name: str, task: int, asked: TaskAsked) -> Touchpoint:
    """The message that goes with a pack; `name` is what strategies call the agency."""
    placed = {one.invoice_id for one in asked.invoices}
    then = sum(one.open_minor - one.covered_minor for one in asked.invoices)
    left = placements.left(situation.account, asked.currency, placed, then)
    pack = Packed(task=task, on=situation.as_of, agency=name, currency=asked.currency, left_minor=left.minor)
    occasion = Occasion(act=placements.PACKED, on=pack.occasion, currency=asked.currency)
    return _to(situation, agency, occasion, "packed", reason("packed", agency=agency.name))


def of_recall(situation: Situation, standing: CameOf) -> Touchpoint:
    """The release letter, whether or not messages reach the agency."""
    agency = situation.account.ledger.agencies.get(standing.what) or Agency(name=standing.what)
    return _of_news(situation, agency, standing.currency, _recalled(standing))


def _recalled(standing: CameOf) -> News:
    return News(task=standing.task, word=Word.RECALLED, why=reason("placed_recalled", agency=standing.what))


def _of_news(situation: Situation, agency: Agency, currency: Currency, news: News) -> Touchpoint:
    occasion = Occasion(act=Act.AGENCY, on=news.occasion, currency=currency)
    return _to(situation, agency, occasion, news.word.value, news.why)


def _to(situation: Situation, agency: Agency, occasion: Occasion, what: str, why: Reason) -> Touchpoint:
    """A message to the agency; `what` happened is the word by which its letter tells one from the other."""
    step = Step(name=what, at=_NOW, verb=Verb.SAY, what=LETTER, line=0)
    route = Route(channel="email", role="owner", name=agency.name, to=(agency.to or "",))
    content = _content(situation, occasion.currency, why)
    said = speaking.touchpoint(situation, TouchpointKind.NOTICE, occasion, step, route=route, content=content)
    return replace(said, language=agency.language or situation.strategy.languages.default)


def _of_standing(situation: Situation, standing: CameOf) -> Iterator[Touchpoint | TaskAsked]:
    if placements.was_lately(standing, situation.as_of):
        why = reason("placed", agency=standing.what, since=standing.on)
        yield from _message(situation, standing, News(task=standing.task, word=Word.PLACED, why=why))
    yield from _told(situation, standing, placements.to_tell(situation.account, standing))


def _told(situation: Situation, standing: CameOf, to_tell: Iterable[News]) -> Iterator[Touchpoint | TaskAsked]:
    told = _agency(situation, standing) is not None
    for news in to_tell:
        yield from _message(situation, standing, news)
        if not (told and news.word in {Word.PAID, Word.SETTLED}):
            yield from _task(situation, standing, news)


def _agency(situation: Situation, standing: CameOf) -> Agency | None:
    """The agency, where messages reach it."""
    found = situation.account.ledger.agencies.get(standing.what)
    return found if found is not None and found.to is not None else None


def _message(situation: Situation, standing: CameOf, news: News) -> Iterator[Touchpoint]:
    agency = _agency(situation, standing)
    if agency is not None and not situation.is_done(Act.AGENCY, news.occasion, standing.currency):
        yield _of_news(situation, agency, standing.currency, news)


def _task(situation: Situation, standing: CameOf, news: News) -> Iterator[TaskAsked]:
    occasion = Occasion(act=Act.RECALL, on=news.occasion, currency=standing.currency)
    if not situation.is_done(occasion.act, occasion.on, occasion.currency):
        content = _content(situation, occasion.currency, news.why)
        yield speaking.task(situation, "recall", occasion, who="owner", what=standing.what, content=content)


def _unconfirmed(situation: Situation) -> Iterator[TaskAsked]:
    """A pack that the agency has not confirmed in its days is somebody's to ask about."""
    company = situation.account.ledger.company
    for pack in placements.packed(situation.account):
        agency = situation.account.ledger.agencies.get(pack.agency)
        days = agency.acknowledge if agency else 0
        by = situation.days.calendar.plus(company.country, pack.on, days)
        occasion = Occasion(act=Act.PACK_UNCONFIRMED, on=f"{pack.task}-{pack.on:%Y%m%d}", currency=pack.currency)
        if situation.as_of > by and not situation.is_done(occasion.act, occasion.on, occasion.currency):
            why = reason("pack_unconfirmed", agency=pack.agency, task=pack.task, on=pack.on, by=by)
            content = _content(situation, occasion.currency, why)
            yield speaking.task(situation, "pack unconfirmed", occasion, who="owner", what=pack.agency, content=content)


def _content(situation: Situation, currency: Currency, why: Reason) -> Content:
    """Agencies, and our own people of what an agency has, see it less what unapplied credit would cover."""
    unapplied = tuple(one for one in situation.account.unapplied if one.currency == currency)
    shares = speaking.all_overdue(situation, currency)
    askable, _, _ = use_credit(shares, unapplied, sum(one.amount_minor for one in unapplied))
    return Content(why=(why,), shares=tuple(askable), unapplied=unapplied)
