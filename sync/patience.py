"""Going on where it may be one record that cannot be served now, and stopping where it is more than that."""

from connectors.errors import RetryLater

SEVERAL = 3
"""So many in a row are no longer one record's fault."""


class Patience:
    """What asked for patience while rows were worked on, one by one. `later`: the last that did.

    After several in a row, one that is served sets the count back, and one more that asks for patience ends it again.
    """

    def __init__(self) -> None:
        self.later: RetryLater | None = None
        self._in_a_row = 0

    @property
    def used_up(self) -> bool:
        """Whether the other side does nothing more today."""
        return self.later is not None and self.later.daily

    def served(self) -> None:
        """The other side does its work."""
        self._in_a_row = 0

    def asked(self, error: RetryLater) -> None:
        """Raises it where the next row would fare no better: several in a row have asked, or the day is used up."""
        self.later = error
        self._in_a_row += not error.only_this
        if error.daily or self._in_a_row >= SEVERAL:
            raise error
