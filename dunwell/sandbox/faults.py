"""Faults on request: what a platform, a proxy or a cable may do to a call.

A `Rule` says which calls it is for and what happens to them. Rules are asked in the order they were added; the first
that matches wins. `skip` lets the first matching calls pass, `times` ends the rule after so many faults.
"""

from collections.abc import Iterator
from enum import StrEnum
from itertools import count

import msgspec
from msgspec import Struct

from dunwell.sandbox.exchange import Call


class Kind(StrEnum):
    """What happens. The platform's own words for it are the dialect's."""

    MINUTE_LIMIT = "minute_limit"  # 429, wait a minute
    DAY_LIMIT = "day_limit"  # 429, come back tomorrow
    EXPIRED = "expired"  # 401, the access token is past its time
    FORBIDDEN = "forbidden"  # 403
    BROKEN = "broken"  # 500 with the platform's error body
    UNAVAILABLE = "unavailable"  # 503, empty body
    HTML_PAGE = "html_page"  # 502 with a page from a proxy
    XML_LIMIT_429 = "xml_limit_429"  # the throttle body in XML although JSON was asked for
    XML_LIMIT_403 = "xml_limit_403"
    REFUSED = "refused"  # 400, the platform's own rules say no
    FAULT_IN_200 = "fault_in_200"  # success by status, failure by body
    STALE = "stale"  # somebody else edits the record just before this write
    SILENCE = "silence"  # nothing is done and nothing is answered
    SILENCE_AFTER = "silence_after"  # it is done, and nothing is answered
    DROP_BEFORE = "drop_before"  # the connection breaks, nothing was done
    DROP_AFTER = "drop_after"  # the connection breaks, it was done
    TRUNCATED = "truncated"  # half a JSON body, and HTTP says that it is whole
    CUT_OFF = "cut_off"  # half a body, then the connection breaks
    DELAY = "delay"  # the answer comes `seconds` later by the sandbox's clock


AFTER = frozenset({Kind.SILENCE_AFTER, Kind.DROP_AFTER, Kind.TRUNCATED, Kind.CUT_OFF, Kind.DELAY, Kind.STALE})
"""These let the call be answered first; all others come instead of it."""


class Rule(Struct, kw_only=True, forbid_unknown_fields=True):
    """A fault and the calls it is for. None fits every call; texts are looked for without regard to case.

    `query` is looked for in the decoded query string, `body` in the request body. `seconds`: how long a `delay` lasts
    (the sandbox's clock), and after how long a `silence` gives up by itself (real seconds, so that no test hangs).
    """

    id: int = 0
    kind: Kind
    platform: str | None = None
    method: str | None = None
    path: str | None = None
    query: str | None = None
    body: str | None = None
    skip: int = 0
    times: int | None = 1
    seconds: float = 120.0
    matched: int = 0
    happened: int = 0

    def fits(self, call: Call, platform: str) -> bool:
        """Whether this call is one of those meant."""
        return (
            self.platform in (None, platform)
            and self.method in (None, call.method)
            and _within(self.path, call.path)
            and _within(self.query, "&".join(f"{key}={value}" for key, value in call.query))
            and _within(self.body, call.body.decode("utf-8", "replace"))
        )

    def strike(self) -> bool:
        """Count a matching call; whether the fault happens to it."""
        if self.times is not None and self.happened >= self.times:
            return False
        self.matched += 1
        if self.matched <= self.skip:
            return False
        self.happened += 1
        return True


def _within(wanted: str | None, text: str) -> bool:
    return wanted is None or wanted.casefold() in text.casefold()


class Faults:
    """The rules in force."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._ids = count(1)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def add(self, kind: Kind | str, **conditions: object) -> Rule:
        """Add a rule; the conditions are the fields of `Rule`. The rule returned counts what happened.

        Raises `msgspec.ValidationError` for a kind or condition that does not exist.
        """
        rule = msgspec.convert({**conditions, "kind": str(kind), "id": next(self._ids)}, Rule)
        self._rules.append(rule)
        return rule

    def remove(self, rule_id: int) -> None:
        """Take a rule back; unknown ids are ignored."""
        self._rules = [rule for rule in self._rules if rule.id != rule_id]

    def clear(self) -> None:
        """Take all rules back."""
        self._rules.clear()

    def due(self, call: Call, platform: str) -> Rule | None:
        """The rule that strikes this call, None where it goes unharmed."""
        return next((rule for rule in self._rules if rule.fits(call, platform) and rule.strike()), None)
