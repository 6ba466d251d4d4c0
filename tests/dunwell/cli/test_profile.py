"""What the books do not hold: shown, set, and imported from a spreadsheet."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sync.store.database import Store
from tests.dunwell.cli.desk import Desk


def profile(desk: Desk, customer: str = "mallowfield") -> dict[str, str]:
    found: dict[str, str] = desk.did("profile", "brindle", customer, "--json").json["profile"]
    return found


def test_nothing_is_known_at_first(desk: Desk) -> None:
    assert desk.did("profile", "brindle", "mallowfield").rows == []
    assert profile(desk) == {}


def test_fields_are_set_and_shown_as_they_were_written(desk: Desk) -> None:
    sets = {
        "language": "de",
        "country": "AT",
        "time_zone": "Europe/Vienna",
        "method": "check",
        "legal_form": "company",
        "po_required": "yes",
        "owner": "sales@firm.example",
        "lists": "key accounts, north",
        "credit_limit.USD": "5000.00",
        "contact.gap": "14",
        "contact.most": "2/60",
        "contact.missed": "sequence",
        "contact.days": "mon-wed",
        "contact.by": "post, email",
    }
    args = [part for field, value in sets.items() for part in ("--set", f"{field}={value}")]
    said = desk.did("profile", "brindle", "mallowfield", *args)
    assert sorted(map(tuple, said.rows)) == sorted(sets.items())


def test_what_is_set_counts_in_deciding(desk: Desk) -> None:
    desk.did("profile", "brindle", "mallowfield", "--set", "role.billing=Otis Quarles <otis@mallowfield.example>")
    found = desk.did("customer", "brindle", "mallowfield", "--json").json
    (reminder,) = [one for one in found["touchpoints"] if one["kind"] == "reminder"]
    assert reminder["to"] == ["otis@mallowfield.example"]


@pytest.mark.parametrize("imports", [False, True])
def test_two_who_write_parts_of_a_role_at_once_write_both(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, imports: bool
) -> None:
    part = ("--set", "role.manager.phone=12")
    if imports:
        file = desk.write("profiles.csv", "customer,role.manager.phone\nmallowfield,12\n")
        part = ("--import", str(file))
    transaction = Store.transaction

    @contextmanager
    def somebody_is_quicker(store: Store) -> Iterator[None]:
        monkeypatch.setattr(Store, "transaction", transaction)
        desk.did("profile", "brindle", "mallowfield", "--set", "role.manager=Mats <mats@lund.example>")
        with transaction(store):
            yield

    monkeypatch.setattr(Store, "transaction", somebody_is_quicker)
    desk.did("profile", "brindle", *(() if imports else ("mallowfield",)), *part)
    known = profile(desk)
    assert (known["role.manager.name"], known["role.manager.phone"]) == ("Mats", "12")


def test_a_role_is_written_whole_or_in_parts(desk: Desk) -> None:
    desk.did("profile", "brindle", "mallowfield", "--set", "role.manager=mats@lund.example")
    desk.did("profile", "brindle", "mallowfield", "--set", "role.manager.name=Mats", "--set", "role.manager.phone=12")
    assert profile(desk) == {
        "role.manager.name": "Mats",
        "role.manager.email": "mats@lund.example",
        "role.manager.phone": "12",
    }
    desk.did("profile", "brindle", "mallowfield", "--unset", "role.manager.email")
    assert "role.manager.email" not in profile(desk)
    desk.did("profile", "brindle", "mallowfield", "--unset", "role.manager")
    assert profile(desk) == {}


WRONG = {
    "language=klingon": '"klingon" is no language; write it as in en, de or pt-BR',
    "country=Germany": '"Germany" is no country; write its two letters, as in DE',
    "time_zone=Berlin": '"Berlin" is no time zone; write it as in Europe/Berlin',
    "legal_form=GmbH": '"GmbH" is no legal form; write one of company, public, sole_trader, consumer',
    "region=Bavaria": ('"Bavaria" is no part of a country with holidays of its own; write it as in DE-BY or US-CA'),
    "region=DE-XX": '"DE-XX" is no part of a country with holidays of its own; write it as in DE-BY or US-CA',
    "run=friday": '"friday" is no day to pay on; write a weekday (fri), a day of the month (15) or month end',
    "cutoff=11": '"11" is no number of business days from 0 to 10',
    "po_required=maybe": '"maybe" is neither; write yes or no',
    "contact.gap=often": '"often" is no value of contact.gap; write it as in 5',
    "contact.by=pigeon": '"pigeon" is no value of contact.by; write it as in email',
    "contact.most=3": '"3" is no value of contact.most; write it as in 3/30',
    "contact.most=0/30": '"0/30" is no value of contact.most; write it as in 3/30',
    "contact.missed=all": '"all" is no value of contact.missed; write it as in latest',
    "contact.run=3": "there is no field contact.run; write one of days, hours, gap, to, by, most, missed",
    "owner=Anna": '"Anna" is no email address',
    "owner=anna,mats@our.example": '"anna,mats@our.example" is no email address',
    "lists=,": 'lists are names with commas between them, as in "key accounts, north"',
    "method=": "nothing is written; to forget a field, unset it",
    "credit_limit.usd=5": '"usd" is no currency; write the field as in credit_limit.EUR',
    "credit_limit.USD=much": '"much" is no amount in USD; write it as in 5000 or 5000.00',
    "credit_limit.USD=-5": '"-5" is no amount in USD; write it as in 5000 or 5000.00',
    "role.manager=Mats": '"Mats" is no person; write "Anna Berg <anna@berg.example>", or the address alone',
    "role.manager.email=Mats": '"Mats" is no email address',
    "role.manager.fax=1": "there is no field role.manager.fax; write role.billing, or role.billing.email",
    "role=x": "there is no field role.; write role.billing, or role.billing.email",
}


@pytest.mark.parametrize(("written", "sentence"), WRONG.items())
def test_a_value_that_cannot_be_is_refused(reader: Desk, written: str, sentence: str) -> None:
    assert reader.failed("profile", "brindle", "mallowfield", "--set", written) == (2, sentence)


def test_nothing_is_set_where_one_of_several_is_wrong(desk: Desk) -> None:
    desk.failed("profile", "brindle", "mallowfield", "--set", "language=de", "--set", "country=Germany")
    assert profile(desk) == {}


def test_the_history_keeps_who_changed_what(desk: Desk) -> None:
    desk.did("profile", "brindle", "mallowfield", "--set", "language=de", "--by", "Ann")
    desk.did("profile", "brindle", "mallowfield", "--set", "language=de", "--by", "Ben")
    events = [row[1:] for row in desk.did("customer", "brindle", "mallowfield").kind("event")]
    assert events[0] == ["Ann", "profile: language changed"]
    assert ["Ben", "profile: language changed"] not in events


CSV = """\
customer,language,lists,credit_limit.USD,role.billing.email
mallowfield,de,"key accounts, north",5000,otis@mallowfield.example
48,,,-,
Goldacre Cycles,en,,,
"""


def test_many_are_imported_from_a_spreadsheet(desk: Desk) -> None:
    desk.did("profile", "brindle", "48", "--set", "credit_limit.USD=100")
    file = desk.write("profiles.csv", CSV)
    said = desk.did("profile", "brindle", "--import", str(file))
    assert said.out == "6 fields of 3 customers changed; 3 rows were read.\n"
    assert profile(desk) == {
        "language": "de",
        "lists": "key accounts, north",
        "credit_limit.USD": "5000.00",
        "role.billing.email": "otis@mallowfield.example",
    }
    assert profile(desk, "48") == {}


def test_a_second_import_of_the_same_changes_nothing(desk: Desk) -> None:
    file = desk.write("profiles.csv", CSV)
    desk.did("profile", "brindle", "--import", str(file))
    assert desk.did("profile", "brindle", "--import", str(file)).out == (
        "0 fields of 0 customers changed; 3 rows were read.\n"
    )


@pytest.mark.parametrize("separator", [";", "\t"])
def test_semicolons_tabs_and_a_byte_order_mark_are_fine(desk: Desk, separator: str) -> None:
    file = desk.write("profiles.csv", f"\ufeffcustomer{separator}language\r\nmallowfield{separator}de\r\n")
    desk.did("profile", "brindle", "--import", str(file))
    assert profile(desk) == {"language": "de"}


def test_every_mistake_of_a_file_is_told_with_its_line_and_nothing_is_applied(desk: Desk) -> None:
    file = desk.write(
        "profiles.csv",
        "customer,langauge,country,role.billing.email\n"
        "mallowfield,de,DE,otis@mallowfield.example\n"
        "Malowfield,,,\n"
        "\n"
        "48,,Germany,otis\n"
        "15,,,\n"
        "quillmere,,,\n",
    )
    assert desk.failed("profile", "brindle", "--import", str(file)) == (
        2,
        (
            'profiles.csv:1: there is no field langauge; did you mean "language"?\n'
            'profiles.csv:3: there is no customer "Malowfield" in brindle; did you mean "Mallowfield Tailors"?\n'
            'profiles.csv:5: "Germany" is no country; write its two letters, as in DE\n'
            'profiles.csv:5: "otis" is no email address\n'
            "profiles.csv:6: Mallowfield Tailors stands in line 2 already\n"
            'profiles.csv:7: there are 2 customers "quillmere" in brindle: Quillmere Allotment Society (#48), '
            "Quillmere Veterinary Group (#36); write more of the name, or the id with its #\n"
            "Nothing of profiles.csv was applied."
        ),
    )
    assert profile(desk) == {}


def test_a_file_without_customers_says_what_is_missing(desk: Desk) -> None:
    file = desk.write("profiles.csv", "name,language\nmallowfield,de\n")
    assert desk.failed("profile", "brindle", "--import", str(file)) == (
        2,
        (
            'profiles.csv:1: no column is called "customer"; the first line names the columns\n'
            "Nothing of profiles.csv was applied."
        ),
    )


def test_a_file_that_is_no_text_is_named(desk: Desk) -> None:
    file = desk.folder / "profiles.csv"
    file.write_bytes(b"customer\n\xff\xfe")
    assert desk.failed("profile", "brindle", "--import", str(file)) == (
        2,
        "profiles.csv is not UTF-8; save it as CSV UTF-8",
    )
