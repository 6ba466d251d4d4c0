"""Dunwell as a firm installs it: a wheel, in an environment of its own that has what is locked and nothing else."""

import re
import subprocess
import sys
import tarfile
import venv
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

import pytest

from strategy.model import Record

ROOT: Final = Path(__file__).parents[2]
ELSEWHERE: Final = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
"""The whole environment of a process there: nothing leads back to the checkout."""


class Installed(Record):
    """The wheel, and the environment it is installed in."""

    wheel: Path
    folder: Path
    site: Path

    def python(self, *args: str) -> str:
        """What the environment's Python prints, run outside of the checkout."""
        return self.run("python", *args)

    def run(self, program: str, *args: str) -> str:
        """What a program of the environment prints; it must end well."""
        command = [str(self.folder / "bin" / program), *args]
        done = subprocess.run(command, cwd=self.folder, env=ELSEWHERE, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def locked() -> Iterator[str]:
    """The distributions that Dunwell runs on, as they are locked."""
    text = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    return (found[1] for found in re.finditer(r"(?m)^([\w.-]+)==", text))


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Built from the source distribution, so that it is whole too. Nothing is fetched: what is locked is linked in."""
    folder = tmp_path_factory.mktemp("installed")
    (sdist,) = _built("sdist", ROOT, folder)
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (wheel,) = _built("wheel", folder / sdist.name.removesuffix(".tar.gz"), folder)
    venv.create(folder / "env", symlinks=True)
    (site,) = (folder / "env" / "lib").glob("python3*/site-packages")
    for name in locked():
        _link(name, site)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "env" / "bin" / "python"), "--quiet"]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", str(wheel)], check=True)
    return Installed(wheel=wheel, folder=folder / "env", site=site)


def _built(target: str, source: Path, folder: Path) -> Iterator[Path]:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return folder.glob("dunwell-*.tar.gz" if target == "sdist" else "dunwell-*.whl")


def _link(name: str, site: Path) -> None:
    """Put what is installed here of a distribution into another environment."""
    files = distribution(name).files or ()
    for top in {file.parts[0] for file in files} - {"..", "__pycache__"}:
        (site / top).symlink_to(Path(str(distribution(name).locate_file(top))))
