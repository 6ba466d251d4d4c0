"""A message came back, as somebody found in the mailbox."""

from collections.abc import Sequence

from dunwell.agreements.refusing import Refused
from strategy.model import Record
from sync.bench import Bench
from sync.store import bounces, outbox
from sync.store.outbox import Kind, OutboxRow, State
from sync.writeback import planning


class CameBack(Record):
    """From which addresses. `whole`: nobody got the message, so that its step counts as not said."""

    addresses: tuple[str, ...]
    whole: bool


def came_back(bench: Bench, row: OutboxRow, addresses: Sequence[str], who: str) -> CameBack:
    """Record it; without addresses it came back from all. Raises `Refused`: it never left, or not to them."""
    if row.kind is not Kind.MESSAGE or row.state is not State.SENT:
        raise Refused(f"{row.id8} is a {row.kind} that is {row.state}; only a message that was sent can come back")
    everybody = outbox.recipients(bench.store, row)
    found = tuple(dict.fromkeys(_recipient(one, row, everybody) for one in addresses)) or everybody
    now = bench.moment(who)
    with bench.store.transaction():
        known = bounces.of_message(bench.store, row)
        fresh = tuple(one for one in found if one not in known)
        if not fresh:
            raise Refused(f"{row.id8} is known to have come back from {', '.join(found)}")
        whole = set(everybody) <= {*fresh, *known}
        bounces.add(bench.store, now, row, fresh, whole=whole)
        if whole:
            outbox.move(bench.store, now, row, State.FAILED, f"It came back from {', '.join(everybody)}.")
        if bench.settings.write_back.notes:
            planning.plan_for_bounce(bench, now, row, fresh)
    return CameBack(addresses=fresh, whole=whole)


def _recipient(typed: str, row: OutboxRow, everybody: Sequence[str]) -> str:
    meant = next((one for one in everybody if one.casefold() == typed.strip().casefold()), None)
    if meant is None:
        raise Refused(f"{row.id8} did not go to {typed}, but to {', '.join(everybody)}")
    return meant
