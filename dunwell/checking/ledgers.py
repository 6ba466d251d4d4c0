"""Looking at a ledger: whether it is connected, read, matched and tied out, and what waits for a person."""

from collections.abc import Iterator
from datetime import timedelta

from connectors.base import TokenSet
from connectors.errors import OutsideError, Reconnect
from dunwell.checking import customers, settings
from dunwell.checking.findings import Finding, Level
from dunwell.config.secret import NoSecret
from dunwell.wiring.house import House, Misconfigured
from strategy import explain, holds
from strategy.account import Account
from strategy.model import Customer, CustomerId
from strategy.rules import Strategy, Verb
from strategy.text.bundle import sources_of, unbundled
from strategy.text.lints.before_action import never_lawful
from strategy.text.lints.renamed import renamed
from strategy.text.mistakes import nearest
from sync import tie_out
from sync.bench import Bench
from sync.store import journal, ledgers, mirror, outbox
from sync.store.ledgers import BoundElsewhere
from sync.store.outbox import TO_BOOKS, State
from sync.store.vault import Exposed, WrongKey
from sync.tokens import ending


def ledger(house: House, name: str, *, online: bool) -> Iterator[Finding]:
    """Everything about one ledger."""
    about = f"ledger {name}"
    try:
        bench = house.bench(name)
        tokens = house.vault.read(name)
    except (Misconfigured, NoSecret, BoundElsewhere, WrongKey, Exposed) as error:
        yield Finding(level=Level.WRONG, about=about, what=str(error))
        return
    yield from (_of(about, *one) for one in _connection(bench, tokens))
    yield from (_of(about, *one) for one in _rights(house, name, tokens))
    if tokens is not None and online:
        yield from (_of(about, *one) for one in _online(bench))
    if ledgers.company(bench.store, bench.ledger.id) is None:
        yield _of(about, Level.PERSON, "it was never read", f"dunwell sync {name}")
        return
    yield from (_of(about, *one) for one in _state(bench))
    yield from _renamed(bench, about)
    yield from _unlawful(bench, about)
    yield from _issues(bench, about)


_Said = tuple[Level, str, str]
"""Level, what, what to do next."""


def _of(about: str, level: Level, what: str, next_: str) -> Finding:
    return Finding(level=level, about=about, what=what, next=next_)


def _connection(bench: Bench, tokens: TokenSet | None) -> Iterator[_Said]:
    name, mend = bench.ledger.name, f"dunwell connect {bench.ledger.name}"
    if bench.ledger.remote_id is None or tokens is None:
        yield Level.PERSON, "it is not connected", mend
        return
    company = ledgers.company(bench.store, bench.ledger.id)
    yield Level.GOOD, f"connected to {company.name if company else bench.ledger.remote_name}", ""
    end = ending(tokens, bench.clock.now())
    if end is not None and end.at <= bench.clock.now():
        yield Level.PERSON, f"the connection ended on {end.at:%Y-%m-%d}", mend
    elif end is not None and end.for_good:
        yield Level.NOTE, f"the connection ends on {end.at:%Y-%m-%d}, however much it is used", mend
    elif end is not None:
        yield Level.NOTE, f"the connection ends on {end.at:%Y-%m-%d} unless it is used before", f"dunwell sync {name}"


def _rights(house: House, name: str, tokens: TokenSet | None) -> Iterator[_Said]:
    """What the settings have come to need since the connection was made."""
    try:
        missing = house.missing_scopes(name, tokens) if tokens is not None else {}
    except NoSecret:
        return  # said with the settings
    for scope, purpose in missing.items():
        yield Level.PERSON, f"the right {scope} was never granted ({purpose})", f"dunwell connect {name}"


def _online(bench: Bench) -> Iterator[_Said]:
    """Ask the platform for the company, which proves connection, rights and address at once."""
    try:
        page = bench.connector.company()
    except Reconnect as error:
        yield Level.PERSON, str(error), f"dunwell connect {bench.ledger.name}"
    except OutsideError as error:
        ask = "; if it stays, ask the platform, with that id" if error.correlation_id else ""
        yield Level.FAILED, str(error), f"try again later{ask}"
    else:
        yield Level.GOOD, f"the platform answers: {', '.join(getattr(one, 'name', '') for one in page.records)}", ""


def _state(bench: Bench) -> Iterator[_Said]:
    yield from _reading(bench)
    yield from _proof(bench)
    yield from _time(bench)
    matched = ledgers.matched(bench.store, bench.ledger.id, bench.today())
    if matched is not None:
        yield Level.GOOD, f"matched through {matched.through}, said {matched.who} on {matched.said_on}", ""
    for blocker in _blockers(bench):
        yield Level.PERSON, explain.sentence(blocker.reason), ""
    yield from _tied(bench)
    yield from _roles(bench)
    yield from _agencies(bench)
    yield from customers.found(bench)
    yield from _outbox(bench)


def _reading(bench: Bench) -> Iterator[_Said]:
    broken = ledgers.broke_off(bench.store, bench.ledger.id)
    read_at = ledgers.last_complete(bench.store, bench.ledger.id)
    if broken:
        yield (
            Level.FAILED,
            f"the last reading broke off: {broken}",
            f"run it again: dunwell sync {bench.ledger.name}",
        )
    if read_at is not None:
        hours = (bench.clock.now() - read_at) // timedelta(hours=1)
        age = f"{hours} hours ago" if hours < 48 else f"{hours // 24} days ago"
        yield Level.GOOD, f"read {'within the hour' if hours < 1 else age}", ""


def _proof(bench: Bench) -> Iterator[_Said]:
    """What the last full reading found."""
    found = ledgers.last_proof(bench.store, bench.ledger.id)
    if found is None:
        return
    at, differed = found
    if differed:
        told = ", ".join(f"{count} {kind}" for kind, count in differed.items())
        what = f"on {at:%Y-%m-%d} everything was read and {told} were otherwise than in the mirror; they are right now"
        yield Level.NOTE, what, "reading the changes should have brought them: please report it"
    else:
        yield Level.GOOD, f"everything was read on {at:%Y-%m-%d}, and nothing was otherwise than in the mirror", ""


def _time(bench: Bench) -> Iterator[_Said]:
    """A day is the ledger's own. Where neither the platform nor the settings tell its time zone, it may be another."""
    if not bench.settings.time_zone and not bench.company().time_zone:
        what = "its time zone is not known, so its days are those of UTC"
        yield (
            Level.NOTE,
            what,
            f'write time_zone = "America/New_York", or what it is, under [ledgers.{bench.ledger.name}]',
        )


def _blockers(bench: Bench) -> tuple[holds.Blocker, ...]:
    """What holds every account of the ledger: asked of the rules themselves, for an account without any history."""
    today, now = bench.today(), bench.clock.now()
    nobody = Customer(id=CustomerId(""), name="", version="", updated_at=now)
    account = Account(ledger=bench.facts(today), customer=nobody, time_zone=bench.time_zone())
    return holds.blockers(account, bench.settings.strategy.holds, bench.calendar(today), today)


def _tied(bench: Bench) -> Iterator[_Said]:
    summary = tie_out.summary(bench.store, bench.ledger.id)
    if summary.apart:
        what = f"{summary.apart} of {summary.compared} accounts differ from the platform's own balances"
        yield Level.NOTE, what, f"dunwell tie-out {bench.ledger.name}"
    elif summary.checked_at is not None:
        yield Level.GOOD, f"{summary.compared} accounts agree with the platform's own balances", ""


def _roles(bench: Bench) -> Iterator[_Said]:
    """Roles of ours that the strategy tells or asks and that have no address here."""
    missing = sorted(_told(bench.settings.strategy) - bench.settings.people.keys())
    for role in missing:
        yield (
            Level.NOTE,
            f'the strategy tells "{role}", who has no address here: a task waits instead',
            f'{_did_you_mean(role, bench)}write {role} = "…" under [ledgers.{bench.ledger.name}.people]',
        )


def _did_you_mean(role: str, bench: Bench) -> str:
    near = nearest(role, bench.settings.people)
    return f'did you mean "{near}"? Otherwise ' if near else ""


def _agencies(bench: Bench) -> Iterator[_Said]:
    """Agencies that the strategy places with and the settings do not name, where they name any."""
    known = bench.settings.agencies
    steps = [step for segment in bench.settings.strategy.segments for step in segment.schedule.steps]
    for name in sorted({step.what for step in steps if step.verb is Verb.PLACE} - known.keys()) if known else ():
        near = nearest(name, known)
        what = f'the strategy places with "{name}", which has no [agencies.{name}]: a person tells it everything'
        yield Level.NOTE, what, f'did you mean "{near}"?' if near else f"add [agencies.{name}] with name and to"


def _told(strategy: Strategy) -> set[str]:
    steps = [step for segment in strategy.segments for step in segment.schedule.steps]
    return {
        *(step.what for step in steps if step.verb is Verb.NOTIFY),
        *(trigger.what for trigger in strategy.triggers if trigger.verb is Verb.NOTIFY),
    }


def _unlawful(bench: Bench, about: str) -> Iterator[Finding]:
    """A letter before action that goes to nobody at home."""
    country = bench.company().country
    if country is not None:
        found = never_lawful(bench.settings.strategy, (country,))
        yield from settings.mistakes(found, about, sources_of(bench.settings.strategy_text))


def _renamed(bench: Bench, about: str) -> Iterator[Finding]:
    """Steps that were called otherwise when this ledger was decided last."""
    kept = journal.strategy_in_use(bench.store, bench.ledger.id)
    before = unbundled(kept) if kept is not None else None
    if before is not None:
        sources = sources_of(bench.settings.strategy_text)
        yield from settings.mistakes(renamed(before, bench.settings.strategy), about, sources)


def _outbox(bench: Bench) -> Iterator[_Said]:
    name = bench.ledger.name
    for row in outbox.in_state(bench.store, bench.ledger.id, State.UNKNOWN):
        settle = f"look, then say which: dunwell outbox {name} --settle {row.id8} sent"
        if row.kind in TO_BOOKS:
            what = f"{row.kind} {row.id8} of {row.decided_on} may or may not be in the books: {row.reason}"
            looks = f"dunwell run {name} --send looks there; where the platform refuses that"
            yield Level.PERSON, what, f"{looks}, {settle}"
        else:
            yield Level.PERSON, f"{row.kind} {row.id8} of {row.decided_on} may or may not have left", settle
    planned = len(outbox.in_state(bench.store, bench.ledger.id, State.PLANNED))
    if planned:
        waiting = "1 message waits" if planned == 1 else f"{planned} messages wait"
        yield Level.NOTE, f"{waiting} to be approved", f"dunwell outbox {name}"


def _issues(bench: Bench, about: str) -> Iterator[Finding]:
    """Odd records of the books."""
    odd = [*mirror.issues(bench.store, bench.ledger.id)]
    odd += (issue for account in bench.accounts(bench.today()) for issue in account.issues)
    for issue in dict.fromkeys(odd):
        yield Finding(level=Level.NOTE, about=about, record=issue.source, what=issue.message)
