"""The stage of one ledger: its platform on loopback, a mail server, the firm's folder; connected by real consent."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from connectors import oauth
from dunwell.cli.listener import listening
from dunwell.clock import VirtualClock
from dunwell.config import locating, reading, sealing
from dunwell.demo.sink import Sink
from dunwell.sandbox.control import Control
from dunwell.sandbox.server import Sandbox
from dunwell.wiring.house import DATABASE, House
from sync.bench import Bench
from sync.store.database import Store

OPENING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday. Six weeks from here the clocks change on both sides of the Atlantic, on different days."""

LEDGERS = {"brindlewick": "quickbooks", "harbour": "xero"}
"""The ledgers' names in the demo's settings, and their platforms."""

ZONES = {"brindlewick": "America/New_York", "harbour": "Europe/London"}

_FIRM = """\
# A demo's settings: two ledgers on this machine, mail to servers on this machine.

include = ["ledgers/*.toml"]

[firm]
name = "Anna Berg & Partners"

[mail]
name = "Accounts"
from = "accounts@berg.example"
reply_to = "anna@berg.example"
host = "127.0.0.1"
security = "none"
"""

_LEDGER = """\
[ledgers.{name}]
platform = "{platform}"
strategy = "standard"
client_id = "{client_id}"
client_secret = {{ file = "{name}-secret" }}
api_url = "{url}"
token_url = "{url}/{platform}/oauth2/token"
authorize_url = "{url}/{platform}/oauth2/authorize"
time_zone = "{zone}"
approval = "{approval}"
platform_reminders = "off"
platform_reminders_seen = {today}

[ledgers.{name}.people]
owner = "anna@berg.example"
bookkeeper = "tom@berg.example"

[ledgers.{name}.mail]
port = {mail}

[ledgers.{name}.write_back]
pay_url = "https://pay.berg.example/{{number}}"
"""


def furnish(folder: Path) -> None:
    """The firm's settings, key and empty database, before any ledger enters."""
    (folder / "ledgers").mkdir()
    (folder / "config.toml").write_text(_FIRM)
    sealing.make_key(folder / "key")
    config = reading.read(folder / "config.toml")
    config.data.mkdir()
    Store(config.data / DATABASE).close()


@dataclass
class Stage:
    """Everything that plays."""

    ledger: str
    folder: Path
    clock: VirtualClock
    sandbox: Sandbox
    sink: Sink
    house: House
    bench: Bench

    @property
    def control(self) -> Control:
        """The sandbox owner's hands in the ledger's company."""
        return self.sandbox.control(LEDGERS[self.ledger])

    def wait_until(self, wall: time) -> None:
        """Move the clock on to this time of the ledger's own present day."""
        zone = ZoneInfo(ZONES[self.ledger])
        today = self.clock.now().astimezone(zone).date()
        self.clock.advance_to(datetime.combine(today, wall, zone).astimezone(UTC))

    def trust(self) -> None:
        """The firm has seen enough: from now on only steps that say so wait for a person."""
        self.house.close()
        _write_settings(self.folder, self.ledger, self.sandbox, self.sink, "steps")
        self.house = _opened(self.folder, self.clock)
        self.bench = self.house.bench(self.ledger)

    def run_apart(self) -> subprocess.Popen[bytes]:
        """`dunwell run LEDGER --send` as a process of its own, on the same clock."""
        command = [sys.executable, "-c", "from dunwell.cli.main import main; main()"]
        return subprocess.Popen(  # noqa: S603 - our own command, on names of our own
            [*command, "--config", str(self.folder / "config.toml"), "run", self.ledger, "--send"],
            env=locating.sharing_clock(self.clock.path),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )


@contextmanager
def staged(folder: Path, seed: int, ledger: str) -> Iterator[Stage]:
    """The stage in a furnished folder, the ledger connected and not yet read."""
    clock = VirtualClock(folder / f"{ledger}.clock", OPENING)
    with Sandbox(clock, seed=seed) as sandbox, Sink() as sink:
        _write_settings(folder, ledger, sandbox, sink, "all")
        house = _opened(folder, clock)
        _connect(house, ledger)
        stage = Stage(ledger, folder, clock, sandbox, sink, house, house.bench(ledger))
        yield stage
        stage.house.close()
    clock.close()


def _write_settings(folder: Path, ledger: str, sandbox: Sandbox, sink: Sink, approval: str) -> None:
    """The ledger's own file; whole at once, for others read it too."""
    platform = LEDGERS[ledger]
    app = sandbox.about()[platform]["apps"][0]
    (folder / f"{ledger}-secret").write_text(app.client_secret)
    text = _LEDGER.format(
        name=ledger,
        platform=platform,
        client_id=app.client_id,
        url=sandbox.url,
        zone=ZONES[ledger],
        approval=approval,
        today=f"{OPENING:%Y-%m-%d}",
        mail=sink.port,
    )
    file = folder / "ledgers" / f"{ledger}.toml"
    file.with_suffix(".new").write_text(text)
    file.with_suffix(".new").replace(file)


def _opened(folder: Path, clock: VirtualClock) -> House:
    house = House(reading.read(folder / "config.toml"))
    house.clock = clock
    return house


def _connect(house: House, ledger: str) -> None:
    """The real consent, with somebody who clicks "Allow" at once."""
    app = house.app(ledger)
    with listening() as listener:
        consent = oauth.ask_consent(app, listener.redirect_uri)
        redirect: Mapping[str, str] = listener.receive(consent, lambda url: _allow(house.http, url))
    tokens = oauth.exchange(house.http, app, consent, redirect["code"], house.clock.now())
    (remote,) = house.remotes(ledger, redirect, tokens)
    house.bind(ledger, remote, tokens)


def _allow(http: httpx.Client, url: str) -> None:
    """What a browser does when the button is pressed: post the form, follow the redirect to the listener."""
    http.post(url, follow_redirects=True).raise_for_status()
