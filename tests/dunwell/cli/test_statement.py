"""Statements on paper, on a screen and for programs."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.dunwell.cli.desk import Desk


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, because files are made where one is."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_statement_is_a_pdf_in_the_folder_where_one_is(reader: Desk, here: Path) -> None:
    said = reader.did("statement", "brindle", "mallowfield")
    assert said.out == "statement-Mallowfield-Tailors-USD-2026-03-02.pdf\n"
    assert (here / said.out.strip()).read_bytes().startswith(b"%PDF-")
    assert [file.name for file in here.iterdir()] == [said.out.strip()]


def test_a_statement_as_a_page(reader: Desk, here: Path) -> None:
    reader.did("statement", "brindle", "mallowfield", "--format", "html", "--out", "page.html")
    assert "2,309.91" in (here / "page.html").read_text("utf-8")


def test_a_statement_as_one_object_goes_to_stdout(reader: Desk, here: Path) -> None:
    found = reader.did("statement", "brindle", "mallowfield", "--format", "json").json
    assert (found["kind"], found["total"], found["please_pay"]) == ("open_item", "2309.91", "2309.91")
    assert list(here.iterdir()) == []


def test_a_dash_is_stdout(reader: Desk, here: Path) -> None:
    said = reader.did("statement", "brindle", "mallowfield", "--format", "html", "--out", "-")
    assert said.out.lstrip().startswith("<!")


def test_an_activity_foots_from_its_opening_to_its_closing(reader: Desk) -> None:
    found = reader.did(*"statement brindle mallowfield --kind activity --from 2025-09-01 --format json".split()).json
    activity = found["activity"]
    assert (activity["first"], activity["last"]) == ("2025-09-01", "2026-03-02")
    moved = sum(Decimal(one["amount"]) for one in activity["movements"])
    assert Decimal(activity["opening"]) + moved == Decimal(found["total"])
    assert {one["kind"] for one in activity["movements"]} >= {"invoice", "payment"}


def test_an_activity_begins_with_last_month_unless_it_is_said(reader: Desk) -> None:
    found = reader.did(*"statement brindle mallowfield --kind activity --format json".split()).json
    assert found["activity"]["first"] == "2026-02-01"


def test_a_statement_of_a_past_day_shows_what_was_open_then(reader: Desk) -> None:
    found = reader.did(*"statement brindle mallowfield --as-of 2026-01-15 --format json".split()).json
    assert found["as_of"] == "2026-01-15"
    assert "1995" not in [one["number"] for section in found["sections"] for one in section["invoices"]]


def test_every_customers_activity_foots(reader: Desk) -> None:
    ids = [one["id"] for one in reader.did("customers", "brindle", "--all", "--json").json["customers"]]
    assert len(ids) > 50
    for customer in ids[::6]:
        reader.did("statement", "brindle", customer, "--kind", "activity", "--from", "2025-01-01", "--format", "json")


def test_a_statement_speaks_one_language_where_ours_is_not_the_customers(planned: Desk) -> None:
    planned.did(*"profile brindle mallowfield --set language=ar".split())
    page = planned.did(*"statement brindle mallowfield --format html --out -".split()).out
    assert '<html lang="en' in page
    assert "March 2, 2026" in page


def test_what_is_disputed_is_not_asked_for(planned: Desk) -> None:
    planned.did(*"dispute add brindle 1995 --category price --amount 22.43".split())
    found = planned.did("statement", "brindle", "mallowfield", "--format", "json").json
    assert (found["total"], found["disputed"], found["please_pay"]) == ("2309.91", "22.43", "2287.48")


def test_a_file_that_cannot_be_written_leaves_nothing_behind(reader: Desk, here: Path) -> None:
    assert reader.failed("statement", "brindle", "mallowfield", "--out", "nowhere/x.pdf") == (
        2,
        "there is no folder nowhere",
    )
    (here / "x.pdf").mkdir()
    assert reader.failed("statement", "brindle", "mallowfield", "--out", "x.pdf")[0] == 1
    assert [file.name for file in here.iterdir()] == ["x.pdf"]
