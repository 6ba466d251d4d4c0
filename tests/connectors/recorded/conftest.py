"""Everything compared, once for all tests."""

from pathlib import Path

import pytest

from tests.connectors.recorded import figures
from tests.connectors.recorded.figures import Figures


@pytest.fixture(scope="session")
def compared(data: Path) -> dict[str, Figures]:
    """All recordings and examples through the connectors, by source."""
    return figures.everything(data)
