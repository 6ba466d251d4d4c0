"""A made-up company of any size: the same figures, which each platform then tells in its own shape.

Drawn from a fixed seed, so that every run measures the same bytes.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import msgspec

from strategy.model import Record

START = date(2025, 1, 1)
DAYS = 540
"""The invoices are spread over eighteen months."""

VOIDED = 200
"""One in so many invoices is voided."""

_FIRST = (
    "Ada Bruno Clara David Elena Farid Grace Henrik Ines Jonas Kaori Lars Mei Nadia Omar Paula Quentin Rosa".split()
)
_LAST = (
    "Abara Becker Costa Dahl Eriksen Fischer Garcia Haddad Ito Jansen Keller Lund Moreau Novak Okafor Prieto".split()
)
_TRADES = "Joinery|Bird Sanctuary|Freight & Logistics|Dental Practice|Landscape Design|Bakery|Textile Trading".split(
    "|"
)
_STREETS = "Finch Street|Old Harbour Road|Mill Lane|Industrial Estate, Unit 7b|Station Approach|Market Square".split(
    "|"
)
_CITIES = ("Bayshore|CA|94326", "Portland|OR|97205", "Duluth|MN|55802", "Savannah|GA|31401", "Tacoma|WA|98402")
_WORDS = (
    "adjusted agreed annual april assembly august balance batch binding board boiler brackets brochure cabinet "
    "cables calibration carriage catalogue cellar charge chassis cleaning coating collected concrete conference "
    "contract copper corrections covers crates custom cutting damaged delivery deposit design disposal drafting "
    "drainage drawings drilling edition electric emergency engraving equipment estimate evening express fabric "
    "facade filters final finishing fittings flooring folding framework freight furnace garden glazing gravel "
    "grinding grouting guide half handover hardware harvest hauling heating hinges hoist hourly imported inspection "
    "installation insulation january joints july june kitchen labels labour laminate landing large lease level "
    "licence lighting lining loading local lumber machine maintenance march marking material measuring metal minor "
    "mixer modular monthly mounting november october office onsite order outdoor packaging painting pallets panels "
    "parts patching paving permit pipes planning plaster plumbing polished pressure printing project pumps quarter "
    "railing ready rebate refit remote rental repair replacement report revised roofing round sanding scaffold "
    "seals second september service session sheet shelving shipment signage site small software spare special "
    "spring stainless standard steel storage summer supply survey switch tank technical testing third tiles timber "
    "tooling training transport travel treatment trimming tubes tuning unit upgrade valves varnish vehicle "
    "ventilation walls warehouse washing water weekend welding window winter wiring workshop yard zinc "
).split()
"""Enough of them that bodies compress about as well as real ones do."""


class Size(Record):
    """How many of each. There are fewer payments than invoices: each is of an invoice of its own."""

    customers: int = 2_000
    invoices: int = 20_000
    payments: int = 12_000
    credits: int = 1_000


class Customer(Record):
    number: int
    name: str
    first: str
    last: str
    email: str
    phone: str
    street: str
    city: str
    region: str
    postcode: str
    changed_at: datetime
    owed_minor: int


class Line(Record):
    item: int
    description: str
    quantity: int
    price_minor: int

    @property
    def amount_minor(self) -> int:
        return self.quantity * self.price_minor


class Invoice(Record):
    """`paid_minor` is what its payment gives, `credited_minor` what credits do. A voided one has a total of nothing."""

    number: int
    customer: Customer
    issued_on: date
    due_on: date
    lines: tuple[Line, ...]
    voided: bool
    sent: bool
    total_minor: int
    paid_minor: int
    credited_minor: int = 0
    changed_at: datetime

    @property
    def open_minor(self) -> int:
        return self.total_minor - self.paid_minor - self.credited_minor


class Payment(Record):
    """Money for one invoice."""

    number: int
    invoice: Invoice
    paid_on: date
    amount_minor: int
    reference: str | None
    changed_at: datetime


class Credit(Record):
    """A credit note. Every other one has been used for an invoice that nobody paid, in part."""

    number: int
    customer: Customer
    issued_on: date
    total_minor: int
    used_for: Invoice | None
    used_minor: int
    changed_at: datetime

    @property
    def remaining_minor(self) -> int:
        return self.total_minor - self.used_minor


class Company(Record):
    customers: tuple[Customer, ...]
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    credits: tuple[Credit, ...]


def company(size: Size, seed: int = 1) -> Company:
    """The company of that size."""
    dice = Random(seed)
    people = [_customer(dice, number) for number in range(1, size.customers + 1)]
    invoices = [_invoice(dice, number, dice.choice(people), size) for number in range(1, size.invoices + 1)]
    payments = tuple(_payments(dice, invoices, size))
    given = tuple(_credits(dice, invoices, size))
    owed: Counter[int] = Counter()
    for invoice in invoices:
        owed[invoice.customer.number] += invoice.open_minor
    for credit in given:
        owed[credit.customer.number] -= credit.remaining_minor
    return Company(
        customers=tuple(_owing(one, owed) for one in people),
        invoices=tuple(invoices),
        payments=payments,
        credits=given,
    )


def _customer(dice: Random, number: int) -> Customer:
    first, last = dice.choice(_FIRST), dice.choice(_LAST)
    city, region, postcode = dice.choice(_CITIES).split("|")
    return Customer(
        number=number,
        name=f"{last} {dice.choice(_TRADES)} {number}",
        first=first,
        last=last,
        email=f"{first.lower()}.{last.lower()}{number}@example.com",
        phone=f"(555) {dice.randrange(200, 999)}-{dice.randrange(10_000):04}",
        street=f"{dice.randrange(1, 9_999)} {dice.choice(_STREETS)}",
        city=city,
        region=region,
        postcode=postcode,
        changed_at=_moment(dice, START),
        owed_minor=0,
    )


def _owing(customer: Customer, owed: Counter[int]) -> Customer:
    return msgspec.structs.replace(customer, owed_minor=owed[customer.number])


def _invoice(dice: Random, number: int, customer: Customer, size: Size) -> Invoice:
    issued_on = START + timedelta(days=number * DAYS // size.invoices)
    voided = number % VOIDED == 0
    lines = tuple(_line(dice) for _ in range(dice.randint(3, 8)))
    total = 0 if voided else sum(line.amount_minor for line in lines)
    settled = not voided and number - number // VOIDED <= size.payments
    return Invoice(
        number=number,
        customer=customer,
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=dice.choice((14, 30, 30, 60))),
        lines=lines,
        voided=voided,
        sent=number % 7 != 0,
        total_minor=total,
        paid_minor=0 if not settled else total if number % 10 else total // 3,
        changed_at=_moment(dice, issued_on),
    )


def _line(dice: Random) -> Line:
    return Line(
        item=dice.randint(1, 18),
        description=" ".join(dice.choices(_WORDS, k=dice.randint(3, 16))).capitalize(),
        quantity=dice.randint(1, 12),
        price_minor=dice.randint(500, 49_999),
    )


def _payments(dice: Random, invoices: Sequence[Invoice], size: Size) -> Iterator[Payment]:
    """One for each of the oldest invoices."""
    for invoice in [one for one in invoices if not one.voided][: size.payments]:
        paid_on = invoice.due_on + timedelta(days=dice.randint(-10, 45))
        yield Payment(
            number=invoice.number,
            invoice=invoice,
            paid_on=paid_on,
            amount_minor=invoice.paid_minor,
            reference=f"TRF {dice.randrange(10**6):06}" if invoice.number % 3 else None,
            changed_at=_moment(dice, paid_on),
        )


def _credits(dice: Random, invoices: list[Invoice], size: Size) -> Iterator[Credit]:
    """For the customers of the newest invoices; those that are used come off what these leave open."""
    for number in range(1, size.credits + 1):
        place = -number % len(invoices)
        invoice, total = invoices[place], dice.randint(1_000, 20_000)
        used = min(total, invoice.open_minor // 2) if number % 2 else 0
        if used:
            invoices[place] = invoice = msgspec.structs.replace(invoice, credited_minor=invoice.credited_minor + used)
        yield Credit(
            number=number,
            customer=invoice.customer,
            issued_on=invoice.issued_on,
            total_minor=total,
            used_for=invoice if used else None,
            used_minor=used,
            changed_at=_moment(dice, invoice.issued_on),
        )


def _moment(dice: Random, after: date) -> datetime:
    """Some working hour of that day or the next ones."""
    at = datetime.combine(after, time(8), UTC) + timedelta(days=dice.randint(0, 3))
    return at + timedelta(seconds=dice.randrange(36_000), milliseconds=dice.randrange(1_000))
