"""Letters to be read before anything leaves: composed and sealed as they would be, and written nowhere by us."""

from collections.abc import Iterator
from datetime import date

from connectors.errors import OutsideError
from strategy.decision import Touchpoint
from strategy.model import Record
from sync import any_day, composing
from sync.bench import Bench
from sync.composing import DoesNotFoot, NoLetter
from sync.letters.render import BadLetter


class Draft(Record):
    """A touchpoint with the bytes that would leave; where there are none, `trouble` says why."""

    touchpoint: Touchpoint
    content: bytes = b""
    trouble: str = ""


def drafts(bench: Bench, as_of: date) -> Iterator[Draft]:
    """What would be said on a day, account by account: of a day gone by or to come as `any_day` has it, in the letters
    of today. Reads payment links and invoices as sending would.
    """
    bench, _ = any_day.of_that_day(bench, as_of)
    for one in any_day.every(bench, as_of):
        for touchpoint in one.decision.touchpoints:
            try:
                message = composing.compose(bench, one.account, one.decision, touchpoint, one.calendar).message
                yield Draft(touchpoint=touchpoint, content=bench.channels[touchpoint.channel].seal(message))
            except (BadLetter, NoLetter, DoesNotFoot, OutsideError) as error:
                yield Draft(touchpoint=touchpoint, trouble=str(error))
