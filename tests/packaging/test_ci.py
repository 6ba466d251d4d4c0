"""The proof on a fresh machine ends well only where every check and every test did, and says so last."""

import os
import subprocess
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.packaging.conftest import ROOT

DOTS = "..........................................            [100%]\n"
ENDED = "1234 passed in 200.01s (0:03:20)\n"
HELD = "63 requests, 25 operations, 0 refused\n22 passed in 15.40s\n"


def proof(folder: Path, ends: str, held: str = HELD, *, checked: int = 0, tested: int = 0) -> CompletedProcess[str]:
    """The proof, with a `make` that prints this as the tests' and the contract's end, and exits so."""
    (folder / "test").write_text(DOTS + ends, "utf-8")
    (folder / "contract").write_text(held, "utf-8")
    fake = folder / "make"
    fake.write_text(
        f'#!/bin/sh\n[ "$1" = check ] && exit {checked}\ncat {folder}/$1\n[ "$1" = test ] && exit {tested}\nexit 0\n',
        "utf-8",
    )
    fake.chmod(0o755)
    for name in ("node", "npm"):
        (folder / name).symlink_to("/bin/true")
    surroundings = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "CI": "true"}  # noqa: TID251 - to pass it on
    command = ["bash", str(ROOT / ".ci" / "run")]
    return subprocess.run(command, env=surroundings, cwd=folder, capture_output=True, text=True, check=False)


def test_it_ends_with_the_runners_closing_line(tmp_path: Path) -> None:
    said = proof(tmp_path, ENDED)
    assert (said.returncode, said.stdout.splitlines()[-1]) == (0, "1234 passed in 200.01s (0:03:20)")


def test_a_test_that_failed_fails_it(tmp_path: Path) -> None:
    ends = (
        "FAILED tests/x.py::test_x - assert 0\n1 failed, 1233 passed in 200.01s (0:03:20)\nmake: *** [test] Error 1\n"
    )
    said = proof(tmp_path, ends, tested=2)
    assert (said.returncode, said.stdout.splitlines()[-1]) == (1, "1 failed, 1233 passed in 200.01s (0:03:20)")


@pytest.mark.parametrize(
    "closing", ["1233 passed, 1 skipped in 200.01s (0:03:20)", "12 skipped in 1.00s", "== 2 passed, 1 skipped in 3s =="]
)
def test_a_test_that_was_skipped_fails_it(tmp_path: Path, closing: str) -> None:
    said = proof(tmp_path, f"{closing}\n")
    assert said.returncode == 1
    assert "A test was skipped" in said.stderr


def test_tests_that_come_to_no_end_fail_it(tmp_path: Path) -> None:
    said = proof(tmp_path, "")
    assert said.returncode == 1
    assert "make test came to no end" in said.stderr


def test_a_contract_that_nothing_was_held_against_fails_it(tmp_path: Path) -> None:
    """As `make contract` says where node is not."""
    said = proof(tmp_path, ENDED, "Skipped: the mock server needs node and npm.\n")
    assert said.returncode == 1
    assert "make contract came to no end" in said.stderr


def test_the_contract_is_told_before_the_tests_last_word(tmp_path: Path) -> None:
    said = proof(tmp_path, ENDED)
    assert said.stdout.splitlines()[-2] == "make contract: 22 passed in 15.40s"


def test_a_check_that_fails_fails_it_before_the_tests(tmp_path: Path) -> None:
    said = proof(tmp_path, "1234 passed in 200.01s\n", checked=1)
    assert (said.returncode, said.stdout) == (1, "")
