"""Texts of strategies, and what is read of them."""

from collections.abc import Mapping
from pathlib import Path

from strategy.rules import (
    Segment,
    Step,
    Strategy,
)
from strategy.text.parse import Parsed, parse
from strategy.text.parts.inherit import SourceText

CONTRACT = (Path(__file__).parent / "data" / "contract.toml").read_text("utf-8")
LAST = 'last = { at = "due + 9", say = "reminder" }\n'
HOUSE = '[amounts]\nsmall = { EUR = 50, NZD = 30 }\n\n[contact]\ngap = 9\nby  = ["email"]\n\n[holds]\nreply = 7\n'
SHORT = """\
[schedule.s]
first = { at = "due + 3", say = "friendly" }

[[segment]]
name     = "everyone"
schedule = "s"
"""
TRIGGERS = """\
[[trigger]]
name   = "late"
when   = "overdue_days > 30"
notify = "owner"

[[trigger]]
name   = "large"
when   = "overdue > 0"
notify = "owner"
"""


def reading(text: str, **texts: str) -> Parsed:
    sources = {name: SourceText(file=f"{name}.toml", text=other) for name, other in texts.items()}
    return parse(text, "acme.toml", sources.get)


def strategy(text: str, **texts: str) -> Strategy:
    parsed = reading(text, **texts)
    assert parsed.strategy is not None, parsed.shown()
    return parsed.strategy


def steps(whole: Strategy, schedule: str) -> Mapping[str, Step]:
    (found,) = [each for each in whole.schedules if each.name == schedule]
    return {step.name: step for step in found.steps}


def segment(whole: Strategy, name: str) -> Segment:
    (found,) = [each for each in whole.segments if each.name == name]
    return found


def conditional(when: str) -> str:
    return SHORT.replace("[[segment]]", f'[[segment]]\nname = "x"\nschedule = "s"\nwhen = "{when}"\n\n[[segment]]')
