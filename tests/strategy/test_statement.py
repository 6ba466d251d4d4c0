"""Statements foot, ask only for what is due and free, and are refused with the reason where the books do not add up."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import structs

from strategy.account import Account, LedgerFacts, Receivable, Unapplied, UnappliedKind
from strategy.aging import open_on, remaining_on, unapplied_on
from strategy.model import (
    Allocation,
    AllocationTarget,
    Company,
    CompanyId,
    Credit,
    CreditId,
    CreditKind,
    Currency,
    Customer,
    CustomerId,
    DocumentStatus,
    Invoice,
    InvoiceId,
    Issue,
    Payment,
    PaymentId,
    Platform,
    Record,
    Sent,
    Switch,
)
from strategy.movements import Movement, MovementKind, movements
from strategy.statement import (
    Aside,
    AsideReason,
    Period,
    Statement,
    StatementKind,
    activity,
    open_items,
)

EUR = Currency("EUR")
JPY = Currency("JPY")
TODAY = date(2026, 6, 30)
THEN = datetime(2026, 6, 30, tzinfo=UTC)
LEDGER = LedgerFacts(
    name="north",
    platform=Platform.XERO,
    company=Company(id=CompanyId("co"), name="Northwind", base_currency=EUR),
    time_zone="Europe/London",
    today=TODAY,
    pulled_on=TODAY,
    reconciled_on=TODAY,
    reminders=Switch.OFF,
)


def a_customer(name: str = "Brasserie Lund", **changes: Any) -> Customer:
    return Customer(id=CustomerId(name), name=name, version="1", updated_at=THEN, **changes)


LUND = a_customer()


def a_receivable(number: str = "1042", open_minor: int = 100000, *, days_late: int = 10, **changes: Any) -> Receivable:
    values: dict[str, Any] = {
        "invoice_id": InvoiceId(number),
        "customer_id": LUND.id,
        "number": number,
        "issued_on": TODAY - timedelta(days=days_late + 30),
        "due_on": TODAY - timedelta(days=days_late),
        "currency": EUR,
        "total_minor": open_minor,
        "paid_minor": 0,
        "credited_minor": 0,
        "open_minor": open_minor,
        "sent": Sent.YES,
    }
    return Receivable(**(values | changes))


def an_unapplied(amount_minor: int, **changes: Any) -> Unapplied:
    values: dict[str, Any] = {
        "kind": UnappliedKind.CREDITS,
        "id": "cn1",
        "number": "CN-1",
        "since": TODAY,
        "currency": EUR,
        "amount_minor": amount_minor,
    }
    return Unapplied(**(values | changes))


def an_account(*receivables: Receivable, **changes: Any) -> Account:
    return Account(ledger=LEDGER, customer=LUND, time_zone=LEDGER.time_zone, receivables=receivables, **changes)


def an_aside(amount_minor: int, reason: AsideReason = AsideReason.DISPUTED, number: str = "1042") -> Aside:
    return Aside(invoice_id=InvoiceId(number), reason=reason, amount_minor=amount_minor)


def a_movement(amount_minor: int, on: date = TODAY, **changes: Any) -> Movement:
    values: dict[str, Any] = {
        "on": on,
        "kind": MovementKind.INVOICE,
        "id": "1042",
        "customer_id": LUND.id,
        "number": "1042",
        "currency": EUR,
        "amount_minor": amount_minor,
    }
    return Movement(**(values | changes))


def stated(account: Account, *asides: Aside, currency: Currency = EUR) -> Statement:
    found = open_items(account, currency, TODAY, asides)
    assert isinstance(found, Statement), found
    return found


def refused(found: Statement | Issue) -> str:
    assert isinstance(found, Issue)
    assert found.code == "statement_does_not_foot"
    return found.message


def test_an_open_item_statement_lists_the_oldest_due_first() -> None:
    found = stated(an_account(a_receivable("2", days_late=3), a_receivable("1", days_late=20)))
    assert [(line.receivable.number, line.days_overdue) for line in found.lines] == [("1", 20), ("2", 3)]


def test_the_total_is_what_is_open_less_what_is_unapplied() -> None:
    found = stated(an_account(a_receivable(open_minor=100000), unapplied=(an_unapplied(20050),)))
    assert found.total_minor == 79950


def test_the_aging_strip_sums_to_the_total() -> None:
    account = an_account(
        a_receivable("1", 100, days_late=95), a_receivable("2", 20, days_late=-4), unapplied=(an_unapplied(7),)
    )
    found = stated(account)
    strip = [bucket.amount_minor for bucket in found.aged.buckets]
    assert (strip, sum(strip) - found.aged.unapplied_minor) == ([20, 0, 0, 0, 100], found.total_minor)


def test_what_falls_due_today_is_asked_for_and_what_falls_due_tomorrow_is_not() -> None:
    found = stated(an_account(a_receivable("1", 100, days_late=0), a_receivable("2", 20, days_late=-1)))
    assert (found.due_minor, found.not_due_minor, found.please_pay_minor) == (100, 20, 100)


def test_credit_is_taken_off_what_is_asked_for() -> None:
    found = stated(an_account(a_receivable(open_minor=1000), unapplied=(an_unapplied(300),)))
    assert found.please_pay_minor == 700


def test_credit_beyond_what_is_due_asks_for_nothing() -> None:
    found = stated(an_account(a_receivable(open_minor=1000), unapplied=(an_unapplied(1300),)))
    assert (found.please_pay_minor, found.total_minor) == (0, -300)


@pytest.mark.parametrize("reason", AsideReason)
def test_nothing_set_aside_is_asked_for(reason: AsideReason) -> None:
    assert stated(an_account(a_receivable(open_minor=1000)), an_aside(400, reason)).please_pay_minor == 600


def test_what_platform_and_payments_disagree_about_is_not_asked_for() -> None:
    assert stated(an_account(a_receivable(open_minor=1000, doubtful_minor=250))).please_pay_minor == 750


def test_disputes_are_told_apart_from_what_is_arranged() -> None:
    found = stated(an_account(a_receivable(open_minor=1000)), an_aside(400), an_aside(100, AsideReason.PROMISED))
    assert (found.disputed_minor, found.arranged_minor) == (400, 100)


def test_no_more_is_set_aside_than_is_open_and_disputes_come_first() -> None:
    found = stated(an_account(a_receivable(open_minor=1000)), an_aside(900, AsideReason.HELD), an_aside(400))
    assert (found.disputed_minor, found.arranged_minor, found.please_pay_minor) == (400, 600, 0)


def test_what_is_set_aside_of_an_invoice_that_is_not_open_counts_for_nothing() -> None:
    assert stated(an_account(a_receivable(open_minor=1000)), an_aside(400, number="9")).please_pay_minor == 1000


def test_a_billing_parent_has_a_section_of_its_own_and_one_for_each_that_it_pays_for() -> None:
    bar, cafe = a_customer("Lund Bar"), a_customer("Lund Café")
    account = an_account(
        a_receivable("1", 100, customer_id=cafe.id),
        a_receivable("2", 20, customer_id=bar.id),
        a_receivable("3", 3),
        members=(cafe, bar),
    )
    sections = [(section.customer.name, section.open_minor) for section in stated(account).sections]
    assert sections == [("Brasserie Lund", 3), ("Lund Bar", 20), ("Lund Café", 100)]


def test_another_currency_is_not_on_the_statement() -> None:
    account = an_account(
        a_receivable("1", 100),
        a_receivable("2", 5000, currency=JPY),
        unapplied=(an_unapplied(7, currency=JPY),),
    )
    assert (stated(account).total_minor, stated(account, currency=JPY).total_minor) == (100, 4993)


def test_a_line_that_does_not_add_up_refuses_the_statement_and_says_by_how_much() -> None:
    odd = a_receivable(open_minor=60000, total_minor=100000, paid_minor=30000)
    found = refused(open_items(an_account(odd), EUR, TODAY))
    assert found.startswith(
        "invoice 1042 is off by 100.00 EUR: 600.00 EUR is open, but less what was applied it is 700.00 EUR."
    )


def test_an_invoice_of_a_stranger_refuses_the_statement() -> None:
    found = refused(open_items(an_account(a_receivable(customer_id=CustomerId("other"))), EUR, TODAY))
    assert "invoice 1042 of 1000.00 EUR belongs to customer other, who is not of this account" in found


def test_an_activity_statement_runs_from_opening_to_closing_balance() -> None:
    items = stated(an_account(a_receivable("1", 700, total_minor=1000, paid_minor=300, days_late=-10)))
    moved = (
        a_movement(-800, TODAY, kind=MovementKind.PAYMENT, id="p1"),
        a_movement(1000, TODAY - timedelta(days=20), id="1"),
    )
    found = activity(items, Period(first=date(2026, 6, 1), opening_minor=500, movements=moved))
    assert isinstance(found, Statement)
    assert found.activity is not None
    balances = [entry.balance_minor for entry in found.activity.entries]
    assert (found.kind, balances, found.activity.closing_minor) == (StatementKind.ACTIVITY, [1500, 700], 700)


def test_a_period_without_movements_closes_as_it_opened() -> None:
    items = stated(an_account(a_receivable(open_minor=700, days_late=90)))
    found = activity(items, Period(first=date(2026, 6, 1), opening_minor=700, movements=()))
    assert isinstance(found, Statement)


@pytest.mark.parametrize(("on", "inside"), [(1, True), (30, True)])
def test_the_first_and_the_last_day_belong_to_the_period(on: int, inside: bool) -> None:
    items = stated(an_account(a_receivable(open_minor=700, days_late=-20)))
    moved = (a_movement(700, date(2026, 6, on)),)
    found = activity(items, Period(first=date(2026, 6, 1), opening_minor=0, movements=moved))
    assert isinstance(found, Statement) is inside


def test_movements_of_other_days_and_currencies_are_passed_over() -> None:
    items = stated(an_account(a_receivable(open_minor=700, days_late=60)))
    moved = (
        a_movement(700, date(2026, 5, 31)),
        a_movement(5, date(2026, 7, 1), id="2"),
        a_movement(90, date(2026, 6, 5), id="3", currency=JPY),
    )
    found = activity(items, Period(first=date(2026, 6, 1), opening_minor=700, movements=moved))
    assert isinstance(found, Statement)


def test_a_missing_invoice_is_refused_by_number_and_amount() -> None:
    items = stated(an_account(a_receivable(open_minor=70000, days_late=-10)))
    found = refused(activity(items, Period(first=date(2026, 6, 1), opening_minor=0, movements=())))
    assert found.startswith(
        "off by 700.00 EUR: 0.00 EUR on 2026-06-01 and the movements since make 0.00 EUR, but 700.00 EUR is open; "
        "invoice 1042 of 700.00 EUR is not among the movements as such."
    )


def test_an_invoice_that_moved_twice_is_named() -> None:
    items = stated(an_account(a_receivable(open_minor=70000, days_late=-10)))
    moved = (a_movement(70000), a_movement(70000))
    found = refused(activity(items, Period(first=date(2026, 6, 1), opening_minor=0, movements=moved)))
    assert "invoice 1042 of 700.00 EUR is not among the movements as such" in found


def test_a_missing_credit_is_refused_by_number_and_amount() -> None:
    items = stated(an_account(unapplied=(an_unapplied(5000),)))
    found = refused(activity(items, Period(first=date(2026, 6, 1), opening_minor=0, movements=())))
    assert "CN-1, with 50.00 EUR unapplied, is no movement" in found


def test_a_credit_of_before_the_period_is_no_suspect() -> None:
    items = stated(an_account(unapplied=(an_unapplied(5000, since=date(2026, 5, 31)),)))
    found = refused(activity(items, Period(first=date(2026, 6, 1), opening_minor=0, movements=())))
    assert "CN-1" not in found


def test_an_invoice_with_a_deposit_is_no_suspect() -> None:
    paid = a_receivable(open_minor=50000, total_minor=70000, paid_minor=20000, days_late=-10)
    moved = (a_movement(70000), a_movement(-20000, kind=MovementKind.DEPOSIT))
    found = refused(
        activity(stated(an_account(paid)), Period(first=date(2026, 6, 1), opening_minor=1, movements=moved))
    )
    assert "1042" not in found


def test_an_invoice_of_before_the_period_is_no_suspect() -> None:
    items = stated(an_account(a_receivable(open_minor=70000, days_late=60)))
    found = refused(activity(items, Period(first=date(2026, 6, 1), opening_minor=0, movements=())))
    assert "1042" not in found


class Books(Record):
    """Some weeks of one customer's documents."""

    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    credits: tuple[Credit, ...]


START = date(2026, 1, 1)
days = st.integers(0, 120).map(lambda after: START + timedelta(days=after))
amount = st.integers(1, 10**7)
status = st.sampled_from([DocumentStatus.ISSUED] * 5 + [DocumentStatus.VOIDED, DocumentStatus.DELETED])


@st.composite
def books(draw: st.DrawFn) -> Books:
    """Documents whose allocations point at each other as on the platforms: payments to invoices, credits to invoices
    by themselves (Xero) or through payments (QuickBooks), and money given back for credits.
    """
    invoices = [
        Invoice(
            id=InvoiceId(f"i{n}"),
            customer_id=LUND.id,
            number=f"I{n}",
            issued_on=(issued := draw(days)),
            due_on=issued + timedelta(days=30),
            currency=EUR,
            total_minor=(total := draw(amount)),
            open_minor=0,
            deposit_minor=draw(st.integers(0, total)),
            status=draw(status),
            version="1",
            updated_at=THEN,
        )
        for n in range(draw(st.integers(0, 4)))
    ]
    issued_invoices = [invoice for invoice in invoices if invoice.status is DocumentStatus.ISSUED]
    credits_ = [
        _credit(n, draw, _some(draw, issued_invoices, AllocationTarget.INVOICE)) for n in range(draw(st.integers(0, 3)))
    ]
    issued_credits = [credit for credit in credits_ if credit.status is DocumentStatus.ISSUED]
    payments = [_payment(n, draw, issued_invoices, issued_credits) for n in range(draw(st.integers(0, 4)))]
    return Books(invoices=tuple(invoices), payments=tuple(payments), credits=tuple(credits_))


def _some(draw: st.DrawFn, targets: Sequence[Invoice | Credit], target: AllocationTarget) -> list[Allocation]:
    """Allocations never count before both documents exist, as on the platforms."""
    chosen = draw(st.lists(st.sampled_from(targets), max_size=2, unique_by=lambda to: to.id)) if targets else []
    return [
        Allocation(target=target, target_id=to.id, on=max(draw(days), to.issued_on), amount_minor=draw(amount))
        for to in chosen
    ]


def _credit(n: int, draw: st.DrawFn, allocations: list[Allocation]) -> Credit:
    standing = draw(status)
    first = min((part.on for part in allocations), default=draw(days))
    return Credit(
        id=CreditId(f"c{n}"),
        customer_id=LUND.id,
        kind=draw(st.sampled_from(CreditKind)),
        number=f"C{n}",
        issued_on=first - timedelta(days=draw(st.integers(0, 20))),
        currency=EUR,
        total_minor=sum(part.amount_minor for part in allocations) + draw(amount),
        remaining_minor=0,
        status=standing,
        allocations=tuple(allocations) if standing is DocumentStatus.ISSUED else (),
        version="1",
        updated_at=THEN,
    )


def _payment(n: int, draw: st.DrawFn, invoices: Sequence[Invoice], credits_: Sequence[Credit]) -> Payment:
    """Money in for invoices or on account, money in with a credit applied (perhaps no money), or money given back."""
    back = bool(credits_) and draw(st.booleans())
    to_invoices = [] if back else _some(draw, invoices, AllocationTarget.INVOICE)
    to_credits = _some(draw, credits_, AllocationTarget.CREDIT) if back or to_invoices else []
    on_invoices, on_credits = (sum(part.amount_minor for part in parts) for parts in (to_invoices, to_credits))
    left = 0 if back else draw(st.integers(0, 500))
    total = on_credits if back else on_invoices - on_credits + left
    assume(total >= 0)
    standing = draw(status)
    allocations = (*to_invoices, *to_credits) if standing is DocumentStatus.ISSUED else ()
    on = max((part.on for part in allocations), default=draw(days))
    return Payment(
        id=PaymentId(f"p{n}"),
        customer_id=LUND.id,
        paid_on=on,
        currency=EUR,
        total_minor=total,
        unapplied_minor=left,
        status=standing,
        allocations=tuple(structs.replace(part, on=on) for part in allocations),
        version="1",
        updated_at=THEN,
    )


def _documents(known: Books) -> Iterator[Payment | Credit]:
    yield from known.payments
    yield from known.credits


def account_on(known: Books, day: date) -> Account:
    """The account as the books were on that day."""
    parts = [
        part
        for document in _documents(known)
        if document.status is DocumentStatus.ISSUED
        for part in document.allocations
    ]

    def settling(document: Invoice | Credit, target: AllocationTarget) -> list[Allocation]:
        return [part for part in parts if part.target is target and part.target_id == document.id]

    receivables = []
    for invoice in known.invoices:
        open_minor = open_on(invoice, settling(invoice, AllocationTarget.INVOICE), day)
        if open_minor:
            receivables.append(
                a_receivable(
                    invoice.number or "",
                    open_minor,
                    invoice_id=invoice.id,
                    issued_on=invoice.issued_on,
                    due_on=invoice.due_on,
                    total_minor=invoice.total_minor,
                    paid_minor=invoice.total_minor - open_minor,
                )
            )
    left = [(payment.id, UnappliedKind.PAYMENTS, unapplied_on(payment, day)) for payment in known.payments] + [
        (credit.id, UnappliedKind.CREDITS, remaining_on(credit, settling(credit, AllocationTarget.CREDIT), day))
        for credit in known.credits
    ]
    unapplied = [an_unapplied(minor, id=id_, number=id_, kind=kind, since=day) for id_, kind, minor in left if minor]
    return an_account(*receivables, unapplied=tuple(unapplied))


def over_the_period(known: Books, first: date, last: date, moved: Sequence[Movement]) -> Statement | Issue:
    before = stated(account_on(known, first - timedelta(days=1)))
    items = open_items(account_on(known, last), EUR, last)
    assert isinstance(items, Statement)
    return activity(items, Period(first=first, opening_minor=before.total_minor, movements=tuple(moved)))


@given(books(), days, st.integers(0, 90))
def test_a_statement_of_any_books_and_period_foots(known: Books, first: date, length: int) -> None:
    moved = movements(known.invoices, known.payments, known.credits)
    found = over_the_period(known, first, first + timedelta(days=length), moved)
    assert isinstance(found, Statement), found


@given(books(), st.data())
def test_a_statement_that_misses_a_movement_is_refused(known: Books, data: st.DataObject) -> None:
    moved = movements(known.invoices, known.payments, known.credits)
    assume(moved)
    lost = data.draw(st.sampled_from(moved))
    kept = [movement for movement in moved if movement is not lost]
    found = over_the_period(known, START - timedelta(days=40), START + timedelta(days=200), kept)
    assert "off by" in refused(found)


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(-40, 90)), max_size=5),
    st.lists(st.tuples(st.sampled_from("01234"), st.sampled_from(AsideReason), st.integers(0, 10**6)), max_size=6),
    st.integers(0, 10**6),
)
def test_every_statement_adds_up_in_front_of_its_reader(
    open_: list[tuple[int, int]], aside: list[tuple[str, AsideReason, int]], credit: int
) -> None:
    receivables = [a_receivable(str(n), minor, days_late=late) for n, (minor, late) in enumerate(open_)]
    asides = [an_aside(minor, reason, number) for number, reason, minor in aside]
    found = stated(an_account(*receivables, unapplied=(an_unapplied(credit),)), *asides)
    parts = found.due_minor + found.not_due_minor + found.disputed_minor + found.arranged_minor
    assert parts - found.aged.unapplied_minor == found.total_minor
    assert 0 <= found.please_pay_minor <= max(0, found.due_minor)


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
