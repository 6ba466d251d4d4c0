"""A day's `dunwell sync` in a ledger that was read before: the pull of what changed, and the comparison after it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from bench.figures import Tally
from bench.pull import REMOTE_ID
from connectors.base import Remote, TokenSet
from dunwell.config import reading, sealing
from dunwell.wiring.house import House
from sync import cycle
from sync.bench import Bench
from sync.pull import Options

_CONFIG = """
[firm]
name = "Harbour Supplies"
data = "."
key = {{ file = "key" }}

[mail]
name = "Harbour Supplies"
from = "accounts@harbour.example"
folder = "out"

[ledgers.harbour]
platform = "{platform}"
client_id = "bench"
client_secret = {{ file = "secret" }}
api_url = "{url}"
token_url = "{url}/token"
time_zone = "UTC"
"""


def ready(platform: str, url: str, database: Path) -> Callable[[], Tally]:
    """What brings the ledger up to date, with everything opened that is needed for it."""
    opened = house(platform, url, database.parent)
    tokens = TokenSet(access_token="token", refresh_token=None, expires_at=opened.clock.now() + timedelta(hours=1))
    opened.bind("harbour", Remote(id=REMOTE_ID, name="Harbour"), tokens)
    bench = opened.bench("harbour")
    bench.connector.platform  # noqa: B018 - made when it is first asked for
    return partial(_work, opened, bench)


def house(platform: str, url: str, folder: Path) -> House:
    """A firm in the folder, with this one ledger."""
    (folder / "config.toml").write_text(_CONFIG.format(platform=platform, url=url), "utf-8")
    if not (folder / "key").exists():
        sealing.make_key(folder / "key")
        (folder / "secret").write_text("secret", "utf-8")
        (folder / "secret").chmod(0o600)
    return House(reading.read(folder / "config.toml"))


def _work(house: House, bench: Bench) -> Tally:
    before = house.budgets.usage(bench.ledger.id)
    cycle.bring_up_to_date(bench, Options())
    (after,) = house.budgets.usage(bench.ledger.id)
    calls, received = (before[0].calls, before[0].received) if before else (0, 0)
    house.close()
    return Tally(calls=after.calls - calls, received=after.received - received)
