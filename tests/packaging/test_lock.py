"""The mock server's packages are pinned by what is in them, and by nothing about where they come from."""

import json
import re

from tests.packaging.conftest import ROOT

LOCK = ROOT / "tests" / "contract" / "package-lock.json"


def test_every_package_of_the_mock_server_is_pinned_by_its_hash() -> None:
    packages = json.loads(LOCK.read_text("utf-8"))["packages"]
    del packages[""]
    assert len(packages) > 100
    assert [name for name, one in packages.items() if not one.get("integrity", "").startswith("sha512-")] == []


def test_the_lock_names_no_host() -> None:
    assert re.findall(r"\w+://[^\"]*", LOCK.read_text("utf-8")) == []
