"""Connecting a ledger: by consent in a browser, by a pasted address, by a token file."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from connectors.base import Remote
from dunwell.cli.commands.connecting import chosen
from dunwell.cli.ending import Wrong
from tests.dunwell.cli.desk import Desk, Firm


@pytest.fixture
def fresh(firm: Firm, tmp_path: Path) -> Desk:
    """The firm before anything was connected."""
    desk = firm.desk.copy(tmp_path / "firm")
    for file in (desk.folder / "data").iterdir():
        file.unlink()
    return desk


class Waiting:
    """`dunwell connect` as a process that waits for its consent."""

    def __init__(self, desk: Desk, *args: str) -> None:
        typed = ["connect", "brindle", "--no-browser", *args]
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", desk.program(), *typed],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = [self.process.stdout.readline() for _ in range(3)]
        self.url = self.said[1].strip()

    def decide(self, decision: str) -> str:
        """Click a button of the consent page; the address that the browser is sent to."""
        assert "Allow access?" in httpx.get(self.url, timeout=60).text
        return httpx.post(self.url, data={"decision": decision}, timeout=60).headers["location"]

    def end(self, line: str | None = None) -> tuple[int, str, str]:
        out, err = self.process.communicate(line, timeout=60)
        return self.process.returncode, out, err


@pytest.fixture
def waiting(fresh: Desk) -> Iterator[Waiting]:
    waiting = Waiting(fresh, "--port", "0")
    yield waiting
    if waiting.process.poll() is None:
        waiting.process.kill()
        waiting.process.communicate()


CONNECTED = (
    "Ledger brindle is bound to company 9341360438125598.\n"
    "The platform answers: Brindlewick Field Services.\n"
    "Read the books next: dunwell sync brindle\n"
)


def test_by_consent_in_a_browser(waiting: Waiting) -> None:
    assert waiting.said[0] == "Open this page:\n"
    asked = parse_qs(urlsplit(waiting.url).query)
    assert asked["client_id"] == ["sandbox-app"]
    back = waiting.decide("allow")
    assert "Thank you" in httpx.get(back.replace("localhost", "127.0.0.1"), timeout=60).text
    assert waiting.end() == (0, CONNECTED, "")


def test_by_pasting_where_the_browser_ended(waiting: Waiting) -> None:
    assert waiting.end(waiting.decide("allow") + "\n") == (0, CONNECTED, "")


def test_a_refusal_connects_nothing(waiting: Waiting, fresh: Desk) -> None:
    httpx.get(waiting.decide("deny").replace("localhost", "127.0.0.1"), timeout=60)
    assert waiting.end() == (1, "", "the platform says: access_denied; nothing was connected\n")
    assert fresh.dunwell("sync").code == 4


def test_a_taken_port_is_named(firm: Firm, fresh: Desk) -> None:
    taken = firm.sandbox.url.rpartition(":")[2]
    assert fresh.failed("connect", "brindle", "--no-browser", "--port", taken) == (
        1,
        f"port {taken} cannot be listened on (Address already in use); name another with --port",
    )


def test_by_a_token_file(firm: Firm, fresh: Desk) -> None:
    file = fresh.write("tokens.json", json.dumps(firm.sandbox.quickbooks.tokens()))
    assert fresh.did("connect", "brindle", "--token-file", str(file)).out == CONNECTED
    fresh.did("sync")


def test_connecting_again_replaces_the_tokens(firm: Firm, desk: Desk) -> None:
    file = desk.write("tokens.json", json.dumps(firm.sandbox.quickbooks.tokens()))
    desk.did("connect", "brindle", "--token-file", str(file))
    desk.did("sync")


BROKEN = {
    "not JSON": "tokens.json: it is not JSON",
    "{}": (
        "tokens.json: Object missing required field `access_token`; it takes access_token, refresh_token, expires_in, "
        "realm_id"
    ),
    '{"access_token": 7}': (
        "tokens.json: Expected `str`, got `int` - at `$.access_token`; it takes access_token, refresh_token, "
        "expires_in, realm_id"
    ),
    '{"access_token": "secret"}': ("tokens.json: it names no company; add realm_id (QuickBooks) or tenant_id (Xero)"),
}


@pytest.mark.parametrize(("text", "sentence"), BROKEN.items())
def test_a_token_file_that_is_none_is_refused_without_quoting_it(fresh: Desk, text: str, sentence: str) -> None:
    file = fresh.write("tokens.json", text)
    assert fresh.failed("connect", "brindle", "--token-file", str(file)) == (2, sentence)


def test_tokens_that_do_not_work_are_noticed_at_once(fresh: Desk) -> None:
    tokens = '{"access_token": "old", "refresh_token": "old", "expires_in": 3600, "realm_id": "9341360438125598"}'
    code, said = fresh.failed("connect", "brindle", "--token-file", str(fresh.write("tokens.json", tokens)))
    assert code == 4
    assert said.endswith("; connect it again: dunwell connect brindle")


SEVERAL = (Remote(id="a1", name="Harbour & Vale"), Remote(id="b2", name="Brook Ltd"))


def test_one_company_needs_no_choice() -> None:
    assert chosen(SEVERAL[:1], None, "brook") is SEVERAL[0]


def test_of_several_companies_one_is_named() -> None:
    assert chosen(SEVERAL, "b2", "brook") is SEVERAL[1]
    with pytest.raises(Wrong, match=r"^the consent does not cover company c3; it covers Harbour & Vale \(a1\), Brook"):
        chosen(SEVERAL, "c3", "brook")


def test_without_a_terminal_the_choice_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/null").open() as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        with pytest.raises(Wrong) as raised:
            chosen(SEVERAL, None, "brook")
    assert raised.value.message == (
        "the consent covers 2 companies; say which is brook:\n"
        "  --company a1   Harbour & Vale\n"
        "  --company b2   Brook Ltd"
    )
