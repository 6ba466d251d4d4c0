"""Twenty processes race for one connection, and are killed at every point of a refresh."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from connectors.base import TokenSet
from dunwell.clock import VirtualClock
from dunwell.sandbox.server import Sandbox
from sync.store.vault import Vault
from tests.connectors.roads import MONDAY
from tests.proving import FACTOR
from tests.sync.racing import KEY

PROCESSES, REFRESHES = (20, 200) if FACTOR > 1 else (6, 20)
DAY = 86_400
RULES = [
    pytest.param("xero", None, True, id="xero"),
    pytest.param("quickbooks", None, False, id="quickbooks that takes only the newest value"),
    pytest.param("quickbooks", DAY, True, id="quickbooks that takes the value before for a day"),
]
"""Whose server, for how long it takes a value that was replaced (None: as the platform), whether such a one lives."""


@dataclass
class Course:
    """A connected ledger, and the token server that counts."""

    folder: Path
    platform: str
    sandbox: Sandbox

    def race(self, *, rotated_lives: bool) -> dict[str, int]:
        """What the processes saw, beside what the token server did."""
        lives = "yes" if rotated_lives else "no"
        app = self.sandbox.about()[self.platform]["apps"][0].client_id
        url = f"{self.sandbox.url}/{self.platform}/oauth2/token"
        command = [
            sys.executable,
            "-m",
            "tests.sync.racing",
            str(self.folder),
            url,
            app,
            str(PROCESSES),
            str(REFRESHES),
        ]
        done = subprocess.run(
            [*command, lives], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False, timeout=600
        )
        assert done.returncode == 0, done.stderr
        seen: dict[str, int] = json.loads(done.stdout)
        assert seen["failed"] == 0, done.stderr
        answers = [one.status for one in self.sandbox.traffic.calls if one.path.endswith("/token")]
        return {**seen, "refreshes": answers.count(200), "refused": len(answers) - answers.count(200)}

    def opens(self) -> bool:
        """Whether the platform takes what is stored in the end."""
        with closing(Vault(self.folder / "tokens.sqlite", lambda: (KEY,))) as vault:
            tokens = vault.read("harbour")
            assert tokens is not None
        company = self.sandbox.about()[self.platform]["company_id"]
        paths = {"quickbooks": f"/v3/company/{company}/companyinfo/1", "xero": "/api.xro/2.0/Organisation"}
        headers = {"Authorization": f"Bearer {tokens.access_token}", "xero-tenant-id": company}
        answer = httpx.get(self.sandbox.url + paths[self.platform], headers=headers, verify=False, timeout=60)
        return answer.status_code == 200


@contextmanager
def a_course(folder: Path, platform: str, forgives_s: int | None = None) -> Iterator[Course]:
    clock = VirtualClock(folder / "clock", MONDAY)
    with Sandbox(clock, platforms=[platform]) as sandbox:
        sandbox.limits(False)
        if forgives_s is not None:
            sandbox.dialects[platform].desk.grants.grace_s = forgives_s
        given = sandbox.control(platform).tokens()
        expires_at = clock.now() + timedelta(seconds=int(str(given["expires_in"])))
        with closing(Vault(folder / "tokens.sqlite", lambda: (KEY,))) as vault:
            access, refresh = str(given["access_token"]), str(given["refresh_token"])
            vault.save("harbour", TokenSet(access_token=access, refresh_token=refresh, expires_at=expires_at))
        yield Course(folder, platform, sandbox)
    clock.close()


@pytest.mark.prove
@pytest.mark.parametrize(("platform", "forgives_s", "rotated_lives"), RULES if FACTOR > 1 else RULES[:2])
def test_no_kill_loses_the_connection_and_nobody_refreshes_what_is_fresh(
    tmp_path: Path, platform: str, forgives_s: int | None, rotated_lives: bool
) -> None:
    with a_course(tmp_path, platform, forgives_s) as course:
        seen = course.race(rotated_lives=rotated_lives)
        doubled = seen["refreshes"] - seen["lost_answers"] - (seen["tokens"] - 1)
        print(f"{platform}: {PROCESSES} processes, {doubled} doubled, {seen}")  # noqa: T201 - the figures, with -s
        assert (seen["refused"], doubled) == (0, 0)
        assert seen["tokens"] > REFRESHES
        assert all(seen[f"killed_{point}"] for point in ("before", "after", "saved"))
        assert course.opens()
