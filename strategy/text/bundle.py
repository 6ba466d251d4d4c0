"""A strategy and all that it inherits as one text: what the journal keeps of a version, and how it is read again.

Each file stands below a line of comment with its name, the strategy itself first.
"""

import re
from collections.abc import Mapping
from typing import Final

from strategy.rules import Strategy
from strategy.text.nodes import Node
from strategy.text.origins import written
from strategy.text.parse import parse, stem
from strategy.text.parts.inherit import SourceText

_HEADING: Final = re.compile(r"^#### dunwell: (.+)\n", re.MULTILINE)


def bundled(sources: Mapping[str, str], overrides: Node | None = None) -> str:
    """The texts by file, the strategy's own first; before it what a ledger overrides, as one that inherits it."""
    if overrides is not None:
        name = stem(next(iter(sources)))
        own = f'strategy = "{name}"\ninherits = "{name}"\n\n{written(overrides)}'
        files = {file: text for file, text in sources.items() if file != overrides.at.file}
        sources = {f"overrides of {name}": own, **files}
    return "".join(f"#### dunwell: {file}\n{text}\n" for file, text in sources.items())


def sources_of(text: str) -> Mapping[str, str]:
    """The texts by file again; one without a name where nothing says which."""
    _, *parts = _HEADING.split(text)
    return dict(zip(parts[::2], (part.removesuffix("\n") for part in parts[1::2]), strict=True)) or {"": text}


def unbundled(text: str) -> Strategy | None:
    """The strategy that was kept; None where its text can no longer be read, as when a setting it uses is gone."""
    files = sources_of(text)
    by_name = {stem(file): SourceText(file=file, text=inside) for file, inside in files.items()}
    first = next(iter(files))
    return parse(files[first], first, by_name.get).strategy
