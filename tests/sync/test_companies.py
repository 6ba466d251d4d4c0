"""Companies that nobody thought of: our aged report and the platform's own say the same to the cent, for every account,
currency and age, today and on a day gone by; and the tie-out finds nothing, or exactly what was hidden.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from strategy import money
from strategy.account import TieOutState
from strategy.aging import currencies_of
from strategy.model import Issue
from strategy.statement import Statement, activity, open_items
from sync import tie_out
from sync.tie_out import Difference
from tests.proving import FACTOR, counted
from tests.sync.companies import Company, Figures, a_company, control_account, ours, theirs
from tests.sync.firm import PLATFORMS
from tests.sync.inventing import Hidden

COMPANIES = 4 if FACTOR == 1 else 200

pytestmark = pytest.mark.prove


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("seed", range(5, 5 + COMPANIES))
def test_our_aging_is_the_platforms_own_to_the_cent(tmp_path: Path, platform: str, seed: int) -> None:
    with a_company(tmp_path, platform, seed) as company:
        company.live()
        assert company.bench.today() == company.inventor.today
        for day in (company.inventor.today, company.past):
            assert differences(ours(company, day), theirs(company, day)) == {}, day
        summary = company.compared()
        assert summary.apart == 0
        assert states(company) <= {"tied"}
        assert by_currency(ours(company, company.past)) == control_account(company, company.past)
        assert odd_statements(company) == []
    counted(f"invented companies that agree with {platform} to the cent")


def odd_statements(company: Company) -> list[Issue]:
    """Statements of activity that do not foot, for a period until today and one long over."""
    odd = []
    for last in (company.inventor.today, company.past):
        first = last - timedelta(days=45)
        for account in company.bench.accounts(last):
            for currency in currencies_of(account.receivables, account.unapplied):
                items = open_items(account, currency, last)
                period = company.bench.period(account.customer.id, currency, first, last)
                made = activity(items, period) if isinstance(items, Statement) else items
                odd += [made] if isinstance(made, Issue) else []
    return odd


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("seed", range(1001, 1001 + COMPANIES))
def test_what_was_hidden_is_found_at_its_account_and_to_the_cent(tmp_path: Path, platform: str, seed: int) -> None:
    with a_company(tmp_path, platform, seed) as company:
        company.live()
        hidden = hidden_in(company)
        summary = company.compared()
        found = list(tie_out.differences(company.bench.store, company.bench.ledger.id))
        account = company.account_of(company.books.customers[hidden.invoice.customer_id])
        assert [(one.customer_id, one.currency, more_than_ours(one)) for one in found] == [
            (account, hidden.invoice.currency, Decimal(hidden.more).scaleb(-2))
        ]
        assert summary.apart == 1
        assert found[0].state is (TieOutState.MORE if hidden.more > 0 else TieOutState.LESS)
        if hidden.suspect:
            assert f"invoice {hidden.suspect}" in found[0].suspects
        company.read()
        assert company.compared().apart == 0
    counted(f"differences hidden in invented companies and found, on {platform}")


def hidden_in(company: Company) -> Hidden:
    """Everything is compared, and then something happens that is not read."""
    while True:
        company.compared()
        company.road.clock.move(days=8)  # reports of contacts are read again once a week
        if hidden := company.inventor.hide():
            return hidden
        company.inventor.act(20)
        company.read()


def more_than_ours(one: Difference) -> Decimal:
    """How much more the platform says is owed."""
    assert one.theirs_minor is not None
    return money.to_decimal(one.theirs_minor - one.ours_minor, one.currency)


def differences(ours: Figures, theirs: Figures) -> dict[tuple[str, str], object]:
    """Where the two differ; by account and currency."""
    keys = sorted(ours.keys() | theirs.keys())
    return {key: (ours.get(key), theirs.get(key)) for key in keys if ours.get(key) != theirs.get(key)}


def by_currency(figures: Figures) -> Mapping[str, Decimal]:
    """What is owed in each currency; none is added to another."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for (_, currency), told in figures.items():
        sums[currency] += told.total
    return {currency: total for currency, total in sums.items() if total}


def states(company: Company) -> set[str]:
    return {state for (state,) in company.bench.store.rows("SELECT DISTINCT state FROM tie_out")}
