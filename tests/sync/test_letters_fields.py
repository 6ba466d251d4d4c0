"""What a letter may speak of is always all there, and written as its reader writes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from strategy import money
from strategy.account import UnappliedKind
from strategy.contacts import TASK
from strategy.decision import Asked, CreditLine, TouchpointKind
from strategy.model import Currency
from strategy.movements import MovementKind
from strategy.statement import AsideReason
from sync.letters import figures
from sync.letters.example import example, example_facts
from sync.letters.fields import Fields, LetterFacts, Plain, fields
from sync.letters.words import LANGUAGES, Words


def some_facts(language: str = "en", **changes: Any) -> LetterFacts:
    return structs.replace(example_facts(language), **changes)


def a_letter_about(*invoices: Asked, language: str = "en", **changes: Any) -> Fields:
    touchpoint = structs.replace(example_facts(language).touchpoint, invoices=invoices, **changes)
    return fields(some_facts(language, touchpoint=touchpoint))


def an_invoice(**changes: Any) -> Asked:
    return structs.replace(example_facts("en").touchpoint.invoices[0], **{"covered_minor": 0, **changes})


def leaf(found: Plain, path: str) -> Plain:
    for name in path.split("."):
        found = found[int(name)] if isinstance(found, list) else found[name]  # type: ignore[index]  # a path
    return found


def shape(value: Plain) -> object:
    """The names inside, lists by what they hold if they hold anything."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return type(value).__name__


EXPECTED = {
    "customer.name": "Brasserie Lund",
    "customer.number": "C-1180",
    "person.name": "Mats Lund",
    "company.name": "Northwind Provisions",
    "company.legal_name": "Northwind Provisions Ltd",
    "company.email": "accounts@northwind.example",
    "company.phone": "+44 20 7946 0100",
    "company.address": "12 Quayside, London SE1 2AB",
    "company.tax_number": "GB 123 4567 89",
    "sender.name": "Anna Berg",
    "invoices.0.number": "1042",
    "invoices.0.reference": "PO 4711",
    "invoices.0.issued": "1 February 2026",
    "invoices.0.due": "3 March 2026",
    "invoices.0.days_overdue": 13,
    "invoices.0.original": "€1,200.00",
    "invoices.0.paid": "€200.00",
    "invoices.0.credited": "€0.00",
    "invoices.0.remaining": "€1,000.00",
    "invoices.0.asked": "€650.00",
    "lead.number": "1042",
    "coming.0.number": "1051",
    "credits.0.number": "CN-7",
    "credits.0.amount": "€200.00",
    "total": "€1,150.00",
    "overdue_days": 13,
    "disputed": "€150.00",
    "link": "https://pay.example/i/1042",
    "portal": "https://portal.example/lund",
    "today": "16 March 2026",
    "statement.as_of": "16 March 2026",
    "statement.total": "€1,500.00",
    "promise.amount": "€950.00",
    "promise.on": "22 March 2026",
    "plan.number": 2,
    "plan.count": 3,
    "plan.on": "31 March 2026",
    "plan.amount": "€333.33",
    "notice.trigger": "large and a month late",
    "notice.why.0": "€1,500.00 is overdue",
}


@pytest.mark.parametrize(("path", "value"), EXPECTED.items())
def test_each_field_says_what_the_touchpoint_says(path: str, value: Plain) -> None:
    assert leaf(example(), path) == value


asked = st.builds(
    an_invoice,
    days_overdue=st.integers(-40, 400),
    reference=st.none() | st.just("PO 1"),
    open_minor=st.integers(0, 10**9),
    asked_minor=st.integers(0, 10**9),
)


@given(
    st.lists(asked, max_size=3),
    st.lists(st.builds(CreditLine, id=st.just("c"), number=st.none(), amount_minor=st.integers(0, 10**6)), max_size=2),
    st.sampled_from(["en", "de", "fr", "pt-BR"]),
)
def test_every_letter_has_every_field_whatever_it_is_about(
    invoices: list[Asked], credits_: list[CreditLine], language: str
) -> None:
    touchpoint = structs.replace(
        example_facts(language).touchpoint, invoices=tuple(invoices), credits=tuple(credits_), coming=()
    )
    bare = some_facts(touchpoint=touchpoint, link="", portal="", disputed_minor=0, statement=None, promise=None)
    assert shape(fields(bare)) == shape(example())


def test_what_does_not_apply_is_empty() -> None:
    found = fields(some_facts(statement=None, promise=None, disputed_minor=0, link=""))
    empty = ("statement.as_of", "statement.total", "promise.on", "promise.amount", "disputed", "link")
    assert {leaf(found, path) for path in empty} == {""}


def test_without_an_invoice_the_lead_is_empty_and_nothing_is_overdue() -> None:
    found = a_letter_about()
    assert (leaf(found, "lead.number"), leaf(found, "lead.days_overdue"), found["overdue_days"]) == ("", 0, 0)


def test_an_invoice_that_is_not_due_is_not_late() -> None:
    found = a_letter_about(an_invoice(days_overdue=-3))
    assert (leaf(found, "lead.days_overdue"), found["overdue_days"]) == (0, 0)


def test_the_days_overdue_are_those_of_the_oldest() -> None:
    assert a_letter_about(an_invoice(days_overdue=3), an_invoice(days_overdue=40))["overdue_days"] == 40


def test_the_letter_speaks_the_language_of_the_touchpoint() -> None:
    found = fields(some_facts("de", country="DE"))
    assert (found["total"], leaf(found, "lead.due"), found["language"]) == ("1.150,00\xa0€", "3. März 2026", "de-DE")


@pytest.mark.parametrize(("country", "due"), [("GB", "3 March 2026"), ("US", "March 3, 2026"), (None, "3 March 2026")])
def test_dates_follow_the_readers_country_or_else_the_companys(country: str | None, due: str) -> None:
    assert leaf(fields(some_facts(country=country)), "lead.due") == due


def test_a_company_without_a_legal_name_goes_by_its_name() -> None:
    company = structs.replace(example_facts("en").company, legal_name=None)
    assert leaf(fields(some_facts(company=company)), "company.legal_name") == "Northwind Provisions"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "pay.example", "data:text/html,x", "//pay.example"])
def test_a_link_is_an_http_address(url: str) -> None:
    with pytest.raises(ValueError, match="http or https"):
        fields(some_facts(link=url))


@dataclass(frozen=True)
class Table:
    headings: list[str]
    total: list[str]


def table_of(found: Fields) -> Table:
    return Table(leaf(found, "table.headings"), leaf(found, "table.total"))  # type: ignore[arg-type]  # as built


def test_the_table_has_original_paid_credited_and_remaining() -> None:
    found = table_of(a_letter_about(an_invoice(asked_minor=100000), amount_minor=100000))
    assert found.headings == ["Invoice", "Due", "Original", "Paid", "Credited", "Remaining"]


def test_the_table_shows_what_is_asked_where_that_is_not_all_that_is_open() -> None:
    assert table_of(a_letter_about(an_invoice(asked_minor=1))).headings[-1] == "To pay now"


def test_a_letter_that_asks_for_nothing_shows_the_balance() -> None:
    found = table_of(a_letter_about(an_invoice(asked_minor=0), amount_minor=0))
    assert (found.headings[-1], found.total) == ("Remaining", ["Balance", "€800.00"])


def test_the_total_of_a_letter_that_asks_is_the_touchpoints_own() -> None:
    assert table_of(a_letter_about(an_invoice(), amount_minor=77)).total == ["Please pay", "€0.77"]


@pytest.mark.parametrize("of", [{"kind": TouchpointKind.NOTICE}, {"channel": TASK}])
def test_our_own_people_are_not_asked_to_pay_by_a_notice_nor_by_a_script(of: dict[str, Any]) -> None:
    assert table_of(a_letter_about(an_invoice(), **of)).total == ["Due now", "€1,150.00"]


def test_the_table_speaks_german() -> None:
    assert table_of(fields(some_facts("de"))).headings == [
        *("Rechnung", "Fällig", "Betrag", "Bezahlt", "Gutschrift", "Offen", "Jetzt fällig")
    ]


@pytest.mark.parametrize("ours", LANGUAGES.values())
def test_each_language_has_a_word_for_everything_a_statement_lists(ours: Words) -> None:
    assert set(ours.movements) == set(MovementKind)
    assert set(ours.asides) == set(AsideReason)
    assert set(ours.credits) == set(UnappliedKind)


CURRENCIES = "ALL BHD CHF CLP EUR GBP HUF IDR IQD IRR ISK JPY KWD LBP MMK OMR TND TWD UGX USD UYI".split()


@given(
    st.integers(-(10**12), 10**12),
    st.sampled_from(CURRENCIES),
    st.sampled_from(["en", "en_GB", "de", "de_CH", "fr_FR", "pt_BR", "sv"]),
)
def test_no_amount_loses_or_gains_a_digit(minor: int, currency: str, locale: str) -> None:
    """Babel rounds some currencies to what is used in shops."""
    for written in (
        figures.amount(minor, currency, figures.locale_of(locale)),
        figures.bare(minor, currency, figures.locale_of(locale)),
    ):
        digits = "".join(char for char in written if char.isdigit())
        assert Decimal(digits or "0").scaleb(-money.digits(currency)) == abs(money.to_decimal(minor, currency))
        assert any(sign in written for sign in "-\N{MINUS SIGN}") == (minor < 0)


def test_letters_of_a_currency_do_not_touch_the_digits() -> None:
    assert figures.amount(1250, Currency("CHF"), figures.locale_of("en")) == "CHF\xa012.50"


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(figures.UnknownLanguage, match="'klingon' is no language"):
        figures.locale_of("klingon")


def test_nothing_is_written_for_no_date() -> None:
    assert (figures.day(None, figures.locale_of("en")), figures.short_day(None, figures.locale_of("en"))) == ("", "")


def test_a_date_in_a_table_is_short() -> None:
    assert figures.short_day(date(2026, 3, 4), figures.locale_of("en", "GB")) == "4 Mar 2026"
