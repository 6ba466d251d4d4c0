"""From the books to the books: contacts that others make, thanks, and customers who pay on set days."""

from collections.abc import Iterator
from datetime import date

import pytest

from connectors.base import Target
from dunwell.agreements import touches
from dunwell.agreements.touches import Made
from strategy.model import CustomerId
from sync import profiles
from sync.store.outbox import Kind, State
from tests.sync.firm import Firm, a_firm, a_ladder

STRATEGY = a_ladder(
    """
first  = { at = "due + 3", say = "friendly" }
second = { at = "due + 30", say = "reminder" }
""",
    more="""
thanks = { say = "thanks" }

[contact]
gap = 2
run = 1

[[trigger]]
name = "spoken to"
when = "touches > 1"
notify = "owner"
""",
)


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("elsewhere"), strategy=STRATEGY) as opened:
        yield opened


def said(firm: Firm, customer_id: CustomerId) -> list[tuple[str, date | None]]:
    return [(row.act, row.sent_on) for row in firm.rows(customer_id) if row.state is State.SENT]


def test_who_pays_on_fridays_and_approves_on_thursdays_is_written_to_on_wednesday(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.refresh()
    profiles.apply(firm.bench.store, firm.bench.moment("Ann"), customer_id, {"run": "fri", "cutoff": "1"})
    firm.run()
    assert said(firm, customer_id) == []
    firm.next_days()
    assert said(firm, customer_id) == []
    firm.next_days()
    assert said(firm, customer_id) == [("first", date(2026, 3, 4))]


def test_a_call_that_somebody_noted_counts_keeps_letters_away_and_stands_in_the_books_once(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.refresh()
    firm.run(send=False)
    whom = firm.account(customer_id)
    row = whom.receivables[0]
    made = Made(on=firm.bench.today(), channel="call", what="rang Jo", rows=(row,))
    touches.note(firm.bench, whom, made, "Ann")
    again = touches.note(firm.bench, whom, Made(on=firm.bench.today(), channel="visit", what="went there"), "Ann")
    firm.run()
    assert said(firm, customer_id) == []
    for target, target_id, notes in ((Target.INVOICE, row.invoice_id, 1), (Target.CUSTOMER, customer_id, 2)):
        written = [one.text for one in firm.written(target, target_id)]
        assert len(written) == notes
        assert any(f"{made.on} call by Ann: rang Jo" in one for one in written)
    assert [one.act for one in firm.rows(customer_id, Kind.NOTICE)] == ["spoken to"]
    assert touches.take_back(firm.bench, again, "Ann")
    firm.run()
    assert any("was noted by mistake" in one.text for one in firm.written(Target.CUSTOMER, customer_id))
    assert not touches.take_back(firm.bench, again, "Ann")


def test_what_they_wrote_stands_in_the_books_as_theirs_and_who_noted_it(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.refresh()
    made = Made(on=firm.bench.today(), channel="reply", what="asks for a copy")
    touches.note(firm.bench, firm.account(customer_id), made, "Ann")
    firm.run()
    (told,) = [one.text for one in firm.written(Target.CUSTOMER, customer_id)]
    assert told.endswith(f"{made.on} reply, noted by Ann: asks for a copy")


def test_what_was_noted_by_mistake_and_is_not_in_the_books_yet_never_gets_there(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.refresh()
    made = Made(on=firm.bench.today(), channel="visit", what="went there")
    assert touches.take_back(firm.bench, touches.note(firm.bench, firm.account(customer_id), made, "Ann"), "Ann")
    firm.run()
    assert [one.text for one in firm.written(Target.CUSTOMER, customer_id) if "visit" in one.text] == []


def test_an_overdue_invoice_that_was_sent_again_from_the_platform_is_a_contact(firm: Firm) -> None:
    name, customer_id = firm.customer()
    numbers = [firm.invoice(name), firm.invoice(name, days_late=4)]
    for number in numbers:
        firm.send_from_the_books(number)
    firm.refresh()
    firm.run()
    (touch,) = firm.account(customer_id).touches
    assert (touch.channel, touch.on, touch.noted) == ("platform", firm.bench.today(), True)
    assert len(touch.invoices) == 2, "several on a day are one contact"
    assert said(firm, customer_id) == []
    firm.next_days()
    assert said(firm, customer_id) == []
    firm.next_days()
    assert said(firm, customer_id) == [("first", firm.bench.today())]


def test_who_was_reminded_and_pays_is_thanked_once(firm: Firm) -> None:
    name, customer_id = firm.customer()
    number = firm.invoice(name)
    firm.refresh()
    firm.run()
    firm.books.pay(number)
    firm.next_days()
    assert [act for act, _ in said(firm, customer_id)] == ["first"]
    firm.next_days()
    firm.next_days()
    assert [act for act, _ in said(firm, customer_id)] == ["first", "thanks"]
    assert str(firm.post.to(customer_id)[-1]["Subject"]).startswith("Thank you")
