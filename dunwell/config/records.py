"""What config.toml comes to. Secrets are still only named: they are fetched when they are used."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from strategy.model import Platform, Record
from strategy.text.mistakes import Mistake
from strategy.text.nodes import Node
from sync.settings import Hands, Sender, WriteBack


class Secret(Record):
    """Where a secret is: an environment variable, a file, a systemd credential, or an entry of the system's keyring.
    One of them; never the secret itself.
    """

    env: str | None = None
    file: Path | None = None
    credential: str | None = None
    keyring: str | None = None


class Mail(Record):
    """How letters leave: over SMTP, or (`folder`) as files for a dry run. `oauth`: the password is an access token."""

    sender: Sender
    folder: Path | None = None
    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str | None = None
    password: Secret | None = None
    oauth: bool = False


class LedgerConfig(Record):
    """One ledger as configured. Addresses of the platform are None where its own are meant.

    `redirect_url` None: a port on this machine, which `dunwell connect` listens on. `calls_per_day` None: as many as
    the platform allows. `overrides` is what the ledger does otherwise than its strategy says. `credit_holds` is the
    order desk's file, None for none.
    """

    name: str
    platform: Platform
    strategy: str
    client_id: str
    client_secret: Secret | None
    custom_connection: bool
    sandbox: bool
    api_url: str | None
    token_url: str | None
    authorize_url: str | None
    redirect_url: str | None
    time_zone: str | None
    approve_all: bool
    invoices_leave_here: bool
    reminders_off_on: date | None
    people: Mapping[str, str]
    bank: tuple[str, ...]
    mail: Mail | None
    write_back: WriteBack
    calls_per_day: int | None = None
    overrides: Node | None = None
    credit_holds: Path | None = None


class Config(Record):
    """Everything. `folder` is where config.toml lies; relative paths are relative to it.

    `webhooks`: by platform, where the keys are that its announcements are signed with. `warnings` are about what is
    written there and stop nothing. `agencies` by the name that strategies place with.
    """

    file: Path
    firm: str
    data: Path
    strategies: Path
    key: Secret
    ledgers: Mapping[str, LedgerConfig]
    webhooks: Mapping[Platform, tuple[Secret, ...]]
    agencies: Mapping[str, Hands] = {}
    warnings: tuple[Mistake, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder of config.toml."""
        return self.file.parent
