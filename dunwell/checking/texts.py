"""Looking at strategies and letters: every mistake, before anything runs."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

import msgspec

from dunwell.checking import settings
from dunwell.checking.findings import Finding, Level
from dunwell.wiring.house import House, Misconfigured
from strategy import shipped
from strategy.text.letters import Letters, empty_threats, languages_of, letters_of, missing_letters
from strategy.text.lints.before_action import never_lawful
from strategy.text.mistakes import Mistake
from strategy.text.parse import Parsed
from sync.letters.check import check_letter

TEXTS = "strategies and letters"


def texts(house: House) -> Iterator[Finding]:
    """Every strategy that a ledger follows, every one of the firm's own, and the letters that they send."""
    letters = house.library.letters()
    used = {ledger.strategy for ledger in house.config.ledgers.values()}
    own = set(house.library.names()) - set(shipped.names())
    sent: dict[tuple[str, str], None] = {}
    told: set[Mistake] = set()
    for name in sorted(used | own):
        try:
            parsed = house.parsed_strategy(name)
        except Misconfigured as error:
            yield Finding(level=Level.WRONG, about=TEXTS, record=name, what=str(error))
            continue
        yield from _strategy(name, parsed, letters)
        sent |= dict.fromkeys(_sent(parsed, letters))
        told.update(parsed.mistakes)
    for name, ledger in house.config.ledgers.items():
        if ledger.overrides is not None:
            parsed = house.ledger_strategy(name)
            yield from _overridden(name, parsed, letters, told)
            sent |= dict.fromkeys(_sent(parsed, letters))
    yield from _letters({key: letters[key] for key in sorted({*sent, *_own(letters)})})


def _overridden(name: str, parsed: Parsed, letters: Letters, told: AbstractSet[Mistake]) -> Iterator[Finding]:
    """What comes of a ledger's own settings over its strategy, and is not wrong with the strategy itself."""
    new = tuple(one for one in parsed.mistakes if one not in told)
    yield from _strategy(f"{name}: overrides", msgspec.structs.replace(parsed, mistakes=new), letters)


def _strategy(name: str, parsed: Parsed, letters: Letters) -> Iterator[Finding]:
    yield from settings.mistakes(parsed.mistakes, TEXTS, parsed.sources)
    if parsed.strategy is None:
        return
    yield Finding(
        level=Level.GOOD, about=TEXTS, record=name, what=f"{len(parsed.strategy.segments)} segments, can be used"
    )
    countries = parsed.strategy.languages.by_country
    yield from settings.mistakes(never_lawful(parsed.strategy, countries), TEXTS, parsed.sources)
    yield from settings.mistakes(missing_letters(parsed.strategy, letters), TEXTS, parsed.sources)
    sources = {f"letters/{language}/{letter}.txt": text for (language, letter), text in letters.items()}
    yield from settings.mistakes(empty_threats(parsed.strategy, letters), TEXTS, sources)


def _sent(parsed: Parsed, letters: Letters) -> Iterator[tuple[str, str]]:
    """The letters that a strategy can send, in the languages that it names."""
    if parsed.strategy is not None:
        for language in languages_of(parsed.strategy):
            yield from ((language, name) for name in letters_of(parsed.strategy) if (language, name) in letters)


def _own(letters: Letters) -> Iterator[tuple[str, str]]:
    """Letters that the firm wrote itself."""
    theirs = shipped.letters()
    return (key for key, text in letters.items() if theirs.get(key) != text)


def _letters(letters: Mapping[tuple[str, str], str]) -> Iterator[Finding]:
    wrong = 0
    for (language, name), text in letters.items():
        for problem in check_letter(text, language, f"letters/{language}/{name}.txt"):
            wrong += 1
            yield Finding(
                level=Level.WRONG,
                about=TEXTS,
                record=f"{problem.file}:{problem.line}",
                what=problem.message,
                next=problem.instead,
            )
    if not wrong:
        yield Finding(level=Level.GOOD, about=TEXTS, record="letters", what=f"{len(letters)} letters, all can be sent")
