"""Slips of the pen: what was meant otherwise is refused with a sentence, or can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dunwell.cli.desk import Desk
from tests.sync.firm import Firm, a_firm


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("firm")


@pytest.fixture(scope="module")
def firm(folder: Path) -> Iterator[Firm]:
    """On QuickBooks, whose ids are small whole numbers; every test has customers of its own."""
    with a_firm(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def desk(firm: Firm, folder: Path) -> Desk:
    """Where commands are typed, for the same firm."""
    return Desk(folder)


def test_figures_that_are_no_number_mean_no_invoice_although_one_has_them_as_its_id(firm: Firm, desk: Desk) -> None:
    name, _ = firm.customer()
    number = firm.invoice(name)
    firm.refresh()
    invoice_id = str(firm.invoice_of(number).id)
    assert desk.failed("dispute", "add", "brindle", invoice_id, "--category", "price") == (
        2,
        (
            f"there is no invoice {invoice_id} in brindle; its id is that of invoice {number} of {name}: "
            f"write #{invoice_id} for that one"
        ),
    )
    desk.did("dispute", "add", "brindle", f"#{invoice_id}", "--category", "price")
    assert [row[3] for row in desk.did("dispute", "list", "brindle").rows] == [number]
