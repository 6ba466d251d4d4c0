"""A spreadsheet saved as CSV, read to its end: every mistake in it with its line, and nothing of it applied if there is
one.

The first line names the columns. Commas, semicolons and tabs separate; the file is UTF-8.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from dunwell.cli.ending import Wrong

Cells = Mapping[str, str]
"""What stands in a row, by column, without spaces around it."""


class Sheet:
    """One reading. Mistakes gather, and whatever is wrong is read on past."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._mistakes: list[str] = []

    def rows(self, *needed: str) -> Iterator[tuple[int, Cells]]:
        """Line and cells of each row that has anything in it; none where a needed column is missing."""
        text = self._text()
        first = text.partition("\n")[0]
        reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
        heading = [name.strip() for name in next(reader, [])]
        missing = [name for name in needed if name not in heading]
        for name in missing:
            self.wrong(1, f'no column is called "{name}"; the first line names the columns')
        for row in reader if not missing else ():
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield reader.line_num, dict(zip(heading, cells, strict=False))

    def wrong(self, line: int, message: str) -> None:
        """Something in a line is wrong."""
        self._mistakes.append(f"{self._file}:{line}: {message}")

    def finish(self) -> None:
        """Raises `Wrong` with all that was."""
        if self._mistakes:
            listed = "\n".join(dict.fromkeys(self._mistakes))
            raise Wrong(f"{listed}\nNothing of {self._file} was applied.")

    def _text(self) -> str:
        try:
            return self._file.read_text("utf-8-sig")
        except UnicodeDecodeError:
            raise Wrong(f"{self._file} is not UTF-8; save it as CSV UTF-8") from None
