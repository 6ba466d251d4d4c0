"""Strategies and letters by name: the firm's own files first, then the shipped ones."""

from pathlib import Path

from strategy import shipped
from strategy.text.parts.inherit import SourceText


class Library:
    """The firm's folder of strategies, over what is shipped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> tuple[str, ...]:
        """Every strategy there is."""
        own = (file.stem for file in self._folder.glob("*.toml"))
        return tuple(sorted({*own, *shipped.names()}))

    def strategy(self, name: str) -> SourceText | None:
        """A strategy's text, None where there is none of that name."""
        file = self._folder / f"{name}.toml"
        if file.is_file():
            return SourceText(file=str(file), text=file.read_text("utf-8"))
        return shipped.find(name)

    def source(self, language: str, name: str) -> str | None:
        """A letter's text, None where there is none."""
        file = self._folder / "letters" / language / f"{name}.txt"
        return file.read_text("utf-8") if file.is_file() else shipped.letter(language, name)

    def letters(self) -> dict[tuple[str, str], str]:
        """Every letter by language and name, the firm's own over the shipped ones."""
        own = {
            (file.parent.name, file.stem): file.read_text("utf-8")
            for file in sorted((self._folder / "letters").glob("*/*.txt"))
        }
        return {**shipped.letters(), **own}
