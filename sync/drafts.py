"""Letters to be read before anything leaves: composed and sealed as they would be, and written nowhere by us."""

from collections.abc import Iterator
from datetime import date

from connectors.errors import OutsideError
from strategy.decision import Touchpoint
from strategy.model import Record
from sync import composing, ramp
from sync.bench import Bench
from sync.composing import DoesNotFoot, NoLetter
from sync.letters.render import BadLetter


class Draft(Record):
    """A touchpoint with the bytes that would leave; where there are none, `trouble` says why."""

    touchpoint: Touchpoint
    content: bytes = b""
    trouble: str = ""


def drafts(bench: Bench, as_of: date) -> Iterator[Draft]:
    """What would be said on a day, account by account. Reads payment links and invoices as sending would."""
    calendar = bench.calendar(as_of)
    for account, decision in ramp.every(bench, bench.store, as_of):
        for touchpoint in decision.touchpoints:
            try:
                message = composing.compose(bench, account, decision, touchpoint, calendar).message
                yield Draft(touchpoint=touchpoint, content=bench.channels[touchpoint.channel].seal(message))
            except (BadLetter, NoLetter, DoesNotFoot, OutsideError) as error:
                yield Draft(touchpoint=touchpoint, trouble=str(error))
