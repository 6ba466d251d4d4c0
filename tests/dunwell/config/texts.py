"""Config texts to read: a small one that is right, and how it is read."""

from pathlib import Path

from dunwell.config.reading import BadConfig, read
from dunwell.config.records import Config
from strategy.text.mistakes import Mistake

RIGHT = """\
[firm]
name = "Berg & Partners"

[mail]
name = "Acme Accounts"
from = "accounts@acme.example"
folder = "out"

[ledgers.acme]
platform = "quickbooks"
client_id = "ABc1"
client_secret = { env = "ACME_SECRET" }
platform_reminders = "off"
platform_reminders_seen = 2026-11-21

[ledgers.acme.people]
owner = "anna@berg.example"

[ledgers.brook]
platform = "xero"
client_id = "XYz"

[ledgers.brook.mail]
host = "smtp.brook.example"
"""


def config(folder: Path, text: str = RIGHT) -> Config:
    """The settings in a text."""
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    return read(file)


def found(folder: Path, text: str) -> tuple[Mistake, ...]:
    """Every mistake in a text; none where it can be used."""
    try:
        config(folder, text)
    except BadConfig as error:
        return error.mistakes
    return ()


def mistakes(folder: Path, text: str) -> list[str]:
    """The same as sentences, without the folder."""
    return [str(each).replace(f"{folder}/", "") for each in found(folder, text)]
