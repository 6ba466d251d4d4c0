"""The grammar of conditions, by recursive descent, with the column of every mistake.

condition = terms {"or" terms};  terms = term {"and" term};  term = ["not"] ( test | "(" condition ")" )
test      = FACT ("=="|"!="|"<"|"<="|"|">"|">=") value | FACT "in" "[" value {"," value} "]" | FLAG

A word that is not known is a mistake and reading goes on behind it; a sign out of place ends the reading.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal, get_args

from strategy.conditions import KEYWORDS, AllOf, AnyOf, Condition, FlagTest, Not, Op, Term, Test
from strategy.model import Currency, Record
from strategy.text.grammar.facts import EXAMPLES, FACTS, OUTCOME, Fact, FactKind
from strategy.text.grammar.values import Token, Values
from strategy.text.mistakes import meant
from strategy.text.table import Wrong


class Scope(Record):
    """What a condition may name: amounts with their figures, and the steps of every schedule."""

    amounts: Mapping[str, Mapping[Currency, int]] = {}
    steps: frozenset[str] = frozenset()


def read_condition(text: str, scope: Scope) -> tuple[Condition | None, tuple[Wrong, ...]]:
    """The condition, or None and all that is wrong with it, each with its place in the text."""
    parser = _Parser(text, scope)
    root = parser.read()
    if root is None or parser.values.wrongs:
        return None, tuple(parser.values.wrongs)
    return Condition(text=text, root=root), ()


_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<word>[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)?)
    | (?P<share>-?\d+(?:\.\d+)?\s?%)
    | (?P<number>-?\d[\w.]*)
    | (?P<quoted>'[^']*'|"[^"]*")
    | (?P<odd><>|=>|=<|===|&&|\|\|)
    | (?P<sign>==|!=|<=|>=|[<>()\[\],])
    | (?P<other>\S)
    )""",
    re.VERBOSE,
)
_OPS: Final[tuple[Op, ...]] = get_args(Op)
_DEEPEST: Final = 20
_INSTEAD: Final = {
    "=": "==",
    "===": "==",
    "<>": "!=",
    "=>": ">=",
    "=<": "<=",
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "!": "not",
}


_SEE: Final = "docs/strategy.md lists the facts"


class _Stop(Exception):
    """Reading cannot go on; what is wrong was noted."""


class _Parser:
    """One reading. `pos` is the number of the token being looked at; the last one is the end, empty."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.tokens = [
            Token(kind=match.lastgroup or "", text=match[match.lastgroup or 0], index=match.start(match.lastgroup or 0))
            for match in _TOKEN.finditer(text)
        ]
        self.tokens.append(Token(kind="end", text="", index=len(text)))
        self.pos = 0
        self.depth = 0
        self.steps = scope.steps
        self.values = Values(scope.amounts)

    def read(self) -> Term | None:
        try:
            term = self.condition()
            if self.token.kind != "end":
                raise self.stop('here "and", "or" or the end is meant')
        except _Stop:
            return None
        return term

    @property
    def token(self) -> Token:
        return self.tokens[self.pos]

    def taken(self, *texts: str) -> bool:
        """Pass over the token if it is one of these words or signs."""
        found = self.token.kind in ("word", "sign") and self.token.text in texts
        self.pos += found
        return found

    def stop(self, message: str, right: str = "") -> _Stop:
        """Note what is wrong with the token; to be raised, which ends the reading."""
        token = self.token
        instead = _INSTEAD.get(token.text) or (token.text.casefold() if token.text.casefold() in KEYWORDS else "")
        if instead and instead != token.text:
            message, right = f'"{token.text}" is not understood', f'write "{instead}"'
        elif token.kind == "other" and token.text in "'\"":
            message, right = "this quote is not closed", f"close it: {token.text}"
        elif token.kind == "end":
            message = f"the condition ends too early: {message}"
        else:
            message = f'"{token.text}" is out of place: {message}'
        self.values.wrong(token, message, right or "for example overdue > 0 and late_days > 15")
        return _Stop()

    def condition(self) -> Term | None:
        return self.joined("or", AnyOf)

    def joined(self, word: Literal["or", "and"], kind: type[AnyOf | AllOf]) -> Term | None:
        """Terms with one word between them; None if one of them is wrong."""
        inner = self.term if word == "and" else self.all_of
        terms = [inner()]
        while self.taken(word):
            terms.append(inner())
        sound = tuple(term for term in terms if term is not None)
        if len(sound) < len(terms):
            return None
        return sound[0] if len(sound) == 1 else kind(terms=sound)

    def all_of(self) -> Term | None:
        return self.joined("and", AllOf)

    def term(self) -> Term | None:
        if self.taken("not"):
            inner = self.positive()
            return None if inner is None else Not(term=inner)
        return self.positive()

    def positive(self) -> Term | None:
        if self.depth == _DEEPEST and self.token.text == "(":
            raise self.stop(f"brackets go {_DEEPEST} deep at most", "say it in several segments or with fewer brackets")
        if not self.taken("("):
            return self.test()
        self.depth += 1
        inner = self.condition()
        if not self.taken(")"):
            raise self.stop('here ")" is meant', 'close the bracket: ")"')
        self.depth -= 1
        return inner

    def test(self) -> Test | None:
        name = self.token
        if name.kind != "word" or name.text in KEYWORDS:
            raise self.stop("here a fact is meant")
        self.pos += 1
        fact = self.fact(name)
        if fact is not None and fact.kind is FactKind.FLAG:
            return self.flag(fact)
        if fact is None and not self.compares:
            return None
        op = self.op(name, fact)
        tokens = self.list() if op == "in" else (self.value(),)
        return self.values.test(name, fact, op, tokens) if fact else None

    def fact(self, name: Token) -> Fact | None:
        """The fact of that name, one that nobody knows is noted."""
        step, dot, word = name.text.partition(".")
        if not dot:
            if name.text not in FACTS:
                self.values.wrong(name, f'"{name.text}" is no fact', meant(name.text, FACTS, _SEE))
            return FACTS.get(name.text)
        if step not in self.steps:
            self.values.wrong(name, f'"{step}" is no step of any schedule', meant(step, self.steps))
            return None
        if word != OUTCOME:
            self.values.wrong(name, f'a step has no "{word}"', f"write {step}.{OUTCOME}")
            return None
        return Fact(name=name.text, kind=FactKind.WORD, meaning="")

    @property
    def compares(self) -> bool:
        """Whether the token is a sign of comparison, or was meant to be one."""
        return self.token.text in _OPS or _INSTEAD.get(self.token.text) in _OPS

    def flag(self, fact: Fact) -> Test:
        if self.compares:
            message = f'"{fact.name}" is so or not, nothing is compared'
            self.values.wrong(self.token, message, f"write {fact.name}, or not {fact.name}")
            raise _Stop
        return FlagTest(fact=fact.name)

    def op(self, name: Token, fact: Fact | None) -> Op:
        op = next((op for op in _OPS if self.taken(op)), None)
        if op is not None:
            return op
        if self.token.text == "not" and self.tokens[self.pos + 1].text == "in":
            raise self.stop("it stands before the test", f"write not {name.text} in […]")
        if fact is not None and (self.token.kind in ("end", "word") or self.token.text == ")"):
            example = EXAMPLES[fact.kind].format(name.text)
            self.values.wrong(name, f'"{name.text}" is not compared with anything', f"for example {example}")
            raise _Stop
        raise self.stop(f'after "{name.text}" comes ==, !=, <, <=, >, >= or in')

    def list(self) -> tuple[Token, ...]:
        if not self.taken("["):
            raise self.stop('after "in" comes a list', "for example country in [DE, AT]")
        tokens = [self.value()]
        while self.taken(","):
            tokens.append(self.value())
        if not self.taken("]"):
            raise self.stop('here "," or "]" is meant', 'close the list: "]"')
        return tuple(tokens)

    def value(self) -> Token:
        token = self.token
        if token.kind not in ("word", "number", "share", "quoted") or token.text in KEYWORDS:
            raise self.stop("here a value is meant")
        self.pos += 1
        return token
