"""A statement of any books, on any days, foots; one that misses a movement is refused."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import structs

from strategy.account import Account, UnappliedKind
from strategy.model import (
    Allocation,
    AllocationTarget,
    Credit,
    CreditId,
    CreditKind,
    DocumentStatus,
    Invoice,
    InvoiceId,
    Issue,
    Payment,
    PaymentId,
    Record,
)
from strategy.movements import Movement, movements
from strategy.statement import (
    AsideReason,
    Period,
    Statement,
    activity,
    open_items,
)
from tests.strategy.statements import (
    EUR,
    LUND,
    THEN,
    a_receivable,
    an_account,
    an_aside,
    an_unapplied,
    refused,
    stated,
)


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


def open_on(invoice: Invoice, settling: Sequence[Allocation], day: date) -> int:
    """What was open of an invoice at the end of a day."""
    if invoice.status is not DocumentStatus.ISSUED or invoice.issued_on > day:
        return 0
    return invoice.total_minor - invoice.deposit_minor - sum(part.amount_minor for part in settling if part.on <= day)


def unapplied_on(payment: Payment, day: date) -> int:
    """What of a payment had settled nothing yet: one that also applies a credit carries both sides, and one that
    settles nothing but credits gave money back.
    """
    gave_back = {part.target for part in payment.allocations} == {AllocationTarget.CREDIT}
    if payment.status is not DocumentStatus.ISSUED or payment.paid_on > day or gave_back:
        return 0
    return payment.total_minor - sum(
        part.amount_minor if part.target is AllocationTarget.INVOICE else -part.amount_minor
        for part in payment.allocations
        if part.on <= day
    )


def remaining_on(credit: Credit, using: Sequence[Allocation], day: date) -> int:
    """What was left of a credit; `using` are payments' allocations of it."""
    if credit.status is not DocumentStatus.ISSUED or credit.issued_on > day:
        return 0
    return credit.total_minor - sum(part.amount_minor for part in (*credit.allocations, *using) if part.on <= day)


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
