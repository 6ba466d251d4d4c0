"""What changed a balance, on the day it counts."""

from typing import Any

import pytest

from strategy.model import (
    Allocation,
    AllocationTarget,
    DocumentStatus,
    Invoice,
    InvoiceId,
    Payment,
    PaymentId,
)
from strategy.movements import MovementKind, in_advance, movements
from tests.strategy.statements import EUR, LUND, THEN, TODAY


def an_invoice(**changes: Any) -> Invoice:
    values: dict[str, Any] = {
        "id": InvoiceId("1"),
        "customer_id": LUND.id,
        "number": "1",
        "issued_on": TODAY,
        "due_on": TODAY,
        "currency": EUR,
        "total_minor": 100,
        "open_minor": 100,
        "version": "1",
        "updated_at": THEN,
    }
    return Invoice(**(values | changes))


def a_payment(total_minor: int, *allocations: Allocation, **changes: Any) -> Payment:
    values: dict[str, Any] = {
        "id": PaymentId("p"),
        "customer_id": LUND.id,
        "paid_on": TODAY,
        "currency": EUR,
        "total_minor": total_minor,
        "unapplied_minor": 0,
        "allocations": allocations,
        "version": "1",
        "updated_at": THEN,
    }
    return Payment(**(values | changes))


def to_credit(amount_minor: int) -> Allocation:
    return Allocation(target=AllocationTarget.CREDIT, target_id="c", on=TODAY, amount_minor=amount_minor)


@pytest.mark.parametrize("gone", [DocumentStatus.DRAFT, DocumentStatus.VOIDED, DocumentStatus.DELETED])
def test_a_document_that_does_not_count_is_no_movement(gone: DocumentStatus) -> None:
    assert movements([an_invoice(status=gone)], [a_payment(5, status=gone)], []) == ()


def test_a_payment_of_zero_is_no_movement() -> None:
    assert movements([], [a_payment(0)], []) == ()


def test_a_payment_counts_whole_on_its_day_whether_or_not_it_settled_anything() -> None:
    (moved,) = movements([], [a_payment(700, unapplied_minor=700)], [])
    assert (moved.kind, moved.on, moved.amount_minor) == (MovementKind.PAYMENT, TODAY, -700)


@pytest.mark.parametrize("total_minor", [300, -300])
def test_money_given_back_raises_the_balance_whatever_its_sign(total_minor: int) -> None:
    (moved,) = movements([], [a_payment(total_minor, to_credit(300))], [])
    assert (moved.kind, moved.amount_minor) == (MovementKind.REFUND, 300)


def test_what_was_paid_on_the_invoice_itself_is_a_movement_of_its_own() -> None:
    found = movements([an_invoice(deposit_minor=30)], [], [])
    assert [(moved.kind, moved.amount_minor) for moved in found] == [
        (MovementKind.INVOICE, 100),
        (MovementKind.DEPOSIT, -30),
    ]


def test_movements_of_a_day_stand_with_invoices_first() -> None:
    found = movements([an_invoice(number="2"), an_invoice(number="1")], [a_payment(5)], [])
    assert [(moved.kind, moved.number) for moved in found] == [
        (MovementKind.INVOICE, "1"),
        (MovementKind.INVOICE, "2"),
        (MovementKind.PAYMENT, None),
    ]


def test_of_an_invoice_dated_after_today_counts_what_has_been_settled_of_it() -> None:
    paid, untouched = an_invoice(open_minor=40, deposit_minor=10), an_invoice(open_minor=90, deposit_minor=10)
    found = in_advance([paid, untouched], [a_payment(50)], [])
    assert [(moved.kind, moved.amount_minor) for moved in found] == [
        (MovementKind.INVOICE, 60),
        (MovementKind.DEPOSIT, -10),
        (MovementKind.PAYMENT, -50),
    ]
