"""The books and the journal of an account that lives at random."""

from collections import Counter
from datetime import date
from random import Random
from typing import Final

from msgspec.structs import replace

from strategy.account import Account, Placement, Profile, Receivable, Role, Settlement, TieOut, Unapplied
from strategy.agreements import Claim, Dispute, Hold, Plan, Promise
from strategy.business_days import Calendar
from strategy.model import Currency, InvoiceId
from strategy.touches import Bounce, CameOf, Case, Failures, Skipped, Touch
from tests.strategy.builders import EUR, a_customer, a_ledger, days

FIRST: Final = date(2026, 1, 2)
HOLIDAYS: Final = frozenset(FIRST + days(n) for n in range(4, 400, 23))
CALENDAR: Final = Calendar(holidays={"DE": HOLIDAYS})
_CUSTOMER: Final = a_customer(country="DE")
_NO_ADDRESS: Final = a_customer(emails=())
PROFILES: Final = (
    Profile(legal_form="company"),
    Profile(legal_form="company", country="GB"),
    Profile(legal_form="consumer", country="GB"),
    Profile(method="direct_debit", credit_limit={EUR: 500_000}),
    Profile(legal_form="sole_trader", lists=("key",), roles=(Role(role="manager", name="M", email="m@lund.example"),)),
)


class LifeBooks:
    """What is known of one account, and what can be done to it by chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.today = FIRST
        self.count = 0
        self.invoices: dict[InvoiceId, Receivable] = {}
        self.unapplied: list[Unapplied] = []
        self.settlements: list[Settlement] = []
        self.paid = self.random.choice((0, 0, 2, 12))
        self.promises: list[Promise] = []
        self.plans: list[Plan] = []
        self.disputes: list[Dispute] = []
        self.claims: list[Claim] = []
        self.holds: list[Hold] = []
        self.wrote_on: date | None = None
        self.tie_outs: tuple[TieOut, ...] = ()
        self.touches: list[Touch] = []
        self.skipped: list[Skipped] = []
        self.came: list[CameOf] = []
        self.bounces: list[Bounce] = []
        self.done: set[tuple[str, str, Currency]] = set()
        self.failures: Counter[tuple[str, str, Currency]] = Counter()
        self.cases: tuple[Case, ...] = ()
        self.placement: Placement | None = None
        self.triggers_true: frozenset[str] = frozenset()
        self.trigger_counts: Counter[str] = Counter()
        self.customer = self.random.choices((_CUSTOMER, _NO_ADDRESS), (15, 1))[0]
        self.profile = self.random.choice(PROFILES)
        self.ledger = a_ledger(today=FIRST, pulled_on=FIRST, reconciled_on=FIRST)

    def account(self) -> Account:
        """The account on the day."""
        return Account(
            ledger=self.ledger,
            customer=self.customer,
            country="DE",
            time_zone="Europe/Berlin",
            receivables=tuple(sorted(self.still_open(), key=lambda one: (one.due_on, one.number))),
            unapplied=tuple(self.unapplied),
            settlements=tuple(self.settlements),
            paid_invoices=self.paid,
            first_invoice_on=FIRST - days(200) if self.paid else None,
            profile=self.profile,
            touches=tuple(self.touches),
            skipped=tuple(self.skipped),
            came=tuple(self.came),
            bounces=tuple(self.bounces),
            done=frozenset(self.done),
            failures={key: Failures(count=count) for key, count in self.failures.items()},
            cases=self.cases,
            promises=tuple(self.promises),
            plans=tuple(self.plans),
            disputes=tuple(self.disputes),
            claims=tuple(self.claims),
            holds=tuple(self.holds),
            placement=self.placement,
            triggers_true=self.triggers_true,
            trigger_counts=dict(self.trigger_counts),
            wrote_on=self.wrote_on,
            tie_outs=self.tie_outs,
        )

    def still_open(self) -> list[Receivable]:
        return [one for one in self.invoices.values() if one.open_minor]

    def numbered(self) -> int:
        self.count += 1
        return self.count

    def any_open(self) -> Receivable | None:
        found = self.still_open()
        return self.random.choice(found) if found else None

    def settle(self, row: Receivable, amount: int, *, by_payment: bool) -> None:
        """Part of an invoice is paid or credited."""
        field = "paid_minor" if by_payment else "credited_minor"
        left = row.open_minor - amount
        self.invoices[row.invoice_id] = replace(
            row, open_minor=left, doubtful_minor=min(left, row.doubtful_minor), **{field: getattr(row, field) + amount}
        )
        self.paid += not left
        self.settlements.append(
            Settlement(
                invoice_id=row.invoice_id,
                currency=row.currency,
                due_on=row.due_on,
                settled_on=self.today,
                amount_minor=amount,
                by_payment=by_payment,
            )
        )
