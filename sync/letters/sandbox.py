"""The Jinja that letters run in: nothing to call, nothing to change, nothing that is undefined.

`check` refuses in advance whatever could grow; this is the wall behind it, for the day it has a gap. Arithmetic is the
way to burn memory ("a" * 10**9) and no letter needs any, so every operator is intercepted and refused.
"""

import re
from typing import Any, Final, NoReturn

from jinja2 import StrictUndefined, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment

from sync.letters import figures

_TAG_ALONE: Final = re.compile(r"^[ \t]*(\{[%#](?:(?![%#]\})[^\n])*?)([-+]?[%#]\})[ \t]*\n", re.MULTILINE)


class Sandbox(ImmutableSandboxedEnvironment):
    """No operator, no global, plain data."""

    intercepted_binops = frozenset(SandboxedEnvironment.default_binop_table)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> NoReturn:
        raise SecurityError(f"a letter does not calculate ({operator})")


@pass_context
def _shown(context: Context, value: object) -> object:
    """Numbers are grouped as the letter's language does."""
    if isinstance(value, int):
        return figures.number(value, figures.locale_of(str(context["language"])))
    return value


def _sandbox() -> Sandbox:
    sandbox = Sandbox(undefined=StrictUndefined, finalize=_shown)
    sandbox.globals.clear()
    return sandbox


SANDBOX: Final = _sandbox()


def prepared(source: str) -> str:
    """The letter with every tag that has a line to itself taken out of the text around it.

    The newline moves into the tag, so that lines keep their numbers. Jinja's own `trim_blocks` would also swallow the
    end of a paragraph that happens to end in a tag.
    """
    return _TAG_ALONE.sub(r"\1\n\2", source.replace("\r\n", "\n"))
