"""How much was compared, for people: of each source the bodies, those with something of ours, records and fields.

And the other way round: the values that stand in those bodies, how many of them were read for the comparison, how many
are named as not read, how many belong to rows that are no concern of ours.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from tests.connectors.recorded import faults, leaves, not_read, quickbooks, xero
from tests.connectors.recorded.comparing import Compared

Recording = quickbooks.Recording | xero.Recording


class Figures(Struct, kw_only=True):
    """Of one source. `unread`: bodies in which nothing is ours. `values` of the others: how many are read, not ours or
    not read; `named`: the lines of `not_read` that say so; `unnamed`: the places of which none does.
    """

    bodies: int = 0
    unread: list[str] = []
    compared: list[Compared] = []
    values: Counter[str] = field(default_factory=Counter)
    named: set[str] = set()
    unnamed: list[str] = []

    @property
    def records(self) -> int:
        """Records, pages and notes that were read, each once for every body in which it is."""
        return len({(one.body, one.record) for one in self.compared})

    @property
    def differing(self) -> list[Compared]:
        return [one for one in self.compared if one.differs]


def everything(data: Path) -> dict[str, Figures]:
    """All recordings and examples, by source."""
    told: dict[str, Figures] = defaultdict(Figures)
    for one in quickbooks.recordings(data):
        source = "QuickBooks feed recorded as XML" if one.name.endswith(".xml") else "QuickBooks sandbox 2020"
        count(told[source], one, quickbooks.compared(one), not_read.QUICKBOOKS)
    for each in xero.recordings(data):
        count(told[_source(each.name)], each, xero.compared(each), not_read.XERO)
    return dict(told)


def count(told: Figures, one: Recording, compared: list[Compared], known: Mapping[str, str]) -> None:
    """Add what was compared of a body, and each of its values. `known`: what is not read, and why."""
    told.bodies += 1
    told.compared += compared
    if not compared:
        told.unread.append(one.name)
        return
    for place, read, left in leaves.leaves(one.plain) if one.plain is not None else ():
        if read or left:
            told.values["not ours" if left else "read"] += 1
        elif lines := not_read.reasons(known, place):
            told.values["not read"] += 1
            told.named |= set(lines)
        else:
            told.unnamed.append(f"{one.name}: {place}")


def _source(name: str) -> str:
    if name.endswith(".200"):
        return "Xero official examples"
    return "Xero demo company 2018, bills as sales" if name.endswith("as sales") else "Xero demo company 2018"


def table(data: Path) -> Iterator[str]:
    """The lines of both tables."""
    told = everything(data)
    yield f"{'source':40}{'bodies':>8}{'read':>6}{'records':>9}{'fields':>8}{'differ':>8}"
    for source, one in told.items():
        read = one.bodies - len(one.unread)
        yield f"{source:40}{one.bodies:8}{read:6}{one.records:9}{len(one.compared):8}{len(one.differing):8}"
    bodies = {(fault.platform, fault.name) for fault in faults.FAULTS}
    yield f"{'refusals':40}{len(bodies):8}{len(bodies):6}   {len(faults.FAULTS)} situations, each its named error"
    yield ""
    yield f"{'values in the bodies that are read':40}{'all':>8}{'read':>6}{'not ours':>9}{'not read':>9}{'unnamed':>8}"
    for source, one in told.items():
        read, left, named = (one.values[name] for name in ("read", "not ours", "not read"))
        unnamed = len(one.unnamed)
        yield f"{source:40}{read + left + named + unnamed:8}{read:6}{left:9}{named:9}{unnamed:8}"
    yield f"{len(not_read.QUICKBOOKS)} and {len(not_read.XERO)} places are not read, each for a reason"
