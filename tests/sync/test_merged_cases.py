"""Two accounts that became one have each its case number 1: neither ends, or comes back, because of the other."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from connectors.errors import Rejected
from strategy import undeliverable
from strategy.model import CustomerId
from sync import outbox as decided
from sync.store import journal, outbox
from sync.store.outbox import Kind, State
from tests.sync.firm import Firm, a_firm, a_ladder

LADDER = a_ladder(
    'heads = { at = "due + 2", notify = "owner" }\n'
    'first = { at = "due + 3", say = "friendly", approve = true }\n'
    'second = { at = "due + 14", say = "reminder" }'
)

BOTH_ORDERS = pytest.mark.parametrize("child_is_first", [True, False])


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), strategy=LADDER) as opened:
        yield opened


class Family:
    """A child that owes an invoice, or has paid it, and its parent with an invoice of its own: each in its case 1."""

    def __init__(self, firm: Firm, *, child_is_first: bool, paid: bool = False) -> None:
        firm.sleep(days=-firm.bench.today().weekday() % 7)
        self.firm, pair = firm, (firm.customer(), firm.customer())
        (self.child_name, self.child), (self.parent_name, self.parent) = pair if child_is_first else pair[::-1]
        self.childs, self.parents = firm.invoice(self.child_name), ""
        firm.next_days()
        if paid:
            firm.books.pay(self.childs)
            firm.next_days()

    def join(self) -> None:
        """The parent owes something, and is billed for the child from now on."""
        self.parents = self.firm.invoice(self.parent_name)
        self.firm.next_days()
        self.firm.bill_with_parent(self.child, self.parent)
        self.firm.next_days(2)

    @property
    def cases(self) -> dict[CustomerId, list[bool]]:
        """Of each, whether its cases are open."""
        found: dict[CustomerId, list[bool]] = {}
        for one in self.firm.account(self.parent).cases:
            found.setdefault(one.customer_id or self.parent, []).append(one.closed_on is None)
        return found

    def events(self) -> list[str]:
        """What became of cases, of both, in the order in which it happened."""
        events = journal.events(self.firm.bench.store, self.firm.bench.ledger.id, self.parent, most=99)
        return [one.what for one in reversed(events) if one.what.startswith("case")]

    def said(self, act: str, kind: Kind = Kind.MESSAGE) -> list[State]:
        """What became of a step of the parent's."""
        return [row.state for row in self.firm.rows(self.parent, kind) if row.act == act]


@BOTH_ORDERS
def test_a_case_that_was_over_stays_over_and_the_parents_own_stays_open(firm: Firm, child_is_first: bool) -> None:
    family = Family(firm, child_is_first=child_is_first, paid=True)
    family.join()
    assert family.cases == {family.parent: [True], family.child: [False]}
    firm.next_days(2)
    assert family.cases == {family.parent: [True], family.child: [False]}
    assert family.events() == ["case opened", "case closed", "case opened"]


@BOTH_ORDERS
def test_the_parents_case_goes_on_after_the_childs_is_paid_and_both_end_once(firm: Firm, child_is_first: bool) -> None:
    family = Family(firm, child_is_first=child_is_first)
    family.join()
    firm.books.pay(family.childs)
    firm.next_days()
    assert family.cases == {family.parent: [True], family.child: [True]}
    firm.books.pay(family.parents)
    firm.next_days()
    firm.next_days()
    assert family.cases == {family.parent: [False], family.child: [False]}
    assert family.events() == ["case opened", "case opened", "case closed", "case closed"]


def test_a_step_that_was_rejected_for_the_child_is_none_of_the_parents(firm: Firm) -> None:
    family = Family(firm, child_is_first=True)
    (row,) = firm.rows(family.child)
    outbox.move(firm.bench.store, firm.bench.moment("Ann"), row, State.REJECTED)
    family.join()
    assert family.said("first") == [State.PLANNED]


def test_what_the_owner_heard_of_the_child_the_owner_hears_of_the_parent_too(firm: Firm) -> None:
    family = Family(firm, child_is_first=True)
    firm.bill_with_parent(family.child, family.parent)
    firm.invoice(family.parent_name)
    firm.next_days(2)
    assert family.said("heads", Kind.NOTICE) == [State.SENT]


def test_the_childs_letter_is_a_step_of_the_parents_own_case(firm: Firm) -> None:
    family = Family(firm, child_is_first=True)
    (row,) = firm.rows(family.child)
    decided.approve(firm.bench, firm.bench.moment("Ann"), row)
    firm.run()
    family.join()
    (case,) = (one for one in firm.account(family.parent).cases if one.customer_id is None)
    (touch,) = (one for one in firm.account(family.parent).touches if one.act == "first")
    assert (touch.case, touch.moved) == (case.number, True)
    as_of = firm.bench.today() - timedelta(days=1)
    earlier = firm.bench.account(family.parent, as_of)
    assert earlier is not None
    assert [one.case for one in earlier.touches if one.act == "first"] == [case.number]


def fail(firm: Firm, customer_id: CustomerId) -> None:
    """The customer's letter is tried and refused, until it is a person's."""
    for _ in range(undeliverable.TRIES):
        decided.approve(firm.bench, firm.bench.moment("Ann"), firm.rows(customer_id)[-1])
        firm.post.fails[customer_id] = Rejected("there is no such mailbox")
        firm.run()
        firm.run()


def test_what_failed_for_the_child_is_tried_for_the_parent_and_asked_about_as_well(firm: Firm) -> None:
    family = Family(firm, child_is_first=True)
    fail(firm, family.child)
    family.join()
    assert family.said("first") == [State.PLANNED]
    fail(firm, family.parent)
    assert [row.act for row in firm.rows(family.parent, Kind.TASK)] == ["undeliverable"]
