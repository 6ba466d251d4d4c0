"""What editors need to know of the texts that people write here."""

import click

from dunwell.cli.showing.page import emit


@click.command()
@click.argument("which", type=click.Choice(["strategy", "config"]))
def schema(which: str) -> None:
    """The JSON Schema of a strategy or of config.toml, for an editor to complete, explain and underline by.

    Keep it in a file, and name that file in the first line of what you write: #:schema ./strategy.schema.json. Editors
    with taplo (Even Better TOML in VS Code, and others) go by that line.

    \b
    Example: dunwell schema strategy > strategies/strategy.schema.json
    """
    from dunwell.config.schema import config_schema
    from strategy.text.schema import strategy_schema

    emit(strategy_schema() if which == "strategy" else config_schema())
