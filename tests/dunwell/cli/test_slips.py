"""Slips of the pen, ours and the bookkeeper's: what cannot be meant is refused, what was said can be taken back, and
what left is told whatever the books say of it today.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
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


def paid_before(firm: Firm, number: str) -> None:
    firm.books.pay(number, paid_on=firm.bench.today() - timedelta(days=3))


def voided(firm: Firm, number: str) -> None:
    firm.books.void(number)


def deleted(firm: Firm, number: str) -> None:
    firm.books.delete("invoice", number)


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (paid_before, "by today's books nothing of it was open on {day}: it is paid or credited."),
        (voided, "it is voided, so nothing is asked for it."),
        (deleted, "it is deleted, so nothing is asked for it."),
    ],
)
def test_a_letter_that_left_is_told_of_its_day_whatever_the_books_say_of_the_invoice_now(
    firm: Firm, desk: Desk, what: Callable[[Firm, str], None], why: str
) -> None:
    name, customer_id = firm.customer()
    number = firm.invoice(name)
    firm.refresh()
    firm.run()
    (row,) = firm.rows(customer_id)
    day = firm.bench.today()
    firm.sleep(days=1)
    what(firm, number)
    firm.refresh()

    asked = ("explain", "brindle", number, "--as-of", f"{day}")
    closed, left = desk.did(*asked).out.splitlines()
    assert closed == f"Invoice {number} of {name}: {why.format(day=day)}"
    assert left.startswith(f'Left on {day} at 10:00: step "{row.act}" by email to ')
    assert desk.did(*asked, "--why-not", row.act).out.splitlines() == [closed, left]
    assert desk.did(*asked, "--why-not", row.act, "--json").json["why_not"]["said"]
    assert desk.did(*asked, "--why-not", "final").out.splitlines() == [
        f"Invoice {number} of {name}.",
        f"Not said on {day}: {why.format(day=day)}",
    ]
    code, said = desk.failed(*asked, "--why-not", "nosuch")
    assert (code, said.startswith('there is no step or letter "nosuch"; there are ')) == (2, True)
