"""Our own layouts, for letters and statements: all that is put into them is escaped, and nothing may be missing."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template


@cache
def layout(name: str) -> Template:
    """A layout of this folder by its file name."""
    source = (Path(__file__).parent / name).read_text("utf-8")
    trusted = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return trusted.from_string(source)
