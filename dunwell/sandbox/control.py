"""What only the owner of a sandbox may do to a ledger: change it by hand, and read the truth.

Amounts are minor units. An invoice goes by its number, a customer by its name; either by the platform's id where no
number or name is the same, and by `id:` before it where one might be. Nothing here moves the clock: that is its
owner's.
"""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dunwell.sandbox.announcing import Announcer
from dunwell.sandbox.books.books import Books, Part
from dunwell.sandbox.books.figures import Aged, aged, open_of
from dunwell.sandbox.books.records import (
    AnyKept,
    Credit,
    Customer,
    Invoice,
    Line,
    Payment,
    Refund,
    Standing,
    Surplus,
    gone,
)
from dunwell.sandbox.dialect import Dialect


class NotThere(LookupError):
    """No such record in the sandbox."""


class Control:
    """The owner's hands and eyes in one ledger."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._ledger = dialect.ledger
        self._announcer = Announcer(dialect)

    @property
    def _books(self) -> Books:
        return self._ledger.books

    def pay(self, invoice: str, amount: int | None = None, paid_on: date | None = None) -> dict[str, Any]:
        """Money arrives for an invoice: what is open where `amount` is None; more than that stays unapplied."""
        with self._ledger.turn() as now:
            paid = self._invoice(invoice)
            made = self._books.add_payment(
                now,
                [Part(paid.id)],
                customer_id=paid.customer_id,
                currency=paid.currency,
                paid_on=paid_on or self._today(),
                total=open_of(self._books, paid) if amount is None else amount,
                method="check",
            )
            return {"payment": self._dialect.id_of(made), "open": open_of(self._books, paid)}

    def pay_on_account(
        self, customer: str, amount: int, paid_on: date | None = None, currency: str | None = None
    ) -> dict[str, Any]:
        """Money arrives that names no invoice: a prepayment where the platform knows such a thing."""
        with self._ledger.turn() as now:
            payer = self._customer(customer)
            made = self._books.add_payment(
                now,
                customer_id=payer.id,
                currency=currency or payer.currency,
                paid_on=paid_on or self._today(),
                total=amount,
                method="check",
                surplus=Surplus.PREPAYMENT,
            )
            return {"payment": self._dialect.id_of(made)}

    def void(self, invoice: str) -> dict[str, Any]:
        """Void an invoice; what was paid on it is unapplied again (in Xero: its payment is gone, and overpaid)."""
        return self._end(self._invoice(invoice), Standing.VOIDED)

    def delete(self, kind: str, record: str) -> dict[str, Any]:
        """Delete an invoice, or a payment or credit by its id. Xero only voids what was issued."""
        found = self._invoice(record) if kind == "invoice" else self._found(kind, record)
        if not isinstance(found, Invoice | Payment | Credit | Refund):
            raise NotThere(f"A {kind} cannot be deleted.")
        return self._end(found, Standing.DELETED)

    def _end(self, document: Invoice | Payment | Credit | Refund, standing: Standing) -> dict[str, Any]:
        with self._ledger.turn() as now:
            self._books.end(now, document, standing)
            return {"id": self._dialect.id_of(document), "version": document.version}

    def edit(self, kind: str = "invoice", count: int = 1, record: str | None = None) -> dict[str, Any]:
        """Somebody edits records without changing what matters: one by number, name or id, or the first `count`."""
        with self._ledger.turn() as now:
            if record is not None:
                chosen = [self._customer(record) if kind == "customer" else self._found(kind, record)]
            else:
                chosen = [each for each in self._books.kind(kind).values() if not gone(each)][:count]
            for each in chosen:
                self._books.touch(now, each)
            return {"edited": [self._dialect.id_of(each) for each in chosen]}

    def add_customer(
        self, name: str, email: str | None = None, term_days: int | None = 30, currency: str | None = None
    ) -> dict[str, Any]:
        """A new customer, in the company's own currency unless another is named."""
        with self._ledger.turn() as now:
            currency = currency or self._books.company.currency
            made = self._books.add_customer(now, name=name, email=email, term_days=term_days, currency=currency)
            return {"customer": self._dialect.id_of(made)}

    def add_invoice(
        self,
        customer: str,
        amount: int,
        issued_on: date | None = None,
        due_on: date | None = None,
        number: str | None = None,
        currency: str | None = None,
    ) -> dict[str, Any]:
        """A new invoice, sent on its day where the customer has an address; due by its terms where `due_on` is None."""
        with self._ledger.turn() as now:
            buyer = self._customer(customer)
            issued_on = issued_on or self._today()
            made = self._books.add_invoice(
                now,
                customer_id=buyer.id,
                currency=currency or buyer.currency,
                number=number or self._books.free_number(self._ledger.plot.invoice_prefix),
                issued_on=issued_on,
                due_on=due_on or issued_on + timedelta(days=buyer.term_days or 0),
                term_days=buyer.term_days,
                lines=(Line(description="Labour", amount=amount),),
                email=buyer.email,
                sent_at=min(now, now - (self._today() - issued_on)) if buyer.email else None,
            )
            return {"invoice": self._dialect.id_of(made), "number": made.number}

    def add_credit(self, customer: str, amount: int, issued_on: date | None = None) -> dict[str, Any]:
        """A new credit note or memo; nothing of it is used."""
        with self._ledger.turn() as now:
            receiver = self._customer(customer)
            made = self._books.add_credit(
                now,
                customer_id=receiver.id,
                currency=receiver.currency,
                number=self._books.free_number(self._ledger.plot.credit_prefix or ""),
                issued_on=issued_on or self._today(),
                lines=(Line(description="Returned goods", amount=amount, item=4),),
                email=receiver.email,
            )
            return {"credit": self._dialect.id_of(made), "number": made.number}

    def switch(self, name: str, on: bool) -> dict[str, bool]:
        """Set one of the company's settings that the dialect knows."""
        with self._ledger.turn():
            if name not in self._ledger.switches:
                raise NotThere(f"There is no switch {name!r}; there are {', '.join(sorted(self._ledger.switches))}.")
            self._ledger.switches[name] = on
            self._books.generation += 1
            return dict(self._ledger.switches)

    def limits(self, on: bool) -> dict[str, bool]:
        """Enforce the platform's rate limits, or do not."""
        with self._ledger.turn():
            self._ledger.limiter.enforced = on
            return {"enforced": on}

    def tokens(self, scope: str | None = None) -> dict[str, object]:
        """New tokens, as `dunwell connect --token-file` takes them; to other scopes than it needs where named."""
        with self._ledger.turn():
            return self._dialect.token_file(scope)

    def disconnect(self) -> dict[str, int]:
        """The user takes back every consent: no token of this platform works any more."""
        with self._ledger.turn():
            desk = self._dialect.desk
            ended = [grant for grant in desk.grants.grants if not grant.revoked]
            for grant in ended:
                grant.revoked = True
            desk.grants.shut |= {app.client_id for app in desk.rules.apps if app.alone}
            return {"ended": len(ended)}

    def subscribe(self, url: str, key: str, form: str = "cloudevents") -> dict[str, str]:
        """Announce changes from now on to an address on this machine; `form` is "cloudevents" or "legacy"."""
        return {"status": self._announcer.subscribe(url, key, form)}

    def announce(self) -> dict[str, list[int]]:
        """Send what changed since the last time, or is due to be tried again; the statuses, 0 where none came."""
        return {"answered": self._announcer.send()}

    def truth(self) -> dict[str, Any]:
        """Per customer and currency: open, unapplied payments, remaining credits, and their total, as of now."""
        with self._ledger.turn():
            told = self.aged(date.max)
        for row in told["customers"]:
            del row["buckets"]
        return told

    def aged(self, as_of: date, *, from_invoice_date: bool = False) -> dict[str, Any]:
        """The aged receivables of a past day, out of the neutral books. Buckets: not due, 1-30, 31-60, 61-90, over."""
        with self._ledger.turn():
            rows = [self._row(each) for each in aged(self._books, as_of, from_invoice_date=from_invoice_date)]
        return {"customers": rows, "currencies": _summed(rows)}

    def _row(self, row: Aged) -> dict[str, Any]:
        customer = self._books.customers[row.customer_id]
        return {
            "id": self._dialect.id_of(customer),
            "name": customer.name,
            "currency": row.currency,
            "buckets": row.buckets,
            "open": row.open,
            "unapplied": row.unapplied,
            "remaining": row.remaining,
            "total": row.total,
        }

    def live(self) -> dict[str, dict[str, int]]:
        """Per kind: the platform's id of every record that is not deleted, with its version."""
        with self._ledger.turn():
            return self._dialect.live()

    def papers(self) -> list[dict[str, Any]]:
        """Every note and file that an API wrote, in the order of writing."""
        with self._ledger.turn():
            return [
                {
                    "id": self._dialect.id_of(paper),
                    "targets": [[kind, self._target(kind, record_id)] for kind, record_id in paper.targets],
                    "note": paper.note,
                    "name": paper.name,
                    "media_type": paper.media_type,
                    "size": None if paper.content is None else len(paper.content),
                    "at": paper.created_at,
                }
                for paper in self._books.papers.values()
                if not paper.deleted
            ]

    def _target(self, kind: str, record_id: int) -> str:
        return self._dialect.id_of(self._books.kind(kind)[record_id])

    def _invoice(self, text: str) -> Invoice:
        with self._ledger.turn():
            named = next(
                (each for each in self._books.invoices.values() if each.number == text and not gone(each)), None
            )
            found = named or self._found("invoice", text)
        if not isinstance(found, Invoice):
            raise NotThere(f"There is no invoice {text!r}.")
        return found

    def _customer(self, text: str) -> Customer:
        with self._ledger.turn():
            named = next((each for each in self._books.customers.values() if each.name == text), None)
            found = named or self._found("customer", text)
        if not isinstance(found, Customer):
            raise NotThere(f"There is no customer {text!r}.")
        return found

    def _found(self, kind: str, text: str) -> AnyKept:
        with self._ledger.turn():
            found = self._dialect.find(kind, text.removeprefix("id:"))
        if found is None:
            raise NotThere(f"There is no {kind} {text!r}.")
        return found

    def _today(self) -> date:
        return self._ledger.clock.now().astimezone(ZoneInfo(self._books.company.zone)).date()


def _summed(rows: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    totals: dict[str, dict[str, int]] = {}
    for row in rows:
        one = totals.setdefault(row["currency"], {"open": 0, "unapplied": 0, "remaining": 0, "total": 0})
        for name in one:
            one[name] += row[name]
    return dict(sorted(totals.items()))
