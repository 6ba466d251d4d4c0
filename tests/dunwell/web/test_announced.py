"""From the platform to the books: the sandbox announces, `dunwell serve` takes, `dunwell sync --announced` reads."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dunwell.clock import VirtualClock
from dunwell.config import sealing
from dunwell.sandbox.server import Sandbox
from tests.dunwell.cli.desk import Desk
from tests.dunwell.web.announcing import store_of
from tests.dunwell.web.served import serving

MONDAY = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
PLATFORMS = ("quickbooks", "xero")

TOP = """
[firm]
name = "Demo"
[mail]
name = "Demo"
from = "a@demo.example"
folder = "out"
[webhooks]
quickbooks = { file = "quickbooks-key" }
xero = { file = "xero-key" }
"""

LEDGER = """
[ledgers.{name}]
platform = "{name}"
client_id = "{app.client_id}"
client_secret = {{ file = "{name}-secret" }}
api_url = "{url}"
token_url = "{url}/{name}/oauth2/token"
"""


class Street:
    """A sandbox with both companies, whose stories have ended, and a firm that has read them."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder)
        self.clock = VirtualClock(folder / "clock", MONDAY)
        self.sandbox = Sandbox(self.clock, weeks=-52)
        self.sandbox.limits(False)
        self.sandbox.start()
        settings = TOP
        for name, about in self.sandbox.about().items():
            app = next(one for one in about["apps"] if one.client_secret)
            settings += LEDGER.format(name=name, app=app, url=self.sandbox.url)
            self.desk.write(f"{name}-secret", app.client_secret)
            self.desk.write(f"{name}-key", f"key of {name}")
            self.desk.write(f"{name}-tokens", json.dumps(self.sandbox.control(name).tokens()))
        self.desk.write("config.toml", settings)
        sealing.make_key(folder / "key")

    def open(self) -> None:
        for name in PLATFORMS:
            self.desk.did("connect", name, "--token-file", str(self.desk.folder / f"{name}-tokens"))
        self.desk.did("sync")

    def announced(self) -> set[str]:
        """The ledgers that `sync --announced` reads."""
        return {one["ledger"] for one in self.desk.did("sync", "--announced", "--json").json["ledgers"]}

    def customers(self) -> set[tuple[str, str]]:
        """Every customer of the mirror, with its ledger."""
        with closing(store_of(self.desk)) as store:
            found = store.rows("SELECT l.name, c.name FROM customer AS c JOIN ledger AS l ON l.id = c.ledger_id")
            return {(ledger, customer) for ledger, customer in found}


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    street = Street(tmp_path_factory.mktemp("street"))
    try:
        street.open()
        yield street
    finally:
        street.sandbox.stop()


def test_what_is_announced_is_read_and_nothing_else(street: Street) -> None:
    with serving(street.desk) as served:
        for name, form in (("quickbooks", "legacy"), ("quickbooks", "cloudevents"), ("xero", "its own")):
            control = street.sandbox.control(name)
            url = f"http://localhost:{served.port}/webhooks/{name}"
            assert control.subscribe(url, f"key of {name}", form) == {"status": "ok"}
            before = street.customers()
            street.clock.sleep(600)
            control.add_customer(f"Larch of {form}")
            asked = street.sandbox.traffic.total
            assert street.announced() == set()
            assert street.sandbox.traffic.total == asked, "a ledger of which nothing was announced costs no call"
            assert control.announce() == {"answered": [200]}
            assert street.announced() == {name}
            assert street.customers() - before == {(name, f"Larch of {form}")}
            assert street.announced() == set()


def test_what_was_not_taken_is_sent_again_and_read_then(street: Street) -> None:
    """QuickBooks asks no address before it announces to it, so nobody needs to be there at first."""
    control = street.sandbox.quickbooks
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    control.subscribe(f"http://localhost:{port}/webhooks/quickbooks", "key of quickbooks")
    street.clock.sleep(600)
    control.add_customer("Rowan & Birch")
    assert control.announce() == {"answered": [0]}
    with serving(street.desk, port=port):
        street.clock.sleep(10)
        assert control.announce() == {"answered": [200]}
    assert street.announced() == {"quickbooks"}
    assert ("quickbooks", "Rowan & Birch") in street.customers()


def test_without_any_webhook_the_daily_reading_brings_the_same(street: Street) -> None:
    street.clock.sleep(600)
    street.sandbox.xero.add_customer("Yew Unheard")
    assert street.announced() == set()
    street.desk.did("sync")
    assert ("xero", "Yew Unheard") in street.customers()
