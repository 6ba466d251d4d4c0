"""Taking an account back from an agency."""

from dunwell.agreements.refusing import Refused
from strategy import placements
from strategy.account import Account
from strategy.decision import TaskAsked, reason
from sync import outbox as decided
from sync.bench import Bench
from sync.store import outbox
from sync.store.outbox import Done


def recall(bench: Bench, account: Account, why: str, who: str) -> str:
    """Record that the agency was asked to stop; the agency's name. Raises `Refused` where none has the account."""
    standing = placements.placed(account)
    if standing is None:
        raise Refused(f"no agency has {account.customer.name}; dunwell agency list {account.ledger.name} shows who is")
    if not why.strip():
        raise Refused("say why, so that the next person understands")
    now = bench.moment(who)
    asked = TaskAsked(
        ledger=account.ledger.name,
        kind="recall",
        customer_id=account.customer.id,
        customer_name=account.customer.name,
        currency=standing.currency,
        act="recall",
        occasion=f"{standing.task}-by-hand",
        case=None,
        who="owner",
        what=standing.what,
        amount_minor=0,
        invoices=(),
        why=(reason("placed", agency=standing.what, since=standing.on),),
    )
    with bench.store.transaction():
        decided.give(bench.store, now, asked)
        task = next(one for one in outbox.tasks(bench.store, bench.ledger.id) if one.asked == asked)
        outbox.finish_task(bench.store, now, task.id, Done(outcome=placements.RECALLED, note=" ".join(why.split())))
    return standing.what
