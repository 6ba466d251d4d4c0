"""The query language, parsed. Only what Intuit documents: one entity, AND, six operators and LIKE, no projections.

Values stand in quotes, or are true or false; inside quotes a backslash escapes. ORDERBY is one word. STARTPOSITION and
MAXRESULTS come in either order (recorded). Anything else is refused with 4000, and what is well formed but impossible
with 4001 (Intuit docs, data queries, read 2026-11-21).
"""

import re

from msgspec import Struct

from dunwell.sandbox.quickbooks.wire import Refused

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<number>\d+)|(?P<sign><=|>=|[=<>(),*])|(?P<word>[A-Za-z][\w.]*)|(?P<end>$))"
)
_OPERATORS = ("=", "<", ">", "<=", ">=")
DEFAULT_PAGE, MAX_PAGE = 100, 1000


class Condition(Struct, frozen=True):
    """`prop operator value`; IN has several values. A bool stands for true or false without quotes."""

    prop: str
    operator: str
    values: tuple[str | bool, ...]


class Query(Struct, frozen=True, kw_only=True):
    """A SELECT. `start` counts from 1."""

    entity: str
    count: bool
    conditions: tuple[Condition, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    start: int = 1
    size: int = DEFAULT_PAGE


def parse(text: str) -> Query:
    """Read a query. Raises `Refused`."""
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._kind, self._token, self._next = "", "", 0
        self._step()

    def _step(self) -> str:
        """Move on; the token left behind."""
        left, self._at = self._token, self._next
        found = _TOKEN.match(self._text, self._at)
        if found is None or found.lastgroup is None:
            self._token = self._text[self._at :].strip()[:1]
            raise self._unexpected()
        self._kind, self._token, self._next = found.lastgroup, found[found.lastgroup], found.end()
        return left

    def _unexpected(self) -> Refused:
        column = self._text.find(self._token, self._at) + 1
        shown = self._token or "<EOF>"
        return Refused(
            "4000", "Error parsing query", f'QueryParserError: Encountered "{shown}" at line 1, column {column}.'
        )

    def _is(self, word: str) -> bool:
        return self._token.upper() == word and self._kind in ("word", "sign")

    def _take(self, word: str) -> bool:
        if not self._is(word):
            return False
        self._step()
        return True

    def _need(self, word: str) -> None:
        if not self._take(word):
            raise self._unexpected()

    def _word(self) -> str:
        if self._kind != "word":
            raise self._unexpected()
        return self._step()

    def query(self) -> Query:
        self._need("SELECT")
        count = self._selected()
        self._need("FROM")
        entity = self._word()
        conditions = self._conditions() if self._take("WHERE") else ()
        order = self._order() if self._take("ORDERBY") else ()
        start, size = self._page()
        if self._kind != "end":
            raise self._unexpected()
        return Query(entity=entity, count=count, conditions=conditions, order=order, start=start, size=size)

    def _selected(self) -> bool:
        """Whether it counts. The SDK asks for `*, Sku` of items; more than `*` is read and changes nothing."""
        if self._take("COUNT"):
            for sign in "(*)":
                self._need(sign)
            return True
        self._need("*")
        while self._take(","):
            self._word()
        return False

    def _conditions(self) -> tuple[Condition, ...]:
        made = [self._condition()]
        while self._take("AND"):
            made.append(self._condition())
        return tuple(made)

    def _condition(self) -> Condition:
        prop = self._word()
        if self._take("IN"):
            self._need("(")
            values = [self._value()]
            while self._take(","):
                values.append(self._value())
            self._need(")")
            return Condition(prop, "IN", tuple(values))
        if self._take("LIKE"):
            return Condition(prop, "LIKE", (self._value(),))
        if self._token not in _OPERATORS:
            raise self._unexpected()
        return Condition(prop, self._step(), (self._value(),))

    def _value(self) -> str | bool:
        if self._kind == "word" and self._token.lower() in ("true", "false"):
            return self._step().lower() == "true"
        if self._kind != "text":
            raise self._unexpected()
        return re.sub(r"\\(.)", r"\1", self._step()[1:-1])

    def _order(self) -> tuple[tuple[str, bool], ...]:
        made = []
        while True:
            prop = self._word()
            down = self._take("DESC")
            if not down:
                self._take("ASC")
            made.append((prop, down))
            if not self._take(","):
                return tuple(made)

    def _page(self) -> tuple[int, int]:
        page = {"STARTPOSITION": 1, "MAXRESULTS": DEFAULT_PAGE}
        while (word := self._token.upper()) in page:
            self._step()
            if self._kind != "number":
                raise self._unexpected()
            page[word] = int(self._step())
        for value, least, most in ((page["STARTPOSITION"], 1, None), (page["MAXRESULTS"], 1, MAX_PAGE)):
            if value < least:
                raise invalid(f"value {value} is too small. Min allowed value is {least}")
            if most is not None and value > most:
                raise invalid(f"value {value} is too large. Max allowed value is {most}")
        return page["STARTPOSITION"], page["MAXRESULTS"]


def invalid(detail: str) -> Refused:
    """A query that cannot be answered."""
    return Refused("4001", "Invalid query", f"QueryValidationError: {detail}")
