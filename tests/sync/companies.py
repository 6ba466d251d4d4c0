"""An invented company on a real socket, its mirror, and what the platform's own aged report says of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, cast

import httpx

from connectors import limits
from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.figures import unapplied_of
from dunwell.sandbox.books.records import Customer, Standing, Surplus
from dunwell.sandbox.dice import Dice
from dunwell.sandbox.quickbooks.reading import aged_detail
from dunwell.sandbox.server import Sandbox
from strategy import aging
from strategy.model import Platform
from sync import tie_out
from sync.bench import Bench
from sync.pull import Options, pull
from sync.settings import LedgerSettings, Letters, Sender
from sync.store import ledgers
from tests.connectors.roads import LONG, MONDAY, Clock, Counted, Road, Tokens, access
from tests.strategy.builders import a_strategy
from tests.sync import inventing
from tests.sync.pulls import a_store

CUSTOMERS = 14
ACTS = 110

BUCKETS = 5
"""Not due, 1-30, 31-60, 61-90, over 90."""


@dataclass
class Told:
    """One account in one currency: what is open by age, and what stands against it. `net`: by age, all together."""

    buckets: list[Decimal]
    payments: Decimal = Decimal(0)
    credits: Decimal = Decimal(0)
    deposits: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return sum(self.buckets, Decimal(0)) - self.payments - self.credits - self.deposits


def nothing() -> Told:
    return Told([Decimal(0)] * BUCKETS)


Figures = Mapping[tuple[str, str], Told]
"""By account and currency, without what is nothing at all."""


@dataclass
class Company:
    """A ledger, its mirror, and the other end of the road."""

    platform: str
    road: Road
    bench: Bench
    inventor: inventing.Inventor
    past: date

    @property
    def books(self) -> Books:
        return self.road.sandbox.dialects[self.platform].ledger.books

    def live(self) -> None:
        """Something happens, and is read; then more, and what changed is read."""
        self.inventor.settle(CUSTOMERS)
        for acts in (ACTS * 2 // 3, ACTS // 3):
            self.inventor.act(acts)
            self.road.clock.move(minutes=20)
            self.read()

    def read(self) -> None:
        pull(self.bench.store, self.bench.ledger, self.road.connector, self.road.clock, options=Options())

    def compared(self) -> tie_out.Summary:
        return tie_out.tie_out(self.bench.store, self.bench.ledger, self.road.connector, self.bench.moment())

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Ask the platform, as anybody may."""
        headers = {"Authorization": f"Bearer {self.road.tokens.token}", "Accept": "application/json"}
        if self.platform == "xero":
            headers["xero-tenant-id"] = self.road.sandbox.dialects["xero"].company_id()
        answer = self.road.http.get(self.road.sandbox.url + path, params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return cast("dict[str, Any]", answer.json(parse_float=Decimal))

    def account_of(self, customer: Customer) -> str:
        """Who is billed for a customer, by the books alone."""
        if customer.merged_into is not None:
            return self.account_of(self.books.customers[customer.merged_into])
        if customer.parent_id is not None and customer.bills_parent:
            return self.account_of(self.books.customers[customer.parent_id])
        return self.road.sandbox.dialects[self.platform].id_of(customer)


@contextmanager
def a_company(folder: Path, platform: str, seed: int) -> Iterator[Company]:
    """The company of a seed; nothing has happened in it yet."""
    dice = Dice("tie", platform, seed)
    plot, clock = inventing.plot(platform, seed), Clock(MONDAY + timedelta(hours=dice.number(0, 23)))
    with (
        Sandbox(clock, seed=seed, weeks=-100, platforms={platform: plot}) as sandbox,
        httpx.Client(timeout=LONG) as http,
        a_store(folder) as store,
    ):
        sandbox.limits(False)
        control = sandbox.control(platform)
        for switch in ("aging_from_invoice_date", "base_balances", "report_local_column"):
            if switch in sandbox.dialects[platform].ledger.switches:
                control.switch(switch, dice.chance(50))
        budget = Counted(limits.QUICKBOOKS if platform == "quickbooks" else limits.XERO, clock)
        tokens = Tokens(access(control), partial(access, control))
        road = Road(platform, sandbox, control, clock, tokens, budget, http, 250)
        settings = LedgerSettings(
            name="harbour",
            platform=Platform(platform),
            strategy=a_strategy(),
            strategy_text="",
            letters=cast("Letters", None),
            sender=Sender(name="", address=""),
            time_zone=plot.company.zone if platform == "quickbooks" else None,
        )
        ledger = ledgers.known(store, "harbour", Platform(platform))
        bench = Bench(store, ledger, settings, lambda: road.connector, {}, clock)
        inventor = inventing.Inventor(sandbox.dialects[platform].ledger, seed)
        past = date.fromordinal(inventor.today.toordinal() - dice.number(1, 200))
        yield Company(platform, road, bench, inventor, past)


def ours(company: Company, day: date) -> Figures:
    """What `dunwell aging --json` says."""
    plain = cast("dict[str, Any]", aging.report_as_plain(company.bench.aging(day), "harbour"))
    told: dict[tuple[str, str], Told] = {}
    for row in plain["customers"]:
        for one in row["currencies"]:
            credit = {name: Decimal(amount) for name, amount in one["unapplied"].items()}
            told[row["id"], one["currency"]] = Told([Decimal(each["amount"]) for each in one["buckets"]], **credit)
    return told


@dataclass
class Entry:
    """A line of the platform's report. `aged_from` is the day from which its age counts."""

    account: str
    currency: str
    kind: str
    dated: date
    aged_from: date
    open: Decimal


def theirs(company: Company, day: date) -> Figures:
    """What the platform's own report of a day says, account by account.

    The report of today is asked for as of a day so far ahead that everything is in it: the platforms' balances, and so
    our open amounts of today, already count money and credit that is dated after today. An invoice dated after today
    is not owed yet; of those their report is relieved.
    """
    today = company.inventor.today
    until = date.fromordinal(today.toordinal() + 400) if day == today else day
    told: dict[tuple[str, str], Told] = defaultdict(nothing)
    for entry in _READ[company.platform](company, until):
        amounts = told[entry.account, entry.currency]
        if entry.kind != "invoice":
            setattr(amounts, entry.kind, getattr(amounts, entry.kind) - entry.open)
        elif entry.dated <= day:
            amounts.buckets[bucket((day - entry.aged_from).days)] += entry.open
    return {key: one for key, one in told.items() if any(one.buckets) or one.payments or one.credits or one.deposits}


def bucket(days: int) -> int:
    return next((place for place, last in enumerate((0, 30, 60, 90)) if days <= last), BUCKETS - 1)


_REALM_REPORT = "/v3/company/{}/reports/AgedReceivableDetail"
_KINDS = {"Invoice": "invoice", "Payment": "payments", "Credit Memo": "credits"}


def _quickbooks(company: Company, until: date) -> Iterator[Entry]:
    """AgedReceivableDetail: a line for each document, in its own currency."""
    realm = company.road.sandbox.dialects["quickbooks"].company_id()
    said = company.get(_REALM_REPORT.format(realm), report_date=until.isoformat())
    columns = [column["ColType"] for column in said["Columns"]["Column"]]
    open_in = "foreign_open_bal" if "foreign_open_bal" in columns else "subt_open_bal"
    for section in said["Rows"]["Row"]:
        for row in section["Rows"]["Row"]:
            cells = dict(zip(columns, row["ColData"], strict=True))
            customer = company.books.customers[int(cells["cust_name"]["id"])]
            entry = Entry(
                account=company.account_of(customer),
                currency=cells["currency"]["value"] if "currency" in cells else company.books.company.currency,
                kind=_KINDS[cells["txn_type"]["value"]],
                dated=date.fromisoformat(cells["tx_date"]["value"]),
                aged_from=_aged_from(company, cells),
                open=Decimal(cells[open_in]["value"]),
            )
            _in_its_section(company, section["Header"]["ColData"][0]["value"], entry, cells, until)
            yield entry


def _aged_from(company: Company, cells: Mapping[str, Mapping[str, str]]) -> date:
    """Where an invoice has no due date, QuickBooks ages it from its own date, and we from its terms."""
    dated, due = (
        date.fromisoformat(one) if (one := cells[name]["value"]) else None for name in ("tx_date", "due_date")
    )
    assert dated is not None
    if company.road.sandbox.dialects["quickbooks"].ledger.switches["aging_from_invoice_date"]:
        return dated
    if due is not None or cells["txn_type"]["value"] != "Invoice":
        return due or dated
    invoice = company.books.invoices[int(cells["txn_type"]["id"])]
    days = company.books.customers[invoice.customer_id].term_days if invoice.term_days is None else invoice.term_days
    return date.fromordinal(dated.toordinal() + (days or 0))


def _in_its_section(
    company: Company, title: str, entry: Entry, cells: Mapping[str, Mapping[str, str]], until: date
) -> None:
    """The report's own section is that of the age, but for invoices without a due date."""
    if cells["due_date"]["value"] or entry.kind != "invoice":
        assert aged_detail.SECTIONS[bucket((until - entry.aged_from).days)] == title


def _xero(company: Company, until: date) -> Iterator[Entry]:
    """AgedReceivablesByContact of every contact; what it leaves out, prepayments, out of the books."""
    for customer in company.books.customers.values():
        contact_id = company.road.sandbox.dialects["xero"].id_of(customer)
        path = "/api.xro/2.0/Reports/AgedReceivablesByContact"
        (said,) = company.get(path, contactId=contact_id, date=until.isoformat())["Reports"]
        header = next(row for row in said["Rows"] if row["RowType"] == "Header")
        names = [cell["Value"] for cell in header["Cells"]]
        for section in said["Rows"]:
            for row in section.get("Rows", ()):
                if row["RowType"] == "Row":
                    cells = dict(zip(names, (cell["Value"] for cell in row["Cells"]), strict=True))
                    yield _xero_entry(company, customer, section["Title"], cells)
    for payment in company.books.payments.values():
        left = unapplied_of(company.books, payment, until)
        if payment.surplus is Surplus.PREPAYMENT and left:
            account = company.account_of(company.books.customers[payment.customer_id])
            open_ = -Decimal(left).scaleb(-2)
            yield Entry(account, payment.currency, "deposits", payment.paid_on, payment.paid_on, open_)


def _xero_entry(company: Company, customer: Customer, title: str, cells: Mapping[str, str]) -> Entry:
    dated, due = (date.fromisoformat(cells[name][:10]) for name in ("Date", "Due Date"))
    left = Decimal(cells["Due"])
    credit = "payments" if cells["Number"] == "Overpayment" else "credits"
    return Entry(
        account=company.account_of(customer),
        currency=title or company.books.company.currency,
        kind="invoice" if left > 0 else credit,
        dated=dated,
        aged_from=due,
        open=left,
    )


_READ = {"quickbooks": _quickbooks, "xero": _xero}


def control_account(company: Company, day: date) -> dict[str, Decimal]:
    """The balance of accounts receivable by currency: everything that was posted to it by the end of a day."""
    posted: dict[str, int] = defaultdict(int)
    books = company.books
    for invoice in books.invoices.values():
        if invoice.standing is Standing.ISSUED and invoice.issued_on <= day:
            posted[invoice.currency] += invoice.total - invoice.deposit
    for credit in books.credits.values():
        if credit.standing is Standing.ISSUED and credit.issued_on <= day:
            posted[credit.currency] -= credit.total
    for payment in books.payments.values():
        if payment.standing is Standing.ISSUED and payment.paid_on <= day:
            posted[payment.currency] -= payment.total
    for refund in books.refunds.values():
        if refund.standing is Standing.ISSUED and refund.paid_on <= day:
            posted[books.source(refund).currency] += refund.amount
    return {currency: Decimal(minor).scaleb(-2) for currency, minor in posted.items() if minor}
