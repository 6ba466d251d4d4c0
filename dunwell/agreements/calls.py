"""What came of work that a person did: of calls and placements in words that conditions know, else as it was told."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from dunwell.agreements.refusing import Refused
from strategy.model import Record
from strategy.text.grammar.facts import OUTCOMES
from sync.bench import Bench
from sync.store import outbox, work
from sync.store.work import Done, Task
from sync.writeback import planning

OF: Final[Mapping[str, tuple[str, ...]]] = {
    "call": ("answered", "no_answer", "unreachable", "promised", "paid", "disputed", "refused"),
    "place": ("placed", "declined"),
    "recall": ("recalled", "told"),
}
"""By kind of work, the outcomes that it may have; any other kind has any."""

_TOLD: Final = "the agency was told, and goes on"

SAY_IT: Final = {
    "promised": "promise add {ledger} {customer} --on DATE",
    "paid": "claim add {ledger} {customer} --invoice INVOICE",
    "disputed": "dispute add {ledger} INVOICE --category CATEGORY",
}
"""What is recorded besides, and holds what it is about."""

_LATEST: Final = timedelta(days=90)
_NOTE_LENGTH: Final = 1000


class Came(Record):
    """What a person says came of it. `again_on`: until then nothing is said, and on that day it is done again."""

    outcome: str
    note: str = ""
    again_on: date | None = None


def finish(bench: Bench, number: int, came: Came, who: str) -> Task | None:
    """Record what came of a task, and for a call tell the books; None where there is no such open task.

    Raises `Refused`: an outcome that no call has, a day that is over or too far away.
    """
    task = next((one for one in work.tasks(bench.store, bench.ledger.id) if one.id == number), None)
    if task is None:
        return None
    now = bench.moment(who)
    is_call = task.kind == "call"
    done = _done(task.kind, came, now.on)
    with bench.store.transaction():
        if not work.finish_task(bench.store, now, number, done):
            return None
        if is_call and task.asked is not None and task.row_id is not None and bench.settings.write_back.notes:
            planning.plan_for_call(bench, now, outbox.by_id(bench.store, task.row_id), task.asked, done)
    return task


def _done(kind: str, came: Came, today: date) -> Done:
    if len(came.note) > _NOTE_LENGTH:
        raise Refused(f"the note has {len(came.note)} characters; the books take {_NOTE_LENGTH}")
    if came.again_on is not None and kind != "call":
        raise Refused("only a call is made again on a day; say with dunwell hold how long something rests")
    if came.again_on is not None and not today < came.again_on <= today + _LATEST:
        raise Refused(f"{came.again_on} is no day to call again: from tomorrow through {today + _LATEST}")
    outcome = _outcome(kind, came.outcome) if kind in OF else came.outcome.strip()
    return Done(outcome=outcome, note=" ".join(came.note.split()), next_on=came.again_on)


def _outcome(kind: str, written: str) -> str:
    outcome = written.strip().lower().replace(" ", "_").replace("-", "_")
    if outcome not in OF[kind]:
        words = "; ".join(f"{word}: {OUTCOMES.get(word, _TOLD)}" for word in OF[kind])
        raise Refused(f'"{written}" is no outcome of a {kind} ({words}); what was said goes into --note')
    return outcome
