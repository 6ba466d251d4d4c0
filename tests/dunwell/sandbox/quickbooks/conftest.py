"""What was recorded."""

from pathlib import Path
from typing import Any

import pytest

from tests.dunwell.sandbox.quickbooks import recordings


@pytest.fixture(scope="session")
def recorded(data: Path) -> list[Any]:
    """Every recorded JSON answer."""
    return list(recordings.recorded(data / "quickbooks/recorded-sandbox-2020/vcr"))
