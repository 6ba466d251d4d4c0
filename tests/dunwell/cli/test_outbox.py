"""From planned to sent: run, outbox, approve, reject, settle."""

from datetime import timedelta

from tests.dunwell.cli.desk import MONDAY, Desk


def planned_ids(desk: Desk) -> list[str]:
    return [row[0] for row in desk.did("outbox", "brindle").rows if row[1] == "planned"]


def test_run_without_send_plans_and_sends_nothing(desk: Desk) -> None:
    ((ledger, read, *counts),) = desk.did("run").rows
    assert (ledger, read) == ("brindle", "changes")
    assert counts == ["0", "54", "34", "11", "0", "0", "0", "0", "0"]
    assert not (desk.folder / "out").exists()


def test_run_twice_adds_nothing(planned: Desk) -> None:
    before = [row[0] for row in planned.did("outbox", "brindle").rows]
    planned.did("run")
    assert [row[0] for row in planned.did("outbox", "brindle").rows] == before


def test_the_outbox_names_whom_everything_in_it_is_about(planned: Desk) -> None:
    planned.did("approve", "brindle", "--all")
    planned.did("run", "--send")
    rows = planned.did("outbox", "brindle", "--all").rows
    assert {row[2] for row in rows} == {"message", "notice", "task", "note", "file"}
    assert all(row[3] for row in rows)
    assert [row[3].casefold() for row in rows] == sorted(row[3].casefold() for row in rows)


def test_the_letters_of_a_plan_can_be_read_and_nobody_is_told(planned: Desk) -> None:
    before = planned.did("outbox", "brindle", "--all").out
    planned.did("plan", "brindle", "--letters", str(planned.folder / "to-read"))
    files = list((planned.folder / "to-read").iterdir())
    rows = planned.did("outbox", "brindle").rows
    assert {file.stem for file in files} == {row[0] for row in rows if row[2] == "message"}
    assert all(b"X-Dunwell-Key: brindle/" in file.read_bytes() for file in files)
    assert planned.did("outbox", "brindle", "--all").out == before
    assert not (planned.folder / "out").exists()


def test_run_as_one_object(planned: Desk) -> None:
    (found,) = planned.did("run", "--json").json["ledgers"]
    assert (found["ledger"], found["planned"], found["approved"], found["sent"]) == ("brindle", 34, 11, 0)


def test_run_says_what_holds_the_whole_ledger(desk: Desk) -> None:
    desk.clock().advance_to(MONDAY + timedelta(days=8))
    said = desk.did("run")
    assert said.err == (
        "brindle: nothing differed: the mirror is what the platform says.\n"
        "brindle: nobody is written to. The books must be matched through a day at most 5 business days back (last: "
        "2026-03-02): match them, then say so with dunwell reconciled.\n"
    )
    assert desk.did("outbox", "brindle").rows == []


def test_run_for_another_day_looks_and_writes_nothing(desk: Desk) -> None:
    ((_, read, _, accounts, planned, *_),) = desk.did("run", "--as-of", "2026-03-03").rows
    assert (read, accounts) == ("nothing", "54")
    assert int(planned) > 10  # what is due today has left by then
    assert desk.did("outbox", "brindle", "--all").rows == []


def test_run_for_another_day_does_not_send(reader: Desk) -> None:
    code, said = reader.failed("run", "--send", "--as-of", "2026-03-03")
    assert code == 2
    assert said.splitlines()[-1] == (
        "Error: --as-of looks at another day, and what leaves is decided for today: leave one out."
    )


def test_what_is_approved_leaves_with_the_next_run_and_only_that(planned: Desk) -> None:
    first, second, *_ = planned_ids(planned)
    said = planned.did("approve", "brindle", first, "--by", "Ann")
    assert said.out.startswith(f"approved {first}: ")
    (found,) = planned.did("run", "brindle", "--send", "--json").json["ledgers"]
    assert (found["sent"], found["planned"], found["approved"], found["written_back"]) == (12, 33, 0, 2)
    rows = {row[0]: row for row in planned.did("outbox", "brindle", "--all").rows}
    assert (rows[first][1], rows[first][12]) == ("sent", "Ann")
    assert rows[second][1] == "planned"
    assert len(list((planned.folder / "out").iterdir())) == 12


def test_all_is_approved_at_once(planned: Desk) -> None:
    assert len(planned.did("approve", "brindle", "--all").out.splitlines()) == 34
    assert planned_ids(planned) == []
    assert planned.did("approve", "brindle", "--all").out == "Nothing is planned.\n"


def test_what_is_rejected_is_skipped_for_good(planned: Desk) -> None:
    first = planned_ids(planned)[0]
    said = planned.did("reject", "brindle", first, "--reason", "I called them", "--by", "Ann")
    assert said.out.startswith(f"rejected {first}: ")
    planned.did("run")
    rows = {row[0]: row for row in planned.did("outbox", "brindle", "--all").rows}
    assert (rows[first][1], rows[first][13]) == ("rejected", "I called them")


def test_a_key_may_be_written_whole(planned: Desk) -> None:
    key = planned.did("outbox", "brindle").rows[0][-1]
    assert "approved" in planned.did("approve", "brindle", key).out


def test_what_left_cannot_be_approved_again(planned: Desk) -> None:
    first = planned_ids(planned)[0]
    planned.did("approve", "brindle", first)
    assert planned.failed("approve", "brindle", first) == (1, f"{first} is approved, so it cannot be approved")


def test_a_key_that_is_none_is_named(reader: Desk) -> None:
    assert reader.failed("approve", "brindle", "nosuch") == (
        2,
        "nothing in the outbox of brindle is called nosuch; dunwell outbox brindle --all lists what there is",
    )


def test_approving_names_what_or_says_all(reader: Desk) -> None:
    for args in (("approve", "brindle"), ("reject", "brindle", "--all", "1a2b3c4d")):
        code, said = reader.failed(*args)
        assert (code, said.splitlines()[-1]) == (
            2,
            "Error: Name what is meant, by the characters that dunwell outbox brindle shows, or say --all.",
        )


def test_the_outbox_as_one_object(reader: Desk) -> None:
    found = reader.did("outbox", "brindle", "--json").json
    assert found["ledger"] == "brindle"
    assert found["outbox"][0]["touchpoint"]["key"] == found["outbox"][0]["key"]


def unknown(desk: Desk) -> str:
    """A message whose process died while it was leaving."""
    from dunwell.wiring.house import open_house
    from sync.store import outbox
    from sync.store.outbox import Sealed, State

    first = planned_ids(desk)[0]
    desk.did("approve", "brindle", first)
    house = open_house(desk.config)
    try:
        bench = house.bench("brindle")
        (row,) = [one for one in outbox.in_state(bench.store, bench.ledger.id, State.APPROVED) if one.id8 == first]
        sealed = Sealed(message_id="<1@b.example>", recipients=(), subject="", balances={}, content=b"", sha256="")
        with bench.store.transaction():
            outbox.seal(bench.store, row, sealed, bench.clock.now())
            outbox.move(bench.store, bench.moment(), row, State.SENDING)
    finally:
        house.close()
    return first


def test_what_may_have_left_needs_a_person(planned: Desk) -> None:
    first = unknown(planned)
    said = planned.dunwell("run")
    assert said.code == 4
    assert said.err == (
        "brindle: 1 may or may not have left; look, then say which: dunwell outbox brindle --settle KEY sent\n"
    )
    assert [row[1] for row in planned.did("outbox", "brindle").rows if row[0] == first] == ["unknown"]


def test_what_is_settled_as_sent_counts_as_said_and_the_books_are_told(planned: Desk) -> None:
    first = unknown(planned)
    planned.dunwell("run")
    said = planned.did("outbox", "brindle", "--settle", first, "sent", "--by", "Ann")
    assert said.out == f"{first} is settled as sent, says Ann; it counts as said.\n"
    (found,) = planned.did("run", "--send", "--json").json["ledgers"]
    assert (found["unknown"], found["written_back"]) == (0, 2)


def test_what_is_settled_as_failed_is_decided_anew(planned: Desk) -> None:
    first = unknown(planned)
    planned.dunwell("run")
    planned.did("outbox", "brindle", "--settle", first, "failed")
    planned.did("run")
    rows = {row[0]: row for row in planned.did("outbox", "brindle", "--all").rows}
    assert rows[first][1] == "failed"
    again = rows[first][-1].removesuffix("/1") + "/2"
    assert [row[1] for row in rows.values() if row[-1] == again] == ["planned"]


def unknown_note(desk: Desk) -> str:
    """A note on what left whose process died while it was told to the books."""
    from dunwell.wiring.house import open_house
    from sync.store import outbox
    from sync.store.outbox import Kind, State

    house = open_house(desk.config)
    try:
        bench = house.bench("brindle")
        note = next(one for one in outbox.everything(bench.store, bench.ledger.id) if one.kind is Kind.NOTE)
        for state in (State.SENDING, State.UNKNOWN):
            row = outbox.by_id(bench.store, note.id)
            with bench.store.transaction():
                outbox.move(bench.store, bench.moment(), row, state, "The answer was lost.")
    finally:
        house.close()
    return note.id8


def test_what_may_be_in_the_books_is_told_with_its_reason_and_can_be_settled(planned: Desk) -> None:
    first = unknown(planned)
    planned.dunwell("run")
    planned.did("outbox", "brindle", "--settle", first, "sent")
    note = unknown_note(planned)
    (found,) = [row for row in planned.dunwell("check").rows if f"note {note} " in str(row)]
    looks = "dunwell run brindle --send looks there; where the platform refuses that, look, then say which"
    assert found[-2:] == [
        f"note {note} of 2026-03-02 may or may not be in the books: The answer was lost.",
        f"{looks}: dunwell outbox brindle --settle {note} sent",
    ]
    said = planned.did("outbox", "brindle", "--settle", note, "sent", "--by", "Ann")
    assert said.out == f"{note} is settled as sent, says Ann; it is in the books.\n"


def test_only_what_is_unknown_is_settled(planned: Desk) -> None:
    first = planned_ids(planned)[0]
    assert planned.failed("outbox", "brindle", "--settle", first, "sent") == (
        2,
        f"{first} is planned, and only what is unknown can be settled",
    )


def test_a_promise_takes_an_approved_message_back(planned: Desk) -> None:
    (row,) = [row for row in planned.did("outbox", "brindle").rows if row[4] == "15" and row[1] == "planned"]
    planned.did("approve", "brindle", row[0])
    planned.did("promise", "add", "brindle", "mallowfield", "--on", "2026-03-09")
    planned.did("run", "--send")
    rows = {row[0]: row for row in planned.did("outbox", "brindle", "--all").rows}
    assert rows[row[0]][1] == "held"
    assert rows[row[0]][13].startswith("Promised for 2026-03-09")


def test_a_missed_day_is_caught_up(planned: Desk) -> None:
    planned.clock().advance_to(MONDAY.replace(day=4))
    planned.did("reconciled", "brindle", "2026-03-04")
    ((_, _, _, _, planned_now, *_),) = planned.did("run").rows
    assert int(planned_now) > 34


def test_what_came_back_is_listed_and_its_address_can_be_written_to_again(planned: Desk) -> None:
    planned.did("approve", "brindle", "--all")
    planned.did("run", "--send")
    sent = next(row for row in planned.did("outbox", "brindle", "--all").rows if row[1:3] == ["sent", "message"])
    said = planned.did("bounce", "add", "brindle", sent[0], "--by", "Ann")
    assert said.out.splitlines() == [
        f"Nothing more is sent to {sent[7]}.",
        f'Nobody got it: "{sent[5]}" counts as not said, and the next run decides it anew.',
    ]
    (listed,) = planned.did("bounce", "list", "brindle").rows
    assert listed[1:6] == [sent[3], sent[4], sent[7], sent[5], sent[0]]
    assert planned.did("bounce", "list", "brindle", "--json").json["bounces"][0]["address"] == sent[7]
    planned.did("bounce", "end", "brindle", listed[0])
    assert planned.did("bounce", "list", "brindle").rows == []
    events = [event[2] for event in planned.did("customer", "brindle", sent[4]).kind("event")]
    assert {f"message came back: {sent[5]}", "bounce 1 ended: the address is written to again"} <= set(events)
