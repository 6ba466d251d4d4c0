"""Every recorded or official refusal, XML ones too, becomes the error that says what to do next."""

from pathlib import Path

import pytest

from connectors.errors import RetryLater
from tests.connectors.recorded.faults import FAULTS, Fault


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.name} {fault.asks.__name__}")
def test_a_recorded_refusal_becomes_its_named_error(data: Path, fault: Fault) -> None:
    error = fault.raised(data)
    assert error is not None
    assert (type(error), error.code) == (fault.error, fault.code)
    assert fault.says in str(error)
    assert not isinstance(error, RetryLater) or error.after_s == 60


def test_no_refusal_that_was_recorded_is_left_out(data: Path) -> None:
    """XML that is no refusal is the change feed."""
    named = {fault.name for fault in FAULTS}
    recorded = {path.name for path in (data / "quickbooks/recorded-faults-xml").glob("*.xml")}
    assert recorded - named == {"change_data_capture_response.xml"}
    official = {path.stem for path in (data / "xero/examples").glob("*.400.json")}
    assert official - named == set()
    folder = data / "quickbooks/recorded-sandbox-2020/vcr/error"
    assert {path.stem for path in folder.glob("*.yml")} == {
        name.split("/")[1].split()[0] for name in named if name.startswith("error/")
    }
