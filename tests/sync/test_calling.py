"""Whoever calls knows whom, under which number, when, and what to say; with today's figures."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from strategy.account import Profile, Role
from strategy.agreements import HoldKind
from strategy.decision import TaskAsked
from strategy.model import CustomerId, Person
from sync import calling
from sync.calling import Brief
from sync.store import agreeing
from sync.store.agreeing import Disputed, HoldGiven
from sync.store.outbox import Kind
from tests.sync.firm import Firm, a_firm, a_ladder

CALLS = a_ladder('call = { at = "due + 2", call = "overdue" }')


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), strategy=CALLS) as opened:
        yield opened


def asked(firm: Firm) -> tuple[CustomerId, str, TaskAsked]:
    name, customer_id = firm.customer()
    number = firm.invoice(name)
    firm.run()
    return customer_id, number, firm.rows(customer_id, Kind.TASK)[0].asked()


def brief(firm: Firm, task: TaskAsked, *people: Person, roles: tuple[Role, ...] = (), zone: str | None = None) -> Brief:
    account = firm.account(task.customer_id)
    customer = replace(account.customer, people=people)
    changed = replace(account, profile=Profile(roles=roles), customer=customer, time_zone=zone or account.time_zone)
    return calling.brief(firm.bench, changed, task)


def test_the_script_is_the_strategys_with_todays_figures(firm: Firm) -> None:
    _, number, task = asked(firm)
    script = brief(firm, task).script
    assert script is not None, brief(firm, task).trouble
    assert script.subject == f"Call about $1,200.00, invoice {number}"
    assert "overdue for 3 days" in script.text


def test_numbers_are_those_of_roles_first_in_the_order_of_the_strategy_and_each_once(firm: Firm) -> None:
    _, _, task = asked(firm)
    owner = Role(role="owner", name="Olga", phone="+1 2")
    billing = Role(role="billing", name="Bo", phone="+1 1")
    people = (Person(name="B.", phone="+1 1"), Person(name="C", phone="+1 3"))
    found = brief(firm, task, *people, roles=(owner, billing))
    assert [(one.name, one.role, one.phone) for one in found.numbers] == [
        ("Bo", "billing", "+1 1"),
        ("Olga", "owner", "+1 2"),
        ("C", "", "+1 3"),
    ]


@pytest.mark.parametrize(
    ("zone", "opens"),
    [
        ("America/New_York", datetime(2026, 3, 2, 14, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 3, 3, 0, tzinfo=UTC)),
    ],
)
def test_the_best_time_is_within_the_customers_own_hours_and_never_over(firm: Firm, zone: str, opens: datetime) -> None:
    """It is ten in the morning in New York, four in the afternoon in Berlin, midnight in Tokyo."""
    _, _, task = asked(firm)
    assert brief(firm, task, zone=zone).best.opens == opens


def test_what_was_paid_meanwhile_is_not_asked_for(firm: Firm) -> None:
    customer_id, _, task = asked(firm)
    account = firm.account(customer_id)
    part = replace(account, receivables=(replace(account.receivables[0], open_minor=50_000),))
    assert calling.brief(firm.bench, part, task).amount_minor == 50_000
    paid = calling.brief(firm.bench, replace(account, receivables=()), task)
    assert (paid.amount_minor, paid.script) == (0, None)
    assert paid.trouble == "Nothing of it is open any more on 2026-03-02."


def test_a_call_without_a_script_says_what_is_missing(firm: Firm) -> None:
    _, _, task = asked(firm)
    found = brief(firm, replace(task, what="unheard"))
    assert (found.script, "there is no letters/en/unheard.txt" in str(found.trouble)) == (None, True)


def test_a_letter_that_only_a_call_can_replace_is_read_out(firm: Firm) -> None:
    _, _, task = asked(firm)
    script = brief(firm, replace(task, what="firm")).script
    assert script is not None
    assert script.subject.startswith("Overdue: ")


def test_what_is_disputed_meanwhile_is_not_asked_for_and_the_script_has_the_rest(firm: Firm) -> None:
    customer_id, number, task = asked(firm)
    dispute(firm, customer_id, task, 50_000)
    found = calling.brief(firm.bench, firm.account(customer_id), task)
    assert found.amount_minor == 70_000
    assert found.script is not None, found.trouble
    assert found.script.subject == f"Call about $700.00, invoice {number}"


def test_what_is_disputed_in_whole_has_no_script_and_the_reason_instead(firm: Firm) -> None:
    customer_id, _, task = asked(firm)
    dispute(firm, customer_id, task, None)
    found = calling.brief(firm.bench, firm.account(customer_id), task)
    assert (found.amount_minor, found.script) == (0, None)
    assert str(found.trouble).startswith("Disputed since 2026-03-02")


def test_what_a_credit_would_cover_is_not_asked_for(firm: Firm) -> None:
    customer_id, number, task = asked(firm)
    firm.books.pay_on_account(firm.account(customer_id).customer.name, 50_000)
    firm.refresh()
    found = calling.brief(firm.bench, firm.account(customer_id), task)
    assert (found.amount_minor, found.script and found.script.subject) == (
        70_000,
        f"Call about $700.00, invoice {number}",
    )


def test_nobody_is_called_for_an_account_that_is_on_hold(firm: Firm) -> None:
    customer_id, _, task = asked(firm)
    given = HoldGiven(customer_id=customer_id, invoice_id=None, kind=HoldKind.LEGAL, reason="counsel", until=None)
    agreeing.add_hold(firm.bench.store, firm.bench.moment("Ann"), given)
    found = calling.brief(firm.bench, firm.account(customer_id), task)
    assert (found.amount_minor, found.script) == (0, None)
    assert "counsel" in str(found.trouble)


def dispute(firm: Firm, customer_id: CustomerId, task: TaskAsked, amount: int | None) -> None:
    invoice_id = task.invoices[0].invoice_id
    said = Disputed(customer_id=customer_id, invoice_id=invoice_id, amount_minor=amount, category="price", reason="")
    agreeing.add_dispute(firm.bench.store, firm.bench.moment("Ann"), said)
