"""Beginning on books that were not chased before: nothing is said before the first day, a few accounts a day hear their
first word, and what is very old is a person's to look at first.

Old is what fell due before the first day; where no day was set, everything.
"""

from collections.abc import Iterator
from datetime import date

from strategy.account import Receivable
from strategy.decision import Reason, reason
from strategy.holds import Blocker
from strategy.rules import Strategy
from strategy.situation import Situation


def not_started(situation: Situation) -> Iterator[Blocker]:
    """What holds everything before the first day."""
    start = situation.strategy.start.on
    if start is not None and situation.as_of < start:
        yield Blocker(reason=reason("not_started", on=start), until=start)


def is_old(strategy: Strategy, due_on: date) -> bool:
    """Whether what fell due on this day did so before we began."""
    return strategy.start.on is None or due_on < strategy.start.on


def to_review(situation: Situation, lead: Receivable, *, first_in_case: bool) -> Reason | None:
    """Why a person looks before the case hears its first word; None where nobody needs to, or somebody has."""
    account, after = situation.account, situation.strategy.start.review
    days = (situation.as_of - lead.due_on).days
    if after is None or days <= after or not first_in_case or not is_old(situation.strategy, lead.due_on):
        return None
    reviewed = account.profile.reviewed
    if reviewed is not None and lead.due_on < reviewed:
        return None
    return reason("review", lead=lead.number, days=days, after=after)


def to_wait(situation: Situation, lead: Receivable) -> Reason | None:
    """Why the account's very first word waits for its day of the ramp; see `Account.first_word_on`."""
    account, most = situation.account, situation.strategy.start.ramp
    on = account.first_word_on
    if most is None or on is None or on <= situation.as_of or account.was_asked:
        return None
    return reason("ramp", most=most, until=on) if is_old(situation.strategy, lead.due_on) else None
