"""Groups of commands that cost nothing before they are called."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import click

from dunwell.cli import ending

Section = Mapping[str, tuple[str, str]]
"""Commands by name: the module that has it, and its one line of help."""


class LazyGroup(click.Group):
    """Commands by section; their modules are imported when they are called, not when they are listed."""

    def __init__(self, *args: Any, sections: Mapping[str, Section], **options: Any) -> None:
        super().__init__(*args, **options)
        self._sections = sections
        self._known = {name: entry for section in sections.values() for name, entry in section.items()}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is typed may be kept, sent and printed: all of it has to be text."""
        for one in args:
            if not one.isascii() and one.encode(errors="ignore").decode() != one:
                raise click.UsageError(f"{one!r} is not UTF-8; type it again in a terminal that is set to that.", ctx)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._known)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command `tie-out` is the object `tie_out` of its module."""
        if cmd_name not in self._known:
            return None
        module, _ = self._known[cmd_name]
        found = getattr(import_module(f"dunwell.cli.commands.{module}"), cmd_name.replace("-", "_"))
        assert isinstance(found, click.Command)  # noqa: S101 - a test loads every one of the table
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Click looks for the nearest among the commands that are loaded, which are none."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(error.command_name, possibilities=self._known, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        widest = max(map(len, self._known))
        for title, section in self._sections.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(widest), line) for name, (_, line) in section.items()])

    def invoke(self, ctx: click.Context) -> Any:
        with ending.explained():
            return super().invoke(ctx)


class Defaulting(click.Group):
    """A group whose first command is meant where none is named: `tie-out acme` is `tie-out show acme`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = next(iter(self.commands))
        wants_help = any(one in ctx.help_option_names for one in args[:1])
        if args and args[0] not in self.commands and not wants_help:
            args = [first, *args]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return list(self._pieces(ctx))

    def _pieces(self, ctx: click.Context) -> Iterator[str]:
        first, *others = self.commands.values()
        yield f"{' '.join(first.collect_usage_pieces(ctx))} | {' | '.join(one.name or '' for one in others)} …"
