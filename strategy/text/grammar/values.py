"""What a fact may be compared with: values of a condition, checked against the fact's kind and put into a test."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from strategy.conditions import ZERO, MoneyTest, NumberTest, Op, Test, Word, WordTest
from strategy.model import Currency, Record
from strategy.text.grammar.facts import CODES, EXAMPLES, LEGAL_FORMS, OUTCOME, OUTCOMES, TAKES, Fact, FactKind
from strategy.text.mistakes import meant
from strategy.text.table import Wrong


class Token(Record):
    """A word, number, share, quoted text or sign of a condition; `index` is its place in the text, from 0."""

    kind: str
    text: str
    index: int


_ANY_OP: Final = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
_ALLOWED: Final[Mapping[FactKind, frozenset[str]]] = {
    FactKind.MONEY: _ANY_OP - {"in"},
    FactKind.DAYS: _ANY_OP,
    FactKind.COUNT: _ANY_OP,
    FactKind.SHARE: _ANY_OP - {"in"},
    FactKind.WORD: frozenset({"==", "!=", "in"}),
}
_WHOLE: Final = re.compile(r"-?\d{1,6}")
_PERCENT: Final = re.compile(r"(-?\d{1,4}(?:\.\d{1,2})?)\s?%")


class Values:
    """Makes tests, and collects what is wrong with their values."""

    def __init__(self, amounts: Mapping[str, Mapping[Currency, int]]) -> None:
        self._amounts = amounts
        self.wrongs: list[Wrong] = []

    def wrong(self, token: Token, message: str, right: str) -> None:
        """Note what is wrong with a token."""
        self.wrongs.append(Wrong(message=message, right=right, index=token.index, width=max(1, len(token.text))))

    def test(self, name: Token, fact: Fact, op: Op, tokens: tuple[Token, ...]) -> Test | None:
        """The test of a fact, None where something is wrong with it."""
        if op not in _ALLOWED[fact.kind]:
            right = f"for example {EXAMPLES[fact.kind].format(fact.name)}"
            self.wrong(name, f'"{fact.name}" cannot be compared with "{op}"', right)
            return None
        if fact.kind is FactKind.MONEY:
            return self._money(fact, op, tokens[0])
        if fact.kind is FactKind.WORD:
            return self._words(fact, op, tokens)
        return self._numbers(fact, op, tokens)

    def _money(self, fact: Fact, op: Op, token: Token) -> Test | None:
        if token.text == ZERO:
            return MoneyTest(fact=fact.name, op=op, amount=ZERO, figures={})
        if token.kind == "word" and token.text in self._amounts:
            return MoneyTest(fact=fact.name, op=op, amount=token.text, figures=self._amounts[token.text])
        if token.kind == "number":
            message = f"{token.text} has no currency"
            self.wrong(token, message, "name it under [amounts], one figure per currency, and write the name")
        elif token.kind == "word":
            otherwise = f"add {token.text} = {{ EUR = 100 }} under [amounts]"
            self.wrong(token, f'"{token.text}" is no amount', meant(token.text, self._amounts, otherwise))
        else:
            self._unfit(fact, token)
        return None

    def _numbers(self, fact: Fact, op: Op, tokens: tuple[Token, ...]) -> Test | None:
        values = [self._number(fact, token) for token in tokens]
        sound = tuple(value for value in values if value is not None)
        if len(sound) < len(values):
            return None
        return NumberTest(fact=fact.name, op=op, values=sound, share=fact.kind is FactKind.SHARE)

    def _number(self, fact: Fact, token: Token) -> int | Fraction | None:
        if fact.kind is FactKind.SHARE and (match := _PERCENT.fullmatch(token.text)):
            return Fraction(match[1]) / 100
        if fact.kind is not FactKind.SHARE and _WHOLE.fullmatch(token.text):
            if fact.kind is FactKind.DAYS or int(token.text) >= 0:
                return int(token.text)
            self.wrong(token, f'"{fact.name}" is never below 0', "write 0 or more")
            return None
        self._unfit(fact, token)
        return None

    def _unfit(self, fact: Fact, token: Token) -> None:
        forgotten = fact.kind is FactKind.SHARE and token.kind == "number"
        right = f"write {token.text}%" if forgotten else f"for example {EXAMPLES[fact.kind].format(fact.name)}"
        self.wrong(token, f'"{fact.name}" takes {TAKES[fact.kind]}, not {token.text}', right)

    def _words(self, fact: Fact, op: Op, tokens: tuple[Token, ...]) -> Test | None:
        words = [self._word(fact, token) for token in tokens]
        sound = tuple(word for word in words if word is not None)
        return WordTest.of(fact.name, op, sound) if len(sound) == len(words) else None

    def _word(self, fact: Fact, token: Token) -> Word | None:
        quoted = token.kind == "quoted"
        text = token.text[1:-1] if quoted else token.text
        if token.kind in ("number", "share"):
            self.wrong(token, f'"{fact.name}" takes {TAKES[fact.kind]}, not {text}', f"write '{text}'")
        elif fact.name in CODES:
            return self._code(fact, token, text)
        elif fact.name == "legal_form" and text not in LEGAL_FORMS:
            self.wrong(token, f'"{text}" is no legal form', meant(text, LEGAL_FORMS))
        elif fact.name.endswith(f".{OUTCOME}") and text not in OUTCOMES:
            self.wrong(token, f'"{text}" is no outcome', meant(text, OUTCOMES))
        elif not text.strip():
            self.wrong(token, "there is nothing in these quotes", "write the name between them")
        else:
            return Word(text=text, quoted=quoted, exact=quoted)
        return None

    def _code(self, fact: Fact, token: Token, text: str) -> Word | None:
        if not re.fullmatch(CODES[fact.name], text):
            example = {"country": "DE", "currency": "EUR", "language": "de"}[fact.name]
            self.wrong(token, f'"{text}" is no code of a {fact.name}', f"write it as in {fact.name} == {example}")
            return None
        return Word(text=text, quoted=token.kind == "quoted", exact=False)
