"""Properties of every decision: coverage by amount, no currency added to another, gaps kept, deciding is a function."""

import re
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import strategy as package
from strategy import explain
from strategy.account import Account
from strategy.agreements import Claim, Dispute, Hold, HoldKind, Plan, Promise
from strategy.decision import Decision, TouchpointKind
from strategy.model import Currency, InvoiceId, Sent, Switch
from tests.strategy.builders import (
    EUR,
    TODAY,
    USD,
    a_customer,
    a_ledger,
    a_receivable,
    a_settlement,
    a_strategy,
    a_touch,
    an_account,
    an_open_case,
    days,
    decided,
    unapplied,
)

NUMBERS = ("1", "2", "3", "4")
amounts = st.integers(1, 2_000_000)
currencies = st.sampled_from([EUR, USD])
some_day = st.integers(-40, 90)


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """Any account: open invoices in two currencies, credit, disputes, promises, plans, claims, holds, contacts."""
    numbers = draw(st.lists(st.sampled_from(NUMBERS), unique=True, max_size=4))
    receivables = [
        a_receivable(
            number,
            days_late=draw(some_day),
            amount=draw(amounts),
            currency=draw(currencies),
            sent=draw(st.sampled_from(Sent)),
        )
        for number in numbers
    ]
    return an_account(
        *receivables,
        customer=a_customer(emails=draw(st.sampled_from([("ap@lund.example",), ()]))),
        unapplied=tuple(unapplied(draw(amounts), currency=one) for one in draw(st.lists(currencies, max_size=2))),
        settlements=tuple(a_settlement(days_late=late) for late in draw(st.lists(some_day, max_size=3))),
        disputes=tuple(
            Dispute(
                id=n,
                invoice_id=InvoiceId(number),
                amount_minor=draw(st.none() | amounts),
                category="price",
                opened_on=TODAY,
            )
            for n, number in enumerate(draw(st.lists(st.sampled_from(NUMBERS), max_size=2)))
        ),
        promises=tuple(
            Promise(
                id=n,
                made_on=TODAY - days(draw(st.integers(0, 30))),
                promised_on=TODAY + days(draw(st.integers(-20, 20))),
                currency=EUR,
                amounts=((InvoiceId(number), draw(amounts)),),
            )
            for n, number in enumerate(draw(st.lists(st.sampled_from(NUMBERS), max_size=3)))
        ),
        plans=tuple(
            Plan(
                id=n,
                currency=one.currency,
                amounts=((one.invoice_id, draw(amounts)),),
                made_on=TODAY - days(40),
                accepted_on=TODAY - days(40),
                instalments=3,
                first_on=TODAY + days(draw(st.integers(-40, 10))),
            )
            for n, one in enumerate(receivables[: draw(st.integers(0, 2))])
        ),
        claims=tuple(
            Claim(id=n, invoices=frozenset({InvoiceId(number)}), claimed_on=TODAY, until=TODAY + days(draw(some_day)))
            for n, number in enumerate(draw(st.lists(st.sampled_from(NUMBERS), max_size=1)))
        ),
        holds=tuple(
            Hold(
                id=n,
                kind=kind,
                invoice_id=draw(st.none() | st.sampled_from([InvoiceId(n) for n in NUMBERS])),
                since=TODAY,
                until=None,
                reason="so",
            )
            for n, kind in enumerate(draw(st.lists(st.sampled_from(HoldKind), max_size=1)))
        ),
        touches=tuple(
            a_touch(
                act,
                days_ago=draw(st.integers(0, 60)),
                invoices=tuple(draw(st.lists(st.sampled_from(NUMBERS), min_size=1, unique=True))),
                currency=draw(currencies),
            )
            for act in draw(st.lists(st.sampled_from(["first", "second", "third", "call", "statement"]), max_size=3))
        ),
        cases=(an_open_case(), an_open_case(currency=USD)) if draw(st.booleans()) else (),
        ledger=a_ledger(
            reminders=draw(st.sampled_from([Switch.OFF, Switch.OFF, Switch.OFF, Switch.ON])),
            reconciled_on=draw(st.sampled_from([TODAY, TODAY, TODAY, None])),
        ),
    )


def open_by_invoice(account: Account) -> Counter[InvoiceId]:
    return Counter({one.invoice_id: one.open_minor for one in account.receivables})


def accounted_for(decision: Decision) -> Counter[InvoiceId]:
    asked: Counter[InvoiceId] = Counter()
    for touchpoint in decision.touchpoints:
        if touchpoint.kind is not TouchpointKind.NOTICE:
            for one in touchpoint.invoices:
                asked[one.invoice_id] += one.asked_minor
    for held in decision.held:
        asked[held.invoice_id] += held.amount_minor
    return asked


@given(accounts())
def test_for_each_invoice_what_is_asked_plus_what_is_held_is_what_is_open(account: Account) -> None:
    assert accounted_for(decided(account)) == open_by_invoice(account)


@given(accounts())
def test_nobody_is_asked_for_more_than_overdue_or_falling_due_less_credit(account: Account) -> None:
    for touchpoint in decided(account).touchpoints:
        if touchpoint.kind is TouchpointKind.REMINDER:
            overdue = sum(
                r.open_minor for r in account.receivables if r.currency == touchpoint.currency and r.due_on < TODAY
            )
            credit = sum(u.amount_minor for u in account.unapplied if u.currency == touchpoint.currency)
            assert 0 < touchpoint.amount_minor <= max(0, overdue - credit)


@given(accounts())
def test_every_touchpoint_is_in_one_currency(account: Account) -> None:
    by_invoice: dict[InvoiceId, Currency] = {one.invoice_id: one.currency for one in account.receivables}
    for touchpoint in decided(account).touchpoints:
        for asked in (*touchpoint.invoices, *touchpoint.coming):
            assert by_invoice[asked.invoice_id] == touchpoint.currency


@given(accounts())
def test_the_gap_is_kept_over_all_sources(account: Account) -> None:
    for touchpoint in decided(account).touchpoints:
        if touchpoint.kind is not TouchpointKind.NOTICE:
            near = [touch for touch in account.touches if (TODAY - touch.on).days < 5]
            assert all(touch.on == TODAY and touch.currency != touchpoint.currency for touch in near)


@given(accounts())
def test_no_two_contacts_have_one_key(account: Account) -> None:
    decision = decided(account)
    keys = [one.key for one in decision.touchpoints] + [one.key for one in decision.tasks]
    assert len(keys) == len(set(keys))


@given(accounts())
def test_deciding_twice_decides_the_same(account: Account) -> None:
    assert decided(account) == decided(account)


@given(accounts())
@settings(max_examples=50)
def test_every_reason_has_its_sentence(account: Account) -> None:
    decision = decided(account, a_strategy())
    reasons = [
        *(why for one in decision.held for why in one.reasons),
        *(why for one in decision.touchpoints for why in one.why),
        *decision.placed.why,
    ]
    for why in reasons:
        said = explain.sentence(why)
        assert said
        assert "{" not in said


def test_every_code_that_is_given_as_a_reason_has_a_sentence() -> None:
    folder = Path(package.__file__).parent
    codes = {code for file in folder.glob("*.py") for code in re.findall(r'reason\("(\w+)"', file.read_text("utf-8"))}
    assert codes <= explain.SENTENCES.keys()
