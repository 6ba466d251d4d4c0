"""How much was compared, for people: of each source the bodies, those with something of ours, records and fields."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from tests.connectors.recorded import faults, quickbooks, xero
from tests.connectors.recorded.comparing import Compared


class Figures(Struct, kw_only=True):
    """Of one source. `unread`: bodies in which nothing is ours."""

    bodies: int = 0
    unread: list[str] = []
    compared: list[Compared] = []

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
    for source, body, compared in _compared(data):
        told[source].bodies += 1
        told[source].compared += compared
        if not compared:
            told[source].unread.append(body)
    return dict(told)


def _compared(data: Path) -> Iterator[tuple[str, str, list[Compared]]]:
    for one in quickbooks.recordings(data):
        source = "QuickBooks feed recorded as XML" if one.name.endswith(".xml") else "QuickBooks sandbox 2020"
        yield source, one.name, quickbooks.compared(one)
    for each in xero.recordings(data):
        yield _source(each.name), each.name, xero.compared(each)


def _source(name: str) -> str:
    if name.endswith(".200"):
        return "Xero official examples"
    return "Xero demo company 2018, bills as sales" if name.endswith("as sales") else "Xero demo company 2018"


def table(data: Path) -> Iterator[str]:
    """The lines of the table."""
    yield f"{'source':40}{'bodies':>8}{'read':>6}{'records':>9}{'fields':>8}{'differ':>8}"
    for source, told in everything(data).items():
        read = told.bodies - len(told.unread)
        figures = f"{told.bodies:8}{read:6}{told.records:9}{len(told.compared):8}{len(told.differing):8}"
        yield f"{source:40}{figures}"
    bodies = {(fault.platform, fault.name) for fault in faults.FAULTS}
    yield f"{'refusals':40}{len(bodies):8}{len(bodies):6}   {len(faults.FAULTS)} situations, each its named error"
