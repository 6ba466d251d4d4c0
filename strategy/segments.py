"""Which segment an account belongs to: read from the top, the first that is true takes it.

Placed anew on every day. Two things keep an account from flipping: while it is in a segment, that segment's `stay`
speaks instead of its `when`; and it dwells there for so many days whatever the others say, unless a person took it out
of chasing altogether.
"""

from datetime import date

from strategy import conditions
from strategy.account import Account, Placement
from strategy.conditions import Condition, Facts
from strategy.decision import Fact, Reason, SegmentPlaced, reason
from strategy.rules import Segment, Strategy


def place(account: Account, facts: Facts, strategy: Strategy, as_of: date) -> tuple[Segment, SegmentPlaced]:
    """The account's segment on the day, with why."""
    was = account.placement
    segment = next(one for one in strategy.segments if _takes(one, was, facts))
    stays = was is not None and segment.name == was.segment
    current = None if was is None or stays else _current(strategy, was)
    if was and current and (as_of - was.since).days < current.dwell and not _excluded(account, as_of):
        why = reason("dwells", segment=current.name, since=was.since, days=current.dwell)
        return current, SegmentPlaced(segment=current.name, since=was.since, was=None, why=(why,))
    placed = SegmentPlaced(
        segment=segment.name,
        since=was.since if was and stays else as_of,
        was=was.segment if was and not stays else None,
        why=_reasons(segment, was, facts),
    )
    return segment, placed


def _excluded(account: Account, as_of: date) -> bool:
    """Whether a person took the whole account out of chasing: nothing keeps it from the segment that says so."""
    return any(hold.invoice_id is None and hold.excludes and hold.stands(as_of) for hold in account.holds)


def _current(strategy: Strategy, was: Placement) -> Segment | None:
    """The segment it was in, unless the strategy no longer has it."""
    return next((one for one in strategy.segments if one.name == was.segment), None)


def _condition(segment: Segment, was: Placement | None) -> Condition | None:
    """What speaks for the segment: its `stay` while the account is in it, else its `when`."""
    return segment.stay if segment.stay and was and was.segment == segment.name else segment.when


def _takes(segment: Segment, was: Placement | None, facts: Facts) -> bool:
    condition = _condition(segment, was)
    return condition is None or conditions.truth(condition, facts) is True


def _reasons(segment: Segment, was: Placement | None, facts: Facts) -> tuple[Reason, ...]:
    condition = _condition(segment, was)
    if condition is None:
        return (reason("segment_last", segment=segment.name),)
    why = reason("segment", segment=segment.name, condition=condition.text)
    return (why, *because(conditions.decide(condition, facts)))


def because(verdict: conditions.Verdict) -> tuple[Reason, ...]:
    """The tests that made a verdict what it is, as reasons."""
    return tuple(_because(result) for result in verdict.because)


def _because(result: conditions.Result) -> Reason:
    found = result.found
    facts: dict[str, Fact] = {"test": str(result.test)}
    if result.currency is not None:
        facts |= {"found": int(found) if isinstance(found, int) else None, "currency": result.currency}
        facts["figure"] = result.figure
    elif isinstance(found, tuple):
        facts["words"] = ", ".join(found)
    elif found is not None:
        facts["number"] = f"{float(found):.1f}".rstrip("0").rstrip(".")
    return Reason(code="test", facts=facts)
