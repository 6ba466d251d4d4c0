"""Organisations to test, and the official contract."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dunwell.sandbox.xero.api import Organisation
from tests.dunwell.sandbox.xero.contract import Contract, keys, last_two


@pytest.fixture(scope="session")
def still() -> Iterator[Organisation]:
    """An organisation that nobody changes."""
    with Organisation() as organisation:
        yield organisation


@pytest.fixture
def own() -> Iterator[Organisation]:
    """An organisation of one's own."""
    with Organisation() as organisation:
        yield organisation


@pytest.fixture(scope="module")
def modules_own() -> Iterator[Organisation]:
    """The organisation that a module's tests share."""
    with Organisation() as organisation:
        yield organisation


@pytest.fixture
def xero(modules_own: Organisation) -> Iterator[Organisation]:
    """An organisation whose other tests do not mind: they work on records of their own, and leave no fault behind."""
    modules_own.sign_in()
    yield modules_own
    modules_own.sandbox.faults.clear()


@pytest.fixture(scope="session")
def contract(data: Path) -> Contract:
    """The official OpenAPI file."""
    return Contract(data / "xero/xero_accounting.yaml")


@pytest.fixture(scope="session")
def examples(data: Path) -> dict[str, Any]:
    """The official examples, by operation and status."""
    return {path.stem: json.loads(path.read_text()) for path in sorted((data / "xero/examples").glob("*.json"))}


@pytest.fixture(scope="session")
def shown_by_xero(examples: dict[str, Any], data: Path) -> set[str]:
    """Every key in an official example or a recording, with the one above it."""
    recorded = [json.loads(path.read_text()) for path in (data / "xero/recorded-2018-demo-au").glob("*.json")]
    return {last_two(key) for body in [*examples.values(), *recorded] for key in keys(body)}
