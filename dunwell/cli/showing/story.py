"""Events of the journal as lines that a person reads."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from strategy import money
from strategy.explain import amount
from sync.store.journal import Event

TOLD: Final[Mapping[str, str]] = {
    "case opened": "case {case} opened, overdue since {since}",
    "case closed": "case {case} closed, nothing is overdue",
    "placed": "{why}",
    "promised": "promise {promise}: {amount_minor} by {promised_on}",
    "promise cancelled": "promise {promise} cancelled",
    "promise superseded": "promise {promise} replaced by a newer one",
    "promise replaced in part": "promise {promise} replaced in part by {by}: {amount_minor} by {promised_on} goes on",
    "plan proposed": "payment plan {plan} proposed: {amount_minor} in {instalments} instalments from {first_on}",
    "plan accepted": "payment plan {plan}: {amount_minor} in {instalments} instalments from {first_on}",
    "proposal accepted": "payment plan {plan} accepted",
    "plan ended": "payment plan {plan} ended",
    "disputed": "dispute {dispute}: {category}",
    "dispute answered": "dispute {dispute} answered",
    "dispute resolved": "dispute {dispute}: {outcome}, credit note of {amount_minor} expected",
    "dispute ended": "dispute {dispute} ended",
    "claimed paid": "claim {claim}: they say it is paid, rests until {until}",
    "claim ended": "claim {claim} ended",
    "held": "hold {hold}: {kind}: {reason}",
    "hold ended": "hold {hold} ended",
    "contact noted": "contact {touch}: {act} by {channel} on {on}: {reason}",
    "contact taken back": "contact {touch} taken back",
    "trigger fired": "became true: {trigger}",
    "trigger over": "is over: {trigger}",
    "profile changed": "profile: {field} changed",
    "difference accepted": "difference of {difference_minor} accepted: {reason}",
    "came back": "message came back: {act}",
    "bounce ended": "bounce {bounce} ended: the address is written to again",
    "task sent": "task given: {act}",
    "task done": "task {task} done: {outcome}",
    "note sent": "note posted in the books",
    "file sent": "file posted in the books",
    "link sent": "payment link posted in the books",
}
"""What the events say that have words of their own."""

_PASSING: Final = frozenset(
    {
        *("message sending", "notice sending"),
        *(f"{kind} {state}" for kind in ("note", "file", "link") for state in ("planned", "approved", "sending")),
    }
)
"""Events that are only steps on the way to the next one."""


def worth_telling(events: Iterable[Event]) -> Iterator[Event]:
    """What a person wants to read of all that happened."""
    return (event for event in events if event.what not in _PASSING)


def told(event: Event) -> str:
    """What happened: "message sent: second by email", "promise 3: 1,200.00 EUR by 2026-03-22"."""
    facts = _in_words(event.facts)
    if (key := facts.get("key", "")).count("/") >= 4:
        facts["act"] = key.split("/")[2]
    if event.what in TOLD:
        besides = [facts["note"]] if "note" in facts else []
        besides += [f"again on {facts['next_on']}"] if "next_on" in facts else []
        return "; ".join([TOLD[event.what].format_map(_Facts(facts)), *besides])
    details = "; ".join(_details(facts))
    return f"{event.what}: {details}" if details else event.what


class _Facts(dict[str, str]):
    """Facts that were not kept are left open: an event of an older release is still told."""

    def __missing__(self, name: str) -> str:
        return "…"


def plain_facts(event: Event) -> dict[str, object]:
    """An event's facts for programs: amounts as decimal strings, without the unit in their names."""
    currency = event.facts.get("currency")
    return {
        name.removesuffix("_minor"): str(money.to_decimal(value, currency))
        if name.endswith("_minor") and isinstance(value, int) and isinstance(currency, str)
        else value
        for name, value in event.facts.items()
    }


def _in_words(facts: Mapping[str, object]) -> dict[str, str]:
    """Amounts with their currency, everything else as text; what is empty is left out."""
    currency = facts.get("currency")
    words: dict[str, str] = {}
    for name, value in facts.items():
        if name.endswith("_minor") and isinstance(value, int) and isinstance(currency, str):
            words[name] = amount(value, currency)
        elif value not in (None, "", []):
            words[name] = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return words


def _details(facts: Mapping[str, str]) -> Iterator[str]:
    """The step and channel of an outbox key, and the reason."""
    key = facts.get("key", "")
    if key.count("/") >= 4:
        _, _, act, _, channel, *_ = key.split("/")
        yield f"{act} by {channel}"
    if reason := facts.get("reason"):
        yield reason
