"""What people agreed and noted is told to the books, and corrected where they heard it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

import pytest
from msgspec import structs

from connectors.base import Target
from dunwell.agreements import disputes, plans, touches
from dunwell.agreements.disputes import Category, Objection
from dunwell.agreements.touches import Made
from strategy.model import CustomerId, InvoiceId
from sync.bench import Bench
from sync.store.outbox import Kind
from sync.writeback import posting
from tests.sync.firm import Firm, Killed
from tests.sync.writeback.writing import WRITES, lead_id, sent, told


def agreeing(firm: Firm, *, agreed_notes: bool) -> Bench:
    """The same firm, whose ledger does or does not opt in."""
    settings = firm.bench.settings
    write_back = structs.replace(settings.write_back, agreed_notes=agreed_notes)
    return replace(firm.bench, settings=structs.replace(settings, write_back=write_back))


def test_what_was_agreed_is_told_to_the_books_where_the_ledger_opts_in(firm: Firm) -> None:
    number, customer_id = sent(firm)
    lead = lead_id(firm, customer_id)
    before = [
        len(firm.written(target, one)) for target, one in ((Target.INVOICE, lead), (Target.CUSTOMER, customer_id))
    ]
    for agreed_notes in (False, True):
        bench = agreeing(firm, agreed_notes=agreed_notes)
        account = bench.account(customer_id, bench.today())
        assert account is not None
        (row,) = [one for one in account.receivables if one.invoice_id == lead]
        disputes.dispute(bench, account, row, Objection(category=Category.PRICE, amount=Decimal(10)), "Ann")
    posting.post_all(firm.bench)
    posting.post_all(firm.bench)
    for target, one, count in ((Target.INVOICE, lead, before[0]), (Target.CUSTOMER, customer_id, before[1])):
        texts = [each.text for each in firm.written(target, one)]
        assert len(texts) == count + 1
        assert any(f"dispute 2: 10.00 {row.currency} of {number}, price (told to Ann)." in text for text in texts)


def test_a_plan_that_is_accepted_or_ended_is_told_like_one_that_is_made(firm: Firm) -> None:
    _, customer_id = sent(firm)
    bench = agreeing(firm, agreed_notes=True)
    account = bench.account(customer_id, bench.today())
    assert account is not None
    offer = plans.Offer(instalments=2, first_on=bench.today(), proposed=True)
    number, _ = plans.agree(bench, account, offer, "Ann")
    assert plans.accept(bench, number, "Ben")
    assert plans.end(bench, number, "Cleo")
    assert not plans.end(bench, number, "Cleo")
    posting.post_all(firm.bench)
    told = " ".join(one.text for one in firm.written(Target.CUSTOMER, customer_id))
    assert f"payment plan {number} proposed: " in told
    assert f"payment plan {number} accepted (told to Ben)." in told
    assert f"payment plan {number} ended (told to Cleo)." in told


class Mishap(NamedTuple):
    """What goes wrong as the books are told, and how often they are told in the end, on the invoice and the customer.

    `spared`: so many notes before it. `settled`: what became of it is known before the contact is taken back.
    """

    fault: str
    heard: tuple[int, int]
    spared: int = 0
    settled: bool = False


MISHAPS: Mapping[str, Mishap | None] = {
    "nothing": None,
    "the second has to wait": Mishap("day_limit", (1, 0), spared=1),
    "the answer is lost": Mishap("drop_after", (1, 1)),
    "the call is lost": Mishap("drop_before", (0, 1)),
    "the call is lost and made again": Mishap("drop_before", (1, 1), settled=True),
}


@pytest.mark.parametrize("mishap", MISHAPS.values(), ids=MISHAPS)
def test_what_the_books_heard_of_a_contact_is_corrected_where_they_heard_it(firm: Firm, mishap: Mishap | None) -> None:
    invoice_id, customer_id, number = contact(firm)
    if mishap is not None:
        calls = WRITES[firm.platform][Kind.NOTE]
        firm.fault(mishap.fault, skip=mishap.spared, **calls)
    firm.run()
    if mishap is not None and mishap.settled:
        firm.run()
    assert touches.take_back(firm.bench, number, "Ann")
    firm.sleep(days=1 if mishap is not None and mishap.spared else 0)
    firm.run()
    records = ((Target.INVOICE, invoice_id), (Target.CUSTOMER, customer_id))
    written = ["\n".join(one.text for one in firm.written(*record)) for record in records]
    assert tuple(told.count("rang Jo") for told in written) == (mishap.heard if mishap else (1, 1))
    assert [told.count("was noted by mistake") for told in written] == [told.count("rang Jo") for told in written]


def test_what_died_on_its_way_to_the_books_is_corrected_where_it_arrived(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice_id, _, number = contact(firm)
    connector = firm.bench.connector
    write = connector.write

    def killed(*args: object) -> None:
        write(*args)  # type: ignore[arg-type]
        raise Killed

    monkeypatch.setattr(connector, "write", killed)
    with pytest.raises(Killed):
        firm.run()
    monkeypatch.undo()
    assert touches.take_back(firm.bench, number, "Ann")
    firm.run()
    assert sum("was noted by mistake" in one.text for one in firm.written(Target.INVOICE, invoice_id)) == 1


def test_who_was_merged_since_has_the_contact_corrected_where_it_stands(firm: Firm) -> None:
    invoice_id, customer_id, number = contact(firm)
    firm.run()
    firm.merge(customer_id, firm.customer()[1])
    firm.refresh()
    assert touches.take_back(firm.bench, number, "Ann")
    corrections = [row.key.split("/")[1] for row in told(firm, customer_id) if "noted by mistake" in row.decided]
    assert corrections == [f"invoice-{invoice_id}", f"customer-{customer_id}"]


def contact(firm: Firm) -> tuple[InvoiceId, CustomerId, int]:
    """Somebody rang a customer because of an invoice: both, and the contact's number."""
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.refresh()
    account = firm.bench.account(customer_id, firm.bench.today())
    assert account is not None
    made = Made(on=firm.bench.today(), channel="call", what="rang Jo", rows=account.receivables)
    return account.receivables[0].invoice_id, customer_id, touches.note(firm.bench, account, made, "Ann")
