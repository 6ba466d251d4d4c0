"""Clearing what may have left: a person has looked, and says whether it did.

What left is told to the books like any other message, except that a statement that went with it is not filed: the
bytes that were sealed are evidence, and nothing is taken out of them again. What did not leave has failed: the next run
decides a message anew with a new attempt, and a notice becomes a task of its reader at once. What was for the books is
looked for by every run; a person settles it where the platform refuses to look.
"""

from connectors.base import Message
from sync import outbox as decided
from sync.bench import Bench
from sync.composing import Composed
from sync.store import outbox
from sync.store.journal import Moment
from sync.store.outbox import TO_BOOKS, Kind, OutboxRow, State
from sync.writeback import planning, posting


class NotUnknown(Exception):
    """The row is none that a person can clear."""


def settle(bench: Bench, row: OutboxRow, *, left: bool, who: str) -> None:
    """Record what the person found. Raises `NotUnknown`."""
    now = bench.moment(who)
    with bench.store.transaction():
        row = outbox.by_id(bench.store, row.id)
        if row.state is not State.UNKNOWN:  # somebody else may have looked, too
            raise NotUnknown(f"{row.id8} is {row.state}, and only what is unknown can be settled")
        if row.kind in TO_BOOKS:
            _settle_in_books(bench, row, now, there=left)
            return
        if not left:
            outbox.move(bench.store, now, row, State.FAILED, f"{who} found that it did not leave.")
            if row.kind is Kind.NOTICE:
                decided.ask_instead(bench.store, now, row.touchpoint())
            return
        when = bench.moment(who, outbox.sealed_at(bench.store, row))
        outbox.accepted(bench.store, now, row, f"{who} found that it left.", when)
        if row.kind is Kind.MESSAGE:
            planning.plan_for_message(bench, now, row, row.touchpoint(), Composed(message=_message(bench, row)))


def _settle_in_books(bench: Bench, row: OutboxRow, now: Moment, *, there: bool) -> None:
    if there:
        outbox.accepted(bench.store, now, row, f"{now.who} found it in the books.")
    else:
        posting.is_not_there(bench, now, row, f"{now.who} found that it is not in the books.")


def _message(bench: Bench, row: OutboxRow) -> Message:
    """As much of the message as the books are told."""
    return Message(
        message_id="",
        sender="",
        reply_to=None,
        to=outbox.recipients(bench.store, row) or row.touchpoint().to,
        subject="",
        text="",
        at=bench.clock.now(),
    )
