"""Fields whose value is one of a list, and values that nobody knew when the list was written.

Platforms add values without notice. One that is unknown never stops a record that can be read without it, and is told
once for all records that have it.
"""

from collections.abc import Iterable, Iterator

from strategy.model import Issue, Record


class Words(Record):
    """A field by the platform's name and by ours, and the values that we know; absent is no value."""

    field: str
    ours: str
    known: frozenset[str]


Strange = tuple[str, str]
"""A field and a value of it that nobody knows."""

LONGEST = 40
"""So much of a value is shown: it is the platform's, and may be anything."""


def note(found: dict[Strange, None], words: Iterable[Words], body: object) -> None:
    """Add the body's values that are not in their lists."""
    for one in words:
        value = getattr(body, one.ours)
        if value is not None and value not in one.known:
            found[one.field, str(value)[:LONGEST]] = None


def issues(platform: str, entity: str, found: Iterable[Strange]) -> Iterator[Issue]:
    """One for each value, whatever number of records has it."""
    for field, value in found:
        yield Issue(
            code="unknown_value",
            source=f"{entity} {field} {value}",
            message=f"{platform} sends {field} {value}, which this version of Dunwell does not know. Records that have "
            "it are read without it, or left out where it decides what they are. Look for a newer version.",
        )
