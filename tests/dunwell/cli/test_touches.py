"""Contacts made elsewhere: noted one by one, or taken over from the program before."""

from tests.dunwell.cli.desk import Desk


def test_a_call_keeps_letters_away_for_the_gap(planned: Desk) -> None:
    before = planned.did("explain", "brindle", "1995").out
    assert "The last contact was on" not in before
    said = planned.did(
        "touch", "add", "brindle", "mallowfield", "--note", "rang Jo", "--invoice", "1995", "--by", "Ann"
    )
    assert said.out == "Contact 1: Mallowfield Tailors, call on 2026-03-02; it counts like one of ours.\n"
    assert planned.did("touch", "list", "brindle").rows == [
        ["1", "2026-03-02", "Mallowfield Tailors", "15", "call", "", "1995", "Ann", "rang Jo"]
    ]
    after = planned.did("explain", "brindle", "1995").out
    assert "The last contact was on 2026-03-02, and 5 days lie between two." in after
    assert "contact 1: noted by call on 2026-03-02: rang Jo" in planned.did("customer", "brindle", "mallowfield").out


def test_a_contact_that_never_was_is_taken_back(planned: Desk) -> None:
    before = planned.did("plan", "brindle", "--json").json
    planned.did("touch", "add", "brindle", "mallowfield", "--note", "rang Jo", "--channel", "visit")
    assert planned.did("plan", "brindle", "--json").json != before
    assert planned.did("touch", "end", "brindle", "1").out == "Contact 1 is taken back.\n"
    assert planned.did("plan", "brindle", "--json").json == before
    assert planned.did("touch", "list", "brindle", "--json").json["touches"] == []
    assert planned.did("touch", "list", "brindle", "--all", "--json").json["touches"][0]["ended_on"] == "2026-03-02"


def test_what_they_write_keeps_everything_away_until_somebody_answers(planned: Desk) -> None:
    reply = ("touch", "add", "brindle", "mallowfield", "--channel", "reply", "--note", "asks for a copy")
    assert planned.did(*reply).out == (
        "Contact 1: Mallowfield Tailors, reply on 2026-03-02; nothing is said before somebody answers.\n"
    )
    held = planned.did("explain", "brindle", "1995").out
    assert (
        "They wrote to us on 2026-03-02: a person answers first, and nothing else is said through 2026-03-09." in held
    )
    assert "The last contact was on" not in held
    planned.did("touch", "add", "brindle", "mallowfield", "--channel", "platform", "--note", "reminded by itself")
    assert "They wrote to us" in planned.did("explain", "brindle", "1995").out
    planned.did("touch", "add", "brindle", "mallowfield", "--channel", "email", "--note", "sent a copy")
    answered = planned.did("explain", "brindle", "1995").out
    assert "They wrote to us" not in answered
    assert "The last contact was on 2026-03-02" in answered


def test_what_the_program_before_said_is_taken_over_once(planned: Desk) -> None:
    file = planned.write(
        "before.csv",
        "customer;invoice;said;day;channel\nmallowfield;;firm;2026-02-27;post\n;1081;second;2026-02-27;\n",
    )
    first = planned.did("touch", "import", "brindle", str(file))
    assert first.out == ("1 contacts were taken over; 0 rows were known already, 1 are about what is paid by now.\n")
    again = planned.did("touch", "import", "brindle", str(file))
    assert again.out.startswith("0 contacts were taken over; 1 rows were known already")
    assert planned.did("touch", "list", "brindle").rows[0][4:7] == ["post", "third", "1856"]
    assert 'step "call"' in planned.did("explain", "brindle", "1856").out


def test_every_mistake_of_a_file_is_told_and_nothing_is_taken_over(planned: Desk) -> None:
    file = planned.write(
        "before.csv",
        "customer,invoice,said,day,channel\n"
        "mallowfield,,firm,2026-02-27,\n"
        "mallowfeld,,firm,2026-02-27,\n"
        "mallowfield,,frim,2026-02-27,\n"
        "mallowfield,,firm,27 Feb,\n"
        "mallowfield,,firm,2027-02-27,\n"
        "mallowfield,1875,firm,2026-02-27,\n"
        "mallowfield,,firm,2026-02-27,pigeon\n"
        "mallowfield,,firm,2026-02-27,reply\n"
        "mallowfield,,firm,2020-02-27,\n"
        ",,firm,2026-02-27,\n",
    )
    code, sentences = planned.failed("touch", "import", "brindle", str(file))
    assert (code, sentences.splitlines()) == (
        2,
        [
            'before.csv:3: there is no customer "mallowfeld" in brindle; did you mean "Mallowfield Tailors"?',
            'before.csv:4: no step of strategy standard is called "frim"; did you mean "firm"?',
            'before.csv:5: "27 Feb" is no day; write it as in 2026-11-21',
            "before.csv:6: a contact on 2027-02-27 is in the future: today is 2026-03-02",
            "before.csv:7: invoice 1875 belongs to Quillmere Allotment Society, not to Mallowfield Tailors",
            'before.csv:8: "pigeon" is no channel; write one of email, post, sms, chat, call, visit, platform',
            'before.csv:9: "reply" is what they wrote, and no step that was said; note it with dunwell touch add',
            "before.csv:10: nothing that is open of Mallowfield Tailors was overdue on 2020-02-27",
            "before.csv:11: it names neither a customer nor an invoice",
            "Nothing of before.csv was applied.",
        ],
    )
    assert planned.did("touch", "list", "brindle").rows == []


def test_a_file_names_its_columns(planned: Desk) -> None:
    file = planned.write("before.csv", "customer,letter\nmallowfield,firm\n")
    assert planned.failed("touch", "import", "brindle", str(file)) == (
        2,
        (
            'before.csv:1: no column is called "said"; the first line names the columns\n'
            'before.csv:1: no column is called "day"; the first line names the columns\n'
            "Nothing of before.csv was applied."
        ),
    )
