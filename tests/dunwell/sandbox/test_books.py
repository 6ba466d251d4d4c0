"""The neutral books: what follows from a change, and what a past day looked like."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dunwell.sandbox.books.books import Books, Part
from dunwell.sandbox.books.figures import aged, balances, open_of, remaining_of, unapplied_of, with_jobs
from dunwell.sandbox.books.player import Player
from dunwell.sandbox.books.records import Credit, End, Invoice, Line, Payment, Standing
from dunwell.sandbox.story.company import QUICKBOOKS, XERO
from dunwell.sandbox.story.events import PaymentReceived
from dunwell.sandbox.story.script import story

NOON = datetime(2026, 3, 2, 20, tzinfo=UTC)
DAY = date(2026, 3, 2)


def some_books(*, plot: object = QUICKBOOKS) -> Books:
    books = Books(QUICKBOOKS.company if plot is QUICKBOOKS else XERO.company)
    books.add_customer(NOON, name="Somebody", currency="USD")
    return books


def an_invoice(books: Books, amount: int = 10_000, days: int = 0, due_days: int = 30) -> Invoice:
    issued_on = DAY + timedelta(days=days)
    return books.add_invoice(
        NOON,
        customer_id=1,
        currency="USD",
        number="1",
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=due_days),
        lines=(Line(description="Labour", amount=amount),),
    )


def a_payment(books: Books, total: int, *parts: Part, days: int = 0) -> Payment:
    return books.add_payment(
        NOON, parts, customer_id=1, currency="USD", paid_on=DAY + timedelta(days=days), total=total
    )


def a_credit(books: Books, amount: int) -> Credit:
    lines = (Line(description="Returned", amount=amount),)
    return books.add_credit(NOON, customer_id=1, currency="USD", number="2", issued_on=DAY, lines=lines)


def test_a_payment_beyond_what_is_open_stays_unapplied() -> None:
    books = some_books()
    invoice = an_invoice(books)
    payment = a_payment(books, 12_500, Part(invoice.id))
    assert (open_of(books, invoice), unapplied_of(books, payment)) == (0, 2_500)


def test_a_payment_touches_the_invoice_it_settles() -> None:
    books = some_books()
    invoice = an_invoice(books)
    a_payment(books, 4_000, Part(invoice.id))
    assert invoice.version == 1


def test_a_voided_invoice_gives_its_payment_back() -> None:
    books = some_books()
    invoice = an_invoice(books)
    payment = a_payment(books, 10_000, Part(invoice.id))
    books.end(NOON, invoice, Standing.VOIDED)
    assert (open_of(books, invoice), unapplied_of(books, payment), invoice.total) == (0, 10_000, 0)


def test_a_deleted_payment_opens_its_invoice_again() -> None:
    books = some_books()
    invoice = an_invoice(books)
    books.end(NOON, a_payment(books, 10_000, Part(invoice.id)), Standing.DELETED)
    assert open_of(books, invoice) == 10_000


def test_a_credit_is_used_up_through_a_payment_of_nothing() -> None:
    books = some_books()
    invoice, credit = an_invoice(books), a_credit(books, 3_000)
    carrier = books.apply_credit(NOON, credit, [Part(invoice.id)], DAY)
    assert (carrier.total, open_of(books, invoice), remaining_of(books, credit)) == (0, 7_000, 0)


def test_a_deleted_credit_opens_again_what_it_settled() -> None:
    books = some_books()
    invoice, credit = an_invoice(books), a_credit(books, 3_000)
    books.apply_credit(NOON, credit, [Part(invoice.id)], DAY)
    books.end(NOON, credit, Standing.DELETED)
    assert open_of(books, invoice) == 10_000


def test_a_refund_uses_up_a_credit_or_what_a_payment_leaves() -> None:
    books = some_books()
    credit, payment = a_credit(books, 3_000), a_payment(books, 5_000)
    for source, amount in ((credit, 3_000), (payment, 2_000)):
        books.add_refund(NOON, source, amount, paid_on=DAY)
    assert (remaining_of(books, credit), unapplied_of(books, payment)) == (0, 3_000)
    assert remaining_of(books, credit, DAY - timedelta(days=1)) == 0
    assert unapplied_of(books, payment, DAY) == 3_000


def test_a_deleted_refund_is_there_again_and_goes_with_its_source() -> None:
    books = some_books()
    payment = a_payment(books, 5_000)
    first, second = (books.add_refund(NOON, payment, amount, paid_on=DAY) for amount in (1_000, 500))
    books.end(NOON, first, Standing.DELETED)
    assert unapplied_of(books, payment) == 4_500
    books.end(NOON, payment, Standing.DELETED)
    assert (second.standing, unapplied_of(books, payment)) == (Standing.DELETED, 0)


@pytest.mark.parametrize(("end", "total", "unapplied"), [(End.FREED, 10_000, 4_000), (End.TAKEN_BACK, 6_000, 0)])
def test_an_allocation_ends_with_its_money_freed_or_taken_back(end: End, total: int, unapplied: int) -> None:
    books = some_books()
    first, second = an_invoice(books, 4_000), an_invoice(books, 6_000)
    payment = a_payment(books, 10_000, Part(first.id), Part(second.id))
    books.release(NOON, payment, payment.allocations[0], end)
    assert (payment.total, unapplied_of(books, payment), open_of(books, first)) == (total, unapplied, 4_000)
    assert [(each.end, each.until) for each in payment.former] == [(end, NOON)]


def test_when_all_of_a_payment_is_taken_back_it_is_gone() -> None:
    books = some_books()
    payment = a_payment(books, 4_000, Part(an_invoice(books, 4_000).id))
    books.release(NOON, payment, payment.allocations[0], End.TAKEN_BACK)
    assert payment.standing is Standing.DELETED


def test_what_was_issued_is_voided_instead_of_deleted_where_the_platform_does_so() -> None:
    books = some_books(plot=XERO)
    issued, draft = an_invoice(books), an_invoice(books)
    draft.standing = Standing.DRAFT
    for invoice in (issued, draft):
        books.end(NOON, invoice, Standing.DELETED)
    assert (issued.standing, draft.standing) == (Standing.VOIDED, Standing.DELETED)


def test_an_unseen_change_moves_the_version_and_not_the_instant() -> None:
    books = some_books()
    invoice, generation = an_invoice(books), books.generation
    books.change_unseen(invoice, due_on=DAY)
    assert (invoice.version, invoice.updated_at, invoice.due_on) == (1, NOON, DAY)
    assert books.generation > generation


def test_a_parents_balance_with_jobs_holds_its_childrens() -> None:
    books = some_books()
    child = books.add_customer(NOON, name="Job", currency="USD", parent_id=1)
    an_invoice(books).customer_id = child.id
    own = balances(books)
    assert (own[1], with_jobs(books, own)[1]) == (0, 10_000)


def test_a_childs_invoice_moves_the_parents_updated_at_where_the_platform_does_so() -> None:
    later = NOON + timedelta(hours=1)
    for plot, moved in ((QUICKBOOKS, later), (XERO, NOON)):
        books = some_books(plot=plot)
        child = books.add_customer(NOON, name="Job", currency="USD", parent_id=1)
        books.add_invoice(
            later, customer_id=child.id, currency="USD", number=None, issued_on=DAY, due_on=None, lines=()
        )
        assert books.customers[1].updated_at == moved


def test_on_a_past_day_later_payments_had_not_come() -> None:
    books = some_books()
    invoice = an_invoice(books, days=-40)
    a_payment(books, 10_000, Part(invoice.id), days=5)
    (row,) = aged(books, DAY)
    assert (row.open, row.total) == (10_000, 10_000)
    assert aged(books, DAY + timedelta(days=5)) == []


def test_money_that_came_before_its_invoice_was_unapplied_till_then() -> None:
    books = some_books()
    payment = a_payment(books, 10_000, days=-5)
    invoice = an_invoice(books)
    books.apply_payment(NOON, payment, [Part(invoice.id)], DAY)
    (row,) = aged(books, DAY - timedelta(days=3))
    assert (row.open, row.unapplied, row.total) == (0, 10_000, -10_000)
    assert aged(books, DAY) == []


@pytest.mark.parametrize(("overdue", "place"), [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)])
def test_an_open_invoice_stands_in_the_bucket_of_its_days_overdue(overdue: int, place: int) -> None:
    books = some_books()
    an_invoice(books, days=-overdue, due_days=0)
    (row,) = aged(books, DAY)
    assert row.buckets.index(10_000) == place


def test_the_storys_payment_is_skipped_once_somebody_paid_by_hand() -> None:
    books = Books(QUICKBOOKS.company)
    told = story(QUICKBOOKS, 1, DAY, 26)
    player = Player(books, told)
    player.advance(NOON)
    coming = next(each for each in told if isinstance(each, PaymentReceived) and each.at > NOON and not each.extra)
    for key, _ in coming.parts:
        invoice = next(each for each in books.invoices.values() if each.key == key)
        books.add_payment(
            NOON, [Part(invoice.id)], customer_id=1, currency="USD", paid_on=DAY, total=open_of(books, invoice)
        )
    player.advance(coming.at)
    assert not any(each.key == coming.key for each in books.payments.values())


def test_the_story_survives_the_deletion_of_everything() -> None:
    books = Books(QUICKBOOKS.company)
    player = Player(books, story(QUICKBOOKS, 1, DAY, 26))
    player.advance(NOON)
    documents: list[Invoice | Payment | Credit] = [*books.invoices.values(), *books.payments.values()]
    for document in [*documents, *books.credits.values()]:
        books.end(NOON, document, Standing.DELETED)
    player.advance(NOON + timedelta(weeks=26))
    assert all(unapplied_of(books, each) >= 0 for each in books.payments.values())
