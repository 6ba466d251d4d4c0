"""A process that works on a ledger for some rounds and may die over it:

    python -m tests.sync.refreshing FOLDER TOKEN_URL ROUNDS [before|after|saved ROUND]

Each round takes the access token, prints it, and lets twenty hours pass, so that most rounds need a refresh. The
process ends itself, as a kill would, in the refresh of the named round: before the server is asked, after it has
answered and before that is stored, or once it is stored.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import httpx

from connectors import oauth
from connectors.base import TokenSet
from connectors.oauth import App
from dunwell.clock import VirtualClock
from sync.store.vault import Vault
from sync.tokens import LedgerTokens

KEY = bytes(range(32))
HOURS = 20
DIED = 9


def app(token_url: str) -> App:
    """The sandbox's app at QuickBooks."""
    return App(
        client_id="sandbox-app",
        client_secret="sandbox-only",
        authorize_url="",
        token_url=token_url,
        revoke_url="",
        scopes=("x",),
    )


class _Doomed(Vault):
    """Ends the process once tokens are stored, if that was asked for."""

    doomed = False

    def save(self, ledger: str, tokens: TokenSet) -> None:
        super().save(ledger, tokens)
        if self.doomed:
            os._exit(DIED)


def work(folder: Path, token_url: str, rounds: int, point: str, doomed_round: int) -> None:
    clock, vault = VirtualClock(folder / "clock"), _Doomed(folder / "tokens.sqlite", lambda: (KEY,))
    at = 0

    def refresh(stored: TokenSet) -> TokenSet:
        _die_if(point == "before" and at == doomed_round)
        fresh = oauth.refresh(http, app(token_url), stored, clock.now())
        _die_if(point == "after" and at == doomed_round)
        vault.doomed = point == "saved" and at == doomed_round
        return fresh

    with httpx.Client(verify=False, timeout=30) as http:
        tokens = LedgerTokens(vault, "harbour", refresh, clock)
        take: Callable[[], str] = tokens.access
        for at in range(1, rounds + 1):  # noqa: B007 - `refresh` looks at it
            print(take(), flush=True)  # noqa: T201 - told to the test that started this process
            clock.sleep(HOURS * 3600)


def _die_if(doomed: bool) -> None:
    if doomed:
        os._exit(DIED)


if __name__ == "__main__":
    folder, token_url, rounds, *doom = sys.argv[1:]
    point, doomed_round = (doom[0], int(doom[1])) if doom else ("", 0)
    work(Path(folder), token_url, int(rounds), point, doomed_round)
