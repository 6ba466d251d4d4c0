"""Companies that nobody thought of: small books made from a seed, on either platform, with everything that happens to
receivables in them. All of it is the sandbox's own; nothing in here knows how Dunwell reads it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from dunwell.sandbox.books.books import Part
from dunwell.sandbox.books.figures import open_of, remaining_of, unapplied_of
from dunwell.sandbox.books.records import Credit, Customer, End, Invoice, Life, Line, Payment, Standing, Surplus
from dunwell.sandbox.dialect import Ledger
from dunwell.sandbox.dice import Dice
from dunwell.sandbox.story.company import QUICKBOOKS, XERO, Plot

T = TypeVar("T")
D = TypeVar("D", Invoice, Payment, Credit)

_HOMES = {
    "quickbooks": {"USD": "America/New_York", "GBP": "Europe/London", "AUD": "Australia/Sydney", "JPY": "Asia/Tokyo"},
    "xero": {"GBP": "Europe/London", "NZD": "Pacific/Auckland", "USD": "America/New_York", "AUD": "Australia/Sydney"},
}
"""By platform: the companies' own currencies, and where they are."""

_ABROAD = ("CAD", "EUR", "GBP", "JPY", "KWD", "USD")
_WHOLE = frozenset({"JPY"})
"""Currencies without a minor unit."""

_DEEPEST = 4
"""Levels of sub-customers below a customer."""

_TERMS = {"quickbooks": (None, 0, 10, 15, 30, 60), "xero": (None, 0, 7, 14, 30, 60)}
_XERO_TERMS = ("DAYSAFTERBILLDATE", "DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH")

_BACK, _AHEAD = 240, 20
"""How many days back and ahead documents are dated."""


def plot(platform: str, seed: int) -> Plot:
    """A company of its own: currencies, place, preferences."""
    dice, story = Dice("company", platform, seed), {"quickbooks": QUICKBOOKS, "xero": XERO}[platform]
    home = dice.pick(sorted(_HOMES[platform]))
    others = [each for each in dice.shuffled(_ABROAD) if each != home][: dice.number(1, 3)]
    several = platform == "xero" or dice.chance(70)
    company = msgspec.structs.replace(
        story.company, currency=home, zone=_HOMES[platform][home], several_currencies=several
    )
    return msgspec.structs.replace(story, company=company, currencies=(home, *(others if several else ())))


class Hidden(msgspec.Struct):
    """What changed that nobody was told, about an invoice: so much more is owed now. `suspect`: the invoice's number,
    where exactly what was open of it is the difference.
    """

    invoice: Invoice
    more: int
    suspect: str | None


class Inventor:
    """Lets things happen in the books of a ledger, by its dice; an act that nothing is there for does nothing."""

    def __init__(self, ledger: Ledger, seed: int) -> None:
        self._ledger, self._books = ledger, ledger.books
        self._on_quickbooks = not ledger.plot.drafts
        self._dice = Dice("life", ledger.plot.company.key, seed)
        self._now = ledger.clock.now()

    @property
    def today(self) -> date:
        return self._now.astimezone(ZoneInfo(self._books.company.zone)).date()

    def settle(self, customers: int) -> None:
        """The first customers."""
        for number in range(customers):
            self._do(partial(self._add_customer, number))

    def act(self, times: int) -> None:
        """So many things happen."""
        for _ in range(times):
            self._do(self._dice.pick(self._acts()))

    def _do(self, act: Callable[[], object]) -> None:
        with self._ledger.turn() as now:
            self._now = now
            act()

    def hide(self) -> Hidden | None:
        """One thing more happens, about something that is open; None where nothing is."""
        hidden: list[Hidden] = []
        self._do(lambda: hidden.extend(self._hidden()))
        return hidden[0] if hidden else None

    def _hidden(self) -> Iterator[Hidden]:
        untouched = [each for each in self._open() if not self._books.settling(each) and not each.deposit]
        if (invoice := self._chosen([each for each in untouched if each.issued_on <= self.today])) is None:
            return
        left, number = open_of(self._books, invoice), invoice.number
        facts = {"customer_id": invoice.customer_id, "currency": invoice.currency}
        match self._dice.pick(("voided", "paid", "paid in part", "another")):
            case "voided":
                self._books.end(self._now, invoice, Standing.VOIDED)
                yield Hidden(invoice, -left, number)
            case "paid":
                self._books.add_payment(self._now, [Part(invoice.id)], **facts, paid_on=self.today, total=left)
                yield Hidden(invoice, -left, number)
            case "paid in part":
                part = self._part(invoice.currency, left)
                self._books.add_payment(self._now, [Part(invoice.id)], **facts, paid_on=self.today, total=part)
                yield Hidden(invoice, -part, None)
            case "another":
                amount = self._amount(invoice.currency)
                lines = (Line(description="Labour", amount=amount),)
                dates = {"issued_on": self.today, "due_on": self.today}
                self._books.add_invoice(self._now, **facts, **dates, number="new", lines=lines)
                yield Hidden(invoice, amount, None)

    def _acts(self) -> Sequence[Callable[[], object]]:
        both = [
            *[self._invoice] * 14,
            *[self._pay] * 9,
            self._pay_on_account,
            self._pay_on_account,
            *[self._credit] * 4,
            self._use_credit,
            self._use_credit,
            self._use_money,
            self._use_money,
            self._release,
            self._void,
            self._delete_invoice,
            self._delete_payment,
            self._end_credit,
            self._archive,
            self._merge,
        ]
        return [*both, self._move, self._move] if self._on_quickbooks else [*both, self._refund, self._refund]

    def _add_customer(self, number: int) -> None:
        dice, platform = self._dice, self._books.company.key
        parents = [each for each in self._alive() if self._depth(each) < _DEEPEST] if self._on_quickbooks else []
        parent = dice.pick(parents) if parents and dice.chance(55) else None
        currencies = self._ledger.plot.currencies
        fields = {} if self._on_quickbooks else {"TermType": dice.pick(_XERO_TERMS)}
        self._books.add_customer(
            self._now,
            name=f"Customer {number}",
            currency=currencies[0] if dice.chance(60) else dice.pick(currencies),
            term_days=dice.pick(_TERMS[platform]),
            parent_id=parent.id if parent else None,
            bills_parent=parent is not None and dice.chance(65),
            fields=fields,
        )

    def _depth(self, customer: Customer) -> int:
        return 0 if customer.parent_id is None else 1 + self._depth(self._books.customers[customer.parent_id])

    def _invoice(self) -> None:
        dice, buyer = self._dice, self._somebody()
        issued_on = self._day()
        own_terms = buyer.term_days if dice.chance(70) else dice.pick(_TERMS[self._books.company.key])
        without = self._on_quickbooks and dice.chance(12)
        due_on = None if without else issued_on + timedelta(days=dice.pick((own_terms or 0, dice.number(-3, 90))))
        currency = self._currency(buyer)
        amount = self._amount(currency)
        self._books.add_invoice(
            self._now,
            customer_id=buyer.id,
            currency=currency,
            number=None if dice.chance(4) else self._books.free_number(),
            issued_on=issued_on,
            due_on=due_on,
            term_days=own_terms,
            lines=(Line(description="Labour", amount=amount),),
            deposit=self._part(currency, amount) if self._ledger.plot.deposits and dice.chance(8) else 0,
            standing=Standing.DRAFT if self._ledger.plot.drafts and dice.chance(6) else Standing.ISSUED,
        )

    def _pay(self) -> None:
        dice = self._dice
        first = self._chosen(self._open())
        if first is None:
            return
        payer, same = self._payer(first), [first]
        others = [each for each in self._open() if each.currency == first.currency and self._payer(each) is payer]
        same += [each for each in others if each is not first][: dice.number(0, 2)]
        parts = [Part(each.id, self._part_of(each)) for each in same]
        extra = self._amount(first.currency) if dice.chance(20) else 0
        self._receive(payer, first.currency, parts, extra)

    def _part_of(self, invoice: Invoice) -> int:
        left = open_of(self._books, invoice)
        return self._part(invoice.currency, left) if self._dice.chance(40) else left

    def _pay_on_account(self) -> None:
        payer = self._somebody()
        currency = self._currency(payer)
        self._receive(payer, currency, [], self._amount(currency))

    def _receive(self, payer: Customer, currency: str, parts: Sequence[Part], extra: int) -> None:
        total = sum(part.amount or 0 for part in parts) + extra
        if total:
            self._books.add_payment(
                self._now,
                parts,
                customer_id=payer.id,
                currency=currency,
                paid_on=self._day(),
                total=total,
                surplus=self._dice.pick((Surplus.OVERPAYMENT, Surplus.PREPAYMENT))
                if not parts
                else Surplus.OVERPAYMENT,
            )

    def _payer(self, invoice: Invoice) -> Customer:
        """Whose money it is: in QuickBooks a parent may pay for its sub-customers."""
        buyer = self._books.customers[invoice.customer_id]
        parent = None if buyer.parent_id is None else self._books.customers[buyer.parent_id]
        alike = parent is not None and parent.currency == buyer.currency and invoice.id % 3 == 0
        return parent if alike and parent is not None else buyer

    def _credit(self) -> None:
        receiver = self._somebody()
        currency = self._currency(receiver)
        credit = self._books.add_credit(
            self._now,
            customer_id=receiver.id,
            currency=currency,
            number=self._books.free_number("C"),
            issued_on=self._day(),
            lines=(Line(description="Returned goods", amount=self._amount(currency)),),
        )
        if self._dice.chance(50):
            self._use(credit)

    def _use_credit(self) -> None:
        found = [each for each in self._books.credits.values() if remaining_of(self._books, each) > 0]
        if credit := self._chosen(found):
            self._use(credit)

    def _use(self, credit: Credit) -> None:
        parts = self._parts(credit.customer_id, credit.currency, remaining_of(self._books, credit))
        if parts:
            self._books.apply_credit(self._now, credit, parts, self._day())

    def _use_money(self) -> None:
        found = [each for each in self._books.payments.values() if unapplied_of(self._books, each) > 0]
        if payment := self._chosen(found):
            parts = self._parts(payment.customer_id, payment.currency, unapplied_of(self._books, payment))
            if parts:
                self._books.apply_payment(self._now, payment, parts, max(self._day(), payment.paid_on))

    def _parts(self, customer_id: int, currency: str, most: int) -> list[Part]:
        parts: list[Part] = []
        for each in self._open():
            theirs = customer_id in {each.customer_id, self._payer(each).id}
            if theirs and each.currency == currency and most > 0 and len(parts) < 3:
                amount = min(most, self._part_of(each))
                parts.append(Part(each.id, amount))
                most -= amount
        return parts

    def _refund(self) -> None:
        sources: list[tuple[Credit | Payment, int]] = [
            *((each, remaining_of(self._books, each)) for each in self._books.credits.values()),
            *((each, unapplied_of(self._books, each)) for each in self._books.payments.values()),
        ]
        if chosen := self._chosen([each for each in sources if each[1] > 0]):
            source, left = chosen
            since = source.issued_on if isinstance(source, Credit) else source.paid_on
            amount = self._part(source.currency, left) if self._dice.chance(50) else left
            paid_on = max(since, self._day())
            self._books.add_refund(self._now, source, amount, paid_on=paid_on, reference=None)

    def _release(self) -> None:
        """Somebody takes an allocation back."""
        made = [(one, each) for one in self._books.payments.values() for each in one.allocations]
        if chosen := self._chosen(made):
            payment, allocation = chosen
            paid_directly = not allocation.later and allocation.credit_id is None
            if self._on_quickbooks or not paid_directly:  # of Xero's payments nothing can be freed
                self._books.release(self._now, payment, allocation, End.FREED)

    def _void(self) -> None:
        if invoice := self._chosen(self._issued(self._books.invoices.values())):
            self._books.end(self._now, invoice, Standing.VOIDED)

    def _delete_invoice(self) -> None:
        if invoice := self._chosen(self._issued(self._books.invoices.values())):
            self._books.end(self._now, invoice, Standing.DELETED)

    def _delete_payment(self) -> None:
        if payment := self._chosen(self._issued(self._books.payments.values())):
            self._books.end(self._now, payment, Standing.DELETED)

    def _end_credit(self) -> None:
        if credit := self._chosen(self._issued(self._books.credits.values())):
            self._books.end(self._now, credit, Standing.DELETED)

    def _archive(self) -> None:
        self._books.archive(self._now, self._somebody())

    def _merge(self) -> None:
        """Two customers turn out to be one; one with sub-customers stays what it is."""
        parents = {each.parent_id for each in self._books.customers.values()}
        loser = self._chosen([each for each in self._alive() if each.id not in parents])
        if loser is not None:
            alike = [each for each in self._alive() if each is not loser and each.currency == loser.currency]
            if winner := self._chosen(alike):
                self._books.merge(self._now, loser, winner)

    def _move(self) -> None:
        """A customer gets another parent, or none, or is billed otherwise."""
        customer = self._somebody()
        below = self._family(customer)
        free = [each for each in self._alive() if each not in below and self._depth(each) < _DEEPEST - 1]
        parent = self._chosen(free) if self._dice.chance(70) else None
        bills_parent = parent is not None and self._dice.chance(65)
        self._books.change(self._now, customer, parent_id=parent.id if parent else None, bills_parent=bills_parent)

    def _family(self, customer: Customer) -> list[Customer]:
        """The customer and everybody below it."""
        jobs = [each for each in self._books.customers.values() if each.parent_id == customer.id]
        return [customer, *(one for each in jobs for one in self._family(each))]

    def _alive(self) -> list[Customer]:
        return [each for each in self._books.customers.values() if each.life is Life.ACTIVE]

    def _somebody(self) -> Customer:
        return self._dice.pick(self._alive())

    def _open(self) -> list[Invoice]:
        return [each for each in self._books.invoices.values() if open_of(self._books, each) > 0]

    def _issued(self, records: Iterable[D]) -> list[D]:
        return [each for each in records if each.standing is Standing.ISSUED]

    def _chosen(self, found: Sequence[T]) -> T | None:
        return self._dice.pick(found) if found else None

    def _day(self) -> date:
        """Mostly behind us, rarely ahead."""
        low, high = (1, _AHEAD) if self._dice.chance(6) else (-_BACK, 0)
        return self.today + timedelta(days=self._dice.number(low, high))

    def _currency(self, customer: Customer) -> str:
        """One for each customer in QuickBooks; in Xero any."""
        other = not self._on_quickbooks and self._dice.chance(25)
        return self._dice.pick(self._ledger.plot.currencies) if other else customer.currency

    def _amount(self, currency: str) -> int:
        minor = self._dice.number(100, 250_000)
        return minor // 100 * 100 if currency in _WHOLE else minor

    def _part(self, currency: str, whole: int) -> int:
        part = max(1, whole * self._dice.number(5, 95) // 100)
        return max(100, part // 100 * 100) if currency in _WHOLE else part
