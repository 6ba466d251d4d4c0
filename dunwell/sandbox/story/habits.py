"""When a customer pays."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from dunwell.sandbox.dice import Dice


class Habit(StrEnum):
    """How a customer pays, in days from the due date."""

    EARLY = "early"  # up to six days before it is due
    PROMPT = "prompt"  # within two days of it
    USUAL = "usual"  # one to twelve days late, rarely a month
    LATE = "late"  # three and a half to seven weeks late, always
    THURSDAYS = "thursdays"  # with the next weekly run, which some weeks comes late
    WORSENING = "worsening"  # on time eighteen months ago, seven weeks late now, and so on
    SLOW = "slow"  # five to eleven weeks late, and one invoice in eight not at all


_Late = Callable[[float, Dice], int | None]

_DAYS_LATE: dict[Habit, _Late] = {
    Habit.EARLY: lambda _progress, dice: dice.number(-6, 0),
    Habit.PROMPT: lambda _progress, dice: dice.number(-2, 2),
    Habit.USUAL: lambda _progress, dice: dice.number(20, 33) if dice.chance(8) else dice.number(1, 12),
    Habit.LATE: lambda _progress, dice: dice.number(24, 50),
    Habit.THURSDAYS: lambda _progress, dice: dice.number(7, 13) if dice.chance(25) else 0,
    Habit.WORSENING: lambda progress, dice: round(48 * max(0.0, progress) ** 2) + dice.number(-3, 4),
    Habit.SLOW: lambda _progress, dice: None if dice.chance(12) else dice.number(35, 80),
}


def pays_on(habit: Habit, due_on: date, progress: float, dice: Dice) -> date | None:
    """The day of payment; None: never. `progress` is the story's (see `Span.progress`) when the invoice was issued."""
    late = _DAYS_LATE[habit](progress, dice)
    if late is None:
        return None
    day = due_on + timedelta(days=late)
    return day + timedelta(days=(3 - day.weekday()) % 7) if habit is Habit.THURSDAYS else day
