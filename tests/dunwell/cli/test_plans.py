"""Payment plans at the command line."""

from tests.dunwell.cli.desk import Desk

ADD = "payment-plan add brindle mallowfield --instalments 3 --first 2026-03-16"

REFUSED = {
    "payment-plan add brindle mallowfield --instalments 3 --first 2026-03-01": (
        "a first instalment on 2026-03-01 is in the past: today is 2026-03-02"
    ),
    "payment-plan add brindle goldacre --instalments 3 --first 2026-03-16": (
        "nothing of Goldacre Cycles is overdue; name the invoices that are planned"
    ),
    "payment-plan add brindle lemonade --instalments 3 --first 2026-03-16 --invoice 1081": (
        "nothing is open of invoice 1081: it is paid, credited or void"
    ),
    f"{ADD} --deposit 5000": "a deposit of 5,000.00 USD leaves nothing of the 2,309.91 USD that is planned",
    f"{ADD} --deposit 100 --deposit-on 2026-04-01": (
        "the deposit of 2026-04-01 comes after the first instalment of 2026-03-16"
    ),
    "payment-plan add brindle mallowfield --instalments 100 --first 2026-03-16 --every week": (
        "the last instalment would be on 2028-02-07, and a plan lasts 180 days at most; "
        "--anyway makes the plan all the same"
    ),
    "payment-plan add brindle mallowfield --instalments 100 --first 2026-03-16 --every week --anyway --deposit 2309": (
        "2,309.91 USD does not make 100 instalments"
    ),
    f"{ADD} --amounts 500": "there are 1 amounts for 3 instalments",
    f"{ADD} --amounts 2000;500": (
        "2,000.00 USD + 500.00 USD + -190.09 USD do not make the 2,309.91 USD that are paid in instalments"
    ),
    "payment-plan accept brindle 9": (
        "there is no proposed payment plan 9 in brindle; dunwell payment-plan list brindle shows them"
    ),
    "payment-plan end brindle 9": (
        "there is no payment plan 9 in brindle to end; dunwell payment-plan list brindle shows them"
    ),
}


def test_a_plan_that_cannot_be_or_is_not_allowed_is_refused_with_a_sentence(reader: Desk) -> None:
    assert {typed: reader.failed(*typed.split()) for typed in REFUSED} == {
        typed: (2, sentence) for typed, sentence in REFUSED.items()
    }


def test_a_plan_is_told_instalment_by_instalment_and_its_invoices_rest(planned: Desk) -> None:
    said = planned.did(*ADD.split(), "--by", "Ann")
    assert said.out.splitlines() == [
        "Payment plan 1 of Mallowfield Tailors: 2,309.91 USD, accepted.",
        "2026-03-16: instalment 1, 769.97 USD",
        "2026-04-16: instalment 2, 769.97 USD",
        "2026-05-16: instalment 3, 769.97 USD",
    ]
    held = planned.did("explain", "brindle", "1856", "--json").json["held"]
    assert [one["reasons"][0]["code"] for one in held] == ["planned"]
    shown = planned.did(*"statement brindle mallowfield --format json".split()).out
    assert '"reason":"planned"' in shown.replace(" ", "")
    assert planned.did("payment-plan", "list", "brindle").rows == [
        [
            *("1", "Mallowfield Tailors", "15", "accepted", "USD", "2309.91", "2309.91", "2026-03-16", "769.97"),
            *("2026-03-02", "Ann"),
        ]
    ]
    (listed,) = planned.did("payment-plan", "list", "brindle", "--json").json["plans"]
    assert (listed["state"], [one["amount"] for one in listed["instalments"]]) == ("accepted", ["769.97"] * 3)


def test_what_is_planned_is_not_planned_twice(planned: Desk) -> None:
    planned.did(*ADD.split())
    assert planned.failed(*ADD.split()) == (
        2,
        "invoice 1856 is in payment plan 1 already; end that one first: dunwell payment-plan end brindle 1",
    )
    assert planned.did("payment-plan", "end", "brindle", "1").out == "Payment plan 1 is ended.\n"
    planned.did(*ADD.split())


def test_a_plan_that_is_proposed_rests_once_it_is_accepted(planned: Desk) -> None:
    assert "proposed" in planned.did(*ADD.split(), "--proposed", "--deposit", "300").out.splitlines()[0]
    first = planned.did("explain", "brindle", "1856", "--json").json
    assert "planned" not in str(first["held"])
    assert planned.did("payment-plan", "accept", "brindle", "1").out == "Payment plan 1 is accepted.\n"
    (listed,) = planned.did("payment-plan", "list", "brindle", "--json").json["plans"]
    assert (listed["state"], listed["instalments"][0]["amount"]) == ("active", "300.00")


def test_whoever_is_insolvent_gets_no_plan_unless_somebody_says_so(planned: Desk) -> None:
    planned.did(*"hold add brindle mallowfield --kind insolvent --reason court".split())
    assert planned.failed(*ADD.split()) == (
        2,
        "Mallowfield Tailors is held (insolvent, hold 1); --anyway makes the plan all the same",
    )
    planned.did(*ADD.split(), "--anyway")


def test_a_plan_is_in_the_customers_history(planned: Desk) -> None:
    planned.did(*ADD.split(), "--by", "Ann")
    agreed = planned.did("customer", "brindle", "mallowfield").kind("agreed")
    assert agreed == [["payment plan", "1", "2,309.91 USD in 3 instalments from 2026-03-16"]]
    planned.did("payment-plan", "end", "brindle", "1", "--by", "Ben")
    events = planned.did("customer", "brindle", "mallowfield").kind("event")
    assert [row[1:] for row in events[:2]] == [
        ["Ben", "payment plan 1 ended"],
        ["Ann", "payment plan 1: 2,309.91 USD in 3 instalments from 2026-03-16"],
    ]


def test_instalments_may_differ_and_the_last_is_what_is_left(planned: Desk) -> None:
    said = planned.did(*ADD.split(), "--amounts", "1000 800").out.splitlines()
    assert [line.partition(", ")[2] for line in said[1:]] == ["1,000.00 USD", "800.00 USD", "509.91 USD"]
    (listed,) = planned.did("payment-plan", "list", "brindle", "--json").json["plans"]
    assert [one["amount"] for one in listed["instalments"]] == ["1000.00", "800.00", "509.91"]


def test_a_segment_may_allow_other_plans_than_the_strategy(planned: Desk) -> None:
    planned.edit('platform = "quickbooks"', 'platform = "quickbooks"\nstrategy = "own"')
    (planned.folder / "strategies").mkdir(exist_ok=True)
    strict = planned.folder / "strategies" / "own.toml"
    strict.write_text(
        'inherits = "standard"\n[[segment]]\nname = "all"\nschedule = "standard"\nplan = { deposit = "50%" }\n', "utf-8"
    )
    assert planned.failed(*ADD.split())[1].startswith("the strategy wants a deposit of 1,154.96 USD at least")
    planned.did(*ADD.split(), "--deposit", "1155")
