"""Who stands in the queue of first words."""

from pathlib import Path

from sync import ramp
from tests.sync.firm import STRATEGY, a_firm


def test_whose_invoice_only_came_late_waits_for_a_first_word_like_everybody(tmp_path: Path) -> None:
    with a_firm(tmp_path, strategy=f"{STRATEGY}\n[start]\nramp = 1\n") as firm:
        (waits, _), (goes, oldest) = firm.customer(), firm.customer()
        number = firm.invoice(waits, days_late=10)
        firm.invoice(goes, days_late=20)
        firm.send_from_the_books(number)
        firm.sleep(days=7)
        firm.refresh()
        decided = ramp.every(firm.bench, firm.bench.store, firm.bench.today())
        assert [one.customer.id for one, found in decided if found.touchpoints] == [oldest]
