"""Which rule each story guards, and how that rule is switched off: by a change of the story's strategy, or of the code.

A story that goes on as before without its rule would guard nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from msgspec.structs import replace

from strategy import contacts, holds, monthly, promises, reminders, schedule, segments
from strategy.account import Account, Receivable
from strategy.agreements import Promise, PromiseState
from strategy.business_days import DAY
from strategy.contacts import Freedom, Route
from strategy.decision import reason
from strategy.holds import Coverage
from strategy.model import Currency, Record
from strategy.promises import Verdict
from strategy.reminders import Outcome
from strategy.rules import PromiseRule
from strategy.situation import Situation

Patch = tuple[str, Any]
"""The name of a function, and what takes its place."""


class Switch(Record):
    """A rule switched off, by the name that README.md has for it: a function, a hold's code, or what the story's
    strategy says. `text` changes the strategy, `patches` the code.
    """

    rule: str
    text: Callable[[str], str] = str
    patches: tuple[Patch, ...] = ()


def _code(name: str, instead: Any) -> Switch:
    return Switch(rule=name, patches=((f"strategy.{name}", instead),))


def _written(old: str, new: str) -> Switch:
    """Another word in the strategy's text, which must be there."""

    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new)

    return Switch(rule=" ".join(old.split()).removeprefix(", "), text=change)


def _added(lines: str) -> Switch:
    rule = lines.splitlines()[-1]
    return Switch(rule=f"no {rule}", text=lambda text: f"{text}\n{lines}\n")


def _never(*_: object) -> bool:
    return False


def _nothing(*_: object, **__: object) -> tuple[()]:
    return ()


def _without(code: str) -> Switch:
    """The reason with this code holds nothing, neither an invoice nor an account."""
    of_invoice, of_account = holds._set_aside, holds.blockers

    def set_aside(receivable: Receivable, claims: Sequence[Any]) -> Iterator[Any]:
        return of_invoice(receivable, [one for one in claims if one[1].code != code])

    def blockers(*args: Any) -> tuple[holds.Blocker, ...]:
        return tuple(one for one in of_account(*args) if one.reason.code != code)

    return Switch(
        rule=f"hold {code}", patches=(("strategy.holds._set_aside", set_aside), ("strategy.holds.blockers", blockers))
    )


def _whole_invoices_are_held(account: Account, *args: Any, **more: Any) -> Coverage:
    whole = tuple(replace(one, amount_minor=None) for one in account.holds)
    return _cover(replace(account, holds=whole), *args, **more)


def _all_of_it_is_asked_for(account: Account, *args: Any, **more: Any) -> Coverage:
    whole = tuple(replace(one, open_minor=one.total_minor) for one in account.receivables)
    return _cover(replace(account, receivables=whole), *args, **more)


def _stays_where_it_was(account: Account, facts: Any, strategy: Any, as_of: date) -> Any:
    """Placed once, when it is new."""
    segment, placed = _place(account, facts, strategy, as_of)
    was = account.placement
    if was is None:
        return segment, placed
    there = next(one for one in strategy.segments if one.name == was.segment)
    return there, replace(placed, segment=was.segment, since=was.since, was=None)


def _overdue_since_today(account: Account, as_of: date) -> Any:
    return {one.currency: as_of for one in account.receivables if one.due_on < as_of}


def _credit_is_not_looked_at(shares: Any, unapplied: Any, left: int) -> Any:
    return list(shares), [], left


def _somebody(*_: object) -> Route:
    return Route(channel="email", role="billing", name="", to=("somebody@lund.example",))


def _as_if_open(account: Account, promise: Promise, rule: PromiseRule, **days: Any) -> Verdict:
    return _verdict(account, replace(promise, state=PromiseState.OPEN), rule, **days)


def _own_reminders_alone(here: Situation, currency: Currency, _: object, next_on: monthly.NextOn) -> bool:
    return monthly._soon(here, next_on(currency))


def _one_message_per_invoice(here: Situation, coverage: Coverage) -> Outcome:
    parts = [
        _remind(here, replace(coverage, overdue=(share,), held=() if n else coverage.held))
        for n, share in enumerate(coverage.overdue)
    ]
    if not parts:
        return _remind(here, coverage)
    return Outcome(
        touchpoints=tuple(said for part in parts for said in part.touchpoints),
        tasks=tuple(task for part in parts for task in part.tasks),
        held=tuple(held for part in parts for held in part.held),
    )


def _every_currency_is_a_contact(account: Account, *rest: Any) -> Freedom:
    """Those in dollars count as if they had left the day before."""
    apart = [replace(one, on=one.on - DAY) if one.currency == "USD" else one for one in account.touches]
    return _freedom(replace(account, touches=tuple(apart)), *rest)


def _only_ours_count(account: Account, *rest: Any) -> Freedom:
    return _freedom(replace(account, touches=tuple(one for one in account.touches if not one.noted)), *rest)


def _nobody_calls(here: Situation, coverage: Coverage, *_: object) -> Outcome:
    return Outcome(held=holds.hold_all(coverage, reason("handed_over", step="call", who="nobody")).held)


def _all_was_said(*, act: str, on: Any, led: bool = True, said: bool = True) -> schedule.Passed:
    return schedule.Passed(act=act, on=on, led=led)


def _nothing_has_passed(rungs: Any, *_: object) -> Any:
    return rungs


def _the_latest(due: Any, *_: object) -> Any:
    return due[-1]


def _by_the_days_they_came(*of: Any) -> tuple[schedule.Rung, ...]:
    return tuple(sorted(_ladder(*of), key=lambda rung: rung.base or date.max))


def _in_the_month_of_the_due_date(at: Any, due_on: date, days: schedule.Days) -> date:
    return schedule.month_day(at, due_on, days)


_NEW: Final = schedule.History(passed=(), first_ever=True, first_in_case=True)
_remind, _freedom, _verdict, _cover = reminders.remind, contacts.freedom, promises._verdict, holds.cover
_place, _ladder = segments.place, schedule.ladder

SWITCHES: Final[dict[str, tuple[Switch, ...]]] = {
    # what holds
    "came-back": (
        _code("contacts._works", lambda *_: True),
        _code("facts.marks._outcomes", lambda account: {}),
    ),
    "below-minimum": (_code("holds._too_little", lambda account, coverage, rule: coverage),),
    "books-not-matched": (_without("books_not_reconciled"),),
    "claimed-paid": (_without("claimed_paid"), _code("followups._claims", _nothing)),
    "credit-covers": (_code("holds.use_credit", _credit_is_not_looked_at),),
    "dispute-unanswered": (_code("followups._of_dispute", _nothing),),
    "dispute-valid": (_without("credit_expected"), _code("disputes._credited", lambda *_: 0)),
    "disputed-in-part": (_without("disputed"), _added('[holds]\ndispute = "invoice"')),
    "history-incomplete": (_without("history_incomplete"),),
    "may-have-left": (_without("outcome_unknown"),),
    "never-sent": (_without("never_sent"),),
    "no-address": (_code("contacts.route", _somebody),),
    "opted-out": (_without("opted_out"),),
    "orders-stopped": (_code("escalation._released", _nothing), _written("over   = true", "")),
    "out-of-balance": (_without("ledger_out_of_balance"),),
    "placed": (_without("placed"), _code("agencies.tell", _nothing)),
    "paused": (_without("paused"),),
    "plan-excused": (_code("plans._is_excused", _never),),
    "plan-kept": (_without("planned"), _code("instalments._is_due", _never)),
    "plan-missed": (
        _code("plans._ended_by", lambda *_: None),
        _code("reminders._broken", lambda *_: None),
        _added("[plan]\naccelerate = false"),
    ),
    "plan-shrinks": (_added('[plan]\nless = "all"'), _without("planned")),
    "platform-reminders": (_without("platform_reminders_on"), _without("platform_reminders_unconfirmed")),
    "platform-says-less": (_code("holds._too_little", lambda account, coverage, rule: coverage),),
    "promise-broken": (
        _without("promised"),
        _code("followups._promises", _nothing),
        _code("promises._verdict", lambda *_, **__: Verdict.PENDING),
    ),
    "promise-louder": (_code("reminders._broken", lambda *_: None),),
    "promise-cancelled": (_code("promises._verdict", _as_if_open),),
    "promise-kept": (
        _without("promised"),
        _code("promises._left", lambda promise, books: dict(promise.amounts)),
        _added('[holds]\npromise = { tolerance = "0%" }'),
    ),
    "promise-once-more": (_code("promises._earlier", lambda *_: 0),),
    "promise-void": (_code("promises._is_void", lambda *_: False),),
    "promise-unjudged": (_code("account.LedgerFacts.books_reach", lambda *_: True),),
    "pull-stale": (_without("pull_stale"),),
    "exclusion-ends": (_without("retention"), _code("followups.ENDS_SOON", -DAY)),
    "holds-disagree": (_code("followups.DISAGREE", frozenset()), _without("direct_debit")),
    "retention-of-a-part": (_code("holds.cover", _whole_invoices_are_held),),
    "standing-exclusion": (_without("retention"), _code("followups._exclusions", _nothing)),
    "direct-debit": (_without("direct_debit"),),
    "dispute-of-all": (_without("disputed"), _written('dispute = "customer"', 'dispute = "invoice"')),
    "do-not-contact": (_without("do_not_contact"), _code("followups._exclusions", _nothing)),
    "factored": (_without("factored"),),
    "insolvent": (_without("insolvent"),),
    "insured": (_without("insured"),),
    "intercompany": (_without("intercompany"),),
    "legal": (_without("legal"), _code("segments.place", _stays_where_it_was)),
    "paid-in-part": (_code("holds.cover", _all_of_it_is_asked_for), _code("holds._too_little", lambda _, one, __: one)),
    "they-write": (_without("they_wrote"), _added("[holds]\nreply = 1")),
    "undeliverable": (_code("undeliverable.TRIES", 9),),
    "unreadable": (_without("unreadable"), _without("customer_unreadable")),
    # what is said
    "before-due": (
        _code("early._nudge_is_due", _never),
        _code("schedule.Days.contact_day_until", schedule.Days.contact_day_from),
    ),
    "cheque": (_code("facts.marks.words", lambda account, language: {}),),
    "by-telephone": (
        _written('by = ["email", "call"]', 'by = ["email"]'),
        _written(', by = ["call"]', ""),
    ),
    "call-again": (
        _without("next_action"),
        _code("escalation._once_more", _nothing),
        _code("schedule._last_said", lambda *_: None),
    ),
    "call-again-held": (_without("claimed_paid"), _code("escalation._once_more", _nothing)),
    "call-came-to-nothing": (_code("facts.marks._outcomes", lambda account: {}),),
    "call-task": (_code("reminders._ask_people", _nobody_calls), _added('[schedule.close]\ncall = ""')),
    "final-rejected": (_code("reminders.Passed", _all_was_said),),
    "ladder": (_code("schedule._still_open", _nothing_has_passed), _code("escalation._for_steps", _nothing)),
    "leaves-its-habit": (_code("facts.lateness.History.flags", lambda self: {}),),
    "letter-before-action": (
        _code("before_action.bar", lambda *_: None),
        _code("before_action.runs", lambda *_: None),
        _written("deadline = 7", "deadline = 30"),
    ),
    "manager": (_code("contacts._people", _nothing),),
    "owner-is-told": (_code("escalation._for_trigger", _nothing),),
    "receipt": (_code("early._receipt_is_due", _never), _code("early._said", _never)),
    "counts-from": (_code("schedule.ladder", _by_the_days_they_came),),
    "counts-late": (_code("schedule._is_delayed_already", _never),),
    "month-of-the-due-date": (_code("schedule._month_day_after", _in_the_month_of_the_due_date),),
    "repeat": (_written(" every 7 times 3", ""),),
    "repeat-before-due": (_code("early._turn", lambda *_: 1),),
    "statement-alone": (_code("monthly._alone", lambda *_: None),),
    "statement-month-end": (_code("monthly._late", lambda *_: None),),
    "statement-currency": (_code("monthly._waits", _own_reminders_alone),),
    "segment-statement": (_written('\nstatement = ""', ""),),
    "statement-when": (
        _written(', when = "balance > large"', ""),
        _written("month end - 3", "month end - 1"),
        _code("schedule._month_edge", lambda anchor, day: day.replace(day=1)),
    ),
    "who-calls": (_written('who = "sales"', 'who = "owner"'),),
    "statement-folded": (_code("early.next_day", lambda *_: None), _code("monthly._carrying", lambda said, _: said)),
    # when
    "cap": (_written("most = { contacts = 2, days = 30 }", 'most = ""'),),
    "currencies": (_code("contacts.freedom", _every_currency_is_a_contact),),
    "easter": (_code("business_days.Calendar.is_holiday", _never), _added('[contact]\ndays = "mon-sun"')),
    "first-contact": (_code("schedule._pick", _the_latest),),
    "gap": (_added("[contact]\ngap = 0"),),
    "missed-in-sequence": (
        _written('missed = "sequence"', 'missed = "latest"'),
        _code("schedule._last_said", lambda *_: None),
    ),
    "missed-week": (_added('[contact]\nmissed = "sequence"'),),
    "old-arrears": (_code("schedule._pick", _the_latest),),
    "opens-with-final": (_code("reminders._opens_with_final", lambda *_: None),),
    "entered-late": (_code("reminders._names", lambda *_: True),),
    "one-message": (
        _code("reminders.remind", _one_message_per_invoice),
        _code("schedule._still_open", _nothing_has_passed),
    ),
    "paid-and-late-again": (_code("cases._kept_or_closed", lambda case, overdue, as_of: case),),
    "said-before": (_code("reminders.history_of", lambda *_: _NEW),),
    "telephone": (_code("contacts.freedom", _only_ours_count),),
    "going-live": (_code("going_live.not_started", _nothing), _written("on = 2026-03-16", "on = 2026-03-02")),
    "ramp": (
        _code("going_live.to_wait", lambda *_: None),
        _code("reminders._unheard", lambda outcome: outcome),
    ),
    "very-old": (
        _code("going_live.to_review", lambda *_, **__: None),
        _code("reminders._unheard", lambda outcome: outcome),
    ),
    "thanks": (
        _code("thanks.thank", _nothing),
        _code("thanks._is_paid_lately", _never),
        _written('when = "broken_promises == 0"', 'when = "broken_promises > 0"'),
    ),
    "regional-holiday": (_code("account.Account.place", property(lambda account: account.country)),),
    "dwells": (_written("dwell    = 10", ""),),
    "own-contact": (_code("rules.OwnContact.over", lambda _, contact: contact),),
    "payment-undone": (_code("cases._overdue_since", _overdue_since_today),),
    "segment-contact": (_written("contact = { gap = 2 }", ""),),
    "stays": (_written('stay     = "overdue > small"', ""),),
    "payment-run": (_code("schedule.Days._is_before_a_run", lambda *_: True), _written("run = 2", "run = 10")),
    "every-form": (
        _written("due + 2 business days", "due + 2"),
        _written("first + 7", "due + 7"),
        _written("month end - 1 business days", "month start + 16"),
    ),
    "segment-changes": (
        _code("schedule._still_open", _nothing_has_passed),
        _code("segments.place", _stays_where_it_was),
    ),
}
"""By story. Not every rule can be switched off so: that currencies are never added is proved by a property."""
