"""An answer of Xero's taken apart: its lists, its time and how many pages there are, each still unread."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import msgspec

from connectors.answers import Answer, read
from connectors.errors import BadAnswer
from connectors.xero import bodies
from connectors.xero.instants import instant

_decode = msgspec.json.Decoder(bodies.Lists).decode
_FIELDS = dict(zip(bodies.Lists.__struct_encode_fields__, bodies.Lists.__struct_fields__, strict=True))


class Listed:
    """All readings raise `BadAnswer` where the answer is not what was asked for. After a 304 every list is empty."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._unchanged = answer.status == HTTPStatus.NOT_MODIFIED
        self._lists = bodies.Lists() if self._unchanged else read(_decode, answer.body)

    def rows(self, name: str) -> list[msgspec.Raw]:
        """The list of that name, each row unread."""
        if self._unchanged:
            return []
        rows: list[msgspec.Raw] | None = getattr(self._lists, _FIELDS[name])
        if rows is None:
            raise BadAnswer(f"Xero sent no {name}", again=False)
        return rows

    def only(self, name: str) -> msgspec.Raw:
        """The one row of a list that has one."""
        rows = self.rows(name)
        if not rows:
            raise BadAnswer(f"Xero sent no {name}", again=False)
        return rows[0]

    @property
    def time(self) -> datetime:
        """Xero's clock when it answered."""
        try:
            if self._unchanged:
                return parsedate_to_datetime(self._answer.headers.get("date", "")).astimezone(UTC)
            return instant(self._lists.date_time_utc or "")
        except (TypeError, ValueError, OverflowError):
            raise BadAnswer("Xero does not say what time it is", again=False) from None

    @property
    def page_count(self) -> int | None:
        """None where the answer does not say."""
        if self._unchanged:
            return 0
        return self._lists.pagination.page_count if self._lists.pagination else None

    @property
    def item_count(self) -> int | None:
        """Of all pages; None where the answer does not say."""
        if self._unchanged:
            return 0
        return self._lists.pagination.item_count if self._lists.pagination else None
