"""Work for our own people: what is asked of them, and what came of it."""

from datetime import date

import msgspec

from strategy.decision import TaskAsked
from strategy.model import Record
from sync.store.database import Store
from sync.store.journal import Moment, note
from sync.store.statements import load

SQL = load("work")


class Task(Record):
    """Work for a person that is not done yet. `asked` is what it was made of, None for one made by hand; `row_id` is
    its row in the outbox.
    """

    id: int
    kind: str
    customer: str
    who: str
    what: str
    created_on: date
    asked: TaskAsked | None
    row_id: int | None


class Done(Record):
    """What came of a task. `note` is what was said, `next_on` the day on which somebody does it again."""

    outcome: str
    note: str = ""
    next_on: date | None = None


def add_task(store: Store, now: Moment, asked: TaskAsked, row_id: int) -> None:
    """Give a person work."""
    store.insert(
        SQL["add_task"], now.ledger_id, row_id, asked.customer_id, asked.kind, asked.who, asked.what, now.on.isoformat()
    )


def tasks(store: Store, ledger_id: int) -> tuple[Task, ...]:
    """Work that is not done yet, oldest first."""
    return tuple(
        Task(
            id=task_id,
            kind=kind,
            customer=customer,
            who=who,
            what=what,
            created_on=date.fromisoformat(created),
            asked=msgspec.json.decode(decided, type=TaskAsked) if decided else None,
            row_id=row_id,
        )
        for task_id, kind, customer, who, what, created, decided, row_id in store.rows(SQL["tasks"], ledger_id)
    )


def finish_task(store: Store, now: Moment, task_id: int, done: Done) -> bool:
    """Somebody did it. False where there is no such open task."""
    next_on = done.next_on.isoformat() if done.next_on else None
    found = store.row(
        SQL["finish_task"], now.on.isoformat(), done.outcome, done.note or None, next_on, now.ledger_id, task_id
    )
    if found is not None:
        facts = {"task": task_id, "outcome": done.outcome, "note": done.note or None, "next_on": done.next_on}
        note(store, now, "task done", {name: fact for name, fact in facts.items() if fact is not None}, *found)
    return found is not None
