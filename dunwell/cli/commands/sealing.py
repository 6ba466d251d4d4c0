"""The key of the tokens, replaced by another."""

from pathlib import Path

import click

from dunwell.cli.ending import Wrong
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.page import say


@click.command("rotate-key")
@click.option(
    "--to",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A new file for the new key, where the old one is in the environment or a systemd credential.",
)
@pass_session
def rotate_key(session: Session, to: Path | None) -> None:
    """Make a new key, and seal the tokens of all ledgers with it.

    Nothing needs to stand still: whoever is refreshing a token is waited for. Whatever breaks off in between, what is
    there still opens, and the same command goes on from there. The old key opens until it is done, and nothing
    afterwards, so keep a copy of the new one.

    \b
    Examples: dunwell rotate-key
              dunwell rotate-key --to new-key
    """
    house = session.house
    key = house.config.key
    ours = key.file is not None or key.keyring is not None
    if to is not None and ours:
        raise Wrong("--to is for a key that Dunwell cannot replace itself; this one it can: leave it out")
    count = house.rotate_key(to)
    sealed = "the tokens of 1 ledger are" if count == 1 else f"the tokens of {count} ledgers are"
    say(f"There is a new key, and {sealed} sealed with it; the old one opens nothing any more.")
    if to is not None:
        where = f"the environment variable {key.env}" if key.env else f"the systemd credential {key.credential}"
        say(f"Now put what {to} holds into {where}, and delete the file. Until then no ledger can be reached.")
    else:
        say("Keep a copy of it where copies of the old one are: a backup of the tokens is of no use without its key.")
