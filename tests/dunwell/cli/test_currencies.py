"""A ledger with several currencies, on Xero: none is ever added to another, and who must choose is told so."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from dunwell.cli.commands.receivables import ROOMY
from dunwell.clock import VirtualClock
from dunwell.config import sealing
from dunwell.sandbox.server import Sandbox
from tests.dunwell.cli.desk import MONDAY, Desk
from tests.dunwell.cli.test_terminal import TERM, at_terminal, plain

CONFIG = """
[firm]
name = "Demo"

[mail]
name = "Harbour Accounts"
from = "accounts@harbour.example"
folder = "out"

[ledgers.harbour]
platform = "xero"
client_id = "SANDBOX0XERO0WEB"
client_secret = {{ file = "secret" }}
api_url = "{url}"
token_url = "{url}/xero/oauth2/token"
authorize_url = "{url}/xero/oauth2/authorize"
"""


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A firm with one Xero organisation, whose books were read."""
    folder = tmp_path_factory.mktemp("harbour")
    desk = Desk(folder)
    with Sandbox(VirtualClock(folder / "clock", MONDAY), seed=1, platforms=["xero"]) as sandbox:
        sandbox.limits(False)
        desk.write("config.toml", CONFIG.format(url=sandbox.url))
        desk.write("secret", "sandbox-only").chmod(0o600)
        sealing.make_key(folder / "key")
        tokens = desk.write("tokens.json", json.dumps(sandbox.control("xero").tokens()))
        desk.did("connect", "harbour", "--token-file", str(tokens))
        desk.did("sync")
        desk.did("reconciled", "harbour", "2026-03-02", "--by", "Ann")
        yield desk


@pytest.fixture
def desk(harbour: Desk, tmp_path: Path) -> Desk:
    return harbour.copy(tmp_path / "firm")


def both(desk: Desk) -> tuple[str, list[str]]:
    """A customer who owes in two currencies, and in which."""
    for one in desk.did("customers", "harbour", "--json").json["customers"]:
        owing = [each["currency"] for each in one["currencies"] if Decimal(each["balance"])]
        if len(owing) > 1:
            return one["id"], owing
    pytest.fail("nobody owes in two currencies")


def test_every_currency_is_a_report_of_its_own(harbour: Desk) -> None:
    found = harbour.did("aging", "harbour", "--json").json
    assert [one["currency"] for one in found["currencies"]] == sorted({"EUR", "GBP", "USD"})
    rows = harbour.did("aging", "harbour").rows
    for one in found["currencies"]:
        assert Decimal(one["total"]) == sum(Decimal(row[-1]) for row in rows if row[2] == one["currency"])


@pytest.mark.parametrize("columns", [80, ROOMY])
def test_a_terminal_shows_the_currency_of_each_row(harbour: Desk, columns: int) -> None:
    shown = plain(at_terminal(TERM + harbour.program(), "aging", "harbour", columns=columns))
    assert max(map(len, shown)) <= columns
    assert [line.split()[1] for line in shown if line.startswith("Total")] == ["EUR", "GBP", "USD"]


def test_what_xero_meters_are_bytes(harbour: Desk) -> None:
    (row,) = harbour.did("usage").kind("platform")
    assert (row[0], row[4], row[6]) == ("xero", "bytes received", "Starter")


def test_a_statement_is_in_one_currency_and_says_when_to_choose(harbour: Desk) -> None:
    customer, (first, second) = both(harbour)
    code, said = harbour.failed("statement", "harbour", customer, "--format", "json")
    assert code == 2
    assert said.endswith(f" has open items in {first} and {second}: say which with --currency")
    found = harbour.did("statement", "harbour", customer, "--format", "json", "--currency", second.lower()).json
    assert found["currency"] == second


def test_a_promise_is_in_one_currency_and_says_when_to_choose(desk: Desk) -> None:
    customer, (first, second) = both(desk)
    typed = ("promise", "add", "harbour", customer, "--on", "2026-03-09")
    invoices = {
        one["currency"]: one["number"] for one in desk.did("customer", "harbour", customer, "--json").json["invoices"]
    }
    named = [part for one in invoices.values() for part in ("--invoice", one)]
    assert desk.failed(*typed, *named) == (2, f"it is in {first} and {second}: say which with --currency")
    said = desk.did(*typed, *named, "--currency", second)
    assert f" {second} by 2026-03-09, for {invoices[second]}." in said.out
