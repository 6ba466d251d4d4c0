"""Where steps stand on the ladder: what comes late, counts from another or comes after one lets nothing else pass."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice, takewhile

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from strategy import forward
from strategy.account import Account
from strategy.business_days import Calendar
from strategy.decision import Decision
from strategy.rules import Strategy
from strategy.text.parse import parse
from strategy.why_not import why_not
from tests.proving import counted, examples
from tests.strategy.builders import TODAY, a_receivable, a_strategy, an_account, days

Said = list[tuple[str, int]]
"""Steps, and how many days after the due date each came."""


def course(steps: str, *, late: int, new: bool = False, contact: str = 'days = "mon-sun"\ngap = 1\nmost = ""') -> Said:
    """What is said or asked of one invoice within half a year, from so many days after its due date on."""
    text = f'[contact]\n{contact}\n[schedule.s]\n{steps}\n[[segment]]\nname = "all"\nschedule = "s"\n'
    receivable = a_receivable(days_late=late)
    account = an_account(receivable, touches=()) if new else an_account(receivable)
    rolled = islice(forward.roll(account, a_strategy(text), Calendar(), TODAY), 180)
    return [(act, (day - receivable.due_on).days) for day, act in _acts(rolled)]


def _acts(rolled: Iterable[tuple[Account, Decision]]) -> Iterator[tuple[date, str]]:
    for _, decision in rolled:
        yield from ((decision.as_of, one.act) for one in decision.touchpoints)
        yield from ((decision.as_of, one.act) for one in decision.tasks)


LATE = """first  = { at = "due + 1", say = "a" }
second = { at = "due + 10", say = "b" }
third  = { at = "second + 10", say = "c" }
last   = { at = "due + 35", say = "d", approve = true }
away   = { at = "last + 15", place = "northgate", after = "last", approve = true }"""


def test_what_is_planned_behind_a_step_that_came_late_still_comes() -> None:
    early = [("first", 1), ("second", 10), ("third", 20), ("last", 35), ("away", 50)]
    assert course(LATE, late=1, new=True) == early
    assert course(LATE, late=40, new=True) == [(step, day + 39) for step, day in early]


def test_a_step_that_is_said_again_is_not_lost_behind_one_that_counts_from_it() -> None:
    steps = 's0 = { at = "due + 1 every 11 times 2", say = "a" }\ns1 = { at = "s0 + 5", say = "b" }'
    assert course(steps, late=30, new=True) == [("s0", 30), ("s0", 41), ("s1", 46)]


def test_what_counts_from_a_step_counts_from_its_last_time() -> None:
    """The second time waits for the gap, until the ninth day has come, too."""
    steps = 's0 = { at = "due + 1 every 5 times 2", say = "a" }\ns1 = { at = "s0 + 8", say = "b" }'
    sparse = 'days = "mon-sun"\ngap = 9\nmost = ""'
    assert course(steps, late=1, contact=sparse) == [("s0", 1), ("s0", 10), ("s1", 19)]


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("overdue > 0", [("first", 25), ("second", 28), ("third", 33), ("fourth", 34)]),
        ("overdue_days > 900", [("first", 25), ("second", 28), ("fourth", 32)]),
    ],
)
def test_no_step_comes_before_one_that_stands_before_it_and_may_be_said(when: str, told: Said) -> None:
    """Three business days are three days as planned, from Monday on, and five as it came, from Thursday on."""
    steps = f"""first  = {{ at = "due + 1", say = "a" }}
second = {{ at = "due + 4", say = "b" }}
third  = {{ at = "second + 3 business days", say = "c", when = "{when}" }}
fourth = {{ at = "due + 8", say = "d" }}"""
    in_turn = 'days = "mon-sun"\ngap = 1\nmost = ""\nmissed = "sequence"'
    assert course(steps, late=25, contact=in_turn) == told


def test_days_counted_from_a_step_are_not_delayed_by_what_was_said_between() -> None:
    steps = """final  = { at = "due + 20", say = "a", approve = true }
call   = { at = "due + 26", call = "b" }
agency = { at = "final + 14", place = "northgate", after = "final", approve = true }"""
    soft = f'soft = {{ at = "due + 1", say = "s" }}\n{steps}'
    told = course(soft, late=31, new=True, contact='days = "mon-sun"\ngap = 7\nmost = ""')
    assert told == [("soft", 31), ("final", 50), ("call", 57), ("agency", 64)]


def test_what_counts_from_a_step_and_is_said_again_follows_its_own_first_time() -> None:
    steps = 's0 = { at = "due + 1", say = "a" }\ns1 = { at = "s0 + 7 every 7 times 3", say = "b" }'
    sparse = 'days = "mon-sun"\ngap = 6\nmost = ""'
    assert course(steps, late=1, new=True) == [("s0", 1), ("s1", 8), ("s1", 15), ("s1", 22)]
    steps += '\nx = { at = "due + 7", say = "c" }'
    assert course(steps, late=1, new=True, contact=sparse)[:4] == [("s0", 1), ("x", 7), ("s1", 13), ("s1", 20)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_a_step_stands_behind_the_one_that_it_comes_after(order: tuple[int, ...]) -> None:
    same = [
        'first = { at = "due + 1", say = "a" }',
        'last  = { at = "due + 20", say = "b" }',
        'more  = { at = "due + 20", say = "c", after = "last" }',
    ]
    ladder = "\n".join(same[n] for n in order)
    assert course(ladder, late=1) == [("first", 1), ("last", 20), ("more", 21)]


def test_what_comes_after_a_later_step_comes_once_that_was_said() -> None:
    """Which of the two is planned first depends on the invoice: 20 business days, or 27 days."""
    steps = """first = { at = "due + 1", say = "a" }
extra = { at = "due + 20 business days", say = "b", after = "last" }
last  = { at = "due + 35", say = "c" }"""
    assert course(steps, late=1) == [("first", 1), ("last", 35), ("extra", 36)]


@pytest.mark.parametrize(
    ("at", "due_on", "after"),
    [
        ("month start + 2", date(2026, 3, 20), 14),
        ("month start + 2", date(2026, 3, 2), 1),
        ("month start + 2", date(2026, 2, 28), 3),
        ("month end - 1", date(2026, 3, 6), 24),
        ("month end - 20", date(2026, 3, 20), 21),
        ("month end + 5", date(2026, 3, 20), 16),
        ("month start - 3", date(2026, 3, 20), 9),
        ("month start - 3 business days", date(2026, 3, 31), 28),
    ],
)
def test_a_day_of_the_month_is_the_first_one_after_the_due_date(at: str, due_on: date, after: int) -> None:
    late = (TODAY - due_on).days
    assert course(f'only = {{ at = "{at}", say = "a" }}', late=late) == [("only", after)]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Ladders of all sorts, most of them such as `check` accepts."""
    names: list[str] = []
    steps = [draw(_steps(names, n)) for n in range(draw(st.integers(2, 5)))]
    weekdays = draw(st.sampled_from(["mon-fri", "tue, thu", "mon-sun"]))
    most = draw(st.sampled_from(['""', "{ contacts = 3, days = 20 }"]))
    missed = draw(st.sampled_from(["latest", "sequence"]))
    contact = f'days = "{weekdays}"\ngap = {draw(st.integers(0, 9))}\nmost = {most}\nmissed = "{missed}"'
    return f'[contact]\n{contact}\n[schedule.s]\n{"".join(steps)}\n[[segment]]\nname = "all"\nschedule = "s"\n'


@st.composite
def _steps(draw: st.DrawFn, names: list[str], n: int) -> str:
    """A step; `names` are those before it that another may wait for."""
    early = draw(st.integers(0, 9)) == 0
    count = draw(st.integers(1, 40))
    at = draw(
        st.sampled_from([f"due - {count % 10}", f"invoiced + {count % 25}"])
        if early
        else st.sampled_from(
            [f"due + {count}", f"due + {count}", f"month start + {count}", f"month end - {count % 25}"]
        )
    )
    waits = bool(names) and not early
    if waits and draw(st.integers(0, 2)) == 0:
        at = f"{draw(st.sampled_from(names))} + {count % 25}"
    at += draw(st.sampled_from(["", "", " business days"]))
    verb = "say" if early else draw(st.sampled_from(["say", "say", "say", "call", "notify"]))
    if verb != "notify" and not early and draw(st.integers(0, 4)) == 0:
        at += f" every {draw(st.integers(3, 12))} times {draw(st.integers(2, 3))}"
    text = f'at = "{at}", {verb} = "what{n}"'
    if waits and draw(st.integers(0, 3)) == 0:
        text += f', after = "{draw(st.sampled_from(names))}"'
    if verb == "say" and draw(st.integers(0, 4)) == 0:
        text += ", approve = true"
    if draw(st.integers(0, 5)) == 0:
        text += f', when = "{draw(st.sampled_from(["overdue_days > 900", "balance > 0"]))}"'
    if not early and verb != "notify":
        names.append(f"s{n}")
    return f"s{n} = {{ {text} }}\n"


def _unsaid(strategy: Strategy, decisions: Sequence[Decision], account: Account) -> Iterator[str]:
    """Steps after the due date that were not said as often as they are written, and that nothing excuses."""
    said = Counter(act for _, act in _acts((account, one) for one in decisions))
    told = [one.why for decision in decisions for one in decision.touchpoints]
    told += [one.why for decision in decisions for one in decision.tasks]
    passed_over = {name for why in told for each in why for name in str(each.facts.get("steps", "")).split(", ")}
    excused: set[str] = set()
    for step in sorted(strategy.segments[0].schedule.steps, key=lambda one: one.name):
        if step.is_nudge or step.is_receipt:
            continue
        missing = said[step.name] < step.at.times
        waits = {step.at.step, step.after} & excused
        if missing and (step.name in passed_over or waits or (step.when and "900" in step.when.text)):
            excused.add(step.name)
        elif said[step.name] != step.at.times:
            yield step.name


def _has_ended(decision: Decision) -> bool:
    """Nothing comes any more: the ladder has ended, and what our own people hear of it, too."""
    ended = any(why.code == "schedule_ended" for held in decision.held for why in held.reasons)
    return ended and decision.as_of > TODAY + days(250)


@examples(30)
@given(text=texts(), late=st.integers(-40, 70), new=st.booleans())
def test_every_step_of_a_ladder_that_check_accepts_is_said_or_named_as_passed_over(
    text: str, late: int, new: bool
) -> None:
    strategy = parse(text, "any.toml", lambda _: None).strategy
    assume(strategy is not None)
    assert strategy is not None
    account = an_account(a_receivable(days_late=late), **({"touches": ()} if new else {}))
    rolled = islice(forward.roll(account, strategy, Calendar(), TODAY), 420)
    decisions = [*takewhile(lambda one: not _has_ended(one), (decision for _, decision in rolled))]
    assert list(_unsaid(strategy, decisions, account)) == []
    counted("ladders gone up to their end")


@st.composite
def early_texts(draw: st.DrawFn) -> str:
    """Steps up to the due date, or counted from the invoice, said once or again."""
    steps = []
    for n in range(draw(st.integers(1, 3))):
        count = draw(st.integers(0, 20))
        at = draw(st.sampled_from([f"due - {count}", f"due - {count}", f"invoiced + {count}"]))
        at += draw(st.sampled_from(["", "", " business days"]))
        at += draw(st.sampled_from(["", f" every {draw(st.integers(1, 6))} times {draw(st.integers(2, 3))}"]))
        when = draw(st.sampled_from(["", "", ', when = "overdue_days > 900"']))
        steps.append(f's{n} = {{ at = "{at}", say = "what{n}"{when} }}\n')
    contact = f"gap = {draw(st.integers(0, 9))}"
    return f'[contact]\n{contact}\n[schedule.s]\n{"".join(steps)}\n[[segment]]\nname = "all"\nschedule = "s"\n'


@examples(20)
@given(text=early_texts(), ahead=st.integers(0, 30))
def test_every_step_up_to_the_due_date_is_said_on_each_of_its_days_or_a_law_is_named(text: str, ahead: int) -> None:
    strategy = parse(text, "any.toml", lambda _: None).strategy
    assume(strategy is not None)
    assert strategy is not None
    row = a_receivable(due_on=TODAY + days(ahead))
    for account, decision in islice(forward.roll(an_account(row), strategy, Calendar(), TODAY), ahead + 1):
        acts = [act for _, act in _acts([(account, decision)])]
        for step in strategy.segments[0].schedule.steps:
            answer = why_not(account, strategy, Calendar(), decision, row, step.name)
            assert step.name in acts or answer.laws, (step.at.text, decision.as_of)
            assert acts.count(step.name) <= 1
            counted("days of steps up to the due date")
