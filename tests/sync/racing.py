"""Many processes that share one connection, and are killed in the middle of refreshing it:

    python -m tests.sync.racing FOLDER TOKEN_URL CLIENT_ID PROCESSES REFRESHES ROTATED_LIVES

They are forked from this one, which has imported everything, and a killed one is replaced. Each takes the access token,
tells it, and takes it again. Whoever is first with a new one lets time pass until it has nearly ended, so that all of
them want the next one at once. Every second refresh ends its process by SIGKILL: before the server is asked, after it
has answered and before that is stored, and once it is stored, in turn. Prints in the end what was seen, as JSON.

ROTATED_LIVES says whether the server forgives an answer that was lost; if "no", nobody dies who alone has a new value.
"""

import json
import os
import signal
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx

from connectors import oauth
from connectors.base import TokenSet
from connectors.oauth import App
from dunwell.clock import VirtualClock
from sync.store.vault import Vault
from sync.tokens import LedgerTokens

KEY = bytes(range(32))
POINTS = ("before", "after", "saved")
LOST, ENDED, FAILED = "lost", "ended", "failed"


@dataclass(frozen=True)
class Race:
    """One race."""

    folder: Path
    token_url: str
    client_id: str
    processes: int
    refreshes: int
    rotated_lives: bool

    def app(self) -> App:
        return App(
            client_id=self.client_id,
            client_secret="sandbox-only",
            authorize_url="",
            token_url=self.token_url,
            revoke_url="",
            scopes=("x",),
        )

    @property
    def over(self) -> Path:
        """Once this file is there, everybody ends before the next refresh."""
        return self.folder / "over"


class _Mortal(Vault):
    """Ends the process once tokens are stored, if it is its turn."""

    after_saving: Callable[[], None] = staticmethod(lambda: None)

    def save(self, ledger: str, tokens: TokenSet) -> None:
        super().save(ledger, tokens)
        self.after_saving()


class Runner:
    """One of the processes. `tell` writes a line that the nursery reads."""

    def __init__(self, race: Race, told: int) -> None:
        self._race, self._told = race, told
        self._clock = VirtualClock(race.folder / "clock")
        self._vault = _Mortal(race.folder / "tokens.sqlite", lambda: (KEY,))
        self._vault.after_saving = lambda: self._die("saved")
        self._http = httpx.Client(verify=False, timeout=60)
        self._tokens = LedgerTokens(self._vault, "harbour", self._refresh, self._clock)
        self._doom = ""

    def run(self) -> None:
        seen, breath = "", threading.Event()
        while not self._race.over.exists():
            name = _name(self._tokens.access())
            if name == seen:
                breath.wait(0.002)  # until whoever was first has let time pass
                continue
            seen = name
            self._tell(name)
            if self._first(name):
                stored = self._vault.read("harbour")
                assert stored is not None
                self._clock.sleep((stored.expires_at - self._clock.now()).total_seconds() - 30)

    def _refresh(self, stored: TokenSet) -> TokenSet:
        self._doom = self._next_doom()
        self._die("before")
        fresh = oauth.refresh(self._http, self._race.app(), stored, self._clock.now())
        if self._race.rotated_lives or fresh.refresh_token == stored.refresh_token:
            self._die("after")
        return fresh

    def _next_doom(self) -> str:
        """Whoever refreshes is alone, or the count would not come out."""
        with (self._race.folder / "attempts").open("ab") as attempts:
            attempts.write(b".")
            attempt = attempts.tell()
        return POINTS[attempt // 2 % len(POINTS)] if attempt % 2 else ""

    def _die(self, point: str) -> None:
        if self._doom == point:
            self._tell(f"{LOST}\n{point}" if point == "after" else point)
            os.kill(os.getpid(), signal.SIGKILL)

    def _first(self, name: str) -> bool:
        try:
            (self._race.folder / f"seen-{name}").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def _tell(self, line: str) -> None:
        os.write(self._told, f"{line}\n".encode())


def _name(token: str) -> str:
    return sha256(token.encode()).hexdigest()


class Nursery:
    """Starts them, replaces the killed, and counts."""

    def __init__(self, race: Race) -> None:
        self._race = race
        self._hears, self._tells = os.pipe()
        self._alive: set[int] = set()
        self._started = 0
        self._said: Counter[str] = Counter()
        self._tokens: set[str] = set()

    def play(self) -> dict[str, int]:
        for _ in range(self._race.processes):
            self._start()
        with os.fdopen(self._hears, encoding="ascii") as lines:
            self._hear(lines.readline)
        last = Vault(self._race.folder / "tokens.sqlite", lambda: (KEY,)).read("harbour")
        assert last is not None
        self._tokens.add(_name(last.access_token))  # who stored it may have been killed before anybody saw it
        told = {"tokens": len(self._tokens), "started": self._started, "lost_answers": self._said[LOST]}
        return {**told, "failed": self._said[FAILED], **{f"killed_{point}": self._said[point] for point in POINTS}}

    def _hear(self, line: Callable[[], str]) -> None:
        while self._said[ENDED] + self._said[FAILED] < self._race.processes:
            word = line().strip()
            self._said[word] += 1
            if word in POINTS:
                self._start()
            elif word not in {LOST, ENDED, FAILED}:
                self._tokens.add(word)
            if len(self._tokens) > self._race.refreshes or word == FAILED:
                self._race.over.touch()
        for child in self._alive:
            os.waitpid(child, 0)

    def _start(self) -> None:
        self._started += 1
        child = os.fork()
        if child:
            self._alive.add(child)
            return
        try:
            Runner(self._race, self._tells).run()
            os.write(self._tells, f"{ENDED}\n".encode())
        except BaseException:  # noqa: BLE001 - told to the nursery, which would wait for ever
            traceback.print_exc()
            os.write(self._tells, f"{FAILED}\n".encode())
        finally:
            os._exit(0)


if __name__ == "__main__":
    folder, token_url, client_id, processes, refreshes, rotated_lives = sys.argv[1:]
    race = Race(Path(folder), token_url, client_id, int(processes), int(refreshes), rotated_lives == "yes")
    print(json.dumps(Nursery(race).play()))  # noqa: T201 - told to the test that started this process
