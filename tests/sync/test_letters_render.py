"""A letter as people will see it: the same words in text and HTML, and nothing in it but words."""

import re
from html.parser import HTMLParser
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from sync.letters.example import example_facts
from sync.letters.fields import Fields, fields
from sync.letters.render import BadLetter, Letter, render_letter


def a_letter(body: str, data: Fields | None = None, subject: str = "Hello") -> Letter:
    return render_letter(f"Subject: {subject}\n\n{body}", "letters/en/first.txt", data or the_fields())


def the_fields(language: str = "en", **changes: Any) -> Fields:
    return fields(structs.replace(example_facts(language), **changes))


def to_customer(name: str) -> Fields:
    return the_fields(customer=structs.replace(example_facts("en").customer, name=name))


def body_of(letter: Letter) -> str:
    return letter.text.partition("\n\n-- \n")[0]


class Seen(HTMLParser):
    """The text, the tags and the addresses of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.addresses = "", list[str](), list[str]()
        self._quiet = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.text += " " if tag in {"br", "p", "li", "td", "th"} else ""
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "background"}]
        self._quiet = tag in {"style", "title"}

    def handle_endtag(self, tag: str) -> None:
        self._quiet = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._quiet else data

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


def seen(letter: Letter) -> Seen:
    return Seen(letter.html)


def test_the_subject_is_the_first_line_with_its_fields_filled() -> None:
    assert a_letter("x", subject="Invoice {{ lead.number }} is due").subject == "Invoice 1042 is due"


def test_a_name_with_line_breaks_cannot_leave_the_subject() -> None:
    letter = a_letter("x", to_customer("Lund\r\nBcc: all@x.example\n\nDear"), subject="To {{ customer.name }}")
    assert letter.subject == "To Lund Bcc: all@x.example Dear"


def test_paragraphs_and_lines_stay_as_they_were_written() -> None:
    letter = a_letter("Dear {{ person.name }},\n\n\n\nKind regards,\n{{ sender.name }}\n")
    assert body_of(letter) == "Dear Mats Lund,\n\nKind regards,\nAnna Berg"
    assert "Kind regards,<br>Anna Berg</p>" in letter.html


def test_a_tag_with_a_line_to_itself_leaves_no_gap() -> None:
    letter = a_letter("Open:\n{% for invoice in invoices %}\n- {{ invoice.number }}\n{% endfor %}\nThank you.")
    assert body_of(letter) == "Open:\n- 1042\n- 1043\nThank you."


def test_a_paragraph_that_ends_in_a_tag_stays_a_paragraph() -> None:
    letter = a_letter("First{% if total %} one{% endif %}\n\nSecond")
    assert body_of(letter) == "First one\n\nSecond"


def test_a_line_that_begins_and_ends_in_a_tag_stays_a_line() -> None:
    assert body_of(a_letter("{% if total %}One{% endif %}\nTwo")) == "One\nTwo"


def test_a_paragraph_that_does_not_apply_leaves_no_gap() -> None:
    letter = a_letter("One\n\n{% if disputed %}\nDisputed\n{% endif %}\n\nTwo", the_fields(disputed_minor=0))
    assert body_of(letter) == "One\n\nTwo"


def test_lines_with_dashes_are_a_list() -> None:
    letter = a_letter("{% for invoice in coming %}\n- {{ invoice.number }}\n{% endfor %}")
    assert re.search(r"<ul[^>]*>\s*<li[^>]*>1051</li>\s*</ul>", letter.html)


def test_days_are_grouped_like_any_number() -> None:
    facts = example_facts("en")
    old = structs.replace(facts.touchpoint.invoices[0], days_overdue=1234)
    data = the_fields(touchpoint=structs.replace(facts.touchpoint, invoices=(old,)))
    assert body_of(a_letter("{{ overdue_days }} days", data)) == "1,234 days"


TABLE = """
Invoice  Due          Original    Paid  Credited  Remaining  To pay now
-----------------------------------------------------------------------
1042     3 Mar 2026   1,200.00  200.00      0.00   1,000.00      850.00
  PO 4711 · 13 days overdue
1043     15 Mar 2026    500.00    0.00      0.00     500.00      500.00
  1 day overdue
Credit CN-7                                                     -200.00
-----------------------------------------------------------------------
Please pay                                                    €1,150.00
""".strip()


def test_the_table_is_aligned_in_the_text() -> None:
    assert body_of(a_letter("Open:\n\n{{ table }}\n\nThank you.")) == f"Open:\n\n{TABLE}\n\nThank you."


def test_the_table_speaks_german() -> None:
    letter = a_letter("{{ table }}", the_fields("de"))
    assert body_of(letter).startswith("Rechnung  Fällig ")
    assert "PO 4711 · 13 Tage überfällig" in body_of(letter)


def test_wide_characters_keep_the_columns_straight() -> None:
    facts = example_facts("en")
    wide = structs.replace(facts.touchpoint.invoices[0], number="請求書")
    data = the_fields(touchpoint=structs.replace(facts.touchpoint, invoices=(wide,), credits=()))
    heading, _, row, *_ = body_of(a_letter("{{ table }}", data)).split("\n")
    assert len(heading) == len(row) + 3


def test_the_table_is_a_table_in_the_html() -> None:
    page = seen(a_letter("{{ table }}"))
    assert "Due Original Paid Credited Remaining To pay now" in page.words
    assert "Please pay €1,150.00" in page.words
    assert page.tags.count("th") == 6


def test_a_table_inside_a_sentence_still_stands_by_itself() -> None:
    assert body_of(a_letter("Open: {{ table }} Thank you.")) == f"Open:\n\n{TABLE}\n\nThank you."


def test_a_link_on_its_own_is_a_button_with_its_address_readable() -> None:
    page = seen(a_letter("Pay here:\n\n{{ link }}"))
    assert page.addresses == ["https://pay.example/i/1042"] * 2
    assert "Pay online https://pay.example/i/1042" in page.words


def test_a_link_in_a_sentence_is_a_link() -> None:
    letter = a_letter("See {{ portal }} for all.")
    assert seen(letter).addresses == ["https://portal.example/lund"]
    assert body_of(letter) == "See https://portal.example/lund for all."


def test_without_a_link_there_is_no_button() -> None:
    letter = a_letter("One\n\n{{ link }}\n\n{% if link %}Pay{% else %}Two{% endif %}", the_fields(link=""))
    assert (body_of(letter), seen(letter).addresses) == ("One\n\nTwo", [])


def test_in_a_language_without_our_words_a_link_has_no_english_button() -> None:
    page = seen(a_letter("Payez ici :\n\n{{ link }}", the_fields("fr")))
    assert "Pay online" not in page.words
    assert page.addresses == ["https://pay.example/i/1042"]


def test_both_forms_say_who_writes() -> None:
    letter = a_letter("Hello")
    imprint = (
        "Northwind Provisions Ltd\n12 Quayside, London SE1 2AB\n"
        "+44 20 7946 0100 · accounts@northwind.example\nTax no. GB 123 4567 89\n"
    )
    assert letter.text.partition("\n\n-- \n")[2] == imprint
    assert " ".join(imprint.split()) in seen(letter).words


def test_the_html_loads_nothing_and_runs_nothing() -> None:
    page = seen(a_letter("{{ table }}\n\n{{ link }}\n\n{{ portal }}"))
    assert not {"img", "script", "link", "iframe", "form", "object", "video"} & set(page.tags)
    assert {address.partition("://")[0] for address in page.addresses} == {"https"}
    assert "url(" not in a_letter("x").html


def test_the_html_says_its_language() -> None:
    assert '<html lang="de">' in a_letter("x", the_fields("de")).html


def test_a_letters_own_text_is_text_in_html_too() -> None:
    assert "Smith & Sons <b>owe</b>" in seen(a_letter("Smith & Sons <b>owe</b>")).text


HOSTILE = st.text(st.sampled_from("<>&\"'{}%#\r\n\t\x00\u202e\ufdd0\ufdd1\ufdd2\u2028 ab"), max_size=30)


@given(HOSTILE)
def test_nothing_in_a_name_becomes_markup(name: str) -> None:
    plain = a_letter("{{ customer.name }}", to_customer("x"))
    letter = a_letter("{{ customer.name }}", to_customer(f"x{name}"))
    assert seen(letter).tags == seen(plain).tags
    assert seen(letter).addresses == []


@given(HOSTILE)
def test_a_name_is_one_line_of_visible_characters(name: str) -> None:
    line = body_of(a_letter("[{{ customer.name }}]", to_customer(f"x{name}x")))
    assert re.fullmatch(r"\[x[^\r\n\t\x00\u2028\u202e\ufdd0\ufdd1\ufdd2]*x\]", line)


def test_private_characters_in_a_letter_draw_nothing() -> None:
    assert body_of(a_letter("a\ufdd0b\ufdd1c")) == "abc"


def test_a_letter_with_a_problem_is_not_rendered_and_says_where() -> None:
    with pytest.raises(BadLetter, match=r"letters/en/first\.txt:3: there is no field totl") as bad:
        a_letter("{{ totl }}")
    assert bad.value.problems[0].instead == "total"


def test_a_letter_with_fields_missing_is_not_rendered() -> None:
    data = {name: value for name, value in the_fields().items() if name != "today"}
    with pytest.raises(BadLetter, match=r"letters/en/first\.txt:1: cannot be rendered: 'today' is undefined"):
        a_letter("{{ today }}", data)


def test_a_letter_that_comes_out_too_long_is_not_sent() -> None:
    facts = example_facts("en")
    many = facts.touchpoint.invoices * 500
    data = the_fields(touchpoint=structs.replace(facts.touchpoint, invoices=many))
    with pytest.raises(BadLetter, match="longer than 200000 characters"):
        a_letter("{% for invoice in invoices %}" + "x" * 300 + "{% endfor %}", data)


def test_rendering_leaves_the_fields_as_they_were() -> None:
    data, again = the_fields(), the_fields()
    a_letter("{{ table }} {{ link }}", data)
    assert data == again


def test_rendering_twice_gives_the_same_letter() -> None:
    assert a_letter("{{ table }}") == a_letter("{{ table }}")


def test_what_the_fields_hold_is_never_a_template() -> None:
    assert body_of(a_letter("{{ customer.name }}", to_customer("{{ total }}{% raw %}"))) == "{{ total }}{% raw %}"


def test_numbers_of_the_table_survive_to_the_html() -> None:
    table = cast("dict[str, list[list[str]]]", the_fields()["table"])
    words = seen(a_letter("{{ table }}")).words
    assert all(cell in words for row in table["rows"] for cell in row)
