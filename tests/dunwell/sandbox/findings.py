"""What holding a full run against an official contract found."""

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct


class Findings(Struct, kw_only=True):
    """Of one platform. `differences`: each by name, with how often; `operations` as the contract calls them."""

    platform: str
    requests: int = 0
    answers: int = 0
    objects: int = 0
    operations: set[str] = set()
    differences: Counter[str] = Counter()

    def unexpected(self, known: Mapping[str, str]) -> tuple[set[str], set[str]]:
        """Differences that nobody knows, and known ones that do not occur."""
        return set(self.differences) - set(known), set(known) - set(self.differences)
