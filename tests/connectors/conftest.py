"""Roads for the contract that every connector keeps: of the platform that the test class names."""

from collections.abc import Iterator

import pytest

from tests.connectors.roads import Road, a_road


@pytest.fixture(scope="class")
def still(request: pytest.FixtureRequest) -> Iterator[Road]:
    """A road to books that nobody changes, in pages of a hundred; the tests of a class share it."""
    with a_road(request.cls.platform, page_size=100) as road:
        yield road


@pytest.fixture
def road(request: pytest.FixtureRequest) -> Iterator[Road]:
    """A road of the test's own, to books whose story ended a year ago, in pages of fifty."""
    with a_road(request.cls.platform, page_size=50, weeks=-52) as road:
        yield road
