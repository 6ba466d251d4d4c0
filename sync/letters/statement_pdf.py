"""The statement on paper: a tagged PDF, the same bytes whenever it is made from the same books.

It keeps to PDF/A-2a (fit for the archive) and PDF/UA-1 (fit for a screen reader). Typst lays out `statement.typ`; what
the statement says goes in as JSON text and is never code, and Typst can read nothing outside the template's folder. Its
built-in fonts write Latin, Greek, Cyrillic, Hebrew and Arabic; others (a Japanese name) come from the machine's own.
"""

from functools import cache
from pathlib import Path
from typing import Final, cast

import msgspec
import typst

from strategy.statement import Statement
from sync.letters.sheet import Stationery, sheet

_HERE: Final = Path(__file__).parent


def statement_pdf(statement: Statement, stationery: Stationery) -> bytes:
    """The PDF, on A4, or on letter paper where the company's country uses it. It is dated when the books were read.

    Where a character is in no built-in font, the machine's fonts are used and the standards are not promised: the
    bytes then depend on the machine, and what it lacks too is printed as a box rather than holding the statement.
    """
    inputs = {"sheet": msgspec.json.encode(sheet(statement, stationery)).decode()}
    instant = int(stationery.synced_at.timestamp())
    try:
        made = _compiler().compile(
            input=_template(), sys_inputs=inputs, format="pdf", timestamp=instant, pdf_standards=["a-2a", "ua-1"]
        )
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        made = _compiler(own_fonts=True).compile(
            input=_template(), sys_inputs=inputs, format="pdf", timestamp=instant, pdf_standards=[]
        )
    return cast("bytes", made)


@cache
def _compiler(*, own_fonts: bool = False) -> typst.Compiler:
    """Loading the fonts takes longer than a statement, so there is one for all."""
    return typst.Compiler(root=_HERE, ignore_system_fonts=not own_fonts)


@cache
def _template() -> bytes:
    return (_HERE / "statement.typ").read_bytes()
