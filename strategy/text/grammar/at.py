"""The grammar of days: when a step is due.

at = ("due"|"invoiced"|"month start"|"month end"|STEP) ("+"|"-") N ["business days"] ["every" N "times" N]
"""

import re
from typing import Final

from strategy.rules import Anchor, At
from strategy.text.grammar.facts import RESERVED_STEPS
from strategy.text.table import Wrong

STEP_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z][A-Za-z0-9_]*)*")
"""A hyphen in a step's name comes before a letter, so that "due-3" can only be a day."""

_ANCHOR: Final = re.compile(rf"\s*(month\s+start|month\s+end|{STEP_NAME.pattern})")
_OFFSET: Final = re.compile(r"\s*([+-])\s*(\d{1,4})\b")
_BUSINESS: Final = re.compile(r"\s+business\s+days?\b")
_EVERY: Final = re.compile(r"\s+every\s+(\d{1,3})\s+times\s+(\d{1,3})\b")
AT_PATTERN: Final = f"^{_ANCHOR.pattern}{_OFFSET.pattern}({_BUSINESS.pattern})?({_EVERY.pattern})?\\s*$"
"""What a day looks like, for editors; `read_at` knows more."""

_FIXED: Final = frozenset(Anchor) - {Anchor.STEP}
_RESERVED: Final = RESERVED_STEPS - _FIXED
_MOST_DAYS: Final = 1000
_FORMS: Final = 'write it as in "due + 3", "month end - 1 business days", "due + 7 every 7 times 3" or "STEP + 5"'


def read_at(text: str) -> At | Wrong:
    """The day as it was written; what is wrong with it comes with its place in the text."""
    start = _ANCHOR.match(text)
    if start is None or start[1] in _RESERVED:
        message = "a day begins with due, invoiced, month start, month end or a step"
        return Wrong(message=message, right=_FORMS, index=_behind(text, 0))
    words = " ".join(start[1].split())
    offset = _OFFSET.match(text, start.end())
    if offset is None:
        message = f'after "{words}" comes + or - and a number of days'
        return Wrong(message=message, right=f'for example at = "{words} + 3"', index=_behind(text, start.end()))
    business = _BUSINESS.match(text, offset.end())
    every = _EVERY.match(text, business.end() if business else offset.end())
    end = (every or business or offset).end()
    if rest := text[end:].strip():
        return _too_much(rest, _behind(text, end))
    at = _at(text, words, offset, business is not None, every)
    return _senseless(at, offset, every) or at


def _behind(text: str, index: int) -> int:
    """The next place that is no space."""
    return len(text) - len(text[index:].lstrip())


def _too_much(rest: str, index: int) -> Wrong:
    unit = rest.casefold() in ("day", "days")
    right = 'leave it out: days are calendar days unless "business days" stands there' if unit else _FORMS
    return Wrong(message=f'"{rest}" is not understood here', right=right, index=index, width=len(rest))


def _at(text: str, words: str, offset: re.Match[str], business: bool, every: re.Match[str] | None) -> At:
    return At(
        anchor=Anchor(words) if words in _FIXED else Anchor.STEP,
        offset=int(offset[2]) * (-1 if offset[1] == "-" else 1),
        business=business,
        step=None if words in _FIXED else words,
        every=int(every[1]) if every else 0,
        times=int(every[2]) if every else 1,
        text=text,
    )


def _senseless(at: At, offset: re.Match[str], every: re.Match[str] | None) -> Wrong | None:
    """What the grammar allows and nobody can mean."""
    if abs(at.offset) > _MOST_DAYS:
        right = f"write at most {_MOST_DAYS}"
        return Wrong(message=f"{offset[2]} days are too many", right=right, index=offset.start(2), width=len(offset[2]))
    if at.anchor is Anchor.STEP and at.offset < 0:
        right = f'count on from it: "{at.step} + {-at.offset}"'
        return Wrong(message=f'nothing can be done before "{at.step}" was', right=right, index=offset.start(1))
    if at.anchor is Anchor.INVOICED and at.offset < 0:
        right = f'count on from it: "invoiced + {-at.offset}"'
        return Wrong(message="nothing can be said of an invoice before it is there", right=right, index=offset.start(1))
    if every and (at.every < 1 or at.times < 2):
        right = 'for example "due + 7 every 7 times 3", three times in all'
        return Wrong(message="a repeat is every 1 or more days, 2 or more times", right=right, index=every.start(1))
    return None
