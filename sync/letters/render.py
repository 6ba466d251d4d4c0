"""A letter becomes a subject, a text and an HTML mail.

The letter is rendered once. The HTML is made from the rendered text, all of it escaped, so that both say the same and
nothing that a customer, a platform or a consultant wrote can become markup. What the layout draws itself (the table,
the payment button, the link to the portal) travels through the text as one private character each, which is taken out
of everything that comes in.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, cast

from jinja2 import Template
from jinja2.exceptions import TemplateError

from strategy.model import Record
from sync.letters import table
from sync.letters.check import Problem, check_letter
from sync.letters.fields import Fields, Plain
from sync.letters.layouts import layout
from sync.letters.sandbox import SANDBOX, prepared
from sync.letters.words import Words, known, words

LONGEST: Final = 200_000
_TABLE, _LINK, _PORTAL = "\ufdd0", "\ufdd1", "\ufdd2"
_PRIVATE: Final = frozenset((_TABLE, _LINK, _PORTAL))
_SPACES: Final = frozenset("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
_REORDERING: Final = frozenset(chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


class BadLetter(ValueError):
    """The letter cannot be rendered; `problems` say where and why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{each.file}:{each.line}: {each.message}" for each in problems))
        self.problems = problems


class Letter(Record):
    """What leaves the house. `subject` is one line."""

    subject: str
    text: str
    html: str


def render_letter(source: str, name: str, fields: Fields) -> Letter:
    """The letter with these fields. Raises `BadLetter` where `check_letter` has something to say, or it runs too long.

    `name` is the letter's file, for messages. The fields are those of `fields.fields`.
    """
    data = cast("Fields", _clean(fields))
    problems = check_letter(_unmarked(source), str(data["language"]), name)
    if problems:
        raise BadLetter(problems)
    head, _, body = _rendered(_unmarked(source), name, data).partition("\n")
    subject = " ".join(head.removeprefix("Subject:").split())
    paragraphs = _paragraphs(body)
    return Letter(subject=subject, text=_text(paragraphs, data), html=_html(subject, paragraphs, data))


def _clean(value: Plain) -> Plain:
    """Every text becomes one line of visible characters: no name brings a line break or a private character with it."""
    if isinstance(value, str):
        shown = "".join(_visible(char) for char in value)
        return " ".join(part for part in shown.split(" ") if part)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return value


def _visible(char: str) -> str:
    """The character; a space for other white space than those between digits; nothing for what would not be seen."""
    if char in _PRIVATE or char in _REORDERING or unicodedata.category(char) == "Cs":
        return ""
    if char.isspace() and char not in _SPACES:
        return " "
    return "" if unicodedata.category(char) == "Cc" else char


def _unmarked(source: str) -> str:
    return "".join(char for char in source if char not in _PRIVATE)


@lru_cache(maxsize=256)
def _template(source: str) -> Template:
    return SANDBOX.from_string(prepared(source))


def _rendered(source: str, name: str, data: Fields) -> str:
    marked = {
        **data,
        "table": _TABLE,
        "link": _LINK if data["link"] else "",
        "portal": _PORTAL if data["portal"] else "",
    }
    parts: list[str] = []
    length = 0
    try:
        for part in _template(source).generate(marked):
            parts.append(part)
            length += len(part)
            if length > LONGEST:
                raise BadLetter((_too_long(name),))
    except (TemplateError, TypeError) as error:
        where = Problem(file=name, line=1, message=f"cannot be rendered: {error}", instead="see `dunwell check`")
        raise BadLetter((where,)) from error
    return "".join(parts)


def _too_long(name: str) -> Problem:
    message = f"comes out longer than {LONGEST} characters"
    return Problem(file=name, line=1, message=message, instead="a table or a statement instead of a list")


def _paragraphs(body: str) -> list[list[str]]:
    """The lines of each paragraph; the table is always one of its own."""
    apart = body.replace(_TABLE, f"\n\n{_TABLE}\n\n")
    blocks = re.split(r"\n\s*\n", apart)
    return [lines for block in blocks if (lines := [line.strip() for line in block.split("\n") if line.strip()])]


def _text(paragraphs: list[list[str]], data: Fields) -> str:
    body = "\n\n".join("\n".join(lines) for lines in paragraphs)
    shown = body.replace(_TABLE, table.as_text(cast("Fields", data["table"])))
    shown = shown.replace(_LINK, str(data["link"])).replace(_PORTAL, str(data["portal"]))
    return "\n".join([shown, "", "-- ", *_imprint(data), ""])


def _imprint(data: Fields) -> list[str]:
    """Who writes, as business letters must say."""
    company = cast("dict[str, str]", data["company"])
    ours = _words(data)
    tax = f"{ours.tax_number if ours else ''} {company['tax_number']}".strip() if company["tax_number"] else ""
    reach = " · ".join(part for part in (company["phone"], company["email"]) if part)
    return [line for line in (company["legal_name"], company["address"], reach, tax) if line]


def _words(data: Fields) -> Words | None:
    language = str(data["language"])
    return words(language) if known(language) else None


def _html(subject: str, paragraphs: list[list[str]], data: Fields) -> str:
    """Where we have no words of the language, a link has its address and no button."""
    ours = _words(data)
    company = cast("dict[str, str]", data["company"])
    return layout("layout.html").render(
        language=data["language"],
        subject=subject,
        company=company["name"],
        blocks=[_block(lines, data) for lines in paragraphs],
        table=table.as_cells(cast("Fields", data["table"])),
        buttons={
            "link": (data["link"], ours.pay_online if ours else ""),
            "portal": (data["portal"], ours.portal if ours else ""),
        },
        imprint=_imprint(data),
    )


def _block(lines: list[str], data: Fields) -> dict[str, object]:
    """A paragraph as the layout draws it; a link in a line of its own becomes a button."""
    if lines == [_TABLE]:
        return {"kind": "table"}
    if lines in ([_LINK], [_PORTAL]):
        return {"kind": "link" if lines == [_LINK] else "portal"}
    if all(line.startswith("- ") for line in lines):
        return {"kind": "list", "lines": [_pieces(line[2:], data) for line in lines]}
    return {"kind": "text", "lines": [_pieces(line, data) for line in lines]}


def _pieces(line: str, data: Fields) -> list[tuple[str, str]]:
    """A line cut into text and the address it leads to, if any."""
    addresses = {_LINK: str(data["link"]), _PORTAL: str(data["portal"])}
    parts = re.split(f"([{_LINK}{_PORTAL}])", line)
    return [(addresses.get(part, part), addresses.get(part, "")) for part in parts if part]
