"""A ledger on each platform: what ails the one is said with what to do, and stops nothing of the other."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from dunwell.clock import VirtualClock, local
from dunwell.config import sealing
from dunwell.sandbox.control import Control
from dunwell.sandbox.server import Sandbox
from strategy.model import Record
from tests.dunwell.cli.desk import MONDAY, Desk, Said

FIRM = """
[firm]
name = "Demo"

[mail]
name = "Accounts"
from = "accounts@firm.example"
folder = "out"
"""

LEDGER = """
[ledgers.{platform}]
platform = "{platform}"
client_id = "{app}"
client_secret = {{ file = "secret" }}
api_url = "{url}"
token_url = "{url}/{platform}/oauth2/token"
time_zone = "UTC"
platform_reminders = "off"
platform_reminders_seen = 2026-03-01
"""

PLATFORMS = ("quickbooks", "xero")


class Case(Record):
    """A firm whose two ledgers are called as their platforms, the one that falls ill, and the one that stays well."""

    desk: Desk
    sandbox: Sandbox
    ill: str
    well: str

    @property
    def books(self) -> Control:
        """The owner's hands in the books of the ledger that falls ill."""
        return self.sandbox.control(self.ill)

    def connect(self, name: str) -> None:
        """What the sentence says that mends it."""
        file = self.desk.write("tokens.json", json.dumps(self.sandbox.control(name).tokens()))
        self.desk.did("connect", name, "--token-file", str(file))

    def works(self) -> list[list[str]]:
        """Both ledgers are read."""
        return self.desk.did("sync").rows

    def asked(self) -> int:
        """How many requests have arrived at the platform of the ledger that is ill, for tokens too."""
        paths = {"quickbooks": ("/v3/", "/quickbooks/"), "xero": ("/api.xro/", "/xero/")}[self.ill]
        return sum(one.path.startswith(paths) for one in self.sandbox.traffic.calls)

    def is_named(self, said: Said, code: int, sentence: str) -> None:
        """One sentence, about the ledger that is ill, and the other one was read."""
        assert (said.code, [row[0] for row in said.rows]) == (code, [self.well])
        (line,) = said.err.splitlines()
        assert line.startswith(f"{self.ill}: ")
        assert sentence in line


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Sandbox]]:
    desk = Desk(tmp_path_factory.mktemp("two"))
    with Sandbox(VirtualClock(desk.folder / "clock", MONDAY), weeks=-100) as sandbox:
        sandbox.limits(False)
        about = sandbox.about()
        ledgers = (
            LEDGER.format(platform=name, url=sandbox.url, app=about[name]["apps"][0].client_id) for name in PLATFORMS
        )
        desk.write("config.toml", FIRM + "".join(ledgers))
        desk.write("secret", "sandbox-only").chmod(0o600)
        sealing.make_key(desk.folder / "key")
        yield desk, sandbox


@pytest.fixture(params=PLATFORMS)
def case(request: pytest.FixtureRequest, firm: tuple[Desk, Sandbox]) -> Iterator[Case]:
    """Both ledgers are connected and read."""
    (well,) = set(PLATFORMS) - {request.param}
    desk, sandbox = firm
    made = Case(desk=desk, sandbox=sandbox, ill=request.param, well=well)
    for name in PLATFORMS:
        made.connect(name)
    made.works()
    yield made
    sandbox.faults.clear()


@pytest.mark.parametrize("command", ["sync", "run", "run --send"])
def test_a_connection_that_was_taken_back_stops_its_ledger_only_and_says_what_mends_it(
    case: Case, command: str
) -> None:
    case.books.disconnect()
    case.is_named(case.desk.dunwell(*command.split()), 4, f"; connect it again: dunwell connect {case.ill}")
    case.connect(case.ill)
    assert len(case.works()) == 2


def test_a_connection_that_nobody_used_for_too_long_is_mended_the_same_way(case: Case) -> None:
    for _ in range(2 if case.ill == "xero" else 3):
        case.desk.clock().sleep(timedelta(days=40).total_seconds())
        case.desk.did("sync", case.well)
    case.is_named(case.desk.dunwell("sync"), 4, f"; connect it again: dunwell connect {case.ill}")
    case.connect(case.ill)
    assert len(case.works()) == 2


def test_a_day_that_is_used_up_puts_its_ledger_to_sleep_and_says_until_when(case: Case) -> None:
    case.sandbox.faults.add("day_limit", platform=case.ill)
    until = local(case.desk.clock().now() + timedelta(days=1))
    asleep = f"; nothing was lost, run the same again after {until}"
    case.is_named(case.desk.dunwell("sync"), 3, asleep)
    asked = case.asked()
    case.desk.clock().sleep(timedelta(hours=2).total_seconds())  # the access token has ended, and is not renewed
    case.is_named(case.desk.dunwell("run"), 3, asleep)
    assert case.asked() == asked
    case.desk.clock().sleep(timedelta(days=1).total_seconds())
    assert len(case.works()) == 2
