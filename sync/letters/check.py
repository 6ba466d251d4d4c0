"""Every mistake in a letter, before anything runs.

Letters speak a small part of Jinja: fields, `if`, `for`, comparisons and a few filters. Nothing in it can call, assign,
include or calculate, so nothing in it can grow: a checked letter renders for every customer, in bounded time and space.
What exists is read off `example`, which has every field once, so that there is no second list to forget.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Final

from jinja2 import TemplateSyntaxError, nodes

from strategy.model import Record
from sync.letters import figures
from sync.letters.example import example
from sync.letters.fields import Plain
from sync.letters.sandbox import SANDBOX, prepared
from sync.letters.words import LANGUAGES, known

LONGEST: Final = 50_000
FILTERS: Final = ("capitalize", "length", "lower", "trim", "upper")
_IN_A_LOOP: Final[Plain] = {"index": 1, "first": 1, "last": 1, "length": 1}
_SPEAKS = f"a letter has fields, if, for, comparisons, and, or, not, and the filters {', '.join(FILTERS)}"
_OURS: Final = " and ".join(LANGUAGES)
_TESTS_ORDER: Final = frozenset(("lt", "lteq", "gt", "gteq"))

_Scope = Mapping[str, Plain]


class Problem(Record):
    """Something wrong in a text that people write. `instead` says what would be right."""

    file: str
    line: int
    message: str
    instead: str


class _Found(Exception):
    """A problem in an expression, on its way to the list."""

    def __init__(self, node: nodes.Node, message: str, instead: str) -> None:
        super().__init__(message)
        self.at = (node.lineno, message, instead)


@lru_cache(maxsize=256)
def check_letter(source: str, language: str, name: str) -> tuple[Problem, ...]:
    """Every problem of the letter, in the order of its lines. `name` is its file, as the author knows it."""
    found = sorted({*_of_heading(source), *_of_language(language), *_of_body(source, language)})
    return tuple(Problem(file=name, line=line, message=message, instead=instead) for line, message, instead in found)


_Where = tuple[int, str, str]


def _of_heading(source: str) -> Iterator[_Where]:
    subject, _, rest = source.partition("\n")
    if len(source) > LONGEST:
        yield 1, f"the letter has {len(source)} characters", f"at most {LONGEST}"
    if not subject.startswith("Subject:") or not subject.removeprefix("Subject:").strip():
        yield 1, "the first line is not the subject", "Subject: Invoice {{ lead.number }} is overdue"
    elif rest.partition("\n")[0].strip():
        yield 2, "the subject is not followed by a blank line", "one blank line, then the letter"
    if not rest.strip():
        yield 1, "the letter has no text", "paragraphs, with blank lines between them"


def _of_language(language: str) -> Iterator[_Where]:
    try:
        figures.locale_of(language)
    except figures.UnknownLanguage as unknown:
        yield 1, str(unknown), "a folder named for the language of its letters"


def _of_body(source: str, language: str) -> Iterator[_Where]:
    try:
        parsed = SANDBOX.parse(prepared(source))
    except TemplateSyntaxError as error:
        yield error.lineno, f"this is not Jinja: {error.message}", _SPEAKS
        return
    except RecursionError:
        yield 1, "an expression in the letter is too deep", _SPEAKS
        return
    for node in parsed.body:
        yield from _statement(node, _fields(), looping=False)
    if not known(language):
        for name in parsed.find_all(nodes.Name):
            if name.name == "table":
                yield name.lineno, f"the table has no headings in {language!r}", f"a list; {_OURS} have headings"


@cache
def _fields() -> _Scope:
    return {**example(), "table": "text"}


def _statement(node: nodes.Node, scope: _Scope, *, looping: bool) -> Iterator[_Where]:
    """The problems of one statement and of those inside it."""
    match node:
        case nodes.Output():
            for part in node.nodes:
                yield from _shown(part, scope)
        case nodes.If():
            yield from _problems(node.test, scope)
            for inner in (*node.body, *node.elif_, *node.else_):
                yield from _statement(inner, scope, looping=looping)
        case nodes.For():
            yield from _loop(node, scope, looping=looping)
        case _:
            yield node.lineno, f"{_named(node)} is not part of a letter", _SPEAKS


def _loop(node: nodes.For, scope: _Scope, *, looping: bool) -> Iterator[_Where]:
    if looping:
        yield node.lineno, "a loop inside a loop", "one loop over one list"
        return
    try:
        items = _shape(node.iter, scope)
    except _Found as found:
        yield found.at
        return
    if not isinstance(items, list) or not isinstance(node.target, nodes.Name):
        lists = ", ".join(name for name, value in _fields().items() if isinstance(value, list))
        yield node.lineno, "a loop goes over a list, one name at a time", f"one of {lists}, notice.why"
        return
    inside = {**scope, node.target.name: items[0], "loop": _IN_A_LOOP}
    if node.test:
        yield from _problems(node.test, inside)
    for inner in node.body:
        yield from _statement(inner, inside, looping=True)
    for inner in node.else_:
        yield from _statement(inner, scope, looping=looping)


def _shown(part: nodes.Expr, scope: _Scope) -> Iterator[_Where]:
    """What is printed is a text or a number."""
    if isinstance(part, nodes.TemplateData):
        return
    try:
        shape = _shape(part, scope)
    except _Found as found:
        yield found.at
        return
    if isinstance(shape, dict):
        yield part.lineno, f"{_path(part)} is a group of fields", ", ".join(f"{_path(part)}.{name}" for name in shape)
    elif isinstance(shape, list):
        one = _path(part).rpartition(".")[2].removesuffix("s")
        yield part.lineno, f"{_path(part)} is a list", f"{{% for {one} in {_path(part)} %}}…{{% endfor %}}"


def _problems(expression: nodes.Node, scope: _Scope) -> Iterator[_Where]:
    try:
        _shape(expression, scope)
    except _Found as found:
        yield found.at


def _shape(node: nodes.Node, scope: _Scope) -> Plain:
    """A value like those that the expression will have."""
    match node:
        case nodes.Const():
            return node.value if isinstance(node.value, str) else 1
        case nodes.Name():
            return _field(node, scope, node.name, "")
        case nodes.Getattr():
            return _inside(node, scope)
        case nodes.Filter():
            return _filtered(node, scope)
        case nodes.Compare():
            return _compared(node, scope)
        case nodes.CondExpr():
            return _either(node, scope)
        case nodes.And() | nodes.Or():
            _shape(node.right, scope)
            return _shape(node.left, scope)
        case nodes.Not():
            _shape(node.node, scope)
            return 1
    raise _Found(node, f"{_named(node)} is not part of a letter", _SPEAKS)


def _inside(node: nodes.Getattr, scope: _Scope) -> Plain:
    of, path = _shape(node.node, scope), _path(node.node)
    if isinstance(of, dict):
        return _field(node, of, node.attr, f"{path}.")
    if isinstance(of, list):
        raise _Found(node, f"{path} is a list and has no {node.attr}", f"a loop over {path}, or lead.{node.attr}")
    raise _Found(node, f"{path} is a text or a number and has no {node.attr}", f"{{{{ {path} }}}}")


def _field(node: nodes.Node, fields: Mapping[str, Plain], name: str, path: str) -> Plain:
    if name in fields:
        return fields[name]
    near = get_close_matches(name, fields, n=1, cutoff=0.4)
    instead = f"{path}{near[0]}" if near else f"one of {', '.join(f'{path}{field}' for field in fields)}"
    raise _Found(node, f"there is no field {path}{name}", instead)


def _filtered(node: nodes.Filter, scope: _Scope) -> Plain:
    if node.name not in FILTERS or node.args or node.kwargs or node.node is None:
        raise _Found(
            node, f"there is no filter {node.name} like this", f"one of {', '.join(FILTERS)}, without arguments"
        )
    of = _shape(node.node, scope)
    if node.name == "length":
        if isinstance(of, int):
            raise _Found(node, f"{_path(node.node)} is a number and has no length", "a list or a text")
        return 1
    if not isinstance(of, str):
        raise _Found(node, f"{_path(node.node)} is no text", f"a text before |{node.name}")
    return of


def _compared(node: nodes.Compare, scope: _Scope) -> Plain:
    left = _shape(node.expr, scope)
    for operand in node.ops:
        right = _shape(operand.expr, scope)
        if operand.op in _TESTS_ORDER and not (isinstance(left, int) and isinstance(right, int)):
            raise _Found(node, "only numbers are more or less than others", "overdue_days > 30, invoices|length > 1")
        if operand.op in {"in", "notin"} and not (isinstance(left, str) and isinstance(right, str | list)):
            raise _Found(node, "only a text is in a text or a list", "'Ltd' in customer.name")
        left = right
    return 1


def _either(node: nodes.CondExpr, scope: _Scope) -> Plain:
    _shape(node.test, scope)
    if node.expr2 is None:
        raise _Found(node, "it is not said what stands here otherwise", '{{ "day" if overdue_days == 1 else "days" }}')
    _shape(node.expr2, scope)
    return _shape(node.expr1, scope)


def _path(node: nodes.Node | None) -> str:
    """The expression as its author wrote it, as far as it is a path."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_path(node.node)}.{node.attr}"
        case nodes.Const():
            return repr(node.value)
    return "this"


def _named(node: nodes.Node) -> str:
    """What the author calls it."""
    names = {
        nodes.Call: "a call, x()",
        nodes.Concat: "~",
        nodes.Assign: "set",
        nodes.AssignBlock: "set",
        nodes.Getitem: "x[…]",
        nodes.Test: "is",
    }
    if isinstance(node, nodes.BinExpr | nodes.UnaryExpr):
        return "calculating"
    return names.get(type(node), type(node).__name__.lower())
