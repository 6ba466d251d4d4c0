"""A refused token, a lost right, a record that is gone: what each refusal leads to."""

import pytest

from connectors.base import Note, Target
from connectors.errors import BadAnswer, NotFound, OutcomeUnknown, Reconnect, Rejected
from tests.connectors import servers
from tests.connectors.roads import a_line, a_road
from tests.connectors.servers import Server

NOTE = Note(target=Target.CUSTOMER, target_id="1", marker="Dunwell 1a2b3c4d", text="Dunwell 1a2b3c4d reminder sent")

unauthorized = servers.answer(b'{"fault":{"error":[{"message":"m","detail":"Token expired: token-one"}]}}', 401)


@pytest.mark.parametrize("method", ["read", "write"])
def test_a_401_leads_to_one_refresh_and_one_replay_even_of_a_write(method: str) -> None:
    with Server(unauthorized) as server, a_line(server.url) as line:
        assert getattr(line, method)() == b"{}"
        assert [one.headers["authorization"] for one in server.asked] == ["Bearer token-one", "Bearer token-two"]
        assert line.tokens.renewed == ["token-one"]
        assert line.clock.slept == []


@pytest.mark.parametrize("method", ["read", "write"])
def test_a_second_401_asks_for_a_person_and_names_the_command(method: str) -> None:
    with Server(*[unauthorized] * 9) as server, a_line(server.url) as line:
        with pytest.raises(Reconnect, match=r"dunwell connect harbour$"):
            getattr(line, method)()
        assert (len(server.asked), line.tokens.renewed) == (2, ["token-one"])


def test_the_next_call_uses_the_new_token_at_once() -> None:
    with Server(unauthorized) as server, a_line(server.url) as line:
        line.read()
        line.read()
        assert [one.headers["authorization"] for one in server.asked][1:] == ["Bearer token-two"] * 2


def test_in_the_sandbox_an_expired_token_costs_one_refresh() -> None:
    with a_road() as road:
        road.clock.move(hours=2)
        assert road.connector.company().records
        assert len(road.tokens.renewed) == 1


def test_in_the_sandbox_a_write_with_an_expired_token_happens_once() -> None:
    with a_road() as road:
        road.clock.move(hours=2)
        road.connector.write(NOTE, "key-1")
        assert len(road.control.papers()) == 1


def test_a_consent_that_was_taken_back_asks_for_a_person() -> None:
    with a_road() as road:
        road.tokens.more = lambda: "not a token of ours"
        road.control.disconnect()
        with pytest.raises(Reconnect, match="dunwell connect harbour"):
            road.connector.company()


def test_a_403_asks_for_a_person_at_once() -> None:
    with a_road() as road:
        road.fault("forbidden", times=None)
        with pytest.raises(Reconnect, match="dunwell connect harbour") as caught:
            road.connector.company()
        assert (caught.value.status, caught.value.code, len(road.asked())) == (403, "3100", 1)


def test_a_403_page_of_a_proxy_is_not_the_platforms_word() -> None:
    page = servers.answer(b"<html>Forbidden</html>", 403, content_type="text/html; charset=utf-8")
    with Server(page) as server, a_line(server.url) as line:
        assert line.read() == b"{}"
        assert len(server.asked) == 2


def test_a_404_is_a_record_that_is_not_there() -> None:
    with Server(servers.answer(b"{}", 404)) as server, a_line(server.url) as line:
        with pytest.raises(NotFound):
            line.read()
        assert len(server.asked) == 1


def test_a_refusal_is_never_repeated() -> None:
    with Server(servers.answer(b"{}", 400)) as server, a_line(server.url) as line:
        with pytest.raises(Rejected):
            line.read()
        assert len(server.asked) == 1


def test_an_error_carries_what_support_asks_for() -> None:
    fault = b'{"Fault":{"Error":[{"Message":"Invalid query","code":"4001"}],"type":"ValidationFault"}}'
    with Server(servers.answer(fault, 400)) as server, a_line(server.url) as line:
        with pytest.raises(Rejected) as caught:
            line.read()
        assert (caught.value.status, caught.value.code, caught.value.ledger) == (400, "4001", "harbour")
        assert str(caught.value) == "QuickBooks refused: Invalid query (ledger harbour, HTTP 400, code 4001)"


def test_the_correlation_id_of_the_sandbox_is_in_the_error() -> None:
    with a_road() as road:
        with pytest.raises(Rejected) as caught:
            road.connector.payment_link("1.5")  # type: ignore[arg-type]
        assert caught.value.correlation_id
        assert f"correlation id {caught.value.correlation_id}" in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_follows_a_redirect(status: int) -> None:
    with Server() as elsewhere, Server(servers.answer(b"", status, location=elsewhere.url)) as server:
        with a_line(server.url) as line, pytest.raises(BadAnswer, match="elsewhere"):
            line.read()
        assert (len(server.asked), len(elsewhere.asked)) == (1, 0)


def test_a_redirected_write_may_have_happened() -> None:
    with Server() as elsewhere, Server(servers.answer(b"", 303, location=elsewhere.url)) as server:
        with a_line(server.url) as line, pytest.raises(OutcomeUnknown):
            line.write()
        assert len(elsewhere.asked) == 0
