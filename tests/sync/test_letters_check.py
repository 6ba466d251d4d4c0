"""Every mistake in a letter is found before anything runs, with its line and what would be right."""

import pytest
from jinja2.exceptions import SecurityError

from sync.letters.check import Problem, check_letter
from sync.letters.sandbox import SANDBOX

GOOD = """Subject: Invoice {{ lead.number }} is {{ overdue_days }} {{ "day" if overdue_days == 1 else "days" }} overdue

Dear {{ person.name or customer.name }},

{% if disputed and not promise.on %}
you dispute {{ disputed }}.
{% elif invoices|length > 1 %}
{{ invoices|length }} invoices are open.
{% else %}
one invoice is open.
{% endif %}

{{ table }}

{% for invoice in invoices if invoice.days_overdue > 30 %}
- {{ loop.index }}. {{ invoice.number }}{% if not loop.last %},{% endif %}
{% else %}
Nothing is old.
{% endfor %}

{# nobody reads this #}
{{ link }}

{{ sender.name|upper }}, {{ company.name|trim|lower|capitalize }}
{{ "GmbH" if "GmbH" in company.legal_name else "" }}
"""


def problems(body: str, language: str = "en") -> list[tuple[int, str, str]]:
    found = check_letter(f"Subject: Hello\n\n{body}", language, "letters/en/first.txt")
    return [(problem.line, problem.message, problem.instead) for problem in found]


def test_a_letter_that_uses_all_there_is_has_no_problem() -> None:
    assert check_letter(GOOD, "en", "letters/en/first.txt") == ()


def test_an_unknown_field_is_named_with_its_file_its_line_and_the_nearest_that_exists() -> None:
    assert check_letter("Subject: x\n\nDear {{ customer.nme }}", "en", "letters/en/first.txt") == (
        Problem(
            file="letters/en/first.txt",
            line=3,
            message="there is no field customer.nme",
            instead="customer.name",
        ),
    )


def test_a_field_like_no_other_gets_the_whole_list() -> None:
    assert problems("{{ sender.xyz }}") == [(3, "there is no field sender.xyz", "one of sender.name")]


def test_all_problems_are_reported_at_once_in_the_order_of_their_lines() -> None:
    found = problems("{{ totl }}\n{% if promise.onn %}\n{{ custmer.name }}\n{% endif %}\n{{ lead.numbr }}")
    assert [(line, instead) for line, _, instead in found] == [
        (3, "total"),
        (4, "promise.on"),
        (5, "customer"),
        (7, "lead.number"),
    ]


def test_lines_are_counted_through_tags_that_have_a_line_of_their_own() -> None:
    body = "{% if disputed %}\nx\n{% endif %}\n{# note #}\n\n{{ totl }}"
    assert [line for line, _, _ in problems(body)] == [8]


@pytest.mark.parametrize(
    ("body", "message", "instead"),
    [
        ("{{ invoices.number }}", "invoices is a list and has no number", "a loop over invoices, or lead.number"),
        ("{{ invoices }}", "invoices is a list", "{% for invoice in invoices %}…{% endfor %}"),
        ("{{ customer }}", "customer is a group of fields", "customer.name, customer.number"),
        ("{{ total.amount }}", "total is a text or a number and has no amount", "{{ total }}"),
        ("{{ 'a' if link }}", "it is not said what stands here otherwise", 'else "days"'),
        ("{% if total > 5 %}x{% endif %}", "only numbers are more or less than others", "overdue_days > 30"),
        ("{% if 5 in total %}x{% endif %}", "only a text is in a text or a list", "'Ltd' in customer.name"),
        ("{{ total|length|upper }}", "this is no text", "a text before |upper"),
        ("{{ overdue_days|length }}", "overdue_days is a number and has no length", "a list or a text"),
        ("{{ total|round(2) }}", "there is no filter round like this", "capitalize, length, lower, trim, upper"),
        ("{{ total|title }}", "there is no filter title like this", "without arguments"),
        ("{% for x in total %}{% endfor %}", "a loop goes over a list, one name at a time", "invoices, coming"),
        ("{% for a, b in invoices %}{% endfor %}", "a loop goes over a list, one name at a time", "notice.why"),
        ("{% for x in invoices %}{{ x.nmber }}{% endfor %}", "there is no field x.nmber", "x.number"),
        ("{% for x in invoices %}{{ loop.cycle }}{% endfor %}", "there is no field loop.cycle", "loop."),
        ("{% for x in invoices %}{% endfor %}{{ x }}", "there is no field x", "one of "),
        ("{{ loop.index }}", "there is no field loop", "one of "),
        ("{{ total", "this is not Jinja", "a letter has fields"),
        ("{% if total %}", "this is not Jinja", "a letter has fields"),
        ("(" * 5000 + "{{" + "(" * 5000 + ")" * 5000 + "}}", "too deep", "a letter has fields"),
    ],
)
def test_a_mistake_is_met_with_what_would_be_right(body: str, message: str, instead: str) -> None:
    ((_, said, right),) = problems(body)
    assert message in said
    assert instead in right


@pytest.mark.parametrize(
    "body",
    [
        "{% if totl %}{% endif %}",
        "{% if not totl %}{% endif %}",
        "{% if total %}{% elif totl %}{% endif %}",
        "{% if total %}{% elif link %}{{ totl }}{% endif %}",
        "{% if total %}{% else %}{{ totl }}{% endif %}",
        "{% if total == totl %}{% endif %}",
        "{% for x in invoices if totl %}{% endfor %}",
        "{% for x in invoices %}{{ totl }}{% endfor %}",
        "{% for x in invoices %}{% else %}{{ totl }}{% endfor %}",
        "{{ total or totl }}",
        "{{ totl and total }}",
        "{{ totl if total else link }}",
        "{{ total if totl else link }}",
        "{{ total if link else totl }}",
        "{{ totl|upper }}",
    ],
)
def test_an_unknown_field_is_found_wherever_it_stands(body: str) -> None:
    assert problems(body) == [(3, "there is no field totl", "total")]


HOSTILE = [
    "{{ 'a' * 10 ** 9 }}",
    "{{ [1] * 10 ** 9 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ 'a' ~ total }}",
    "{{ total + total }}",
    "{{ -overdue_days }}",
    "{{ range(100000) }}",
    "{% for i in range(99999) %}{% endfor %}",
    "{% for a in invoices %}{% for b in invoices %}x{% endfor %}{% endfor %}",
    "{% for a in invoices recursive %}{{ loop(invoices) }}{% endfor %}",
    "{% set x = total %}",
    "{% set x %}{{ total }}{% endset %}",
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{% include 'layout.html' %}",
    "{% import 'x' as y %}",
    "{% extends 'x' %}",
    "{% block b %}{% endblock %}",
    "{% filter upper %}x{% endfilter %}",
    "{% with x = total %}{% endwith %}",
    "{% call x() %}{% endcall %}",
    "{{ total.format(1) }}",
    "{{ customer.name.center(10 ** 9) }}",
    "{{ total|center(1000000000) }}",
    "{{ total|replace('', total) }}",
    "{{ invoices|join(total) }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ customer['name'] }}",
    "{{ self }}",
    "{{ total is string }}",
    "{{ [1, 2] }}",
    "{{ {'a': 1} }}",
    "{{ cycler('a') }}",
    "{{ lipsum(n=100000) }}",
    "{{ namespace() }}",
]


@pytest.mark.parametrize("body", HOSTILE)
def test_nothing_that_could_grow_or_reach_outside_is_part_of_a_letter(body: str) -> None:
    assert problems(body)


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "//", "%", "**"])
def test_the_sandbox_itself_refuses_to_calculate(operator: str) -> None:
    with pytest.raises(SecurityError, match="does not calculate"):
        SANDBOX.from_string(f"{{{{ 'a' {operator} 3 }}}}").render(language="en")


def test_the_sandbox_itself_has_nothing_to_call() -> None:
    assert not SANDBOX.globals


def test_the_subject_comes_first() -> None:
    ((problem),) = check_letter("Dear all,\n\nhello\n", "en", "x")
    assert (problem.line, problem.message) == (1, "the first line is not the subject")


def test_a_subject_that_says_nothing_is_none() -> None:
    ((problem),) = check_letter("Subject:  \n\nhello\n", "en", "x")
    assert problem.message == "the first line is not the subject"


def test_a_blank_line_follows_the_subject() -> None:
    ((problem),) = check_letter("Subject: Hello\nDear all,\n", "en", "x")
    assert (problem.line, problem.instead) == (2, "one blank line, then the letter")


def test_a_letter_has_a_text() -> None:
    ((problem),) = check_letter("Subject: Hello\n\n", "en", "x")
    assert problem.message == "the letter has no text"


def test_a_letter_has_an_end() -> None:
    ((_, message, instead),) = problems("x" * 60_000)
    assert (message, instead) == ("the letter has 60016 characters", "at most 50000")


def test_a_language_that_does_not_exist_is_named() -> None:
    ((line, message, _),) = problems("hello", "klingon")
    assert (line, "'klingon' is no language" in message) == (1, True)


def test_a_table_in_a_language_without_headings_is_a_problem() -> None:
    assert problems("Bonjour\n\n{{ table }}", "fr") == [
        (5, "the table has no headings in 'fr'", "a list; en and de have headings")
    ]


def test_a_letter_in_a_language_without_headings_is_fine_without_a_table() -> None:
    assert problems("Bonjour {{ person.name }},\n\n{{ link }}", "fr") == []
