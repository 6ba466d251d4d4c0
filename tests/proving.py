"""How much is proved: a fixed sample, or DUNWELL_PROVE times as much of it (`make prove`)."""

import os
from collections import Counter

from hypothesis import settings

FACTOR = max(1, int(os.environ.get("DUNWELL_PROVE", "1")))  # noqa: TID251 - a switch of the tests' own


def times(sample: int) -> int:
    """So often a thing is done that the fixed sample does `sample` times."""
    return sample * FACTOR


def examples(count: int) -> settings:
    """For a property whose single examples take long: `@examples(10)`."""
    return settings(max_examples=times(count))


_counts: Counter[str] = Counter()


def counted(what: str, count: int = 1) -> None:
    """Count what was proved; the sums stand below the tests' results (`tests/conftest.py`)."""
    _counts[what] += count


def counts() -> dict[str, int]:
    """What this process has counted."""
    return dict(_counts)
