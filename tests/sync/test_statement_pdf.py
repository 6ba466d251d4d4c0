"""The PDF of a statement: every figure on it, nothing in it but words, the same bytes every time."""

import io
from typing import Any, cast

import pytest
from pypdf import PdfReader

from strategy.account import UnappliedKind
from strategy.model import Currency, CustomerId
from strategy.statement import AsideReason, Statement
from sync.letters.statement_pdf import statement_pdf
from sync.letters.words import LANGUAGES
from tests.sync.statements import (
    a_company,
    a_customer,
    a_receivable,
    a_statement,
    an_activity,
    an_aside,
    an_unapplied,
    stationery,
)


def read(statement: Statement | None = None, language: str = "en", **changes: Any) -> PdfReader:
    return PdfReader(
        io.BytesIO(statement_pdf(statement or a_statement(a_receivable()), stationery(language, **changes)))
    )


def words(pdf: PdfReader, page: int | None = None) -> str:
    pages = pdf.pages if page is None else [pdf.pages[page]]
    return " ".join(" ".join(one.extract_text() for one in pages).replace("\xa0", " ").split())


def shows(statement: Statement, *texts: str, language: str = "en") -> bool:
    page = words(read(statement, language))
    return all(text in page for text in texts)


def test_the_same_statement_is_the_same_bytes() -> None:
    statement = a_statement(a_receivable(), unapplied=(an_unapplied(),))
    assert statement_pdf(statement, stationery()) == statement_pdf(statement, stationery())


def test_it_says_who_writes_with_tax_number_and_who_is_written_to() -> None:
    page = words(read())
    for text in (
        "Northwind Provisions Ltd · Tax no. GB 123 4567 89",
        "12 Quayside",
        "Brasserie Lund",
        "4 Harbour Street",
        "C-1180",
    ):
        assert text in page


def test_it_says_its_day_its_currency_and_when_the_books_were_read() -> None:
    page = words(read())
    for text in ("Open items on 30 June 2026", "Currency EUR", "30 June 2026, 08:15 British Summer Time"):
        assert text in page


def test_each_open_invoice_has_its_figures() -> None:
    row = a_receivable(paid_minor=20000, credited_minor=5000, open_minor=95000, reference="PO 4711")
    assert shows(a_statement(row), "1042 PO 4711 18 May 2026 17 Jun 2026 13 1,200.00 200.00 50.00 950.00")


def test_unapplied_credit_is_a_negative_line_of_its_own() -> None:
    statement = a_statement(a_receivable(), unapplied=(an_unapplied(20000),))
    assert shows(statement, "Credit on your account", "CN-7 Credit note 25 Jun 2026 −200.00", "Balance €1,000.00")


def test_a_payment_without_a_number_is_still_named() -> None:
    payment = an_unapplied(kind=UnappliedKind.PAYMENTS, number=None)
    assert shows(a_statement(a_receivable(), unapplied=(payment,)), "Payment not yet applied")


def test_the_aging_strip_sums_to_the_balance() -> None:
    statement = a_statement(
        a_receivable(1, days_late=0, total_minor=100),
        a_receivable(2, days_late=95, total_minor=2000),
        unapplied=(an_unapplied(7),),
    )
    assert shows(statement, "1.00 0.00 0.00 0.00 20.00 −0.07 20.93")


def test_what_is_disputed_is_marked_and_not_asked_for() -> None:
    statement = a_statement(a_receivable(), asides=[an_aside(15000)])
    assert shows(statement, "in dispute: 150.00", "In dispute, not asked for 150.00", "Please pay €1,050.00")


def test_what_is_promised_is_marked_and_not_asked_for() -> None:
    statement = a_statement(a_receivable(), asides=[an_aside(120000, AsideReason.PROMISED)])
    assert shows(statement, "promised: 1,200.00", "Arranged, not asked for 1,200.00", "Nothing to pay now")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_not_to_ask_has_a_word(language: str) -> None:
    rows = [a_receivable(number, doubtful_minor=1) for number, _ in enumerate(AsideReason)]
    asides = [an_aside(10, reason, number) for number, reason in enumerate(AsideReason)]
    assert len(read(a_statement(*rows, asides=asides), language).pages) == 1


def test_it_says_how_to_pay_and_whom_to_ask() -> None:
    page = words(read())
    for text in (
        "https://pay.example/i/1042",
        "IBAN GB33 BUKB 2020 1555 5555 55",
        "Please quote C-1180",
        "Questions accounts@northwind.example",
    ):
        assert text in page


def test_the_payment_link_can_be_followed() -> None:
    annotations = cast("Any", read().pages[0]["/Annots"])
    links = [annotation.get_object()["/A"]["/URI"] for annotation in annotations]
    assert links == ["https://pay.example/i/1042"]


def test_a_way_to_pay_that_is_not_given_is_not_mentioned() -> None:
    page = words(read(link=None, bank=(), terms=None))
    assert not [text for text in ("Pay online", "By bank transfer", "Terms") if text in page]


def test_a_slip_comes_back_with_the_payment() -> None:
    page = words(read())
    assert "Remittance advice" in page
    assert page.count("Please pay €1,200.00") == 3  # at the top, under the balance, on the slip


def test_there_is_no_slip_where_nothing_is_to_be_paid() -> None:
    assert not shows(a_statement(a_receivable(days_late=-5)), "Remittance advice")


def test_sections_of_a_billing_parent_have_subtotals() -> None:
    bar = a_customer("Lund Bar", id=CustomerId("bar"))
    statement = a_statement(
        a_receivable(1, total_minor=100), a_receivable(2, total_minor=250, customer_id=bar.id), members=(bar,)
    )
    assert shows(statement, "Lund Bar", "Subtotal 1.00", "Subtotal 2.50", "Balance €3.50")


def test_an_activity_runs_from_opening_to_closing_balance() -> None:
    assert shows(
        an_activity(),
        "1 June 2026 to 30 June 2026",
        "1 Jun 2026 Opening balance 500.00",
        "13 Jun 2026 Invoice 1042 PO 9 13 Jul 2026 1,200.00 1,700.00",
        "20 Jun 2026 Payment, thank you −700.00 1,000.00",
        "Closing balance €1,000.00",
    )


def test_yen_have_no_decimals() -> None:
    statement = a_statement(a_receivable(currency=Currency("JPY"), total_minor=1234567))
    assert shows(statement, "1,234,567", "JP¥1,234,567")
    assert not shows(statement, "1,234,567.00")


def test_it_speaks_german() -> None:
    statement = a_statement(a_receivable(), customer=a_customer(country="DE"), unapplied=(an_unapplied(),))
    assert shows(
        statement, "Kontoauszug", "Offene Posten am 30. Juni 2026", "Bitte zahlen", "1.000,00 €", language="de"
    )


def test_every_page_repeats_the_headings_and_counts_itself() -> None:
    pdf = read(a_statement(*(a_receivable(number, days_late=number % 90) for number in range(60))))
    assert len(pdf.pages) > 1
    for at in range(len(pdf.pages)):
        assert f"Page {at + 1} of {len(pdf.pages)}" in words(pdf, at)
    assert "Invoice Date Due Days late Original Paid Credited Remaining" in words(pdf, 1)


def test_every_line_of_a_long_statement_is_there() -> None:
    page = words(read(a_statement(*(a_receivable(4000 + number) for number in range(60)))))
    assert [number for number in range(4000, 4060) if str(number) not in page] == []


def test_a_short_statement_fits_on_one_page() -> None:
    rows = [a_receivable(number) for number in range(6)]
    assert len(read(a_statement(*rows, unapplied=(an_unapplied(),))).pages) == 1


@pytest.mark.parametrize(("country", "size"), [("GB", (595, 842)), ("US", (612, 792)), (None, (595, 842))])
def test_the_paper_is_that_of_the_company(country: str | None, size: tuple[int, int]) -> None:
    box = read(company=a_company(country=country)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


def test_a_screen_reader_finds_structure_title_and_language() -> None:
    catalog = cast("Any", read(language="de").trailer["/Root"])
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"].startswith("de")
    assert cast("Any", read().metadata).title == "Statement of account · Brasserie Lund"


def test_it_is_fit_for_the_archive() -> None:
    metadata = statement_pdf(a_statement(a_receivable()), stationery())
    assert b"<pdfaid:part>2</pdfaid:part>" in metadata
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_it_is_dated_when_the_books_were_read() -> None:
    assert cast("Any", read().metadata).creation_date_raw.startswith("D:20260630071500")


@pytest.mark.parametrize(
    "name",
    [
        '#read("/etc/passwd")',
        '#import "/etc/passwd": *',
        "#panic()",
        "*bold* _it_ $x$ <label> @ref",
        "\\u{41} \\ // comment",
        "= Heading",
    ],
)
def test_what_a_customer_is_called_is_never_code(name: str) -> None:
    statement = a_statement(a_receivable(reference=name), customer=a_customer(name, address=(name,)))
    page = words(read(statement, terms=name, bank=(name,), questions=name))
    assert page.replace(" ", "").count(name.replace(" ", "")) >= 4


@pytest.mark.parametrize("name", ["株式会社ルンド", "Café 🍽", "ร้านอาหาร", "a\x00b\x07c\nd", "مطعم", "Ресторан Łódź"])
def test_no_name_keeps_a_statement_from_being_made(name: str) -> None:
    assert shows(a_statement(a_receivable(), customer=a_customer(name)), "Balance €1,200.00")


def test_a_name_longer_than_the_page_is_wide_stays_on_it() -> None:
    name = "Gesellschaft für außerordentlich lange Firmennamen und Kühlhauslogistik mbH & Co. KG " * 3
    assert len(read(a_statement(a_receivable(reference=name), customer=a_customer(name))).pages) == 1


def test_a_link_that_is_no_http_address_is_refused() -> None:
    with pytest.raises(ValueError, match="http or https"):
        read(link="javascript:alert(1)")
