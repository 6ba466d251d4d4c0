"""A process that dies in the middle of a refresh, and what the next one finds (many at once: test_tokens_race)."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from connectors import oauth
from connectors.base import TokenSet
from connectors.errors import Reconnect
from dunwell.clock import VirtualClock
from dunwell.sandbox.server import Sandbox
from sync.store.vault import Vault
from sync.tokens import LedgerTokens
from tests.connectors.roads import MONDAY
from tests.sync.refreshing import DIED, KEY, app


@dataclass
class Firm:
    """A ledger that is connected to the sandbox, and processes that work on it."""

    folder: Path
    sandbox: Sandbox
    clock: VirtualClock

    @property
    def token_url(self) -> str:
        return f"{self.sandbox.url}/quickbooks/oauth2/token"

    def start(self, rounds: int, *doom: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.sync.refreshing", str(self.folder), self.token_url, str(rounds), *doom]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])

    def refreshes(self) -> list[int]:
        """What the token server answered to each refresh."""
        return [one.status for one in self.sandbox.traffic.calls if one.path.endswith("/token")]

    def access(self) -> str:
        """The access token as a fresh process would get it."""
        with (
            closing(Vault(self.folder / "tokens.sqlite", lambda: (KEY,))) as vault,
            httpx.Client(verify=False, timeout=60) as http,
        ):

            def refresh(stored: TokenSet) -> TokenSet:
                return oauth.refresh(http, app(self.token_url), stored, self.clock.now())

            return LedgerTokens(vault, "harbour", refresh, self.clock).access()

    def opens(self, access_token: str) -> bool:
        """Whether the platform takes the token."""
        url = f"{self.sandbox.url}/v3/company/{self.sandbox.about()['quickbooks']['company_id']}/companyinfo/1"
        headers = {"Authorization": f"Bearer {access_token}"}
        return httpx.get(url, headers=headers, verify=False, timeout=60).status_code == 200


@contextmanager
def a_firm(folder: Path) -> Iterator[Firm]:
    folder.mkdir(exist_ok=True)
    clock = VirtualClock(folder / "clock", MONDAY)
    with Sandbox(clock, platforms=["quickbooks"]) as sandbox:
        sandbox.limits(False)
        given = sandbox.quickbooks.tokens()
        expires_at = clock.now() + timedelta(hours=1)
        with closing(Vault(folder / "tokens.sqlite", lambda: (KEY,))) as vault:
            access, refresh = str(given["access_token"]), str(given["refresh_token"])
            vault.save("harbour", TokenSet(access_token=access, refresh_token=refresh, expires_at=expires_at))
        yield Firm(folder, sandbox, clock)
    clock.close()


def ended(processes: "list[subprocess.Popen[str]]") -> list[tuple[int, list[str]]]:
    """Exit status and printed tokens of each."""
    found = []
    for process in processes:
        out, _ = process.communicate(timeout=120)
        found.append((process.returncode, out.split()))
    return found


def test_who_dies_before_asking_leaves_everything_as_it_was(tmp_path: Path) -> None:
    with a_firm(tmp_path) as firm:
        ((status, out),) = ended([firm.start(2, "before", "2")])
        assert (status, len(out), firm.refreshes()) == (DIED, 1, [])
        assert firm.opens(firm.access())


def test_who_dies_once_it_is_stored_has_done_the_others_work(tmp_path: Path) -> None:
    with a_firm(tmp_path) as firm:
        ((status, _),) = ended([firm.start(2, "saved", "2")])
        assert (status, firm.refreshes()) == (DIED, [200])
        assert firm.opens(firm.access())
        assert firm.refreshes() == [200]


def test_an_answer_that_died_with_its_process_is_asked_for_again_while_the_token_stays_the_same(tmp_path: Path) -> None:
    with a_firm(tmp_path) as firm:
        ((status, _),) = ended([firm.start(2, "after", "2")])
        assert (status, firm.refreshes()) == (DIED, [200])
        assert firm.opens(firm.access())


def test_a_rotated_token_that_died_with_its_process_asks_for_a_person(tmp_path: Path) -> None:
    with a_firm(tmp_path) as firm:
        firm.clock.sleep(25 * 3600)
        ((status, _),) = ended([firm.start(1, "after", "1")])
        assert (status, firm.refreshes()) == (DIED, [200])
        with pytest.raises(Reconnect, match="dunwell connect"):
            firm.access()
        assert firm.refreshes() == [200, 400]
