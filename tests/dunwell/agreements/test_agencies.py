"""What an agency has is chased by nobody else, until it is taken back."""

import csv
import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from dunwell.agreements import agencies, calls, claims, promises, touches
from dunwell.agreements.calls import Came
from dunwell.agreements.claims import Claimed
from dunwell.agreements.promises import Wish
from dunwell.agreements.refusing import Refused
from dunwell.agreements.touches import Made
from strategy import placements
from strategy.model import Currency, CustomerId, InvoiceId
from sync import dossier, placing
from sync import outbox as decided
from sync.placing import Pack
from sync.sheets import cell
from sync.store import agreeing, work
from sync.store.agreeing import Disputed
from sync.store.outbox import State
from sync.store.work import Task
from tests.dunwell.cli.desk import Desk
from tests.sync.firm import CONFIG, Firm, a_firm, a_ladder

PLACING = a_ladder(
    """
first  = { at = "due + 2", say = "friendly" }
final  = { at = "first + 1", say = "final", approve = true }
agency = { at = "final + 7", place = "northgate", after = "final" }
later  = { at = "final + 14", say = "firm" }
""",
    more="[contact]\ngap = 1\n",
)


NORTHGATE = """
[agencies.northgate]
name = "Northgate Ltd"
to = "cases@northgate.example"
currencies = ["USD", "EUR"]
separator = "semicolon"
"""

USD, EUR = Currency("USD"), Currency("EUR")

Given = tuple[CustomerId, Task]
"""A customer whom somebody is to hand over, and the task that asks for it."""


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    settings = CONFIG.replace("[ledgers.brindle]", f"{NORTHGATE}\n[ledgers.brindle]")
    with a_firm(tmp_path_factory.mktemp("placing"), strategy=PLACING, settings=settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def waiting(firm: Firm) -> Mapping[CustomerId, list[Task]]:
    """What is to be handed over since the same day, which is today. The first customer owes three invoices, the last in
    two currencies.
    """
    customers = [firm.customer() for _ in range(17)]
    for name, _ in customers:
        firm.invoice(name)
    due_on = firm.bench.today() - timedelta(days=3)
    firm.books.add_invoice(customers[-1][0], 50_000, due_on - timedelta(days=30), due_on, currency="EUR")
    for number in ("A/1", "a-1"):
        firm.books.add_invoice(customers[0][0], 50_000, due_on - timedelta(days=30), due_on, number)
    firm.run()
    firm.next_days()
    for _, customer_id in customers:
        for row in firm.rows(customer_id):
            if row.act == "final":
                decided.approve(firm.bench, firm.bench.moment("Ann"), row)
    firm.run()
    firm.next_days(7)
    tasks = [one for one in work.tasks(firm.bench.store, firm.bench.ledger.id) if one.asked]
    return {
        customer_id: [one for one in tasks if one.asked and one.asked.customer_id == customer_id]
        for _, customer_id in customers
    }


@pytest.fixture(scope="module")
def several(waiting: Mapping[CustomerId, list[Task]]) -> Iterator[Given]:
    """One after the other."""
    return iter([(customer_id, tasks[0]) for customer_id, tasks in list(waiting.items())[1:] if len(tasks) == 1])


@pytest.fixture
def alike(waiting: Mapping[CustomerId, list[Task]]) -> Given:
    """Who owes invoices A/1 and a-1."""
    customer_id, (task,) = next(iter(waiting.items()))
    return customer_id, task


@pytest.fixture
def given(several: Iterator[Given]) -> Given:
    return next(several)


def test_what_somebody_decided_against_stays_ours(firm: Firm, given: Given) -> None:
    customer_id, task = given
    calls.finish(firm.bench, task.id, Came(outcome="Declined"), "Ann")
    assert placements.placed(firm.account(customer_id)) == ()
    with pytest.raises(Refused, match="no agency has Customer"):
        agencies.recall(firm.bench, firm.account(customer_id), "why not", "Ann")


def test_a_placement_has_outcomes_of_its_own(firm: Firm, given: Given) -> None:
    _, task = given
    with pytest.raises(Refused, match=r"no outcome of a place \(placed: the agency has it; declined: "):
        calls.finish(firm.bench, task.id, Came(outcome="promised"), "Ann")


# The pack


def test_the_pack_foots_and_its_hashes_are_those_of_its_files(
    firm: Firm, given: Given, several: Iterator[Given]
) -> None:
    (first, one), (second, other) = given, next(several)
    made = agencies.packed(firm.bench, "northgate", (one.id, other.id), "Ann")
    (total,) = made.header.totals
    assert (total.accounts, total.invoices, total.amount) == (2, 2, "2400.00")
    debts = list(csv.DictReader(made.files["debts.csv"].decode().splitlines(), delimiter=";"))
    assert sum(Decimal(row["placed"]) for row in debts) == Decimal(total.amount)
    said = list(csv.DictReader(made.files["contacts.csv"].decode().splitlines(), delimiter=";"))
    assert {(row["channel"], row["outcome"]) for row in said} == {("email", "sent")}
    assert [row["step"] for row in said] == ["first", "final"] * 2
    hashes = dict(line.split("  ")[::-1] for line in made.files[placing.MANIFEST].decode().splitlines())
    files = {name: content for name, content in made.files.items() if name != placing.MANIFEST}
    assert hashes == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    papers = [name for name in files if name.startswith(f"{first}/")]
    assert sorted(name.rpartition(".")[2] for name in papers) == ["eml", "eml", "pdf", "pdf"]
    assert any(name.startswith(f"{second}/statement-USD") for name in files)


def test_two_numbers_that_make_one_name_are_two_papers(firm: Firm, alike: Given) -> None:
    customer_id, task = alike
    made = agencies.packed(firm.bench, None, (task.id,), "Ann")
    invoices = {name: content for name, content in made.files.items() if name.startswith(f"{customer_id}/invoice-")}
    assert len(set(invoices.values())) == len(invoices) == made.header.totals[0].invoices == 3
    assert len({name.casefold() for name in invoices}) == 3, "also where small and capital letters are one"


def test_who_owes_in_two_currencies_is_one_account(firm: Firm, waiting: Mapping[CustomerId, list[Task]]) -> None:
    (tasks,) = (tasks for tasks in waiting.values() if len(tasks) > 1)
    header = agencies.packed(firm.bench, None, [one.id for one in tasks], "Ann").header
    totals = {str(one.currency): Decimal(one.amount) for one in header.totals}
    with pytest.raises(Refused, match="the pack has 1 accounts"):
        agencies.acknowledge(firm.bench, header, 2, totals, "Ann")
    assert (header.accounts, len(totals)) == (1, 2)


def test_what_was_paid_meanwhile_is_in_no_pack(firm: Firm, given: Given) -> None:
    customer_id, task = given
    firm.books.pay(firm.rows(customer_id)[0].touchpoint().invoices[0].number)
    firm.refresh()
    with pytest.raises(Refused, match="nothing is open any more of what was to be placed"):
        agencies.packed(firm.bench, None, (task.id,), "Ann")


def test_what_a_credit_would_cover_is_in_no_pack(firm: Firm, given: Given) -> None:
    customer_id, task = given
    firm.books.pay_on_account(firm.account(customer_id).customer.name, 50_000)
    firm.refresh()
    (total,) = agencies.packed(firm.bench, None, (task.id,), "Ann").header.totals
    assert total.amount == "700.00"


def test_what_an_agency_has_in_one_currency_does_not_keep_it_from_getting_the_other(
    firm: Firm, waiting: Mapping[CustomerId, list[Task]]
) -> None:
    (tasks,) = (tasks for tasks in waiting.values() if len(tasks) > 1)
    by_currency = {one.asked.currency: one for one in tasks if one.asked}
    calls.finish(firm.bench, by_currency[EUR].id, Came(outcome="placed"), "Ann")
    (total,) = agencies.packed(firm.bench, None, (by_currency[USD].id,), "Ann").header.totals
    assert (total.currency, total.amount) == (USD, "1200.00")


def test_what_an_agency_has_in_two_currencies_is_listed_and_taken_back_in_both(
    firm: Firm, waiting: Mapping[CustomerId, list[Task]], tmp_path: Path
) -> None:
    (customer_id,) = (one for one, tasks in waiting.items() if len(tasks) > 1)
    for task in work.tasks(firm.bench.store, firm.bench.ledger.id):
        if task.asked and task.asked.customer_id == customer_id and task.kind == "place":
            calls.finish(firm.bench, task.id, Came(outcome="placed"), "Ann")
    assert [one.currency for one in placements.placed(firm.account(customer_id))] == [EUR, USD]
    desk, letter = Desk(firm.house.config.folder), tmp_path / "release.txt"
    assert [row[4] for row in desk.did("agency", "list", "brindle").rows if row[1] == customer_id] == [EUR, USD]
    desk.did("agency", "recall", "brindle", customer_id, "--reason", "settled", "--letter", str(letter))
    assert letter.read_text("utf-8").count("Please stop everything") == 2
    assert placements.placed(firm.account(customer_id)) == ()


def test_what_is_disputed_in_whole_is_in_no_pack_and_the_refusal_says_why(firm: Firm, several: Iterator[Given]) -> None:
    customer_id, task = next(several)
    assert task.asked is not None
    invoice_id = task.asked.invoices[0].invoice_id
    said = Disputed(customer_id=customer_id, invoice_id=invoice_id, amount_minor=None, category="price", reason="")
    agreeing.add_dispute(firm.bench.store, firm.bench.moment("Ann"), said)
    with pytest.raises(Refused, match=r"Customer [0-9]+: Disputed since "):
        agencies.packed(firm.bench, None, (task.id,), "Ann")


def test_an_agency_that_counts_otherwise_gets_nothing(firm: Firm, given: Given) -> None:
    customer_id, task = given
    header = agencies.packed(firm.bench, None, (task.id,), "Ann").header
    for accounts, total in [(2, "1200.00"), (1, "1200.01"), (1, "0")]:
        with pytest.raises(Refused, match=r"the pack has 1 accounts and 1200\.00 USD; ask northgate"):
            agencies.acknowledge(firm.bench, header, accounts, {"USD": Decimal(total)}, "Ann")
    assert placements.placed(firm.account(customer_id)) == ()


def test_an_agency_that_counts_the_same_has_it_and_is_asked_once(firm: Firm, given: Given) -> None:
    customer_id, task = given
    header = agencies.packed(firm.bench, None, (task.id,), "Ann").header
    agencies.acknowledge(firm.bench, header, 1, {"USD": Decimal(1200)}, "Ann")
    assert placements.placed(firm.account(customer_id))
    with pytest.raises(Refused, match="or a task of it is done already"):
        agencies.acknowledge(firm.bench, header, 1, {"USD": Decimal(1200)}, "Ann")


def test_a_task_that_places_nobody_is_in_no_pack(firm: Firm) -> None:
    with pytest.raises(Refused, match="task 999 asks for no placement"):
        agencies.packed(firm.bench, None, (999,), "Ann")


def test_a_name_that_a_spreadsheet_would_calculate_is_a_text() -> None:
    assert cell("=1+1") == "'=1+1"
    assert cell("+44 20 7946 0100") == "+44 20 7946 0100"


def test_a_pack_is_written_confirmed_and_taken_back_at_the_command_line(
    firm: Firm, given: Given, tmp_path: Path
) -> None:
    desk = Desk(firm.house.config.folder)
    customer_id, task = given
    written = desk.did("agency", "pack", "brindle", str(task.id), "--out", str(tmp_path)).out.splitlines()
    told = "northgate is told with the next dunwell run brindle --send."
    assert written[1:] == ["1 accounts, 1 invoices, 1200.00 USD", told]
    folder = Path(written[0])
    listed = (line.split("  ") for line in (folder / placing.MANIFEST).read_text("utf-8").splitlines())
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == known for known, name in listed)
    again = desk.failed("agency", "pack", "brindle", str(task.id), "--out", str(tmp_path))[1]
    assert again.endswith("a pack that may have been sent is not written over: move it away")
    desk.did("agency", "ack", "brindle", str(folder), "--accounts", "1", "--total", "1,200.00 usd")
    assert [row[1:3] for row in desk.did("agency", "list", "brindle").rows if row[1] == customer_id] == [
        [customer_id, "northgate"]
    ]
    letter = tmp_path / "to send" / "release.txt"
    recall = ("agency", "recall", "brindle", task.customer, "--reason", "settled", "--letter", str(letter))
    assert desk.failed(*recall) == (1, f"{letter}: No such file or directory")
    letter.parent.mkdir()
    said = desk.did(*recall).out  # a letter that could not be written has taken nobody back
    assert letter.read_text("utf-8").startswith(f"{task.customer}: taken back\n")
    assert "Please stop everything that you do in it from today" in letter.read_text("utf-8")
    assert "is taken back from northgate: the next dunwell run brindle --send tells them." in said


def test_what_is_no_pack_is_not_confirmed(firm: Firm, tmp_path: Path) -> None:
    desk = Desk(firm.house.config.folder)
    said = desk.failed("agency", "ack", "brindle", str(tmp_path), "--accounts", "1", "--total", "1 USD")
    assert said == (2, f"{tmp_path} is no pack: it has no header.json that can be read")


def test_an_agency_hears_of_its_pack_of_what_is_paid_and_that_it_is_taken_back(
    firm: Firm, given: Given, tmp_path: Path
) -> None:
    customer_id, task = given
    desk = Desk(firm.house.config.folder)
    written = desk.did("agency", "pack", "brindle", str(task.id), "--out", str(tmp_path)).out
    assert "northgate is told with the next dunwell run brindle --send." in written
    firm.run()
    calls.finish(firm.bench, task.id, Came(outcome="placed"), "Ann")
    firm.run()
    firm.books.pay(firm.rows(customer_id)[0].touchpoint().invoices[0].number, 40_000)
    firm.refresh()
    firm.run()
    firm.run()
    agencies.recall(firm.bench, firm.account(customer_id), "settled with them", "Ann")
    firm.run()
    heard = [one for one in firm.post.to(customer_id) if one["To"] == "cases@northgate.example"]
    name = task.customer
    assert [one["Subject"] for one in heard] == [
        f"{name}: papers for a new case",
        f"{name}: placed with you",
        f"{name}: a payment came to us",
        f"{name}: taken back",
    ]
    text = heard[2].get_body(("plain",))
    assert text is not None
    assert f"{name} has paid $400.00 to us directly" in text.get_content()
    assert [one.act for one in firm.rows(customer_id)] == ["first", "final"], "nothing else was said"


def test_an_agency_gets_nobody_whom_it_does_not_take(firm: Firm, given: Given) -> None:
    _, task = given
    hands = firm.bench.settings.agencies["northgate"]
    only = replace(hands, agency=replace(hands.agency, currencies=("EUR",)))
    bench = dataclasses.replace(firm.bench, settings=replace(firm.bench.settings, agencies={"northgate": only}))
    with pytest.raises(Refused, match=rf"Northgate Ltd takes EUR, and {task.customer} owes USD \(task {task.id}\)"):
        agencies.packed(bench, None, (task.id,), "Ann")
    there = replace(hands, agency=replace(hands.agency, countries=("DE",)))
    bench = dataclasses.replace(firm.bench, settings=replace(firm.bench.settings, agencies={"northgate": there}))
    with pytest.raises(Refused, match=rf"Northgate Ltd takes customers in DE, and {task.customer} is in "):
        agencies.packed(bench, None, (task.id,), "Ann")


def test_a_pack_tells_what_was_agreed_and_noted_and_what_is_not_in_it(firm: Firm, given: Given) -> None:
    customer_id, task = given
    whom = firm.account(customer_id)
    row = whom.receivables[0]
    touches.note(firm.bench, whom, Made(on=firm.bench.today(), channel="visit", what="they were out"), "Ann")
    wish = Wish(on=firm.bench.today(), amount=Decimal(500), invoices=(row,))
    promises.promise(firm.bench, whom, wish, "Mats")
    made = agencies.packed(firm.bench, None, (task.id,), "Ann")
    said = [one for one in rows_of(made, "contacts.csv") if one["outcome"] == "noted"]
    assert [(one["channel"], one["note"]) for one in said] == [("visit", "they were out")]
    (agreed,) = rows_of(made, "agreed.csv")
    assert (agreed["kind"], agreed["invoices"], agreed["amount"], agreed["currency"], agreed["note"]) == (
        "promise",
        row.number,
        "500.00",
        "USD",
        "Mats",
    )
    assert {one["fees"] for one in rows_of(made, "debts.csv")} == {"0.00"}
    assert any(one.startswith("contract, terms") for one in made.header.absent)


def test_what_is_said_of_an_invoice_is_told_with_its_currency_and_of_one_that_is_gone_in_every(firm: Firm) -> None:
    name, customer_id = firm.customer()
    paid, still = firm.invoice(name), firm.invoice(name)
    firm.refresh()
    before = firm.account(customer_id)
    claims.claim(firm.bench, before, Claimed(rows=before.receivables, reference="TT 5"), "Ann")
    gone = Disputed(
        customer_id=customer_id, invoice_id=InvoiceId("999"), amount_minor=None, category="price", reason=""
    )
    agreeing.add_dispute(firm.bench.store, firm.bench.moment("Ann"), gone)
    firm.books.pay(paid)
    firm.refresh()
    told = {one: list(dossier.agreed(firm.bench, firm.account(customer_id), one)) for one in (USD, EUR)}
    assert [(row[2], row[6]) for row in told[EUR]] == [("dispute", None)]
    assert [(row[2], row[6]) for row in told[USD]] == [("dispute", None), ("claim", "USD")]
    assert still in str(told[USD][1][4])


def rows_of(made: Pack, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(made.files[name].decode().splitlines(), delimiter=";"))


# Days go on: last, because the others are all of one day


def test_whom_an_agency_has_nobody_writes_to_until_they_are_taken_back(firm: Firm, given: Given) -> None:
    customer_id, task = given
    calls.finish(firm.bench, task.id, Came(outcome="placed", note="their number 77"), "Ann")
    (standing,) = placements.placed(firm.account(customer_id))
    assert (standing.what, standing.on) == ("northgate", firm.bench.today())
    firm.next_days(14)
    assert [row.act for row in firm.rows(customer_id)] == ["first", "final"]
    placed = firm.account(customer_id)
    assert agencies.recall(firm.bench, placed, "settled with them", "Ann") == ("northgate",)
    with pytest.raises(Refused, match="no agency has"):
        agencies.recall(firm.bench, placed, "looked at before it was taken back", "Bob")
    assert placements.placed(firm.account(customer_id)) == ()
    firm.run()
    assert [(row.act, row.state) for row in firm.rows(customer_id)][2:] == [("later", State.SENT)]
