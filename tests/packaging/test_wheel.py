"""The wheel is Dunwell, whole: with its data, its types and its program, and nothing needed beside what is locked."""

import re
import signal
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.packaging.conftest import ELSEWHERE, ROOT, Installed

PACKAGES = ("dunwell", "sync", "connectors", "strategy")

DATA = (
    "dunwell/config/starter.toml",
    "strategy/shipped/standard.toml",
    "strategy/shipped/letters/de/final.txt",
    "sync/letters/layout.html",
    "sync/letters/statement.typ",
    "sync/store/schema/0001_mirror.sql",
    "sync/store/sql/outbox.sql",
)

LETTERHEAD = """
import typst
from datetime import date
from strategy import shipped
from strategy.text.parse import parse
from sync.store.database import Store
from pathlib import Path
for name in shipped.names():
    assert parse(shipped.text(name), name, shipped.find).strategy is not None
assert {"en", "de"} <= set(shipped.languages())
Store(Path("opened.sqlite")).close()
print("works")
"""


def test_each_package_is_the_one_in_the_wheel_and_none_of_the_checkout(installed: Installed) -> None:
    asked = "import " + ", ".join(PACKAGES) + "; print(*(one.__file__ for one in (" + ", ".join(PACKAGES) + ")))"
    files = [Path(file) for file in installed.python("-c", asked).split()]
    assert files == [installed.site / name / "__init__.py" for name in PACKAGES]


def test_the_wheel_has_every_file_of_the_packages_and_no_other(installed: Installed) -> None:
    there = {name for name in zipfile.ZipFile(installed.wheel).namelist() if ".dist-info/" not in name}
    here = {
        str(file.relative_to(ROOT))
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert there == here
    assert there.issuperset(DATA)
    assert {f"{package}/py.typed" for package in PACKAGES} <= there


def test_what_it_says_it_needs_is_what_is_locked(installed: Installed) -> None:
    command = [sys.executable, "-m", "pip", "--python", str(installed.folder / "bin" / "python"), "check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("No broken requirements found.\n", 0)


def test_its_data_can_be_used(installed: Installed) -> None:
    assert installed.python("-c", LETTERHEAD) == "works\n"


def test_the_program_is_installed(installed: Installed) -> None:
    assert installed.run("dunwell", "--version") == f"dunwell {version('dunwell')}\n"


def test_a_firm_can_be_set_up_with_it(installed: Installed, tmp_path: Path) -> None:
    installed.run("dunwell", "init", str(tmp_path / "firm"))
    assert "good" in installed.run("dunwell", "--config", str(tmp_path / "firm" / "config.toml"), "check")


def test_the_demo_plays_outside_of_the_checkout(installed: Installed, tmp_path: Path) -> None:
    """Both ledgers are connected and read, the first messages leave, and what was posted is in the books; it is stopped
    then, and goes away in one line, with its processes and its folder.
    """
    played = re.compile(r"\w{3} \d\d \w{3}  (\w+) +(\d+) left, (\d+) entries in the books\.")
    folder = {"TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    with subprocess.Popen(
        [installed.folder / "bin" / "dunwell", "demo"],
        cwd=tmp_path,
        env={**ELSEWHERE, **folder},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        assert demo.stderr is not None
        told = None
        while told is None and (line := demo.stdout.readline()):
            told = played.match(line)
        demo.send_signal(signal.SIGINT)
        _, complaint = demo.communicate(timeout=60)
    assert told is not None, complaint
    assert told[1] in {"harbour", "brindlewick"}
    assert int(told[2]) > 0
    assert int(told[3]) > 0
    assert "Traceback" not in complaint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_here_too_a_package_is_ours_and_not_another_distributions(package: str) -> None:
    """Four plain names: whatever else is installed beside us must not have taken one."""
    module = __import__(package)
    assert module.__file__ == str(ROOT / package / "__init__.py")
