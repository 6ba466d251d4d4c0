"""Giving a connection back, and what becomes of a ledger that has none."""

import json

import pytest

from tests.dunwell.cli.desk import Desk, Firm, elsewhere

BACK = "Its tokens are forgotten here, and its books stay. To go on one day: dunwell connect brindle\n"


@pytest.fixture
def own(firm: Firm, desk: Desk) -> Desk:
    """A firm with a consent of its own, which it may give back."""
    file = desk.write("tokens.json", json.dumps(firm.sandbox.quickbooks.tokens()))
    desk.did("connect", "brindle", "--token-file", str(file))
    return desk


def revoked(firm: Firm) -> int:
    return sum(one.revoked for one in firm.sandbox.dialects["quickbooks"].desk.grants.grants)


def test_the_platform_and_the_vault_forget_and_the_books_stay(firm: Firm, own: Desk) -> None:
    before = revoked(firm)
    said = own.did("disconnect", "brindle")
    assert said.out == f"QuickBooks lets Dunwell into Brindlewick Field Services no more.\n{BACK}"
    assert revoked(firm) == before + 1
    assert own.did("aging", "brindle").rows
    assert own.failed("sync") == (
        4,
        "brindle: It is not connected (ledger brindle); connect it again: dunwell connect brindle",
    )
    assert ["it is not connected", "dunwell connect brindle"] in [row[3:] for row in own.dunwell("check").rows]


def test_it_may_be_said_twice(own: Desk) -> None:
    own.did("disconnect", "brindle")
    assert own.did("disconnect", "brindle").out == "Ledger brindle is not connected; nothing was to be done.\n"


def test_what_the_platform_had_ended_is_forgotten(firm: Firm, own: Desk) -> None:
    firm.sandbox.dialects["quickbooks"].desk.grants.grants[-1].revoked = True
    assert own.did("disconnect", "brindle").out == f"QuickBooks had ended the connection before.\n{BACK}"
    assert own.dunwell("sync").code == 4


def test_where_the_platform_cannot_be_told_nothing_changes_unless_it_is_asked_for(firm: Firm, own: Desk) -> None:
    firm.sandbox.faults.add("broken", path="/quickbooks/oauth2/revoke", times=None)
    try:
        code, said = own.failed("disconnect", "brindle")
        assert code == 1
        assert said == (
            "The token server cannot answer now; nothing was changed. Try again later; or end the access by hand in "
            "QuickBooks, under Apps, My apps, Disconnect, and forget the tokens here: dunwell disconnect brindle "
            "--forget"
        )
        own.did("sync")
        forgotten = own.did("disconnect", "brindle", "--forget")
    finally:
        firm.sandbox.faults.clear()
    assert forgotten.err == "The token server cannot answer now; QuickBooks was not told\n"
    assert forgotten.out == f"{BACK}End the access in QuickBooks, under Apps, My apps, Disconnect.\n"
    assert own.dunwell("sync").code == 4


def test_connecting_again_goes_on_where_it_ended(firm: Firm, own: Desk) -> None:
    own.did("disconnect", "brindle")
    file = own.write("tokens.json", json.dumps(firm.sandbox.quickbooks.tokens()))
    own.did("connect", "brindle", "--token-file", str(file))
    (read,) = own.did("sync").rows
    assert "everything" not in read


@pytest.mark.parametrize(("days", "told"), [(30, True), (31, False)])
def test_a_month_before_only_a_new_consent_helps_every_reading_says_so(
    firm: Firm, desk: Desk, days: int, told: bool
) -> None:
    tokens = {**firm.sandbox.quickbooks.tokens(), "x_refresh_token_hard_expires_in": days * 86_400}
    desk.did("connect", "brindle", "--token-file", str(desk.write("tokens.json", json.dumps(tokens))))
    sentence = (
        "brindle: the connection ends on 2026-04-01, however much it is used; connect it again before: "
        "dunwell connect brindle\n"
    )
    for command in ("sync", "run"):
        assert (sentence in desk.dunwell(command).err) is told


def test_a_revoked_connection_stops_its_own_ledger_alone(firm: Firm, desk: Desk) -> None:
    text = desk.config.read_text("utf-8")
    second = text[text.index("[ledgers.brindle]") :].replace("ledgers.brindle", "ledgers.wick")
    second = elsewhere(second)
    desk.config.write_text(f"{text}\n{second}", "utf-8")
    file = desk.write("tokens.json", json.dumps(firm.sandbox.quickbooks.tokens()))
    desk.did("connect", "wick", "--token-file", str(file))
    firm.sandbox.dialects["quickbooks"].desk.grants.grants[-1].revoked = True
    said = desk.dunwell("run", "wick", "brindle", "--json")
    assert said.code == 4
    assert [one["ledger"] for one in said.json["ledgers"]] == ["brindle"]
    assert said.err == (
        "wick: The connection has ended: it expired, was revoked or replaced (ledger wick, code invalid_grant); "
        "connect it again: dunwell connect wick\n"
    )
