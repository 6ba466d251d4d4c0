"""How old what is open is: the aged report.

Nothing is ever left out: the edges of the buckets are upper bounds, so buckets touch by construction and cover every
day from long before to long after, and credit stands in columns of its own instead of being hidden in a bucket.
The sum of the buckets is what is open; what is open less what is unapplied is the total. No two currencies meet.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from strategy import money
from strategy.account import Receivable, Unapplied, UnappliedKind
from strategy.model import AgingBasis, Currency, CustomerId, Record

EDGES = (0, 30, 60, 90)


class Scale(Record):
    """How age is measured. `edges`: the last day of every bucket but the last, which has no end."""

    basis: AgingBasis = AgingBasis.DUE_DATE
    edges: tuple[int, ...] = EDGES

    def __post_init__(self) -> None:
        if not self.edges or list(self.edges) != sorted(set(self.edges)):
            raise ValueError(f"edges of aging buckets must rise: {', '.join(map(str, self.edges)) or 'there are none'}")

    @property
    def spans(self) -> tuple[tuple[int | None, int | None], ...]:
        """First and last day of every bucket, both included; None where it has no end."""
        firsts = (None, *(edge + 1 for edge in self.edges))
        return tuple(zip(firsts, (*self.edges, None), strict=True))

    def bucket(self, receivable: Receivable, as_of: date) -> int:
        """Which bucket the receivable is in. The due date itself is day 0, so it is still in the first."""
        since = receivable.due_on if self.basis is AgingBasis.DUE_DATE else receivable.issued_on
        age = (as_of - since).days
        return sum(age > edge for edge in self.edges)


class Bucket(Record):
    """What is `first` to `last` days old, both included; None where there is no end."""

    first: int | None
    last: int | None
    amount_minor: int


class Aged(Record):
    """One currency of a customer, or of all. `total_minor` is what is open less everything unapplied."""

    currency: Currency
    buckets: tuple[Bucket, ...]
    payments_minor: int
    credits_minor: int
    deposits_minor: int

    @property
    def open_minor(self) -> int:
        return sum(bucket.amount_minor for bucket in self.buckets)

    @property
    def unapplied_minor(self) -> int:
        return self.payments_minor + self.credits_minor + self.deposits_minor

    @property
    def total_minor(self) -> int:
        return self.open_minor - self.unapplied_minor


class Owing(Record):
    """One customer's open invoices and unapplied credit, all of them as of one day."""

    customer_id: CustomerId
    name: str
    receivables: tuple[Receivable, ...]
    unapplied: tuple[Unapplied, ...] = ()


class CustomerAging(Record):
    """One row of the aged report. `currencies` are in the order of their codes."""

    customer_id: CustomerId
    name: str
    currencies: tuple[Aged, ...]


class Aging(Record):
    """The aged report of a ledger on a day: all together, and customer by customer in the order they came."""

    as_of: date
    scale: Scale
    currencies: tuple[Aged, ...]
    customers: tuple[CustomerAging, ...]


def age(
    currency: Currency, receivables: Iterable[Receivable], unapplied: Iterable[Unapplied], as_of: date, scale: Scale
) -> Aged:
    """What is open and unapplied in one currency, by age; rows of other currencies are passed over."""
    amounts = [0] * len(scale.spans)
    for row in receivables:
        if row.currency == currency:
            amounts[scale.bucket(row, as_of)] += row.open_minor
    credit = dict.fromkeys(UnappliedKind, 0)
    for item in unapplied:
        if item.currency == currency:
            credit[item.kind] += item.amount_minor
    return _aged(currency, scale, amounts, [credit[kind] for kind in UnappliedKind])


def currencies_of(receivables: Iterable[Receivable], unapplied: Iterable[Unapplied]) -> list[Currency]:
    """The currencies in which anything is open or unapplied, in the order of their codes."""
    return sorted({row.currency for row in receivables} | {item.currency for item in unapplied})


def _aged(currency: Currency, scale: Scale, amounts: Sequence[int], credit: Sequence[int]) -> Aged:
    payments, credits_, deposits = credit
    return Aged(
        currency=currency,
        buckets=tuple(
            Bucket(first=first, last=last, amount_minor=amount)
            for (first, last), amount in zip(scale.spans, amounts, strict=True)
        ),
        payments_minor=payments,
        credits_minor=credits_,
        deposits_minor=deposits,
    )


def report(customers: Iterable[Owing], as_of: date, scale: Scale | None = None) -> Aging:
    """The aged report; customers with nothing open and nothing unapplied are left out."""
    scale = scale or Scale()
    rows = [
        CustomerAging(
            customer_id=owing.customer_id,
            name=owing.name,
            currencies=tuple(
                age(currency, owing.receivables, owing.unapplied, as_of, scale)
                for currency in currencies_of(owing.receivables, owing.unapplied)
            ),
        )
        for owing in customers
        if owing.receivables or owing.unapplied
    ]
    return Aging(as_of=as_of, scale=scale, currencies=_together(rows, scale), customers=tuple(rows))


def _together(rows: Iterable[CustomerAging], scale: Scale) -> tuple[Aged, ...]:
    sums: dict[Currency, list[int]] = {}
    for row in rows:
        for aged in row.currencies:
            figures = [*(bucket.amount_minor for bucket in aged.buckets), *_credit(aged)]
            sums[aged.currency] = [
                a + b for a, b in zip(sums.get(aged.currency, [0] * len(figures)), figures, strict=True)
            ]
    return tuple(_aged(currency, scale, both[:-3], both[-3:]) for currency, both in sorted(sums.items()))


def _credit(aged: Aged) -> tuple[int, int, int]:
    return aged.payments_minor, aged.credits_minor, aged.deposits_minor


def as_plain(aged: Aged) -> dict[str, object]:
    """One currency as `--json` writes it: amounts as decimal strings, `from` and `to` null where there is no end."""

    def text(minor: int) -> str:
        return str(money.to_decimal(minor, aged.currency))

    return {
        "currency": aged.currency,
        "buckets": [
            {"from": bucket.first, "to": bucket.last, "amount": text(bucket.amount_minor)} for bucket in aged.buckets
        ],
        "open": text(aged.open_minor),
        "unapplied": dict(zip(("payments", "credits", "deposits"), map(text, _credit(aged)), strict=True)),
        "total": text(aged.total_minor),
    }


def report_as_plain(aging: Aging, ledger: str) -> dict[str, object]:
    """The report exactly as `dunwell aging --json` prints it."""
    return {
        "ledger": ledger,
        "as_of": aging.as_of.isoformat(),
        "basis": aging.scale.basis.value,
        "currencies": [as_plain(aged) for aged in aging.currencies],
        "customers": [
            {"id": row.customer_id, "name": row.name, "currencies": [as_plain(aged) for aged in row.currencies]}
            for row in aging.customers
        ],
    }
