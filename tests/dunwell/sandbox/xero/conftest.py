"""Organisations to test, and the official contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dunwell.sandbox.xero.api import Organisation
from tests.dunwell.sandbox.xero.contract import Contract


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
