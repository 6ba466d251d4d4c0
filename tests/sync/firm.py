"""A firm at work: a company of the sandbox on a real socket, a real database, a virtual clock, and a channel that does
as it is told. Tests add customers of their own, so that they never meet each other's; unless a test wants the sandbox's
story, there are no others.
"""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from msgspec import structs

from connectors.base import Message, Receipt, Remote, Target, TokenSet, Written
from connectors.channels import mail
from dunwell.clock import VirtualClock
from dunwell.config import reading, sealing
from dunwell.sandbox.books.books import Part
from dunwell.sandbox.books.figures import remaining_of, unapplied_of
from dunwell.sandbox.books.records import Address, Invoice, Life
from dunwell.sandbox.books.records import Customer as Kept
from dunwell.sandbox.control import Control
from dunwell.sandbox.server import Sandbox
from dunwell.wiring.house import House
from strategy import shipped
from strategy.account import Account
from strategy.decision import Decision
from strategy.model import Currency, CustomerId
from strategy.plan import plan_account
from strategy.text.bundle import bundled
from strategy.text.parse import parse
from sync import cycle
from sync.bench import Bench
from sync.pull import Options
from sync.store import ledgers, outbox
from sync.store.outbox import Kind, OutboxRow, State

PLATFORMS = ("quickbooks", "xero")

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""Ten in the morning in New York, where the one company is, three in the afternoon in London, where the other is."""

CURRENCY: Mapping[str, Currency] = {"quickbooks": Currency("USD"), "xero": Currency("GBP")}

_ZONES = {"quickbooks": "America/New_York", "xero": "Europe/London"}

_NO_STORY = -100
"""Weeks after the start at which the sandbox's story ends: before it has begun."""

CONFIG = """
[firm]
name = "Berg & Partners"

[mail]
name = "Brindlewick Accounts"
from = "accounts@brindlewick.example"
host = "mail.brindlewick.example"

[ledgers.brindle]
platform = "{platform}"
strategy = "test"
client_id = "{client_id}"
client_secret = {{ file = "secret" }}
api_url = "{url}"
token_url = "{url}/{platform}/oauth2/token"
time_zone = "{zone}"
approval = "steps"
platform_reminders = "off"
platform_reminders_seen = 2026-03-01

[ledgers.brindle.people]
owner = "owner@firm.example"
"""

STRATEGY = """
strategy = "test"
inherits = "standard"
statement = ""
"""

_names = itertools.count(1)


class Killed(BaseException):
    """The process died here: nothing after this ran, not even what catches errors."""


@dataclass
class Post:
    """An email channel that keeps what it takes.

    `fails`: by customer, what is raised instead of taking their next message. `kills`: customers at whose next message,
    once it is taken, the process dies.
    """

    name: str = "email"
    taken: list[bytes] = field(default_factory=list, init=False, repr=False)  # no failing test shows them all
    fails: dict[CustomerId, Exception] = field(default_factory=dict)
    kills: set[CustomerId] = field(default_factory=set)

    def seal(self, message: Message) -> bytes:
        return mail.seal(message)

    def send(self, sealed: bytes) -> Receipt:
        customer_id = _customer_of(sealed)
        if failure := self.fails.pop(customer_id, None):
            raise failure
        self.taken.append(sealed)
        if customer_id in self.kills:
            raise Killed
        return Receipt(reference=f"taken {len(self.taken)}")

    def to(self, customer_id: CustomerId) -> list[EmailMessage]:
        """What this customer was sent, oldest first."""
        return [_read(one) for one in self.taken if _customer_of(one) == customer_id]


def _read(sealed: bytes) -> EmailMessage:
    return message_from_bytes(sealed, policy=policy.default)


def _customer_of(sealed: bytes) -> CustomerId:
    head = BytesHeaderParser().parsebytes(sealed)
    return CustomerId(str(head["X-Dunwell-Key"]).split("/")[1].rpartition("-")[0])


@dataclass
class Firm:
    """One ledger, pulled and reconciled, with everything at hand."""

    platform: str
    sandbox: Sandbox
    clock: VirtualClock
    house: House
    bench: Bench
    post: Post

    @property
    def books(self) -> Control:
        """The owner's hands in the company's books."""
        return self.sandbox.control(self.platform)

    def customer(self, *, email: str | None = "ap@customer.example") -> tuple[str, CustomerId]:
        """A customer of the test's own: its name and id."""
        name = f"Customer {next(_names)}"
        made = self.books.add_customer(name, email)
        return name, CustomerId(made["customer"])

    def invoice(self, customer: str, *, days_late: int = 3, amount: int = 120_000) -> str:
        """An invoice that was sent; its number."""
        due_on = self.bench.today() - timedelta(days=days_late)
        number = f"T-{next(_names)}"
        self.books.add_invoice(customer, amount, due_on - timedelta(days=30), due_on, number)
        return number

    def send_from_the_books(self, number: str) -> None:
        """Somebody sends an invoice from the platform, for the first time or again."""
        dialect = self.sandbox.dialects[self.platform]
        with dialect.ledger.turn() as now:
            dialect.ledger.books.change(now, self.invoice_of(number), sent_at=now)

    def merge(self, loser: CustomerId, winner: CustomerId) -> None:
        """Somebody makes one customer of two in the books."""
        books = self.sandbox.dialects[self.platform].ledger
        with books.turn() as now:
            books.books.merge(now, self._kept(loser), self._kept(winner))

    def give(self, number: str, customer_id: CustomerId) -> None:
        """Somebody puts another customer on an invoice."""
        books = self.sandbox.dialects[self.platform].ledger
        with books.turn() as now:
            books.books.change(now, self.invoice_of(number), customer_id=self._kept(customer_id).id)

    def apply_credit(self, number: str, *, days_ago: int = 0) -> None:
        """The bookkeeper uses what is left of the customer's first credit for an invoice, as of so many days ago."""
        ledger, invoice = self.sandbox.dialects[self.platform].ledger, self.invoice_of(number)
        with ledger.turn() as now:
            given = (one for one in ledger.books.credits.values() if one.customer_id == invoice.customer_id)
            credit = next(one for one in given if remaining_of(ledger.books, one))
            on = self.bench.today() - timedelta(days=days_ago)
            ledger.books.apply_credit(now, credit, [Part(invoice.id)], on)

    def apply_money(self, number: str) -> None:
        """The bookkeeper uses what is left of the customer's first payment on account for an invoice."""
        ledger, invoice = self.sandbox.dialects[self.platform].ledger, self.invoice_of(number)
        with ledger.turn() as now:
            paid = (one for one in ledger.books.payments.values() if one.customer_id == invoice.customer_id)
            money = next(one for one in paid if unapplied_of(ledger.books, one))
            ledger.books.apply_payment(now, money, [Part(invoice.id)], self.bench.today())

    def invoice_of(self, number: str) -> Invoice:
        """The invoice in the books."""
        invoices = self.sandbox.dialects[self.platform].ledger.books.invoices
        return next(one for one in invoices.values() if one.number == number)

    def bill_with_parent(self, customer_id: CustomerId, parent_id: CustomerId | None) -> None:
        """Somebody has a customer's invoices paid by another one (QuickBooks), or by itself again."""
        books, customer = self.sandbox.dialects[self.platform].ledger, self._kept(customer_id)
        with books.turn() as now:
            if parent_id is not None:
                books.books.adopt(now, customer, self._kept(parent_id))
            books.books.change(now, customer, bills_parent=parent_id is not None)

    def move(self, customer_id: CustomerId, country: str) -> None:
        """A customer goes to where the books have this for a country."""
        books = self.sandbox.dialects[self.platform].ledger
        with books.turn() as now:
            address = Address(street="High Street 1", city="Leeds", country=country)
            books.books.change(now, self._kept(customer_id), address=address)

    def archive(self, customer_id: CustomerId) -> None:
        """Somebody says that nothing more is done with a customer."""
        self._live(customer_id, Life.ARCHIVED)

    def make_active(self, customer_id: CustomerId) -> None:
        """Somebody takes that back."""
        self._live(customer_id, Life.ACTIVE)

    def _live(self, customer_id: CustomerId, life: Life) -> None:
        books = self.sandbox.dialects[self.platform].ledger
        with books.turn() as now:
            books.books.change(now, self._kept(customer_id), life=life)

    def _kept(self, customer_id: CustomerId) -> Kept:
        found = self.sandbox.dialects[self.platform].find("customer", customer_id)
        assert isinstance(found, Kept)
        return found

    def fault(self, kind: str, **conditions: object) -> None:
        """Something goes wrong with the next call that fits."""
        self.sandbox.faults.add(kind, platform=self.platform, **conditions)

    def refresh(self) -> None:
        """Read the books, and somebody says they are matched."""
        cycle.bring_up_to_date(self.bench, Options())
        today = self.bench.today()
        ledgers.set_reconciled(self.bench.store, self.bench.ledger.id, today, "Ann", today)

    def run(self, *, send: bool = True) -> cycle.Ran:
        return cycle.run(self.bench, send=send)

    def sleep(self, days: float = 0, hours: float = 0) -> None:
        self.clock.sleep(timedelta(days=days, hours=hours).total_seconds())

    def next_days(self, days: int = 1) -> None:
        """So many days pass; then the books are read, and a run is made."""
        self.sleep(days=days)
        self.refresh()
        self.run()

    def account(self, customer_id: CustomerId, days_ago: int = 0) -> Account:
        """The account as it is, or was known so many days ago."""
        found = self.bench.account(customer_id, self.bench.today() - timedelta(days=days_ago))
        assert found is not None
        return found

    def decision(self, customer_id: CustomerId) -> Decision:
        """What is decided of the account today."""
        today, strategy = self.bench.today(), self.bench.settings.strategy
        return plan_account(self.account(customer_id), strategy, self.bench.calendar(today), today)

    def rows(self, customer_id: CustomerId, kind: Kind = Kind.MESSAGE) -> list[OutboxRow]:
        """The customer's rows of a kind, oldest first."""
        every = outbox.everything(self.bench.store, self.bench.ledger.id)
        return [row for row in reversed(every) if row.customer_id == customer_id and row.kind is kind]

    def states(self, customer_id: CustomerId) -> list[State]:
        return [row.state for row in self.rows(customer_id)]

    def written(self, target: Target, target_id: str) -> list[Written]:
        """What the books hold of ours on a record."""
        on_record = self.bench.connector.written(target, target_id)
        return [one for one in on_record if one.text.startswith(("Dunwell ", "Statement "))]

    @contextmanager
    def again(self) -> Iterator["Firm"]:
        """The same firm after its process died: everything opened anew from the same files."""
        house = House(self.house.config)
        house.clock = self.clock
        try:
            yield replace(self, house=house, bench=at_work(house, self.post))
        finally:
            house.close()


def with_strategy(bench: Bench, text: str) -> Bench:
    """The same ledger by another strategy from now on."""
    parsed = parse(text, "test.toml", shipped.find)
    assert parsed.strategy is not None, parsed.shown()
    settings = structs.replace(bench.settings, strategy=parsed.strategy, strategy_text=bundled(parsed.sources))
    return replace(bench, settings=settings)


def at_work(house: House, post: Post) -> Bench:
    """The ledger's bench, with the test's channel instead of the configured one."""
    return replace(house.bench("brindle"), channels={"email": post})


def a_ladder(steps: str, *, more: str = "") -> str:
    """The text of a strategy with these steps for everyone. `more` comes before them: keys first, then tables."""
    return f"""{STRATEGY}{more}
[schedule.ladder]
{steps}

[[segment]]
name = "everyone"
schedule = "ladder"
"""


@contextmanager
def a_firm(
    folder: Path,
    platform: str = "quickbooks",
    *,
    settings: str = CONFIG,
    strategy: str = STRATEGY,
    weeks: int = _NO_STORY,
    seed: int = 1,
) -> Iterator[Firm]:
    """A firm in a folder of its own, its ledger connected, pulled and reconciled.

    `weeks`: how long the sandbox's story goes on; by default there is none, and every customer is the test's own.
    """
    clock = VirtualClock(folder / "clock", MONDAY)
    with Sandbox(clock, seed=seed, weeks=weeks, platforms=[platform]) as sandbox:
        sandbox.limits(False)
        _settle_in(folder, _filled(settings, platform, sandbox), strategy)
        house = House(reading.read(folder / "config.toml"))
        house.clock = clock
        _connect(house, sandbox, platform)
        post = Post()
        firm = Firm(platform, sandbox, clock, house, at_work(house, post), post)
        try:
            firm.refresh()
            yield firm
        finally:
            house.close()
    clock.close()


def _filled(settings: str, platform: str, sandbox: Sandbox) -> str:
    app = sandbox.about()[platform]["apps"][0]
    return settings.format(url=sandbox.url, platform=platform, client_id=app.client_id, zone=_ZONES[platform])


def _settle_in(folder: Path, settings: str, strategy: str) -> None:
    (folder / "config.toml").write_text(settings)
    (folder / "secret").write_text("sandbox-only")
    sealing.make_key(folder / "key")
    (folder / "strategies").mkdir()
    (folder / "strategies" / "test.toml").write_text(strategy)


def _connect(house: House, sandbox: Sandbox, platform: str) -> None:
    given: dict[str, Any] = sandbox.control(platform).tokens(" ".join(house.app("brindle").scopes))
    tokens = TokenSet(
        access_token=given["access_token"],
        refresh_token=given["refresh_token"],
        expires_at=house.clock.now() + timedelta(seconds=given["expires_in"]),
    )
    company_id = sandbox.dialects[platform].company_id()
    house.bind("brindle", Remote(id=company_id, name="Brindlewick"), tokens)
