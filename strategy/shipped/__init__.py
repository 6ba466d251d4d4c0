"""Four strategies worth using as they are, with their letters: gentle, standard and firm, and habits, which treats late
payers by why they are late.

Package data, read through importlib.resources. A letter is `letters/<language>/<name>.txt`: a subject, a blank line,
paragraphs; its fields are filled in by whoever renders it.
"""

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from strategy.text.parts.inherit import SourceText


def names() -> tuple[str, ...]:
    """The strategies: three from the gentlest, and the one that asks why."""
    return "gentle", "standard", "firm", "habits"


def text(name: str) -> str:
    """The text of a strategy. KeyError where none has that name."""
    if name not in names():
        raise KeyError(name)
    return _folder().joinpath(f"{name}.toml").read_text("utf-8")


def find(name: str) -> SourceText | None:
    """The same for `parse`, so that any strategy may inherit from one of these."""
    return SourceText(file=f"shipped/{name}.toml", text=text(name)) if name in names() else None


def languages() -> tuple[str, ...]:
    """The languages that have letters."""
    return tuple(sorted(each.name for each in _letters().iterdir() if each.is_dir()))


def letter(language: str, name: str) -> str | None:
    """The text of a letter, None where there is none."""
    return letters().get((language, name))


def letters() -> Mapping[tuple[str, str], str]:
    """Every letter by language and name."""
    return {
        (language, each.name.removesuffix(".txt")): each.read_text("utf-8")
        for language in languages()
        for each in _letters().joinpath(language).iterdir()
        if each.name.endswith(".txt")
    }


def _folder() -> Traversable:
    return files("strategy.shipped")


def _letters() -> Traversable:
    return _folder().joinpath("letters")
