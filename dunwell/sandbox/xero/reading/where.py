"""The `where` filter: comparisons joined by AND and OR, as the API's .NET parser reads them.

`Status=="AUTHORISED" AND DueDate<DateTime(2026,3,2)`, `Contact.ContactID==guid("…")`, `EmailAddress!=null &&
Name.ToLower().Contains("ltd")`. Texts stand in double quotes, without any escape. Errors are worded as recorded.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from dunwell.sandbox.xero.reading.fields import SINGULAR, Sort, field
from dunwell.sandbox.xero.reading.values import own, read_instant
from dunwell.sandbox.xero.wire import Body, unparsed

_TOKEN = re.compile(
    r'\s*(?:"(?P<text>[^"]*)"|(?P<number>-?\d+(?:\.\d+)?)|(?P<sign>==|!=|<>|>=|<=|&&|\|\||[=<>(),.])'
    r"|(?P<word>[A-Za-z_]\w*)|(?P<end>$))"
)
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda mine, wanted: bool(mine == wanted),
    "!=": lambda mine, wanted: bool(mine != wanted),
    "<": lambda mine, wanted: bool(mine < wanted),
    ">": lambda mine, wanted: bool(mine > wanted),
    "<=": lambda mine, wanted: bool(mine <= wanted),
    ">=": lambda mine, wanted: bool(mine >= wanted),
}
_ALIASES = {"=": "==", "<>": "!="}
_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda mine, wanted: wanted in mine,
    "startswith": lambda mine, wanted: mine.startswith(wanted),
    "endswith": lambda mine, wanted: mine.endswith(wanted),
}
_UNCHANGED = ("tolower", "toupper", "tostring", "trim")
"""Methods that make no difference here, where all texts are compared without regard to case."""

Test = Callable[[Body], bool]
_Value = tuple[Callable[[Body], Any], Sort]


def parse(endpoint: str, text: str) -> Test:
    """What a body must be like. Raises `Refused`."""
    return _Parser(endpoint, text).whole()


class _Parser:
    def __init__(self, endpoint: str, text: str) -> None:
        self._endpoint, self._text, self._at = endpoint, text, 0
        self._kind, self._token = "", ""
        self._step()

    def _step(self) -> str:
        """Move on; the token left behind."""
        left, found = self._token, _TOKEN.match(self._text, self._at)
        if found is None or found.lastgroup is None:
            raise unparsed(f"Syntax error '{self._text[self._at :].strip()[:1]}'")
        self._kind, self._token, self._at = found.lastgroup, found[found.lastgroup], found.end()
        return left

    def _take(self, *signs: str) -> bool:
        if self._kind not in ("sign", "word") or self._token.upper() not in signs:
            return False
        self._step()
        return True

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise unparsed(f"'{sign}' expected")

    def _literal(self, kind: str) -> str:
        if self._kind != kind:
            raise unparsed("Expression expected")
        return self._step()

    def whole(self) -> Test:
        test = self._either()
        if self._kind != "end":
            raise unparsed("Syntax error")
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._take("OR", "||"):
            tests.append(self._both())
        return lambda body: any(test(body) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._take("AND", "&&"):
            tests.append(self._one())
        return lambda body: all(test(body) for test in tests)

    def _one(self) -> Test:
        if self._take("("):
            test = self._either()
            self._need(")")
            return test
        (left, sort), operator = self._value(), _ALIASES.get(self._token, self._token)
        if self._kind != "sign" or operator not in _COMPARED:
            if sort is not Sort.FLAG:
                raise unparsed("Expression of type 'Boolean' expected")
            return lambda body: left(body) is True
        self._step()
        right, other = self._value()
        if Sort.NULL not in (sort, other) and sort is not other:
            raise unparsed(f"Operator '{operator}' incompatible with operand types '{sort}' and '{other}'")
        return lambda body: _compared(operator, left(body), right(body))

    def _value(self) -> _Value:
        if self._kind == "text":
            return _always(self._step().casefold(), Sort.TEXT)
        if self._kind == "number":
            return _always(Decimal(self._step()), Sort.NUMBER)
        word = self._literal("word")
        match word.lower():
            case "true" | "false":
                return _always(word.lower() == "true", Sort.FLAG)
            case "null":
                return _always(None, Sort.NULL)
            case "datetime":
                return _always(self._instant(), Sort.DAY)
            case "guid":
                return _always(self._id(), Sort.ID)
        return self._property(word)

    def _instant(self) -> datetime:
        """DateTime(2026,3,2), with hours and so on, or DateTime.Parse("…")."""
        try:
            if self._take("."):
                self._need("PARSE")
                return read_instant(self._quoted())
            self._need("(")
            numbers = [int(self._literal("number"))]
            while self._take(","):
                numbers.append(int(self._literal("number")))
            self._need(")")
            year, month, day, hour, minute, second = (*numbers, 0, 0, 0)[:6]
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            raise unparsed("String was not recognized as a valid DateTime.") from None

    def _id(self) -> str:
        if self._take("."):
            self._need("PARSE")
        try:
            return str(UUID(self._quoted()))
        except ValueError:
            raise unparsed("Guid should contain 32 digits with 4 dashes.") from None

    def _quoted(self) -> str:
        self._need("(")
        text = self._literal("text")
        self._need(")")
        return text

    def _property(self, word: str) -> _Value:
        """A property, and the methods called on it."""
        path, value = [word], None
        while self._take("."):
            name = self._literal("word")
            if (self._kind, self._token) == ("sign", "("):
                value = self._called(value or self._known(path), name)
            else:
                path.append(name)
        return value or self._known(path)

    def _called(self, on: _Value, method: str) -> _Value:
        value, sort = on
        if method.lower() in _UNCHANGED:
            self._need("(")
            self._need(")")
            return value, Sort.TEXT
        test = _TESTS.get(method.lower())
        if test is None or sort is not Sort.TEXT:
            raise unparsed(f"No applicable method '{method}' exists in type '{sort}'")
        wanted = self._quoted().casefold()
        return lambda body: test(value(body) or "", wanted), Sort.FLAG

    def _known(self, path: list[str]) -> _Value:
        found = field(self._endpoint, ".".join(path))
        if found is None:
            raise unparsed(f"No property or field '{path[-1]}' exists in type '{SINGULAR[self._endpoint]}'")
        name, sort = found
        return lambda body: own(body, name, sort), sort


def _always(value: object, sort: Sort) -> _Value:
    return lambda _body: value, sort


def _compared(operator: str, mine: Any, wanted: Any) -> bool:
    """Nothing is neither more nor less than anything."""
    if operator not in ("==", "!=") and None in (mine, wanted):
        return False
    return _COMPARED[operator](mine, wanted)
