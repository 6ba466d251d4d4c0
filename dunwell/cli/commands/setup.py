"""Making a place for a firm to work in."""

from importlib import resources
from pathlib import Path

import click

from dunwell.cli.showing.page import say


@click.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Make config.toml, a strategy of your own and the key that seals the tokens.

    Nothing that is there is overwritten.

    \b
    Example: dunwell init receivables
    """
    from dunwell.config import sealing

    (folder / "strategies").mkdir(parents=True, exist_ok=True)
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    made = {
        folder / "config.toml": _text("starter.toml"),
        folder / "strategies" / "house.toml": _text("house.toml"),
    }
    for file, text in made.items():
        say(f"kept   {file}" if file.exists() else f"made   {file}")
        if not file.exists():
            file.write_text(text, "utf-8")
    key = folder / "key"
    if key.exists():
        say(f"kept   {key}")
    else:
        sealing.make_key(key)
        say(f"made   {key}   (only you can read it; keep a copy apart from the database)")
    here = "" if folder == Path() else f"--config {folder / 'config.toml'} "
    say(
        "",
        "Next, take the # away from one ledger in config.toml and name your app there, then:",
        f"  dunwell {here}check",
        f"  dunwell {here}connect acme",
        f"  dunwell {here}sync acme",
    )


def _text(name: str) -> str:
    return resources.files("dunwell.config").joinpath(name).read_text("utf-8")
