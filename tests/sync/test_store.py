"""The database: every statement compiles against the schema, keys are unique, and a commit is on the disk."""

import re
from collections import defaultdict
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from sync.store import ledgers
from sync.store.database import Store, from_instant, instant
from sync.store.migrations import MIGRATIONS
from sync.store.seen import Seen
from sync.store.statements import load, rooms

APART = {"vault", "budgets"}
"""Their SQL is for files of their own."""

STATEMENTS = [(room, name) for room in rooms() if room not in APART for name in load(room)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("store") / "dunwell.sqlite")
    Seen(store, ledger_id=1)  # makes its own table
    return store


@pytest.mark.parametrize(("room", "name"), STATEMENTS)
def test_every_statement_compiles_against_the_schema(store: Store, room: str, name: str) -> None:
    sql = f"EXPLAIN {load(room)[name]}"
    if re.search(r":\w+", load(room)[name]):
        assert list(store.rows_by_name(sql, defaultdict(lambda: None, _names(sql))))
    else:
        assert list(store.rows(sql, *[None] * sql.count("?")))


ONE = re.compile(r"(account|source)_id = [:?]|BETWEEN :first AND :last")
"""How a statement of one account or payment names it."""

OF_ONE = [(room, name) for room, name in STATEMENTS if ONE.search(load(room)[name])]

DOCUMENTS = "(invoice|payment|credit|allocation)"

SAID = "(outbox|task|event|bounce|noted_touch|promise|payment_plan|dispute|claim|hold|overdue_case)"

WALKS = re.compile(
    rf"SCAN ({DOCUMENTS}|{SAID})\b"
    rf"|\b({DOCUMENTS}|{SAID})\b(?!.* invoice_delivered )"
    r".*\(ledger_id=\?(| AND (source|target|state)=\?| AND \w+_on<\?| AND customer_id>\? AND customer_id<\?)\)"
    r"|\(ledger_id=\? AND taken_by>\?\)"
)
"""How SQLite says that it goes through all documents of a ledger, or all that payments or credits settled; through all
that was said and agreed, or all invoices that moved. The index of invoices that the platform sent late holds few.
"""


@pytest.mark.parametrize(("room", "name"), OF_ONE)
def test_what_is_asked_of_one_account_or_payment_walks_through_no_whole_ledger(
    store: Store, room: str, name: str
) -> None:
    sql = f"EXPLAIN QUERY PLAN {load(room)[name]}"
    rows = (
        store.rows_by_name(sql, defaultdict(lambda: None, _names(sql)))
        if re.search(r":\w+", sql)
        else store.rows(sql, *[None] * sql.count("?"))
    )
    assert [row[3] for row in rows if WALKS.search(row[3])] == []


def _names(sql: str) -> dict[str, None]:
    return dict.fromkeys(re.findall(r":(\w+)", sql))


@pytest.mark.parametrize(("room", "name"), STATEMENTS)
def test_every_statement_says_what_it_is_for(room: str, name: str) -> None:
    assert load(room)[name].startswith("-- ")


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    schema = "SELECT name, sql FROM sqlite_master ORDER BY name"
    first = Store(tmp_path / "dunwell.sqlite")
    before = list(first.rows(schema))
    assert list(Store(tmp_path / "dunwell.sqlite").rows(schema)) == before


def test_every_key_begins_with_the_ledger(store: Store) -> None:
    """Exceptions hang on another row's number, are the migrations' own, or count what names a company, not a ledger."""
    exceptions = {
        "ledger",
        "outbox_invoice",
        "payment_plan_invoice",
        "promise_invoice",
        "message",
        "_sqlite_migrations",
    }
    exceptions |= {"noted_touch_invoice", "webhook", "webhook_seen"}
    tables = [name for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        columns = [row[1] for row in store.rows(f"PRAGMA table_info({table})")]
        assert table in exceptions or "ledger_id" in columns[:2], table


def test_amounts_are_whole_numbers_beside_a_currency(store: Store) -> None:
    tables = [name for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for row in store.rows(f"PRAGMA table_info({table})"):
            assert not row[1].endswith("_minor") or row[2] == "INTEGER", (table, row[1])


def test_a_letter_that_left_before_its_days_had_a_column_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "dunwell.sqlite"
    old = Database(path)
    MIGRATIONS.apply(old, stop_before="0019_deadline_days")
    old.table("ledger").insert({"id": 1, "name": "acme", "platform": "xero"})
    row: dict[str, object] = dict.fromkeys(
        ("currency", "act", "occasion", "channel", "decided_on", "changed_at", "customer_id", "id8"), "x"
    )
    row |= {"ledger_id": 1, "kind": "message", "state": "sent", "attempt": 1, "amount_minor": 5}
    for key, decided in (("letter", '{"deadline_days": 14}'), ("reminder", "{}")):
        old.table("outbox").insert(row | {"key": key, "decided": decided})
    old.close()
    with closing(Store(path)) as store:
        assert [*store.rows("SELECT key, deadline_days FROM outbox ORDER BY key")] == [("letter", 14), ("reminder", 0)]


def test_of_what_was_matched_before_its_words_were_kept_in_order_the_last_one_counts(tmp_path: Path) -> None:
    path = tmp_path / "dunwell.sqlite"
    old = Database(path)
    MIGRATIONS.apply(old, stop_before="0027_matched_word")
    old.table("ledger").insert({"id": 1, "name": "acme", "platform": "xero"})
    for through, said_on in (("2026-03-02", "2026-03-02"), ("2026-02-01", "2026-03-03")):
        old.table("reconciled").insert({"ledger_id": 1, "through_date": through, "who": "Ann", "said_on": said_on})
    old.close()
    with closing(Store(path)) as store:
        words = [ledgers.matched(store, 1, date(2026, 3, day)) for day in (1, 2, 3)]
    assert [word and f"{word.through}" for word in words] == [None, "2026-03-02", "2026-02-01"]


def test_of_what_was_matched_on_one_day_before_its_words_were_kept_in_order_the_furthest_counts(tmp_path: Path) -> None:
    """Which of them was said last is not known: a word that was said again kept its old place."""
    path = tmp_path / "dunwell.sqlite"
    old = Database(path)
    MIGRATIONS.apply(old, stop_before="0027_matched_word")
    old.table("ledger").insert({"id": 1, "name": "acme", "platform": "xero"})
    for through in ("2026-10-31", "2026-09-30"):
        old.table("reconciled").insert({"ledger_id": 1, "through_date": through, "who": "Ann", "said_on": "2026-11-06"})
    old.close()
    with closing(Store(path)) as store:
        word = ledgers.matched(store, 1, date(2026, 11, 6))
    assert word is not None
    assert f"{word.through}" == "2026-10-31"


def test_what_was_agreed_of_an_invoice_that_had_changed_its_customer_before_that_was_kept_is_found(
    tmp_path: Path,
) -> None:
    path = tmp_path / "dunwell.sqlite"
    old = Database(path)
    MIGRATIONS.apply(old, stop_before="0025_invoice_moved")
    old.table("ledger").insert({"id": 1, "name": "acme", "platform": "quickbooks"})
    for customer in ("lund", "berg"):
        old.table("customer").insert(_filled(old, "customer") | {"id": customer, "account_id": customer})
    for invoice, customer in (("1042", "berg"), ("1043", "lund")):
        old.table("invoice").insert(_filled(old, "invoice") | {"id": invoice, "customer_id": customer})
        disputed = {"customer_id": "lund", "invoice_id": invoice}
        old.table("dispute").insert(_filled(old, "dispute") | disputed | {"id": int(invoice)})
    old.close()
    with closing(Store(path)) as store:
        moved = store.rows("SELECT invoice_id, account_id, taken_by FROM invoice_moved")
        assert [*moved] == [("1042", "lund", "berg")]


def test_plans_know_what_was_paid_when_they_were_made_though_they_are_older_than_that_is_kept(tmp_path: Path) -> None:
    """What came on the day itself was known in all: it is taken from the oldest invoice on."""
    path = tmp_path / "dunwell.sqlite"
    old = Database(path)
    MIGRATIONS.apply(old, stop_before="0026_plan_counted")
    old.table("ledger").insert({"id": 1, "name": "acme", "platform": "xero"})
    plan = {"id": 1, "made_on": "2026-03-02", "counted_minor": 50}
    old.table("payment_plan").insert(_filled(old, "payment_plan") | plan)
    for position, invoice in enumerate(("1042", "1043")):
        old.table("payment_plan_invoice").insert(
            {"plan_id": 1, "position": position, "invoice_id": invoice, "amount_minor": 100}
        )
    for source, kind, on, invoice, amount in (
        ("payment", "", "2026-03-01", "1042", 1),
        ("credit", "prepayment", "2026-03-01", "1042", 2),
        ("credit", "credit_note", "2026-03-01", "1042", 4),
        ("payment", "", "2026-03-02", "1042", 40),
        ("payment", "", "2026-03-02", "1043", 20),
        ("credit", "prepayment", "2026-03-03", "1043", 80),
    ):
        source_id = f"{source} {kind} {on} {invoice}"
        row = {"id": source_id} | ({"kind": kind} if kind else {})
        old.table(source).insert(_filled(old, source) | row)
        used = {"source": source, "source_id": source_id, "target": "invoice", "target_id": invoice}
        old.table("allocation").insert(_filled(old, "allocation") | used | {"on_date": on, "amount_minor": amount})
    old.close()
    with closing(Store(path)) as store:
        counted = store.rows("SELECT invoice_id, counted_minor FROM payment_plan_invoice")
        assert [*counted] == [("1042", 43), ("1043", 10)]


def test_disputes_know_what_was_credited_before_them(tmp_path: Path) -> None:
    """What the books had of their days was stored, and stays."""
    path = tmp_path / "dunwell.sqlite"
    old = Database(path)
    MIGRATIONS.apply(old, stop_before="0030_dispute_counted_ever")
    old.table("ledger").insert({"id": 1, "name": "acme", "platform": "quickbooks"})
    disputed = {"id": 1, "invoice_id": "1042", "opened_on": "2026-03-02", "counted_minor": 64}
    old.table("dispute").insert(_filled(old, "dispute") | disputed)
    for source, came, on, amount in (
        ("payment", {"total_minor": 0}, "2026-03-01", 1),
        ("payment", {"total_minor": 2}, "2026-03-01", 2),
        ("credit", {"kind": "credit_note"}, "2026-03-01", 4),
        ("credit", {"kind": "prepayment"}, "2026-03-01", 8),
        ("credit", {"kind": "credit_note"}, "2026-03-02", 16),
    ):
        row = came | {"id": f"{came} {on}"}
        old.table(source).insert(_filled(old, source) | row)
        used = {"source": source, "source_id": row["id"], "target": "invoice", "target_id": "1042"}
        old.table("allocation").insert(_filled(old, "allocation") | used | {"on_date": on, "amount_minor": amount})
    old.close()
    with closing(Store(path)) as store:
        assert [*store.rows("SELECT counted_minor FROM dispute")] == [(64 + 1 + 4,)]


def test_promises_know_what_was_paid_before_them_though_they_are_older_than_that_is_kept(tmp_path: Path) -> None:
    """What the books had of the day itself was stored, and stays."""
    path = tmp_path / "dunwell.sqlite"
    old = Database(path)
    MIGRATIONS.apply(old, stop_before="0029_promise_counted_ever")
    old.table("ledger").insert({"id": 1, "name": "acme", "platform": "xero"})
    old.table("promise").insert(_filled(old, "promise") | {"id": 1, "made_on": "2026-03-02", "state": "open"})
    for position, invoice in enumerate(("1042", "1043")):
        row = {"promise_id": 1, "position": position, "invoice_id": invoice, "amount_minor": 100, "counted_minor": 8}
        old.table("promise_invoice").insert(row)
    for source, kind, on, used_on, amount in (
        ("payment", "", "2026-03-01", "2026-03-01", 1),
        ("payment", "", "2026-03-02", "2026-03-02", 2),
        ("credit", "credit_note", "2026-03-01", "2026-03-01", 4),
        ("credit", "prepayment", "2026-03-01", "2026-03-05", 16),
        ("credit", "overpayment", "2026-03-02", "2026-03-05", 32),
    ):
        came = {"id": f"{kind} {on}"} | ({"kind": kind, "issued_on": on} if kind else {})
        old.table(source).insert(_filled(old, source) | came)
        used = {"source": source, "source_id": came["id"], "target": "invoice", "target_id": "1042"}
        old.table("allocation").insert(_filled(old, "allocation") | used | {"on_date": used_on, "amount_minor": amount})
    old.close()
    with closing(Store(path)) as store:
        counted = store.rows("SELECT invoice_id, counted_minor FROM promise_invoice ORDER BY position")
        assert [*counted] == [("1042", 25), ("1043", 8)]


def _filled(old: Database, table: str) -> dict[str, object]:
    """A row of ledger 1 with something in every column that must have something."""
    columns = [one for one in old.table(table).columns if one.notnull]
    return {one.name: 1 if one.type == "INTEGER" else "x" for one in columns}


def test_a_commit_waits_for_the_disk(store: Store) -> None:
    assert store.row("PRAGMA synchronous") == (2,)
    assert store.row("PRAGMA journal_mode") == ("wal",)


def test_a_transaction_that_breaks_off_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        _half_a_transaction(store)
    assert store.row("SELECT 1 FROM ledger WHERE name = 'half'") is None


def _half_a_transaction(store: Store) -> None:
    with store.transaction():
        store.run("INSERT INTO ledger (name, platform) VALUES ('half', 'xero')")
        raise ZeroDivisionError


@pytest.mark.parametrize("view", ["receivables", "aging", "next_steps", "timeline"])
def test_the_views_for_people_can_be_read(store: Store, view: str) -> None:
    assert list(store.rows(f"SELECT * FROM {view}")) == []


offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(1970, 1, 2), datetime(9998, 1, 1), timezones=offsets)  # noqa: DTZ001


@given(instants, instants)
def test_instants_are_written_in_utc_to_the_millisecond_so_that_their_text_sorts_as_they_do(
    one: datetime, other: datetime
) -> None:
    written = instant(one)
    assert len(written) == len("2026-11-22T10:00:00.000Z")
    assert from_instant(written).tzinfo == UTC
    assert timedelta(0) <= one - from_instant(written) < timedelta(milliseconds=1)
    assert (written < instant(other)) == (from_instant(written) < from_instant(instant(other)))
