"""Accounts as deciding gets them: today, and on any day before, what is open is what the books said then."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.account import Account, UnappliedKind
from strategy.agreements import HoldKind, Plan
from strategy.model import SOMEWHERE, Currency, CustomerId, CustomerStatus, InvoiceId
from sync import cycle
from sync.pull import Options
from sync.store import agreeing, journal
from sync.store.agreeing import ClaimMade, Disputed, HoldGiven
from sync.store.journal import Moment
from tests.proving import examples
from tests.strategy.builders import TODAY
from tests.sync.firm import PLATFORMS, Firm, a_firm
from tests.sync.histories import LONG_AGO, Act, Life, acts
from tests.sync.mirrors import Mirror, a_customer, a_mirror, a_payment, an_invoice

Figures = Mapping[tuple[str, str], tuple[int, int, int]]
"""By account and currency: open, unapplied payments, remaining credits."""


@pytest.fixture(scope="module", params=PLATFORMS)
def firm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """A firm whose company has eighteen months behind it."""
    with a_firm(tmp_path_factory.mktemp("firm"), request.param, weeks=26) as opened:
        yield opened


def loaded(accounts: Iterable[Account]) -> Figures:
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for account in accounts:
        for receivable in account.receivables:
            sums[account.customer.id, receivable.currency][0] += receivable.open_minor
        for one in account.unapplied:
            place = 2 if one.kind is UnappliedKind.CREDITS else 1
            sums[account.customer.id, one.currency][place] += one.amount_minor
    return {key: (one, two, three) for key, (one, two, three) in sums.items() if one or two or three}


def truth(firm: Firm, as_of: date) -> Figures:
    """The sandbox's own figures of the day; those billed to a parent are the parent's, the merged the survivor's."""
    accounts: dict[str, str] = dict(firm.bench.store.rows("SELECT id, account_id FROM customer"))
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in firm.books.aged(as_of)["customers"]:
        for place, name in enumerate(("open", "unapplied", "remaining")):
            sums[accounts[row["id"]], row["currency"]][place] += row[name]
    return {key: (one, two, three) for key, (one, two, three) in sums.items() if one or two or three}


def test_today_every_account_is_what_the_platform_says(firm: Firm) -> None:
    today = firm.bench.today()
    assert loaded(firm.bench.accounts(today)) == truth(firm, today)


@examples(12)
@given(days=st.integers(1, 548))
def test_on_any_day_before_every_account_is_what_the_books_said_then(firm: Firm, days: int) -> None:
    as_of = firm.bench.today() - timedelta(days=days)
    assert loaded(firm.bench.accounts(as_of)) == truth(firm, as_of)


def played(firm: Firm, history: list[Act]) -> Life:
    """A customer with that history, and the mirror up to date."""
    life = Life(firm)
    for act in history:
        life.play(act)
    cycle.bring_up_to_date(firm.bench, Options())
    return life


def open_and_credit(figures: Figures, customer_id: str) -> list[tuple[int, int]]:
    """What is open, and all that is unapplied of whatever kind: one customer, one currency."""
    return [(one, two + three) for key, (one, two, three) in figures.items() if key[0] == customer_id]


def known(firm: Firm, life: Life, as_of: date) -> list[tuple[int, int]]:
    account = firm.bench.account(life.customer_id, as_of)
    return open_and_credit(loaded([account] if account else []), life.customer_id)


@examples(6)
@given(history=acts)
def test_whatever_happened_any_day_before_is_what_the_books_said_then(firm: Firm, history: list[Act]) -> None:
    life = played(firm, history)
    for days in (0, 1, 5, 10, 20, 30, 45, LONG_AGO + 1):
        as_of = firm.bench.today() - timedelta(days=days)
        assert known(firm, life, as_of) == open_and_credit(truth(firm, as_of), life.customer_id)


@examples(6)
@given(history=acts)
def test_what_moved_leads_from_what_was_owed_on_one_day_to_what_is_owed_on_another(
    firm: Firm, history: list[Act]
) -> None:
    life = played(firm, history)

    def owed(as_of: date) -> int:
        return sum(one - two for one, two in known(firm, life, as_of))

    for first, last in ((LONG_AGO, 0), (40, 20), (20, 0)):
        opens, closes = (firm.bench.today() - timedelta(days=ago) for ago in (first, last))
        period = firm.bench.period(life.customer_id, firm.bench.company().base_currency, opens, closes)
        assert period.opening_minor == owed(opens - timedelta(days=1))
        assert period.opening_minor + sum(one.amount_minor for one in period.movements) == owed(closes)


def test_who_bills_to_a_parent_is_the_parents_and_its_figure_is_the_platforms_own(firm: Firm) -> None:
    """`BalanceWithJobs` of QuickMirror; Xero has no sub-customers."""
    balances = {one.customer_id: one for one in firm.bench.connector.balances(None)}
    today = firm.bench.today()
    every = {one.customer.id: one for one in firm.bench.accounts(today)}
    parents = [one for one in every.values() if any(member.parent_id == one.customer.id for member in one.members)]
    assert bool(parents) is (firm.platform == "quickbooks")
    for parent in parents:
        assert all(member.bills_parent and member.id not in every for member in parent.members)
        alone = [one for one in every if every[one].customer.parent_id == parent.customer.id]
        ((open_minor, credit_minor),) = open_and_credit(loaded([parent]), parent.customer.id)
        others = sum(balances[CustomerId(one)].owed_minor for one in alone)
        assert open_minor - credit_minor + others == balances[parent.customer.id].with_jobs_minor


def test_currencies_of_an_account_are_never_added(tmp_path: Path) -> None:
    with a_firm(tmp_path, "xero") as exporter:
        name, customer_id = exporter.customer()
        for place, currency in enumerate(("GBP", "EUR", "USD")):
            exporter.books.add_invoice(name, 50_000 + place, currency=currency)
        cycle.bring_up_to_date(exporter.bench, Options())
        account = exporter.bench.account(customer_id, exporter.bench.today())
        assert account is not None
        assert {(one.currency, one.open_minor) for one in account.receivables} == {
            ("GBP", 50_000),
            ("EUR", 50_001),
            ("USD", 50_002),
        }


@pytest.mark.parametrize(
    ("platform_says", "paid", "chased"), [(100_000, 40_000, 60_000), (50_000, 40_000, 50_000), (60_000, 40_000, 60_000)]
)
def test_where_balance_and_payments_disagree_the_lower_one_is_chased_and_it_is_said(
    tmp_path: Path, platform_says: int, paid: int, chased: int
) -> None:
    with a_mirror(tmp_path, a_customer(), an_invoice(open_minor=platform_says), a_payment(amount=paid)) as books:
        (receivable,) = books.accounts()["lund"].receivables
        assert receivable.open_minor - receivable.doubtful_minor == chased
        said = [one.code for one in books.accounts()["lund"].issues]
        assert said == ([] if platform_says == 60_000 else ["history_incomplete"])


def test_payments_that_settle_more_than_there_was_leave_nothing_to_chase(tmp_path: Path) -> None:
    with a_mirror(tmp_path, a_customer(), an_invoice(), a_payment(amount=130_000)) as books:
        (receivable,) = books.accounts()["lund"].receivables
        assert (receivable.open_minor, receivable.doubtful_minor) == (100_000, 100_000)


def test_how_many_invoices_were_paid_on_a_day_counts_none_that_was_paid_later(tmp_path: Path) -> None:
    with a_mirror(tmp_path, a_customer(), an_invoice(open_minor=0), a_payment(amount=100_000, days_ago=5)) as books:
        assert [books.accounts(days_ago=days)["lund"].paid_invoices for days in (7, 6, 5, 4)] == [0, 0, 1, 1]


@pytest.mark.parametrize(("days_ago", "year", "quarter"), [(0, 100_000, 0), (70, 100_000, 100_000), (340, 0, 0)])
def test_what_was_invoiced_is_known_for_a_year_and_its_last_quarter(
    tmp_path: Path, days_ago: int, year: int, quarter: int
) -> None:
    """By currency; what was paid long since counts too."""
    issued = TODAY - timedelta(days=120)
    invoice = an_invoice(issued_on=issued, due_on=issued, open_minor=0)
    long_ago = an_invoice("7", issued_on=TODAY - timedelta(days=800), due_on=TODAY - timedelta(days=800), open_minor=0)
    with a_mirror(tmp_path, a_customer(), invoice, long_ago, a_payment(amount=100_000, days_ago=100)) as books:
        account = books.accounts(days_ago=days_ago)["lund"]
        assert [(one.year_minor, one.quarter_minor) for one in account.invoiced] == [(year, quarter)]
        assert account.first_invoice_on == long_ago.issued_on


def test_a_dispute_knows_what_was_invoiced(tmp_path: Path) -> None:
    with a_mirror(tmp_path, a_customer(), an_invoice()) as books:
        books.store.run(
            "INSERT INTO dispute (ledger_id, customer_id, invoice_id, amount_minor, category, reason, opened_on) "
            "VALUES (?, 'lund', '1042', 5000, 'price', '', '2026-03-01')",
            books.ledger.id,
        )
        (dispute,) = books.accounts()["lund"].disputes
        assert (dispute.currency, dispute.invoiced_minor) == ("EUR", 100_000)


def test_what_the_platform_says_today_says_nothing_of_a_day_before(tmp_path: Path) -> None:
    with a_mirror(tmp_path, a_customer(), an_invoice()) as books:
        books.store.run(
            "INSERT INTO tie_out VALUES (?, 'lund', 'EUR', 'less', 100000, 40000, '[]', '2026-03-02T08:00:00.000Z')",
            books.ledger.id,
        )
        assert [one.theirs_minor for one in books.accounts()["lund"].tie_outs] == [40_000]
        assert books.accounts(days_ago=1)["lund"].tie_outs == ()


def test_customers_that_are_each_others_parents_are_one_account_and_stop_no_other(tmp_path: Path) -> None:
    circle = [a_customer(name, parent_id=parent, bills_parent=True) for name, parent in ("ab", "bc", "ca")]
    with a_mirror(
        tmp_path, *circle, a_customer(), an_invoice(customer="b"), an_invoice("1043", customer="lund")
    ) as books:
        accounts = books.accounts()
        assert {name: len(one.receivables) for name, one in accounts.items()} == {"a": 1, "lund": 1}
        assert {one.id for one in accounts["a"].members} == {"b", "c"}


def test_a_customer_of_a_circle_is_billed_where_the_circle_is(tmp_path: Path) -> None:
    """d bills a, which is in a circle with b."""
    circle = [a_customer(name, parent_id=parent, bills_parent=True) for name, parent in ("ab", "ba", "da")]
    with a_mirror(tmp_path, *circle, an_invoice(customer="d")) as books:
        assert {name: len(one.receivables) for name, one in books.accounts().items()} == {"a": 1}


def test_a_merged_customers_invoices_are_the_survivors(tmp_path: Path) -> None:
    gone = a_customer("berg", status=CustomerStatus.MERGED, merged_into=CustomerId("lund"))
    with a_mirror(tmp_path, a_customer(), gone, an_invoice(customer="berg")) as books:
        assert {name: len(one.receivables) for name, one in books.accounts().items()} == {"lund": 1}


def test_an_invoice_without_a_due_date_is_due_by_the_customers_terms_and_it_is_said(tmp_path: Path) -> None:
    with a_mirror(tmp_path, a_customer(), an_invoice(due_on=None)) as books:
        account = books.accounts()["lund"]
        (receivable,) = account.receivables
        assert (receivable.due_on, receivable.due_assumed) == (receivable.issued_on, True)
        assert [one.code for one in account.issues] == ["no_due_date"]


def test_an_invoice_below_zero_is_credit_and_never_asked_for(tmp_path: Path) -> None:
    with a_mirror(
        tmp_path, a_customer(), an_invoice(), an_invoice("1043", total_minor=-30_000, open_minor=-30_000)
    ) as books:
        account = books.accounts()["lund"]
        assert [one.number for one in account.receivables] == ["1042"]
        assert [(one.kind, one.amount_minor) for one in account.unapplied] == [(UnappliedKind.CREDITS, 30_000)]
        assert [one.code for one in account.issues] == ["negative_balance"]


@pytest.mark.parametrize(("profile", "country", "odd"), [(None, None, ["unknown_country"]), ("GB", "GB", [])])
def test_a_country_that_is_not_known_is_told_and_only_holidays_and_hours_are_those_of_home(
    tmp_path: Path, profile: str | None, country: str | None, odd: list[str]
) -> None:
    with a_mirror(tmp_path, a_customer(country=SOMEWHERE), an_invoice()) as books:
        if profile:
            journal.set_profile(books.store, moment(books, TODAY), CustomerId("lund"), "country", profile)
        account = books.accounts()["lund"]
        assert (account.country, [one.code for one in account.issues]) == (country, odd)
        assert account.place == (country or account.ledger.company.country)


def test_what_somebody_typed_as_a_country_is_not_taken_for_nothing(tmp_path: Path) -> None:
    with a_firm(tmp_path, "xero") as firm:
        for typed, country in (("Atlantis", None), ("U.S.A.", "US"), ("", "GB")):
            name, customer_id = firm.customer()
            firm.move(customer_id, typed)
            firm.invoice(name)
            firm.refresh()
            assert firm.account(customer_id).country == country


def moment(books: Mirror, on: date) -> Moment:
    return Moment(ledger_id=books.ledger.id, at=datetime.combine(on, time(), UTC), on=on, who="Ann")


def a_plan(books: Mirror, customer: str = "lund", made_on: date = TODAY) -> None:
    plan = Plan(
        id=0,
        currency=Currency("EUR"),
        amounts=((InvoiceId("1042"), 100_000),),
        made_on=made_on,
        accepted_on=made_on,
        instalments=3,
        first_on=made_on,
    )
    agreeing.add_plan(books.store, moment(books, made_on), CustomerId(customer), plan)


def a_promise(books: Mirror, made_on: date) -> None:
    amounts = [(InvoiceId("1042"), Currency("EUR"), 100_000)]
    agreeing.add_promise(books.store, moment(books, made_on), CustomerId("lund"), made_on, amounts)


def a_dispute(books: Mirror, made_on: date) -> None:
    raised = Disputed(
        customer_id=CustomerId("lund"), invoice_id=InvoiceId("1042"), amount_minor=None, category="price", reason=""
    )
    agreeing.add_dispute(books.store, moment(books, made_on), raised)


@pytest.mark.parametrize(
    "agree",
    [lambda books, made_on: a_plan(books, made_on=made_on), a_promise, a_dispute],
    ids=["plan", "promise", "dispute"],
)
def test_what_settled_an_invoice_that_something_was_agreed_of_is_known_for_ever(
    tmp_path: Path, agree: Callable[[Mirror, date], None]
) -> None:
    """Of others a year is enough, where nothing is open of them."""
    long_ago = (a_payment(amount=100_000, days_ago=450), a_payment("p2", of="1043", amount=100_000, days_ago=450))
    paid = (an_invoice(one, open_minor=0) for one in ("1042", "1043"))
    with a_mirror(tmp_path, a_customer(), *paid, *long_ago) as books:
        assert books.accounts()["lund"].settlements == ()
        agree(books, TODAY - timedelta(days=460))
        assert [part.invoice_id for part in books.accounts()["lund"].settlements] == ["1042"]


def test_what_was_agreed_with_a_customer_who_was_merged_is_the_survivors(tmp_path: Path) -> None:
    merged = a_customer("old", status=CustomerStatus.MERGED, merged_into=CustomerId("lund"))
    with a_mirror(tmp_path, a_customer(), merged, an_invoice()) as books:
        now = moment(books, TODAY)
        old, invoice = CustomerId("old"), InvoiceId("1042")
        a_plan(books, "old")
        agreeing.add_promise(books.store, now, old, TODAY, [(invoice, Currency("EUR"), 100)])
        agreeing.add_claim(books.store, now, ClaimMade(customer_id=old, invoices=[invoice], until=TODAY))
        journal.open_case(books.store, now, old, Currency("EUR"), 1, TODAY)
        disputed = Disputed(customer_id=old, invoice_id=invoice, amount_minor=None, category="price", reason="")
        agreeing.add_dispute(books.store, now, disputed)
        legal = HoldGiven(customer_id=old, invoice_id=None, kind=HoldKind.LEGAL, reason="court", until=None)
        agreeing.add_hold(books.store, now, legal)
        (survivor,) = books.accounts().values()
        agreed = (survivor.plans, survivor.promises, survivor.claims, survivor.disputes, survivor.holds, survivor.cases)
        assert [len(each) for each in agreed] == [1] * 6
        assert len(journal.events(books.store, books.ledger.id, "lund", 99)) == 6
