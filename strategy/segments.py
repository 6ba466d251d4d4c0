"""Which segment an account belongs to: read from the top, the first that is true takes it.

Placed anew on every day. Two things keep an account from flipping: while it is in a segment, that segment's `stay`
speaks instead of its `when`; and it dwells there for so many days whatever the others say.
"""

from datetime import date

from strategy import conditions
from strategy.account import Account, Placement
from strategy.conditions import Facts
from strategy.decision import Fact, Reason, SegmentPlaced, reason
from strategy.rules import Segment, Strategy


def place(account: Account, facts: Facts, strategy: Strategy, as_of: date) -> tuple[Segment, SegmentPlaced]:
    """The account's segment on the day, with why."""
    was = account.placement
    segment = next(one for one in strategy.segments if _takes(one, was, facts))
    if was is None or segment.name == was.segment:
        return segment, _placed(segment, facts, since=was.since if was else as_of, was=None)
    if (current := _current(strategy, was)) and (as_of - was.since).days < current.dwell:
        why = reason("dwells", segment=current.name, since=was.since, days=current.dwell)
        return current, SegmentPlaced(segment=current.name, since=was.since, was=None, why=(why,))
    return segment, _placed(segment, facts, since=as_of, was=was.segment)


def _current(strategy: Strategy, was: Placement) -> Segment | None:
    """The segment it was in, unless the strategy no longer has it."""
    return next((one for one in strategy.segments if one.name == was.segment), None)


def _takes(segment: Segment, was: Placement | None, facts: Facts) -> bool:
    condition = segment.stay if segment.stay and was and was.segment == segment.name else segment.when
    return condition is None or conditions.truth(condition, facts) is True


def _placed(segment: Segment, facts: Facts, since: date, was: str | None) -> SegmentPlaced:
    here_already = was is None and segment.stay is not None
    condition = segment.stay if here_already else segment.when
    if condition is None:
        reasons: tuple[Reason, ...] = (reason("segment_last", segment=segment.name),)
    else:
        reasons = (
            reason("segment", segment=segment.name, condition=condition.text),
            *because(conditions.decide(condition, facts)),
        )
    return SegmentPlaced(segment=segment.name, since=since, was=was, why=reasons)


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
