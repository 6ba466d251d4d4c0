"""A firm whose books are told, on each platform; what a test breaks in the sandbox is mended after it."""

from collections.abc import Iterator

import pytest

from tests.sync.firm import PLATFORMS, Firm
from tests.sync.writeback.writing import a_telling_firm


@pytest.fixture(scope="module", params=PLATFORMS)
def firm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_telling_firm(tmp_path_factory.mktemp("firm"), request.param) as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_faults_left(firm: Firm) -> Iterator[None]:
    yield
    firm.sandbox.faults.clear()
