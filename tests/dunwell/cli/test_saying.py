"""What customers say, and what is refused of it."""

from datetime import timedelta

import pytest

from tests.dunwell.cli.desk import MONDAY, Desk

REFUSED = {
    "promise add brindle mallowfield --on 2026-03-01": ("a promise for 2026-03-01 is in the past: today is 2026-03-02"),
    "promise add brindle mallowfield --on 2036-03-10": (
        "a promise for 2036-03-10 is more than a year away; is the year right?"
    ),
    "promise add brindle mallowfield --on 2026-03-10 --amount 99999": (
        "99,999.00 USD is more than the 2,309.91 USD that Mallowfield Tailors owes on 1856, 1995"
    ),
    "promise add brindle mallowfield --on 2026-03-10 --amount 0.001": "0.001 has more decimal places than USD has",
    "promise add brindle mallowfield --on 2026-03-10 --invoice 1875": (
        "invoice 1875 belongs to Quillmere Allotment Society, not to Mallowfield Tailors"
    ),
    "promise add brindle mallowfield --on 2026-03-10 --currency EUR": "nothing of it is in EUR; there is USD",
    "promise add brindle goldacre --on 2026-03-10": (
        "nothing of Goldacre Cycles is overdue; name the invoices that are promised"
    ),
    "promise add brindle gannet --on 2026-03-10": (
        "unapplied credit covers all that Gannet Bay Sailing Club owes; apply it in the books"
    ),
    "dispute add brindle 1995 --category price --amount 2000": (
        "2,000.00 USD is more than can be disputed of invoice 1995: 1,022.43 USD is open"
    ),
    "dispute add brindle 1081 --category price": "nothing is open of invoice 1081: it is paid, credited or void",
    "claim add brindle mallowfield --invoice 1081": (
        "invoice 1081 belongs to Pip's Lemonade Stand, not to Mallowfield Tailors"
    ),
    "claim add brindle lemonade --invoice 1081": "nothing is open of invoice 1081: it is paid, credited or void",
    "claim add brindle mallowfield --invoice 1995 --until 2026-01-01": (
        "a claim until 2026-01-01 is in the past: today is 2026-03-02"
    ),
    "claim add brindle mallowfield --invoice 1995 --paid-on 2026-03-03": (
        "nobody has paid on 2026-03-03 yet: today is 2026-03-02; if they will, it is a promise"
    ),
    "hold add brindle mallowfield --kind paused --reason ill --until 2026-02-01": (
        "a hold until 2026-02-01 is in the past: today is 2026-03-02"
    ),
    "hold add brindle mallowfield --kind paused --reason ill --invoice 1875": (
        "invoice 1875 belongs to Quillmere Allotment Society, not to Mallowfield Tailors"
    ),
    "hold add brindle mallowfield --kind retention --reason contract --amount 60": (
        "an amount is held of one invoice: say which with --invoice"
    ),
    "hold add brindle mallowfield --kind retention --reason contract --invoice 1995 --amount 2000": (
        "2,000.00 USD is more than can be held of invoice 1995: 1,022.43 USD is open"
    ),
    "reconciled brindle 2026-03-03": "the books cannot be matched through 2026-03-03: today is 2026-03-02",
    "promise end brindle 9": "there is no open promise 9 in brindle; dunwell promise list brindle shows them",
    "dispute answer brindle 9": (
        "there is no dispute 9 in brindle that waits for an answer; dunwell dispute list brindle shows them"
    ),
    "dispute end brindle 9 --outcome valid": (
        "there is no open dispute 9 in brindle; dunwell dispute list brindle shows them"
    ),
    "dispute add brindle 1995 --category price --answer-by 2026-03-01": (
        "an answer by 2026-03-01 is in the past: today is 2026-03-02"
    ),
    "dispute end brindle 9": "there is no open dispute 9 in brindle; dunwell dispute list brindle shows them",
    "claim end brindle 9": "there is no open claim 9 in brindle; dunwell claim list brindle shows them",
    "hold end brindle 9": "there is no standing hold 9 in brindle; dunwell hold list brindle shows them",
    "touch add brindle mallowfield --note rang --on 2026-03-03": (
        "a contact on 2026-03-03 is in the future: today is 2026-03-02"
    ),
    "touch end brindle 9": "there is no noted contact 9 in brindle; dunwell touch list brindle shows them",
    "tasks brindle --done 99 --outcome called": (
        "there is no open task 99 in brindle; dunwell tasks brindle shows them"
    ),
    "tasks brindle --show 99": "there is no open task 99 in brindle; dunwell tasks brindle shows them",
    "agency recall brindle mallowfield --reason paid": (
        "no agency has Mallowfield Tailors; dunwell agency list brindle shows who is"
    ),
    "bounce end brindle 9": "there is no bounce 9 in brindle; dunwell bounce list brindle shows them",
    "tie-out accept brindle mallowfield --reason known": (
        'nothing of "mallowfield" differs from the platform; dunwell tie-out brindle shows what does'
    ),
}


@pytest.mark.parametrize(("typed", "sentence"), REFUSED.items())
def test_nonsense_is_refused_with_a_sentence(reader: Desk, typed: str, sentence: str) -> None:
    assert reader.failed(*typed.split()) == (2, sentence)


def test_a_hold_needs_a_reason(reader: Desk) -> None:
    assert reader.failed("hold", "add", "brindle", "mallowfield", "--kind", "paused", "--reason", " ") == (
        2,
        "a hold needs a reason that the next person understands",
    )


def test_a_promise_is_for_all_that_is_overdue_and_rests(planned: Desk) -> None:
    said = planned.did(
        "promise", "add", "brindle", "mallowfield", "--on", "2026-03-09", "--by", "Ann", "--currency", "usd"
    )
    assert said.out == "Promise 1: Mallowfield Tailors pays 2,309.91 USD by 2026-03-09, for 1856, 1995.\n"
    assert planned.did("promise", "list", "brindle").rows == [
        ["1", "Mallowfield Tailors", "15", "2026-03-09", "USD", "2309.91", "2026-03-02", "pending", "Ann"]
    ]
    held = planned.did("explain", "brindle", "1856", "--json").json["held"]
    assert [one["reasons"][0]["code"] for one in held] == ["promised"]


def test_a_promise_of_part_goes_to_the_oldest_invoice_first(planned: Desk) -> None:
    planned.did("promise", "add", "brindle", "mallowfield", "--on", "2026-03-09", "--amount", "1,300")
    (first,) = planned.did("explain", "brindle", "1856", "--json").json["held"]
    (second,) = planned.did("explain", "brindle", "1995", "--json").json["held"]
    assert (first["amount"], second["amount"]) == ("1287.48", "12.52")


def test_a_promise_does_not_count_what_credit_covers(planned: Desk) -> None:
    planned.did("promise", "add", "brindle", "thornabeck", "--on", "2026-03-09")
    ((_, _, _, _, _, amount, *_),) = planned.did("promise", "list", "brindle").rows
    assert amount == "487.51"


def test_a_newer_promise_takes_the_place_of_the_one_before(planned: Desk) -> None:
    planned.did("promise", "add", "brindle", "mallowfield", "--on", "2026-03-09")
    said = planned.did("promise", "add", "brindle", "mallowfield", "--on", "2026-03-11", "--invoice", "1856")
    assert said.out.splitlines()[1] == "Promise 1 goes on for its other invoices: 1,022.43 USD by 2026-03-09."
    said = planned.did("promise", "add", "brindle", "mallowfield", "--on", "2026-03-12")
    assert said.out.splitlines()[1:] == [
        "It takes the place of promise 1, 2.",
        "Nothing rests on it: the strategy trusts 2 in 60 days, and this is one more.",
    ]
    listed = planned.did("promise", "list", "brindle", "--all", "--json").json["promises"]
    assert [(one["id"], one["amount"], one["verdict"]) for one in listed] == [
        (1, "1022.43", "superseded"),
        (2, "1287.48", "superseded"),
        (3, "2309.91", "over cap"),
    ]


def test_a_promise_that_nothing_rests_on_is_said_to_be_one(desk: Desk) -> None:
    for day in ("2026-03-05", "2026-03-06"):
        assert "Nothing rests" not in desk.did("promise", "add", "brindle", "mallowfield", "--on", day).out
    said = desk.did("promise", "add", "brindle", "mallowfield", "--on", "2026-03-09").out
    assert said.splitlines()[-1] == "Nothing rests on it: the strategy trusts 2 in 60 days, and this is one more."


def test_a_promise_that_was_not_kept_is_called_broken(planned: Desk) -> None:
    planned.did("promise", "add", "brindle", "mallowfield", "--on", "2026-03-03")
    planned.clock().advance_to(MONDAY.replace(day=9))
    planned.did("reconciled", "brindle", "2026-03-09")
    assert planned.did("promise", "list", "brindle").rows[0][7] == "broken"


def test_a_claim_rests_as_long_as_the_strategy_says(planned: Desk) -> None:
    first = planned.did(*"claim add brindle mallowfield --invoice 1856".split()).out
    assert "2026-03-09" in first
    planned.edit("[ledgers.brindle.people]", "[ledgers.brindle.overrides.holds]\nclaim = 3\n\n[ledgers.brindle.people]")
    assert "2026-03-05" in planned.did(*"claim add brindle mallowfield --invoice 1995".split()).out


def test_disputes_claims_and_holds_are_listed_and_ended(planned: Desk) -> None:
    planned.did(*"dispute add brindle 1995 --category price --amount 200 --reason discount".split())
    planned.did(*"claim add brindle mallowfield --invoice 1856 --reference bank".split())
    planned.did(
        *"hold add brindle quillmere --kind paused --reason ill".split()[:3],
        "48",
        *"--kind paused --reason ill".split(),
    )
    assert planned.did("dispute", "list", "brindle").rows == [
        [
            "1",
            "Mallowfield Tailors",
            "15",
            "1995",
            "USD",
            "200.00",
            "price",
            "2026-03-02",
            "",
            "discount",
            "open",
            "2026-03-09",
            "owner",
        ]
    ]
    assert planned.did("claim", "list", "brindle").rows == [
        ["1", "Mallowfield Tailors", "15", "1856", "2026-03-02", "2026-03-09", "", "", "bank", "", ""]
    ]
    assert planned.did("hold", "list", "brindle").rows == [
        ["1", "Quillmere Allotment Society", "48", "all", "paused", "2026-03-02", "", "", "ill", "", ""]
    ]
    for kind in ("dispute", "claim", "hold"):
        assert planned.did(kind, "list", "brindle", "--json").json[f"{kind}s"][0]["id"] == 1
        assert planned.did(kind, "end", "brindle", "1").out == f"{kind.capitalize()} 1 is ended.\n"
        assert planned.did(kind, "list", "brindle").rows == []
        assert len(planned.did(kind, "list", "brindle", "--all").rows) == 1


def test_what_they_say_is_paid_stands_beside_the_money_that_no_invoice_has_used(planned: Desk) -> None:
    invoice = planned.did("customer", "brindle", "thornabeck", "--json").json["invoices"][0]["number"]
    planned.did("claim", "add", "brindle", "thornabeck", "--invoice", invoice, "--paid-on", "2026-02-27")
    (listed,) = planned.did("claim", "list", "brindle", "--json").json["claims"]
    assert (listed["paid_on"], [one["currency"] for one in listed["unapplied"]]) == ("2026-02-27", ["USD"])


def test_a_part_of_an_invoice_is_held(planned: Desk) -> None:
    typed = "hold add brindle mallowfield --kind retention --reason contract --invoice 1995 --amount 60"
    said = planned.did(*typed.split())
    assert (
        said.out == "Hold 1: 60.00 USD of invoice 1995 of Mallowfield Tailors is held (retention) until it is ended.\n"
    )
    assert planned.did("hold", "list", "brindle").rows[0][-2:] == ["USD", "60.00"]
    held = planned.did("explain", "brindle", "1995", "--json").json["held"]
    assert ("60.00", "retention") in [(one["amount"], one["reasons"][0]["code"]) for one in held]


def test_what_was_said_is_in_the_customers_history_with_who_said_it(planned: Desk) -> None:
    planned.did("promise", "add", "brindle", "mallowfield", "--on", "2026-03-09", "--by", "Ann")
    planned.did("promise", "end", "brindle", "1", "--by", "Ben")
    events = planned.did("customer", "brindle", "mallowfield").kind("event")
    assert [row[1:] for row in events[:2]] == [
        ["Ben", "promise 1 cancelled"],
        ["Ann", "promise 1: 2,309.91 USD by 2026-03-09"],
    ]


def test_the_same_is_not_said_twice(planned: Desk) -> None:
    for typed, sentence in {
        "dispute add brindle 1995 --category price": (
            "invoice 1995 is disputed already (dispute 1); end that one first: dunwell dispute end brindle 1"
        ),
        "claim add brindle mallowfield --invoice 1856": (
            "invoice 1856 is claimed paid already (claim 1, until 2026-03-09); end that one first: "
            "dunwell claim end brindle 1"
        ),
        "hold add brindle mallowfield --kind legal --reason court": (
            "Mallowfield Tailors is held already (legal, hold 1); end that one first: dunwell hold end brindle 1"
        ),
    }.items():
        planned.did(*typed.split())
        assert planned.failed(*typed.split()) == (2, sentence)


def test_an_outcome_fits_its_dispute(planned: Desk) -> None:
    planned.did(*"dispute add brindle 1995 --category price --amount 200".split())
    for typed, sentence in {
        "--outcome invalid --credit 5": "they are not right, so there is no credit note to expect: leave out --credit",
        "--outcome partial": "they are right in part: say of how much with --credit",
        "--outcome valid --credit 300": "300.00 USD is more than the 200.00 USD that dispute 1 is about",
    }.items():
        assert planned.failed("dispute", "end", "brindle", "1", *typed.split()) == (2, sentence)


def test_a_dispute_is_answered_and_rests_on_while_a_credit_note_is_expected(planned: Desk) -> None:
    said = planned.did(*"dispute add brindle 1995 --category price --amount 200 --owner sales".split())
    assert said.out.splitlines()[-1] == "To be answered by 2026-03-09 (sales)."
    assert planned.did("dispute", "answer", "brindle", "1").out == "Dispute 1 is answered.\n"
    ended = planned.did(*"dispute end brindle 1 --outcome partial --credit 120".split())
    assert ended.out == "Dispute 1: partial; 120.00 USD rests until the credit note is in the books.\n"
    (listed,) = planned.did("dispute", "list", "brindle", "--json").json["disputes"]
    assert (listed["status"], listed["credit"], listed["answered_on"]) == (
        "partial, credit expected",
        "120.00",
        "2026-03-02",
    )
    held = planned.did("explain", "brindle", "1995", "--json").json["held"]
    assert ("120.00", "credit_expected") in [(one["amount"], one["reasons"][0]["code"]) for one in held]


def test_who_is_not_right_owes_all_of_it(planned: Desk) -> None:
    planned.did(*"dispute add brindle 1995 --category price --amount 200".split())
    assert planned.did(*"dispute end brindle 1 --outcome invalid".split()).out == "Dispute 1 is ended: invalid.\n"
    assert planned.did("dispute", "list", "brindle").rows == []


def test_several_disputes_of_one_invoice_stay_within_what_is_open(planned: Desk) -> None:
    planned.did(*"dispute add brindle 1995 --category price --amount 1000".split())
    assert planned.failed(*"dispute add brindle 1995 --category quality --amount 100".split()) == (
        2,
        (
            "100.00 USD is more than can be disputed of invoice 1995: 1,022.43 USD is open, and 1,000.00 USD of it is "
            "disputed already"
        ),
    )


def test_a_task_is_done_with_its_outcome(planned: Desk) -> None:
    assert planned.failed("tasks", "brindle", "--done", "1")[1].endswith("Say what came of it, with --outcome.")
    planned.did("tasks", "brindle", "--done", "1", "--outcome", "applied", "--by", "Ben")
    assert "1" not in [row[0] for row in planned.did("tasks", "brindle").rows]
    events = planned.did("customer", "brindle", "gannet").kind("event")
    assert events[0][1:] == ["Ben", "task 1 done: applied"]


CALLS = """
inherits = "standard"

[schedule.calls]
call = { at = "due + 1", call = "overdue" }

[[segment]]
name     = "everyone"
schedule = "calls"
"""


def test_what_came_of_a_call_says_what_to_record_besides(desk: Desk) -> None:
    desk.write("strategies/calls.toml", CALLS)
    planned = desk.edit('platform = "quickbooks"', 'platform = "quickbooks"\nstrategy = "calls"')
    planned.did("run")
    call = next(row[0] for row in planned.did("tasks", "brindle").rows if row[3] == "call")
    shown = planned.did("tasks", "brindle", "--show", call)
    assert "Best: 2026-03-02 09:00 to 16:30 (America/New_York) there, 2026-03-02 09:00 to 16:30" in shown.out
    assert "I am calling about" in shown.out
    brief = planned.did("tasks", "brindle", "--show", call, "--json").json["call"]
    assert (brief["opens"], brief["time_zone"]) == ("2026-03-02T14:00:00+00:00", "America/New_York")
    typed = ("tasks", "brindle", "--done", call, "--outcome", "promised", "--note", "on Friday", "--next", "2026-03-09")
    said = planned.did(*typed)
    assert "before 2026-03-09; then the call is a task again." in said.out
    *_, customer, _, _ = said.out.split()
    assert said.out.endswith(f"Record it too: dunwell promise add brindle {customer} --on DATE\n")
    events = planned.did("customer", "brindle", customer).kind("event")
    assert [f"task {call} done: promised; on Friday; again on 2026-03-09"] in [event[2:] for event in events]


def test_only_a_call_is_made_again_on_a_day(planned: Desk) -> None:
    said = planned.failed("tasks", "brindle", "--done", "1", "--outcome", "applied", "--next", "2026-03-09")
    assert said == (2, "only a call is made again on a day; say with dunwell hold how long something rests")


def test_the_books_are_matched_as_far_as_the_last_word_says(desk: Desk) -> None:
    said = desk.did("reconciled", "brindle", "2026-02-01", "--by", "Bob").out.splitlines()
    assert said == [
        "The books of brindle are matched through 2026-02-01, says Bob.",
        "It takes the place of 2026-03-02, which Ann said on 2026-03-02.",
    ]
    assert "matched through 2026-02-01, said Bob on 2026-03-02" in desk.dunwell("check").out
    assert desk.did("plan", "brindle", "--json").json["touchpoints"] == []
    assert desk.did("reconciled", "brindle", "2026-03-02", "--by", "Ann").out == (
        "The books of brindle are matched through 2026-03-02, says Ann.\n"
    )
    assert desk.did("plan", "brindle", "--json").json["touchpoints"]


def test_a_day_gone_by_has_the_word_that_was_known_on_it(desk: Desk) -> None:
    desk.clock().advance_to(MONDAY + timedelta(days=1))
    desk.did("reconciled", "brindle", "2026-02-01", "--by", "Ann")
    then = desk.did("plan", "brindle", "--as-of", "2026-03-02", "--json").json
    held = {why["code"] for one in then["held"] for why in one["reasons"]}
    assert then["touchpoints"]
    assert "books_not_reconciled" not in held
