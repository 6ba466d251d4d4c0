"""What the books do not hold: what may be written, how it is stored, and that writing it back changes nothing."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.account import Role
from strategy.model import CustomerId
from sync import profiles
from sync.accounts import journal as reading
from sync.profiles import BadValue
from sync.store.journal import Moment
from tests.strategy.builders import TODAY
from tests.sync.mirrors import READ_AT, Mirror, a_customer, a_mirror

LUND = CustomerId("lund")


def wrote(before: Mapping[str, str], *lines: tuple[str, str | None]) -> dict[str, str]:
    """What is stored after a person wrote these, one after the other."""
    stored = dict(before)
    for field, text in lines:
        for name, value in profiles.change(stored, field, text).items():
            stored.pop(name, None)
            stored |= {} if value is None else {name: value}
    return stored


@pytest.mark.parametrize(
    ("text", "minor"),
    [("5000", "500000"), ("5000.5", "500050"), ("5,000", "500000"), ("1,250,000.00", "125000000"), ("0", "0")],
)
def test_a_credit_limit_is_stored_in_minor_units(text: str, minor: str) -> None:
    assert profiles.change({}, "credit_limit.EUR", text) == {"credit_limit.EUR": minor}


@pytest.mark.parametrize(
    "text", ["5000,50", "5.000,50", "5,00", "50,00,000", "1e3", "NaN", "Infinity", "-1", "", "0.001"]
)
def test_an_amount_that_could_mean_another_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match=r"is no amount in EUR; write it as in 5000 or 5000\.00"):
        profiles.change({}, "credit_limit.EUR", text)


def test_a_limit_in_a_currency_without_cents_has_none() -> None:
    assert profiles.change({}, "credit_limit.JPY", "5000") == {"credit_limit.JPY": "5000"}
    with pytest.raises(BadValue):
        profiles.change({}, "credit_limit.JPY", "5000.50")


def test_a_part_of_a_role_changes_that_part_alone() -> None:
    stored = wrote({}, ("role.billing", "Anna Berg <anna@berg.example>"), ("role.billing.email", "ap@berg.example"))
    assert profiles.shown(stored) == {"role.billing.name": "Anna Berg", "role.billing.email": "ap@berg.example"}


def test_a_role_of_which_nothing_is_left_is_forgotten() -> None:
    stored = wrote({}, ("role.billing", "anna@berg.example"), ("role.billing.email", None))
    assert stored == {}


def test_a_role_written_anew_forgets_who_had_it() -> None:
    first = ("role.billing", "Anna Berg <anna@berg.example>")
    assert wrote({}, first, ("role.billing.phone", "1"), ("role.billing", "tom@berg.example")) == wrote(
        {}, ("role.billing", "tom@berg.example")
    )


def test_an_unknown_field_names_the_nearest() -> None:
    with pytest.raises(profiles.NoField, match=r"there is no field langage; .*language"):
        profiles.change({}, "langage", "de")


words = st.text(st.characters(categories=("L", "Nd"), codec="utf-8"), min_size=1, max_size=8)
addresses = st.builds("{}@{}.example".format, words, words)
people = st.one_of(addresses, st.builds("{} <{}>".format, words, addresses))
fields = st.one_of(
    st.tuples(st.just("language"), st.sampled_from(["en", "de", "pt-BR"])),
    st.tuples(st.just("country"), st.sampled_from(["DE", "US", "GB"])),
    st.tuples(st.just("time_zone"), st.sampled_from(["Europe/Berlin", "America/New_York"])),
    st.tuples(st.just("method"), words),
    st.tuples(st.just("legal_form"), st.sampled_from(["company", "sole_trader"])),
    st.tuples(st.just("po_required"), st.sampled_from(["yes", "no"])),
    st.tuples(st.just("owner"), addresses),
    st.tuples(st.just("lists"), st.lists(words, min_size=1, max_size=3).map(", ".join)),
    st.tuples(st.sampled_from(["credit_limit.EUR", "credit_limit.JPY"]), st.integers(0, 10**9).map(str)),
    st.tuples(
        st.sampled_from(["role.billing", "role.manager"]),
        st.one_of(addresses, st.builds("{} <{}>".format, words, addresses)),
    ),
    st.tuples(st.sampled_from(["role.billing.phone", "role.manager.name"]), words),
    st.tuples(st.sampled_from(["language", "lists", "role.billing", "role.manager.email"]), st.none()),
)


@given(lines=st.lists(fields, max_size=8))
def test_what_is_shown_can_be_written_again_and_is_the_same(lines: list[tuple[str, str | None]]) -> None:
    stored = wrote({}, *lines)
    assert wrote({}, *profiles.shown(stored).items()) == stored


@given(lines=st.lists(fields, max_size=8))
def test_whatever_may_be_written_can_be_read_as_a_profile(lines: list[tuple[str, str | None]]) -> None:
    profile = reading.profile(wrote({}, *lines).items())
    assert all(one.name or one.email or one.phone for one in profile.roles)


def moment(books: Mirror) -> Moment:
    return Moment(ledger_id=books.ledger.id, at=READ_AT, on=TODAY, who="Ann")


def test_what_is_stored_is_the_accounts_and_the_history_says_who_changed_what(tmp_path: Path) -> None:
    with a_mirror(tmp_path, a_customer()) as books:
        changes = profiles.change({}, "role.billing", "Anna Berg <anna@berg.example>")
        assert profiles.apply(books.store, moment(books), LUND, changes) == 1
        assert books.account("lund").profile.roles == (
            Role(role="billing", name="Anna Berg", email="anna@berg.example"),
        )
        assert list(books.store.rows("SELECT who, what, facts FROM event")) == [
            ("Ann", "profile changed", '{"field":"role.billing"}')
        ]


def test_storing_the_same_again_changes_nothing_and_is_no_event(tmp_path: Path) -> None:
    with a_mirror(tmp_path, a_customer()) as books:
        for changed in (1, 0):
            assert profiles.apply(books.store, moment(books), LUND, {"language": "de"}) == changed
        assert books.store.row("SELECT COUNT(*) FROM event") == (1,)


def test_forgetting_what_was_never_known_is_no_change(tmp_path: Path) -> None:
    with a_mirror(tmp_path, a_customer()) as books:
        assert profiles.apply(books.store, moment(books), LUND, {"language": None}) == 0
