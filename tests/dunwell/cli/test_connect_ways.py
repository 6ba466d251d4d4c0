"""Every way to connect, on both platforms: a browser here, a page elsewhere, nobody at all, and what was granted."""

import json
import os
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from connectors.base import TokenSet
from dunwell.cli.commands.connecting import UNLESS_SERVED
from dunwell.cli.main import cli
from dunwell.clock import VirtualClock
from dunwell.config import reading, sealing
from dunwell.sandbox.server import Sandbox
from dunwell.wiring.house import House
from tests.dunwell.cli.desk import MONDAY, Desk

PAGE = "https://firm.example/connected"

LEDGERS = """
[firm]
name = "Demo"

[mail]
name = "Accounts"
from = "accounts@firm.example"
folder = "out"

[ledgers.brindle]
platform = "quickbooks"
client_id = "{quickbooks}"
client_secret = {{ file = "secret" }}
api_url = "{url}"
token_url = "{url}/quickbooks/oauth2/token"
authorize_url = "{url}/quickbooks/oauth2/authorize"

[ledgers.brindle.write_back]
notes = true
statements = true

[ledgers.lark]
platform = "xero"
client_id = "{xero}"
client_secret = {{ file = "secret" }}
api_url = "{url}"
token_url = "{url}/xero/oauth2/token"
authorize_url = "{url}/xero/oauth2/authorize"

[ledgers.lark.write_back]
notes = true
statements = true
"""

NAMES = {"brindle": "Brindlewick Field Services", "lark": "Larksparrow Studio"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    clock = VirtualClock(tmp_path_factory.mktemp("sandbox") / "clock", MONDAY)
    with Sandbox(clock) as sandbox:
        sandbox.limits(False)
        yield sandbox


class Place(Desk):
    """A desk where nothing is connected yet, and somebody who presses Allow."""

    def __init__(self, folder: Path, sandbox: Sandbox, **apps: str) -> None:
        super().__init__(folder)
        VirtualClock(folder / "clock", MONDAY).close()
        known = {"quickbooks": "sandbox-app", "xero": "SANDBOX0XERO0WEB", **apps}
        self.write("config.toml", LEDGERS.format(url=sandbox.url, **known))
        self.write("secret", "sandbox-only").chmod(0o600)
        sealing.make_key(folder / "key")

    def stored(self, ledger: str) -> TokenSet:
        house = House(reading.read(self.config))
        tokens = house.vault.read(ledger)
        house.close()
        assert tokens is not None
        return tokens


def where_it_ends(url: str) -> str:
    """Somebody presses Allow; the address that the browser is sent to."""
    return str(httpx.post(url, data={"decision": "allow"}, timeout=60).headers["location"])


def browse(url: str) -> bool:
    httpx.get(where_it_ends(url).replace("//localhost", "//127.0.0.1"), timeout=60)
    return True


@pytest.fixture
def place(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(webbrowser, "open", browse)
    return Place(tmp_path, sandbox)


@pytest.mark.parametrize("ledger", NAMES)
def test_a_browser_on_this_machine(place: Place, ledger: str) -> None:
    said = place.did("connect", ledger, "--port", "0")
    assert said.out.startswith("Your browser opens the platform's page; if it does not, open this:\nhttp://localhost:")
    assert said.out.endswith(f"The platform answers: {NAMES[ledger]}.\nRead the books next: dunwell sync {ledger}\n")


def test_an_app_without_a_secret_proves_itself(tmp_path: Path, place: Place) -> None:
    place.edit('client_id = "SANDBOX0XERO0WEB"\nclient_secret = { file = "secret" }', 'client_id = "SANDBOX0XERO0PKCE"')
    said = place.did("connect", "lark", "--port", "0")
    assert "code_challenge_method=S256" in said.out
    assert said.out.endswith("Read the books next: dunwell sync lark\n")


@pytest.mark.parametrize("ledger", NAMES)
def test_a_page_elsewhere_is_pasted(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, ledger: str
) -> None:
    """As QuickBooks wants it for real companies."""
    place = Place(tmp_path, sandbox, quickbooks="sandbox-app-live")
    place.edit(f"[ledgers.{ledger}]\n", f'[ledgers.{ledger}]\nredirect_url = "{PAGE}"\n')
    reading_end, writing_end = os.pipe()

    def copied(url: str) -> bool:
        os.write(writing_end, f"what?\n{PAGE}?code=1&state=2\n{where_it_ends(url)}\n".encode())
        os.close(writing_end)
        return True

    monkeypatch.setattr(webbrowser, "open", copied)
    with os.fdopen(reading_end, "rb") as lines:
        said = CliRunner().invoke(
            cli,
            ["--config", str(place.config), "connect", ledger],
            input=lines,
            env={"DUNWELL_CLOCK": str(place.folder / "clock")},
            catch_exceptions=False,
        )
    assert said.exit_code == 0, said.stderr
    assert said.stderr.splitlines() == [
        "that is no address with an answer in it; paste all of it, from https:// to the end",
        "that is the answer to an earlier attempt; open the address above, and paste where it ends",
    ]
    assert UNLESS_SERVED in said.stdout
    assert said.stdout.endswith(f"The platform answers: {NAMES[ledger]}.\nRead the books next: dunwell sync {ledger}\n")


@pytest.fixture
def custom(place: Place, sandbox: Sandbox) -> Iterator[Place]:
    place.edit('client_id = "SANDBOX0XERO0WEB"\n', 'client_id = "SANDBOX0XERO0CUSTOM"\ncustom_connection = true\n')
    yield place
    sandbox.dialects["xero"].desk.grants.shut.clear()


def test_a_custom_connection_asks_nobody(custom: Place) -> None:
    said = custom.did("connect", "lark")
    assert said.out == (
        "Ledger lark is bound to Larksparrow Studio.\nThe platform answers: Larksparrow Studio.\n"
        "Read the books next: dunwell sync lark\n"
    )
    assert custom.stored("lark").refresh_token is None


def test_a_custom_connection_works_on_when_its_token_has_ended(custom: Place) -> None:
    custom.did("connect", "lark")
    before = custom.stored("lark").access_token
    custom.clock().sleep(3600)
    assert "the platform answers: Larksparrow Studio" in custom.dunwell("check", "--online").out
    assert custom.stored("lark").access_token != before


def test_a_custom_connection_that_is_not_authorised_asks_for_a_person(custom: Place, sandbox: Sandbox) -> None:
    sandbox.dialects["xero"].desk.grants.shut.add("SANDBOX0XERO0CUSTOM")
    assert custom.failed("connect", "lark") == (
        4,
        (
            "The custom connection is not, or no longer, authorised for what Dunwell needs. Authorise it at the "
            "platform first (ledger lark, code unauthorized_client); connect it again: dunwell connect lark"
        ),
    )


def test_a_custom_connection_is_given_back(custom: Place, sandbox: Sandbox) -> None:
    custom.did("connect", "lark")
    assert custom.did("disconnect", "lark").out.startswith("Xero lets Dunwell into Larksparrow Studio no more.\n")
    assert custom.dunwell("connect", "lark").code == 4


def test_an_organisation_is_given_back(place: Place) -> None:
    place.did("connect", "lark", "--port", "0")
    assert place.did("disconnect", "lark").out == (
        "Xero lets Dunwell into Larksparrow Studio no more.\n"
        "Its tokens are forgotten here, and its books stay. To go on one day: dunwell connect lark\n"
    )


LESS = "offline_access accounting.invoices accounting.payments.read accounting.contacts accounting.settings.read"


def token_file(place: Place, sandbox: Sandbox, platform: str, **more: object) -> str:
    scope = more.get("scope")
    tokens = sandbox.control(platform).tokens(None if scope is None else str(scope))
    return str(place.write("tokens.json", json.dumps({**tokens, **more})))


@pytest.mark.parametrize(("ledger", "platform"), [("brindle", "quickbooks"), ("lark", "xero")])
def test_a_token_file(place: Place, sandbox: Sandbox, ledger: str, platform: str) -> None:
    said = place.did("connect", ledger, "--token-file", token_file(place, sandbox, platform))
    assert f"The platform answers: {NAMES[ledger]}.\n" in said.out


def test_a_token_file_may_say_when_the_connection_ends(place: Place, sandbox: Sandbox) -> None:
    ends = {"x_refresh_token_expires_in": 86_400 * 20, "x_refresh_token_hard_expires_in": 86_400 * 29}
    said = place.did("connect", "brindle", "--token-file", token_file(place, sandbox, "quickbooks", **ends))
    assert "The platform answers" in said.out
    row = next(row for row in place.dunwell("check").rows if "ends on" in row[3])
    assert row[0] == "note"
    assert row[3:] == ["the connection ends on 2026-03-31, however much it is used", "dunwell connect brindle"]


def test_rights_that_the_settings_need_and_nobody_granted_are_named(place: Place, sandbox: Sandbox) -> None:
    assert place.failed("connect", "lark", "--token-file", token_file(place, sandbox, "xero", scope=LESS)) == (
        4,
        (
            "nothing was connected: what was granted leaves out what the settings of lark need:\n"
            "  accounting.reports.aged.read   to hold our figures beside the aged report\n"
            "  accounting.attachments   to file statements\n"
            "Grant it where the app is registered, or change the settings; then connect again."
        ),
    )
    assert any(row[3] == "it is not connected" for row in place.dunwell("check").rows)


def test_a_right_that_the_settings_need_by_now_is_found_in_check(place: Place, sandbox: Sandbox) -> None:
    place.did("connect", "lark", "--port", "0")
    place.edit("[ledgers.lark.write_back]\n", '[ledgers.lark.write_back]\npay_url = "https://pay.example/{number}"\n')
    (row,) = [row for row in place.dunwell("check").rows if "was never granted" in row[3]]
    assert row[0] == "person"
    assert row[3:] == [
        (
            "the right paymentservices was never granted (to offer pay_url on invoices; Xero opens it to reviewed apps "
            "alone)"
        ),
        "dunwell connect lark",
    ]
