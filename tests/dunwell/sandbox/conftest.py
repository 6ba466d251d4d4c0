"""Sandboxes to test."""

from collections.abc import Iterator

import pytest

from tests.dunwell.sandbox.api import Company


@pytest.fixture(scope="session")
def reading() -> Iterator[Company]:
    """A company that nobody changes."""
    with Company() as company:
        yield company


@pytest.fixture
def company() -> Iterator[Company]:
    """A company of one's own."""
    with Company() as company:
        yield company


@pytest.fixture(scope="module")
def together() -> Iterator[Company]:
    """The company that a module's tests share."""
    with Company() as company:
        yield company


@pytest.fixture
def shared(together: Company) -> Iterator[Company]:
    """A company whose other tests do not mind: they work on records of their own, and leave no fault behind."""
    together.sign_in()
    yield together
    together.sandbox.faults.clear()
