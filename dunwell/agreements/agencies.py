"""Handing accounts to an agency with a pack of papers, hearing that it has them, and taking one back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from dunwell.agreements.fresh import again
from dunwell.agreements.refusing import Refused
from strategy import agencies as telling
from strategy import before_action, placements
from strategy.account import Account, Agency
from strategy.acts import Act
from strategy.business_days import Calendar
from strategy.decision import TaskAsked, Touchpoint, reason
from strategy.situation import situate
from strategy.touches import CameOf
from sync import composing, placing
from sync import outbox as decided
from sync.bench import Bench
from sync.letters.fields import fields
from sync.letters.render import Letter, render_letter
from sync.placing import Header, NothingToPlace, Pack
from sync.store import work
from sync.store.work import Done, Task


def packed(bench: Bench, agency: str | None, numbers: Sequence[int], who: str) -> Pack:
    """The pack of what is to be placed: all of an agency's, or these tasks. Raises `Refused`."""
    waiting = [one for one in work.tasks(bench.store, bench.ledger.id) if one.kind == "place"]
    meant = [one for one in waiting if one.id in numbers] if numbers else waiting
    if missing := set(numbers) - {one.id for one in meant}:
        raise Refused(f"task {min(missing)} asks for no placement; dunwell tasks {bench.ledger.name} shows which do")
    agencies = sorted({one.what for one in meant if agency in {None, one.what}})
    if len(agencies) != 1:
        there = f"say which with --agency: {', '.join(agencies)}" if agencies else "nothing is to be placed"
        raise Refused(f"a pack is for one agency; {there}")
    chosen = [one for one in meant if one.what == agencies[0]]
    _taken(bench, agencies[0], chosen)
    try:
        return placing.pack(bench, chosen, agencies[0], who)
    except NothingToPlace as error:
        raise Refused(str(error)) from None


def _taken(bench: Bench, name: str, tasks: Sequence[Task]) -> None:
    """Raises `Refused` where the agency does not take the currency or the country of one of them."""
    hands = bench.settings.agencies.get(name)
    agency = hands.agency if hands else Agency(name=name)
    for task in tasks:
        asked = task.asked
        account = bench.account(asked.customer_id, bench.today()) if asked else None
        if asked is not None and agency.currencies and asked.currency not in agency.currencies:
            takes = ", ".join(agency.currencies)
            raise Refused(f"{agency.name} takes {takes}, and {task.customer} owes {asked.currency} (task {task.id})")
        country = before_action.country_of(account) if account else None
        if agency.countries and country not in agency.countries:
            takes, there = ", ".join(agency.countries), country or "nobody knows where"
            raise Refused(f"{agency.name} takes customers in {takes}, and {task.customer} is in {there}")


def announce(bench: Bench, header: Header, who: str) -> bool:
    """Tell the agency of a pack that is on its way, account by account; False where no message reaches it."""
    hands = bench.settings.agencies.get(header.agency)
    if hands is None or hands.agency.to is None:
        return False
    now, today = bench.moment(who), bench.today()
    tasks = {one.id: one for one in work.tasks(bench.store, bench.ledger.id)}
    for number in header.tasks:
        asked = tasks[number].asked
        account = bench.account(asked.customer_id, today) if asked else None
        if asked is None or account is None:
            continue
        here = situate(account, bench.settings.strategy, bench.calendar(today), today)
        said = telling.of_pack(here, hands.agency, header.agency, number, asked)
        with bench.store.transaction():
            decided.put(bench, now, said)
    return True


def acknowledge(bench: Bench, header: Header, accounts: int, totals: Mapping[str, Decimal], who: str) -> None:
    """The agency confirmed count and totals: its tasks are done as placed. Raises `Refused` where a figure differs."""
    ours = {one.currency: Decimal(one.amount) for one in header.totals}
    if (accounts, dict(totals)) != (header.accounts, ours):
        told = ", ".join(f"{amount} {currency}" for currency, amount in sorted(ours.items()))
        raise Refused(
            f"the pack has {header.accounts} accounts and {told}; ask {header.agency} what differs, and place nothing"
        )
    now = bench.moment(who)
    done = Done(outcome=placements.PLACED, note=f"{header.agency} acknowledged {header.accounts} accounts")
    with bench.store.transaction():
        finished = [work.finish_task(bench.store, now, number, done) for number in header.tasks]
        if header.ledger != bench.ledger.name or not all(finished):
            raise Refused(f"the pack is not of {bench.ledger.name}, or a task of it is done already")


def release_letters(bench: Bench, account: Account) -> tuple[Letter, ...]:
    """What tells each agency that has the account to stop, by currency. Raises `Refused` where none has it."""
    today = bench.today()
    calendar = bench.calendar(today)
    here = situate(account, bench.settings.strategy, calendar, today)
    return tuple(_letter(bench, account, telling.of_recall(here, one), calendar) for one in _standing(account))


def _letter(bench: Bench, account: Account, said: Touchpoint, calendar: Calendar) -> Letter:
    said, name, source = composing.source_of(bench, said)
    return render_letter(source, name, fields(composing.letter_facts(bench, account, said, calendar, bench.today())))


def _standing(account: Account) -> tuple[CameOf, ...]:
    standing = placements.placed(account)
    if not standing:
        raise Refused(f"no agency has {account.customer.name}; dunwell agency list {account.ledger.name} shows who is")
    return standing


def recall(bench: Bench, account: Account, why: str, who: str) -> tuple[str, ...]:
    """Record that each agency was asked to stop, in every currency; the agencies' names. Raises `Refused` where none
    has the account.
    """
    if not why.strip():
        raise Refused("say why, so that the next person understands")
    now = bench.moment(who)
    done = Done(outcome=placements.RECALLED, note=" ".join(why.split()))
    with bench.store.transaction():
        account, _ = again(bench, account)
        all_asked = [_recalled(account, one) for one in _standing(account)]
        for asked in all_asked:
            decided.give(bench.store, now, asked)
        for task in work.tasks(bench.store, bench.ledger.id):
            if task.asked in all_asked:
                work.finish_task(bench.store, now, task.id, done)
    return tuple(dict.fromkeys(one.what for one in all_asked))


def _recalled(account: Account, standing: CameOf) -> TaskAsked:
    return TaskAsked(
        ledger=account.ledger.name,
        kind="recall",
        customer_id=account.customer.id,
        customer_name=account.customer.name,
        currency=standing.currency,
        act=Act.RECALL,
        occasion=f"{standing.task}-by-hand",
        case=None,
        who="owner",
        what=standing.what,
        amount_minor=0,
        invoices=(),
        why=(reason("placed", agency=standing.what, since=standing.on),),
    )
