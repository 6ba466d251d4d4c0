"""Who takes orders sees who is on credit hold, since when and why."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from sync.stopped import stopped
from tests.dunwell.cli.desk import Desk
from tests.sync.firm import CONFIG, Firm, a_firm
from tests.sync.stopping import STOPPING


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    settings = CONFIG.replace('approval = "steps"', 'approval = "steps"\ncredit_holds = "desk/holds.csv"')
    with a_firm(tmp_path_factory.mktemp("desk"), strategy=STOPPING, settings=settings) as opened:
        yield opened


def rows(firm: Firm) -> list[dict[str, str]]:
    file = firm.house.config.folder / "desk" / "holds.csv"
    assert [one.name for one in file.parent.iterdir()] == ["holds.csv"], "nothing unfinished is left"
    return list(csv.DictReader(file.read_text("utf-8").splitlines()))


def test_each_run_writes_who_is_on_credit_hold_and_takes_out_who_is_released(firm: Firm, tmp_path: Path) -> None:
    desk = Desk(firm.house.config.folder)
    name, customer_id = firm.customer()
    invoice = firm.invoice(name)
    desk.did("run", "brindle")
    (row,) = rows(firm)
    assert (row["customer_id"], row["customer"], row["trigger"], row["overdue"]) == (
        customer_id,
        name,
        "stop orders",
        "1200.00 USD",
    )
    assert (row["since"], row["as_of"]) == ("2026-03-02", "2026-03-02")
    assert row["why"].startswith('"stop orders" became true: overdue > small.')
    firm.sleep(days=1)
    desk.did("run", "brindle")
    assert [(one["since"], one["as_of"]) for one in rows(firm)] == [("2026-03-02", "2026-03-03")]
    (listed,) = desk.did("credit-holds", "brindle", "--json").json["credit_holds"]
    assert (listed["customer"]["id"], listed["since"]) == (customer_id, "2026-03-02")
    assert listed["overdue"] == [{"currency": "USD", "amount": "1200.00"}]
    assert desk.did("credit-holds", "brindle").rows[0][:2] == [name, customer_id]
    firm.books.pay(invoice)
    desk.did("run", "brindle")
    assert rows(firm) == []
    assert desk.did("credit-holds", "brindle", "--json").json["credit_holds"] == []


def test_only_who_is_on_hold_is_looked_at_and_the_ledger_once(firm: Firm) -> None:
    on_hold = firm.customer()[0]
    firm.invoice(on_hold)
    before = asked(firm)
    firm.invoice(firm.customer()[0], amount=1_000)  # of whom only the other trigger holds
    after = asked(firm)
    assert len(after) == len(before)
    firm.invoice(firm.customer()[0])
    both = asked(firm)
    assert sum("trigger fired" in one for one in both) == 2
    assert sum("'region'" in one for one in both) == sum("'region'" in one for one in before)


def test_where_no_trigger_tells_its_end_nothing_is_read(firm: Firm) -> None:
    strategy = msgspec.structs.replace(firm.bench.settings.strategy, triggers=())
    settings = msgspec.structs.replace(firm.bench.settings, strategy=strategy)
    assert asked(replace(firm, bench=replace(firm.bench, settings=settings)), run=False) == []


def test_a_file_that_cannot_be_written_is_named_and_the_days_work_is_told(firm: Firm) -> None:
    desk, file = Desk(firm.house.config.folder), firm.house.config.folder / "desk" / "holds.csv"
    file.unlink(missing_ok=True)
    file.mkdir(parents=True)
    said = desk.did("run", "brindle")
    assert [row[0] for row in said.rows] == ["brindle"]
    assert said.err == (
        f"brindle: {file} was not written (Is a directory) and does not say who is on credit hold now: close it where "
        "it is open, or see that it may be written, then dunwell run brindle\n"
    )
    file.rmdir()
    desk.did("run", "brindle")
    assert rows(firm)


def asked(firm: Firm, *, run: bool = True) -> list[str]:
    """What the store is asked to list who is on hold, after a run."""
    said: list[str] = []
    if run:
        firm.run()
    firm.bench.store.on_trace(said.append)
    stopped(firm.bench)
    firm.bench.store.on_trace(None)
    return said
