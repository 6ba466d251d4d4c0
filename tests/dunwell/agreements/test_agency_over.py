"""An account that its agency has no more: it hears so, and nothing of it comes alive on another account."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from dunwell.agreements import agencies
from strategy import placements
from sync import outbox as decided
from sync.store import work
from tests.dunwell.agreements.test_agencies import NORTHGATE, PLACING
from tests.sync.firm import CONFIG, a_firm


def test_what_was_paid_in_full_before_the_agency_said_yes_it_hears_and_no_other_account_is_held(tmp_path: Path) -> None:
    settings = CONFIG.replace("[ledgers.brindle]", f"{NORTHGATE}\n[ledgers.brindle]")
    with a_firm(tmp_path, strategy=PLACING, settings=settings) as firm:
        (name, child), (parent_name, parent) = firm.customer(), firm.customer()
        number = firm.invoice(name)
        firm.run()
        firm.next_days()
        (final,) = (row for row in firm.rows(child) if row.act == "final")
        decided.approve(firm.bench, firm.bench.moment("Ann"), final)
        firm.run()
        firm.next_days(7)
        (task,) = (one for one in work.tasks(firm.bench.store, firm.bench.ledger.id) if one.kind == "place")
        header = agencies.packed(firm.bench, None, (task.id,), "Ann").header
        agencies.announce(firm.bench, header, "Ann")
        firm.run()
        firm.books.pay(number)
        firm.next_days(2)
        agencies.acknowledge(firm.bench, header, 1, {"USD": Decimal(1200)}, "Ann")
        firm.next_days(2)
        heard = [one for one in firm.post.to(child) if one["To"] == "cases@northgate.example"]
        assert [one["Subject"] for one in heard][1:] == [f"{name}: a payment came to us"]
        text = heard[1].get_body(("plain",))
        assert text is not None
        said = "$1,200.00 to us directly since the case is with you. Please take that into account: nothing is left."
        assert said in " ".join(text.get_content().split())
        later = firm.bench.account(child, firm.bench.today() + timedelta(days=400))
        assert later is not None
        assert [one.amount_minor for one in later.settlements] == [120_000], "what is placed is read however old it is"

        firm.invoice(parent_name)
        firm.next_days()
        firm.bill_with_parent(child, parent)
        for _ in range(3):
            firm.next_days()
            account = firm.account(parent)
            assert {(one.number, one.customer_id) for one in account.cases} == {(1, None), (1, child)}
            assert [one.customer_id for one in account.came] == [child]
            assert placements.placed(account) == ()
