"""Which step of a schedule is due for a lead invoice, and when the next one will be: the timing laws.

The *lead* is the oldest overdue invoice that may be asked for. Its steps stand on a ladder ordered by the days for
which they are planned, however late any of them was said; one that comes after another stands behind it.

1. A step is due at the later of its own day and the day the last step was said plus the days between the two. One that
   counts from another is due its days after that one was said for the last time, whose delay has moved it already. None
   is due before one that stands before it and may be said.
2. That day moves on to the next on which a contact may fall (steps before the due date move back instead).
3. Several due at once: the latest is said and the others are superseded, or they go in sequence, as the strategy says.
   The first contact an account ever gets is the first step, and a case opens with no step that hands over or needs
   approval where another is due. It never opens with a last letter: where only that is due, a person decides. An
   invoice of which no contact of the case spoke counts as if its case opened with it.
   After a promise or a plan that was not kept the ladder goes on where it stood: after a plan with the next step, after
   a promise with the one after it, so that the tone rises by one.
4. What was said with this lead in this case has passed, and so has everything before it. What was said under another
   schedule, or named it while another invoice led, lets every step pass whose day is not after it. So neither a new
   segment nor a new lead starts again, and a new lead goes on at its own place, never above it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from strategy.account import Receivable
from strategy.business_days import DAY, Calendar
from strategy.model import Record
from strategy.payment_run import PaymentRun
from strategy.rules import Anchor, At, Contact, Missed, Schedule, Step, Verb


class Rung(Record):
    """One saying of a step for one lead. `turn` counts a step that is said again; `base` is its own day, or None while
    the step that it counts from has not been said. `place` is where it stands on the ladder: its own day if everything
    were said on the day that it is planned for, and not before that of a step which it comes after.
    """

    step: Step
    turn: int
    base: date | None
    place: date


class Passed(Record):
    """A step that was said in this case of the lead, or (not `said`) that a person rejected. `led`: it was the lead
    then, too.
    """

    act: str
    on: date
    led: bool = True
    said: bool = True


class History(Record):
    """What went before. `passed` in order of its days. `first_in_case`: no contact of the case spoke of the lead.

    `resumes`: what was agreed was not kept, and nothing was said since. Then the ladder goes on where it stood, with
    the next step (0), or louder, with the one after it (1).
    """

    passed: tuple[Passed, ...]
    first_ever: bool
    first_in_case: bool
    resumes: int | None = None


_UNTOLD = History(passed=(), first_ever=False, first_in_case=True)


class Choice(Record):
    """What the ladder says for a day: the step due now with the day it became due, or the next with the day it will be.

    `superseded` are steps that were due too and are left out. Both None: the ladder has no further step.
    """

    now: Rung | None = None
    due_since: date | None = None
    superseded: tuple[str, ...] = ()
    next: Rung | None = None
    next_on: date | None = None


class Days(Record):
    """Where days are counted: whose holidays, and when contacts may fall.

    All days are the ledger's. `ahead`: so many days later the customer's own is; see `business_days.days_ahead`.
    """

    calendar: Calendar
    place: str | None
    contact: Contact
    ahead: int = 0
    run: PaymentRun | None = None

    def may_contact(self, day: date) -> bool:
        """Whether a contact may fall on the day."""
        return self.is_open(day) and self._is_before_a_run(self.theirs(day))

    def is_open(self, day: date) -> bool:
        """Whether it is a day to contact anybody there."""
        return self.calendar.may_contact(self.contact, self.place, self.theirs(day))

    def is_holiday(self, day: date) -> bool:
        """Whether it is a public holiday there."""
        return self.calendar.is_holiday(self.place, self.theirs(day))

    def contact_day_from(self, day: date) -> date:
        """The day itself if a contact may fall on it, else the next that allows one."""
        while not self.may_contact(day):
            day += DAY
        return day

    def contact_day_until(self, day: date) -> date:
        """The day itself if a contact may fall on it, else the last before it that allows one."""
        while not self.may_contact(day):
            day -= DAY
        return day

    def theirs(self, day: date) -> date:
        """The customer's own day."""
        return day + timedelta(days=self.ahead) if self.ahead else day

    def _is_before_a_run(self, day: date) -> bool:
        """Whether it is one of the last contact days before what they pay next must be approved."""
        if self.run is None or self.contact.run is None:
            return True
        last = self.run.approved_by(day, self.calendar, self.place)
        left = (day + timedelta(days=n) for n in range((last - day).days))
        return sum(self.calendar.may_contact(self.contact, self.place, one) for one in left) <= self.contact.run


def is_final(step: Step, schedule: Schedule) -> bool:
    """A last letter: one that handing over waits for, or counts from."""
    return step.verb is Verb.SAY and any(
        other.verb is Verb.PLACE and step.name in (other.after, other.at.step) for other in schedule.steps
    )


def is_gentle(step: Step) -> bool:
    """Said by itself: nobody has to take it, and nobody to look at it first."""
    return step.verb is Verb.SAY and not step.approve


def ladder(schedule: Schedule, lead: Receivable, history: History, days: Days) -> tuple[Rung, ...]:
    """The steps after the due date, repeats included, in the order of their places."""
    places: dict[str, tuple[date, date]] = {}
    rungs: list[Rung] = []
    for step in schedule.rungs:
        base = day_of(step, lead, history, days)
        place = _place(step, base, places, days)
        rungs.append(Rung(step=step, turn=1, base=base, place=place))
        rungs += _again(step, base, place)
        places[step.name] = place, rungs[-1].place
    return tuple(sorted(rungs, key=lambda rung: rung.place))


def choose(
    rungs: Sequence[Rung], history: History, days: Days, as_of: date, eligible: Callable[[Step], bool]
) -> Choice:
    """The step to say on the day, if any."""
    ahead = still_to_come(rungs, history, days, eligible)
    due = [(rung, day) for rung, day in ahead if day <= as_of and eligible(rung.step)]
    if not due:
        later = [(rung, day) for rung, day in ahead if day > as_of]
        following = min(later, key=lambda pair: pair[1], default=(None, None))
        return Choice(next=following[0], next_on=following[1])
    if history.resumes and len(due) == 1 and is_gentle(due[0][0].step):
        due += [(rung, as_of) for rung, day in ahead if day > as_of and is_gentle(rung.step) and eligible(rung.step)][
            :1
        ]
    rung, since = _pick(due, history, days.contact)
    passed_over = tuple(other.step.name for other, _ in due[: due.index((rung, since))])
    return Choice(now=rung, due_since=since, superseded=passed_over)


def still_to_come(
    rungs: Sequence[Rung], history: History, days: Days, eligible: Callable[[Step], bool]
) -> list[tuple[Rung, date]]:
    """What has not passed, with its days; without what counts from a step that was not said."""
    said = Counter(one.act for one in history.passed if one.led)
    last = _last_said(rungs, history, said)
    ahead = _still_open(rungs, history, said)
    found = [(rung, _day(rung, rung.base, last, days)) for rung in ahead if rung.base is not None]
    if all(one[1] <= other[1] for one, other in pairwise(found)) and not _is_counted_from(found):
        return found
    return [*_in_their_order(found, days, eligible)]


def _is_counted_from(found: Sequence[tuple[Rung, date]]) -> bool:
    """Whether one of them counts from another, which was said and is to be said again."""
    names = {rung.step.name for rung, _ in found}
    return any(rung.step.at.step in names for rung, _ in found)


def _in_their_order(
    found: Iterable[tuple[Rung, date]], days: Days, eligible: Callable[[Step], bool]
) -> Iterator[tuple[Rung, date]]:
    """None is due before one that stands before it and may be said, which it would let pass; and what counts from a
    step that is said again counts from its last time.
    """
    latest, told = date.min, dict[str, date]()
    for rung, own in found:
        day, anchor = max(own, latest), rung.step.at.step
        if anchor is not None and anchor in told:
            day = max(day, days.contact_day_from(_plus(told[anchor], rung.step.at, days, rung.turn)))
        if eligible(rung.step):
            latest = told[rung.step.name] = day
        yield rung, day


def nudge_day(step: Step, due_on: date, days: Days, turn: int = 1) -> date:
    """The day a step before the due date is said: moved back to one on which a contact may fall."""
    return days.contact_day_until(_plus(due_on, step.at, days, turn))


def receipt_day(step: Step, issued_on: date, days: Days, turn: int = 1) -> date:
    """The day a step counted from the invoice is said."""
    return days.contact_day_from(_plus(issued_on, step.at, days, turn))


def ahead(at: At, start: date, days: Days, turn: int) -> int:
    """How many days of the calendar lie between the day that is counted from and a turn; below 0 where it is before."""
    if at.business:
        return (_plus(start, at, days, turn) - start).days
    return at.offset + at.every * (turn - 1)


def begins_on(schedule: Schedule, lead: Receivable, days: Days) -> date | None:
    """The day on which its ladder will begin, of which nothing was said yet; None where it has no steps."""
    first = next(iter(ladder(schedule, lead, _UNTOLD, days)), None)
    if first is None or first.base is None:
        return None
    return days.contact_day_from(first.base)


def month_day(at: At, as_of: date, days: Days) -> date:
    """The day in the month of `as_of` that a rule of the month means, moved on to a contact day."""
    return days.contact_day_from(_plus(_month_edge(at.anchor, as_of), at, days))


def day_of(step: Step, lead: Receivable, history: History, days: Days) -> date | None:
    """The step's own day for a lead; None while the step that it counts from has not been said."""
    match step.at.anchor:
        case Anchor.DUE:
            start: date | None = lead.due_on
        case Anchor.INVOICED:
            start = lead.issued_on
        case Anchor.STEP:
            start = max((one.on for one in history.passed if one.said and one.act == step.at.step), default=None)
        case _:
            return _month_day_after(step.at, lead.due_on, days)
    return None if start is None else _plus(start, step.at, days)


def _place(step: Step, base: date | None, places: Mapping[str, tuple[date, date]], days: Days) -> date:
    """Where the first turn of a step stands: days after the last turn of the one that it counts from, and not before
    the first of the one that it comes after. `places` has both of every step that it waits for.
    """
    own, anchor, first = base or date.max, step.at.step, step.after
    if anchor is not None and anchor in places:
        own = _plus(places[anchor][1], step.at, days)
    return max(own, places[first][0]) if first is not None and first in places else own


def _again(step: Step, base: date | None, place: date) -> Iterator[Rung]:
    for turn in range(2, step.at.times + 1):
        later = timedelta(days=step.at.every * (turn - 1))
        yield Rung(step=step, turn=turn, base=None if base is None else base + later, place=place + later)


def _plus(start: date, at: At, days: Days, turn: int = 1) -> date:
    """The day itself, and where it is said again, that of its turn: those are days of the calendar in any case."""
    later = at.every * (turn - 1)
    if at.business:
        return days.calendar.plus(days.place, start, at.offset) + timedelta(days=later)
    return start + timedelta(days=at.offset + later)


def _month_day_after(at: At, due_on: date, days: Days) -> date:
    """The first day so counted after the due date, from the month on in which an invoice is first overdue."""
    month = due_on + DAY
    while (day := _plus(_month_edge(at.anchor, month), at, days)) <= due_on:
        month = _month_edge(Anchor.MONTH_END, month) + DAY
    return day


def _month_edge(anchor: Anchor, day: date) -> date:
    first = day.replace(day=1)
    if anchor is Anchor.MONTH_START:
        return first
    return (first + timedelta(days=31)).replace(day=1) - DAY


_HowOften = Mapping[str, int]
"""How often each step was said with this lead."""


def _still_open(rungs: Sequence[Rung], history: History, said: _HowOften) -> Iterable[Rung]:
    """Law 4: the rungs that have not passed."""
    if not history.passed:
        return rungs
    reached = max((n for n, rung in enumerate(rungs) if rung.turn <= said[rung.step.name]), default=-1)
    names = {rung.step.name for rung in rungs}
    elsewhere = max((one.on for one in history.passed if one.act not in names or not one.led), default=date.min)
    return (rung for rung in rungs[reached + 1 :] if rung.base is None or rung.base > elsewhere)


_Said = tuple[date, date]
"""The place of a rung, and the day on which it was said."""


def _last_said(rungs: Sequence[Rung], history: History, said: _HowOften) -> _Said | None:
    """The last rung that was said with this lead."""
    if not history.passed:
        return None
    on = {one.act: one.on for one in history.passed if one.led}
    for rung in reversed(rungs):
        if rung.turn == min(said[rung.step.name], rung.step.at.times):
            return rung.place, on[rung.step.name]
    return None


def _day(rung: Rung, base: date, last: _Said | None, days: Days) -> date:
    """Laws 1 and 2: when the rung is due. After the last step that was said come the days between the two."""
    if last is not None and not _is_delayed_already(rung):
        base = max(base, last[1] + max(rung.place - last[0], timedelta(0)))
    return days.contact_day_from(base)


def _is_delayed_already(rung: Rung) -> bool:
    """Whether it counts its days from when another step was said. Its second turn counts from its first."""
    return rung.step.at.step is not None and rung.turn == 1


def _pick(due: Sequence[tuple[Rung, date]], history: History, contact: Contact) -> tuple[Rung, date]:
    """Law 3."""
    if history.first_ever or contact.missed is Missed.SEQUENCE:
        return due[0]
    if history.resumes is not None:
        return due[min(history.resumes, len(due) - 1)]
    gentle = [pair for pair in due if is_gentle(pair[0].step)]
    return gentle[-1] if history.first_in_case and gentle else due[-1]
