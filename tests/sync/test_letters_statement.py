"""A statement on a screen and for programs: the figures of the PDF."""

import json
from html.parser import HTMLParser
from typing import Any

from strategy.statement import AsideReason
from sync.letters.statement_html import statement_html
from sync.letters.statement_json import statement_plain
from tests.sync.statements import (
    a_customer,
    a_receivable,
    a_statement,
    an_activity,
    an_aside,
    an_unapplied,
    stationery,
)


class Words(HTMLParser):
    """The words of a page, its tags, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._parts: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self._parts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._parts).replace("\xa0", " ").split())


def test_the_page_has_the_figures_of_the_statement() -> None:
    statement = a_statement(a_receivable(), asides=[an_aside(15000)], unapplied=(an_unapplied(),))
    text = Words(statement_html(statement, stationery())).text
    for part in (
        "1042 18 May 2026 17 Jun 2026 13 1,200.00 0.00 0.00 1,200.00",
        "in dispute: 150.00",
        "CN-7 25 Jun 2026 −200.00",
        "Please pay €850.00",
        "Northwind Provisions Ltd · Tax no. GB 123 4567 89",
        "08:15 British Summer Time",
    ):
        assert part in text


def test_the_page_shows_an_activity() -> None:
    text = Words(statement_html(an_activity(), stationery())).text
    assert "20 Jun 2026 Payment, thank you −700.00 1,000.00" in text


def test_the_page_speaks_german() -> None:
    assert "Kontoauszug" in Words(statement_html(a_statement(a_receivable()), stationery("de"))).text


def test_the_page_loads_nothing_and_leads_only_to_the_payment() -> None:
    page = Words(statement_html(a_statement(a_receivable()), stationery()))
    assert not {"script", "img", "link", "iframe"} & page.tags
    assert page.addresses == ["https://pay.example/i/1042"]


def test_a_name_is_never_markup() -> None:
    statement = a_statement(a_receivable(), customer=a_customer('<script>alert("1")</script>'))
    page = Words(statement_html(statement, stationery()))
    assert "script" not in page.tags
    assert '<script>alert("1")</script>' in page.text


def plain(**changes: Any) -> dict[str, Any]:
    statement = a_statement(
        a_receivable(reference="PO 4711"),
        asides=[an_aside(15000, AsideReason.PROMISED)],
        unapplied=(an_unapplied(),),
    )
    found = json.loads(json.dumps(statement_plain(statement, stationery(**changes))))
    assert isinstance(found, dict)
    return found


def test_programs_get_decimal_strings_and_iso_dates() -> None:
    aging = plain()["aging"]
    assert aging["total"] == "1000.00"
    assert {name: value for name, value in plain().items() if name != "aging"} == {
        "kind": "open_item",
        "seller": "Northwind Provisions Ltd",
        "customer": {"id": "lund", "name": "Brasserie Lund", "number": "C-1180"},
        "currency": "EUR",
        "as_of": "2026-06-30",
        "synced_at": "2026-06-30T07:15:00+00:00",
        "sections": [
            {
                "customer": {"id": "lund", "name": "Brasserie Lund"},
                "invoices": [
                    {
                        "id": "i1042",
                        "number": "1042",
                        "reference": "PO 4711",
                        "issued_on": "2026-05-18",
                        "due_on": "2026-06-17",
                        "days_overdue": 13,
                        "original": "1200.00",
                        "paid": "0.00",
                        "credited": "0.00",
                        "open": "1200.00",
                        "exchange_rate": None,
                        "set_aside": [{"reason": "promised", "amount": "150.00"}],
                    }
                ],
                "open": "1200.00",
            }
        ],
        "unapplied": [{"id": "cn7", "number": "CN-7", "kind": "credits", "since": "2026-06-25", "amount": "-200.00"}],
        "activity": None,
        "due": "1050.00",
        "not_due": "0.00",
        "disputed": "0.00",
        "arranged": "150.00",
        "total": "1000.00",
        "please_pay": "850.00",
        "link": "https://pay.example/i/1042",
    }


def test_programs_get_the_activity_with_its_balances() -> None:
    found = statement_plain(an_activity(), stationery())["activity"]
    assert found == {
        "first": "2026-06-01",
        "last": "2026-06-30",
        "opening": "500.00",
        "movements": [
            {
                "on": "2026-06-13",
                "kind": "invoice",
                "id": "i1042",
                "customer_id": "lund",
                "number": "1042",
                "reference": "PO 9",
                "due_on": "2026-07-13",
                "amount": "1200.00",
                "balance": "1700.00",
            },
            {
                "on": "2026-06-20",
                "kind": "payment",
                "id": "p1",
                "customer_id": "lund",
                "number": None,
                "reference": None,
                "due_on": None,
                "amount": "-700.00",
                "balance": "1000.00",
            },
        ],
        "closing": "1000.00",
    }
