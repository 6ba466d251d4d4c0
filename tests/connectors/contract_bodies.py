"""What every connector keeps when bodies are not as expected: one odd record stops nothing, absent is never zero."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Page
from connectors.errors import BadAnswer
from strategy.model import Kind
from tests.connectors import books
from tests.connectors.meddling import each_row, meddled, one_row, rows
from tests.connectors.roads import Road

NO_AMOUNTS: list[object] = ["abc", "", None, True, [], {}, "NaN", "Infinity"]
NO_AMOUNTS += [Decimal("1.005"), Decimal("1e30"), Decimal("1e999999")]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


class Bodies:
    """Facts of odd bodies. `amounts`: per kind the field that says what is open or left."""

    platform: str
    amounts: Mapping[Kind, str]
    enumerations: Mapping[Kind, tuple[str, ...]]
    """Fields whose value is one of a list, and whose new values must change nothing."""

    minded: Collection[str]
    """Those of them that we read: a new value is told, once for all records of a page."""

    mapped: Callable[[Kind, Sequence[bytes]], Page]
    """What the connector makes of these bodies."""

    def test_a_field_that_nobody_knows_survives_in_the_raw_body_and_changes_nothing(self, still: Road) -> None:
        news = {"value": [1, {"deep": "Grüße"}]}
        with meddled(still, each_row(lambda row: row.update(BrandNew=news))) as connector:
            pages = list(connector.everything(Kind.CUSTOMER))
        assert books.documents(pages) == books.documents(books.as_read(still, Kind.CUSTOMER))
        assert all(msgspec.json.decode(raw.body)["BrandNew"] == news for page in pages for raw in page.raw)

    def test_a_day_from_which_nothing_can_be_counted_makes_an_issue_of_its_record_alone(self, road: Road) -> None:
        last, today = date.max, road.clock.now().date()
        road.control.add_invoice(books.kept_books(road).customers[1].name, 5_000, today, last, "ODD-1")
        pages = books.all_of(road, Kind.INVOICE)
        (issue,) = (issue for page in pages for issue in page.issues)
        assert f"nobody can have meant the day {last}" in issue.message
        assert len(books.ids(pages)) == 1 + sum(len(page.records) for page in pages)

    def test_the_raw_body_is_every_field_as_it_came(self, still: Road) -> None:
        with meddled(still, lambda answer: answer) as connector:
            page = next(iter(connector.everything(Kind.INVOICE)))
        plain = msgspec.json.decode(page.raw[0].body)
        assert len(plain) > 15
        assert page.raw[0].id in plain.values()

    def test_new_values_of_enumerations_change_nothing(self, still: Road) -> None:
        for kind, fields in self.enumerations.items():
            with meddled(still, each_row(partial(dict.update, **dict.fromkeys(fields, "BRANDNEW")))) as connector:
                pages = list(connector.everything(kind))
            told = [issue for page in pages for issue in page.issues]
            assert {issue.code for issue in told} <= {"unknown_value"}
            assert {issue.source.split()[1] for issue in told} == set(fields) & set(self.minded), kind
            assert all(len(page.issues) <= len(fields) for page in pages)
            assert books.documents(pages).keys() == books.documents(books.as_read(still, kind)).keys()

    @pytest.mark.parametrize("kind", [Kind.INVOICE, Kind.CREDIT])
    def test_an_amount_that_is_absent_is_reported_and_never_zero(self, still: Road, kind: Kind) -> None:
        victim = books.as_read(still, kind)[0].records[0].id
        with meddled(still, one_row(victim, lambda row: row.pop(self.amounts[kind], None))) as connector:
            pages = list(connector.everything(kind))
        if self.platform == "quickbooks" and kind is Kind.CREDIT:
            return  # Balance says the same there; what is left is known from it
        self._reported(pages, [victim], books.as_read(still, kind))

    def test_amounts_that_are_none_are_reported_and_the_other_records_come(self, still: Road) -> None:
        before = books.as_read(still, Kind.INVOICE)
        odd = dict(zip((record.id for record in before[1].records[7:]), NO_AMOUNTS, strict=False))
        change = rows({one: {self.amounts[Kind.INVOICE]: amount} for one, amount in odd.items()})
        with meddled(still, change) as connector:
            pages = list(connector.everything(Kind.INVOICE))
        assert len(odd) == len(NO_AMOUNTS)
        self._reported(pages, [*odd], before)

    def _reported(self, pages: list[Page], victims: list[str], before: list[Page]) -> None:
        issues = [issue for page in pages for issue in page.issues]
        assert [issue.source.rpartition(" ")[2] for issue in issues] == victims
        assert {issue.code for issue in issues} == {"unreadable"}
        assert books.documents(pages).keys() == books.documents(before).keys() - {*victims}
        assert books.ids(pages) == books.ids(before)
        assert {*victims} <= {raw.id for page in pages for raw in page.raw}

    def test_a_balance_that_is_absent_is_not_told_as_zero(self, still: Road) -> None:
        with meddled(still, each_row(lambda row: (row.pop("Balance", 0), row.pop("Balances", 0)))) as connector:
            assert list(connector.balances(None)) == []

    def test_a_balance_that_is_none_leaves_the_others(self, still: Road) -> None:
        every = {one.customer_id for one in still.connector.balances(None)}
        victim = min(every)
        odd = {"Balance": "abc", "Balances": {"AccountsReceivable": {"Outstanding": "abc"}}}
        with meddled(still, one_row(victim, lambda row: row.update(odd))) as connector:
            assert {one.customer_id for one in connector.balances(None)} == every - {victim}

    def test_an_answer_without_its_list_is_no_answer(self, still: Road) -> None:
        with meddled(still, lambda _: {"Surprise": []}) as connector, pytest.raises(BadAnswer):
            list(connector.everything(Kind.CUSTOMER))

    def test_an_answer_that_is_a_list_is_no_answer(self, still: Road) -> None:
        with meddled(still, lambda _: []) as connector, pytest.raises(BadAnswer):
            list(connector.changes(still.clock.now()))

    @pytest.mark.parametrize("row", [{}, [], "text", 7, None], ids=str)
    def test_a_row_that_is_no_record_does_not_stop_its_page(self, still: Road, row: object) -> None:
        good = [raw.body for raw in books.as_read(still, Kind.INVOICE)[0].raw[:5]]
        page = self.mapped(Kind.INVOICE, [*good[:2], msgspec.json.encode(row), *good[2:]])
        assert (len(page.records), len(page.issues), len(page.ids)) == (5, 1, 6)

    @pytest.mark.parametrize("kind", [Kind.CUSTOMER, Kind.INVOICE, Kind.PAYMENT])
    def test_bytes_that_are_no_letters_spoil_only_their_own_record(self, still: Road, kind: Kind) -> None:
        whole = books.as_read(still, kind)[0]
        bodies = [raw.body for raw in whole.raw[:5]]
        broken = bodies[2].replace(b':"', b':"\xff\xfe')  # each text begins with them, the id, too
        page = self.mapped(kind, [*bodies[:2], broken, *bodies[3:]])
        assert [raw.body for raw in page.raw] == [*bodies[:2], broken, *bodies[3:]]
        assert (len(page.records), len(page.issues)) == (4, 1)
        assert page.issues[0].source.endswith(page.ids[2])

    def test_an_instant_beyond_all_calendars_spoils_only_its_own_record(self, still: Road) -> None:
        bodies = [raw.body for raw in books.as_read(still, Kind.INVOICE)[0].raw[:3]]
        plain = msgspec.json.decode(bodies[0])
        plain |= {"MetaData": {"LastUpdatedTime": "0001-01-01T00:00:00+14:00"}}
        plain |= {"UpdatedDateUTC": "/Date(-99999999999999999+0000)/"}
        page = self.mapped(Kind.INVOICE, [msgspec.json.encode(plain), *bodies[1:]])
        assert (len(page.records), len(page.issues), page.ids) == (2, 1, tuple(raw.id for raw in page.raw))

    @pytest.mark.parametrize("kind", [Kind.CUSTOMER, Kind.INVOICE, Kind.PAYMENT, Kind.CREDIT])
    def test_whatever_becomes_of_one_field_the_page_comes(self, still: Road, kind: Kind) -> None:
        bodies = [raw.body for raw in books.as_read(still, kind)[0].raw[:12]]
        whole = self.mapped(kind, bodies)

        @given(data=st.data(), value=JSON)
        def damage(data: st.DataObject, value: Any) -> None:
            victim = data.draw(st.integers(0, len(bodies) - 1))
            plain = msgspec.json.decode(bodies[victim])
            field = data.draw(st.sampled_from(sorted(plain)))
            plain[field] = value
            page = self.mapped(kind, [*bodies[:victim], msgspec.json.encode(plain), *bodies[victim + 1 :]])
            assert len(page.ids) == len(bodies)
            assert len(page.records) + len(page.issues) in {len(bodies), len(bodies) - 1}
            others = [one for number, one in enumerate(whole.records) if number != victim]
            assert [one for one in page.records if one in others] == others

        damage()
