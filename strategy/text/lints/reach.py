"""Lints of segments: one that no account ever reaches, two that both want the same, none that takes the rest."""

from collections.abc import Sequence

from strategy.conditions import Condition
from strategy.text.grammar.implies import implies, overlap
from strategy.text.lints.draft import Draft
from strategy.text.nodes import Node
from strategy.text.parts import keys, segment_keys
from strategy.text.parts.segments import Placed
from strategy.text.table import Findings, Key


def last_takes_the_rest(segments: Sequence[Placed], root: Node, findings: Findings) -> None:
    """There are segments, and the last has no condition: every account is in one."""
    if segments:
        last = segments[-1]
        if all(segment_keys.SEGMENT_WHEN.name in (placed.node.table or {}) for placed in segments):
            message = f'the last segment, "{last.segment.name}", has a condition: some accounts would be in none'
            findings.wrong(_entry(last, segment_keys.SEGMENT_WHEN).name, message, 'add a last one without "when"')
    elif keys.SEGMENTS.name not in (root.table or {}):
        right = "add [[segment]] with a name and a schedule, as the last one without a condition"
        findings.wrong(root.at, "there is no segment", right)


def every_segment_is_reached(draft: Draft, findings: Findings) -> None:
    """A segment whose accounts are all taken by one above it never gets any."""
    sound = [placed for placed in draft.segments if placed.sound]
    for number, later in enumerate(sound):
        earlier = next((each for each in sound[:number] if _takes_all(each, later)), None)
        if earlier is not None:
            _unreachable(earlier, later, findings)
            continue
        for each in sound[:number]:
            _overlapping(each, later, findings)


def _takes_all(earlier: Placed, later: Placed) -> bool:
    if earlier.segment.when is None:
        return True
    return later.segment.when is not None and implies(later.segment.when.root, earlier.segment.when.root)


def _unreachable(earlier: Placed, later: Placed, findings: Findings) -> None:
    name, other = later.segment.name, earlier.segment.name
    if earlier.segment.when is None:
        message, right = f'"{other}" above it has no condition', f'move it above "{other}"'
    elif later.segment.when and later.segment.when.root == earlier.segment.when.root:
        message, right = f'"{other}" above it has the same condition', "take one of them out"
    else:
        message, right = f'where its condition is true, that of "{other}" above is too', f'move it above "{other}"'
    findings.wrong(_entry(later, segment_keys.SEGMENT_NAME).at, f'segment "{name}" is never reached: {message}', right)


def _overlapping(earlier: Placed, later: Placed, findings: Findings) -> None:
    first, second = earlier.segment.when, later.segment.when
    common = overlap(first.root, second.root) if first and second else None
    if common:
        message = f'"{earlier.segment.name}" above takes accounts that fit here too, with {common}'
        findings.warn(
            _entry(later, segment_keys.SEGMENT_WHEN).at, message, "put first what should win, or part the conditions"
        )


def stay_is_wider(draft: Draft, findings: Findings) -> None:
    """`stay` keeps what `when` took: a narrower one would let accounts go the day after they came."""
    for placed in draft.segments:
        when, stay = placed.segment.when, placed.segment.stay
        if placed.sound and when and stay and _narrower(stay, when):
            right = "make it wider than when, so that accounts do not go to and fro"
            findings.warn(_entry(placed, segment_keys.STAY).at, '"stay" is narrower than "when"', right)


def _narrower(stay: Condition, when: Condition) -> bool:
    return stay.root != when.root and implies(stay.root, when.root) and not implies(when.root, stay.root)


def _entry(placed: Placed, key: Key[object]) -> Node:
    return (placed.node.table or {}).get(key.name, placed.node)
