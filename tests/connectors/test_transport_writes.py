"""A write is sent once: whatever breaks, the server sees it one time, and we say that we do not know."""

import pytest

from connectors.base import Note, Target
from connectors.errors import BadAnswer, OutcomeUnknown
from connectors.quickbooks import faults as quickbooks
from connectors.quickbooks.connector import QuickBooks
from connectors.transport import Dialect
from connectors.xero import faults as xero
from tests.connectors import servers
from tests.connectors.roads import SHORT, Road, a_line, a_road
from tests.connectors.servers import Server

NOTE = Note(target=Target.CUSTOMER, target_id="1", marker="Dunwell 1a2b3c4d", text="Dunwell 1a2b3c4d reminder sent")


def sent(road: Road) -> int:
    """How often a write arrived."""
    return len(road.asked("POST", "/attachable"))


@pytest.mark.parametrize(("kind", "happened"), [("drop_before", 0), ("drop_after", 1), ("cut_off", 1)])
def test_a_connection_that_breaks_around_a_write_leaves_it_unknown(kind: str, happened: int) -> None:
    with a_road() as road:
        road.fault(kind, method="POST", path="/attachable")
        with pytest.raises(OutcomeUnknown):
            road.connector.write(NOTE, "key-1")
        assert (sent(road), len(road.control.papers())) == (1, happened)


@pytest.mark.parametrize(("kind", "happened"), [("silence", 0), ("silence_after", 1)])
def test_a_write_that_is_not_answered_is_unknown(kind: str, happened: int) -> None:
    with a_road(timeout=SHORT) as road:
        road.fault(kind, method="POST", path="/attachable", seconds=5)
        with pytest.raises(OutcomeUnknown):
            road.connector.write(NOTE, "key-1")
        assert len(road.control.papers()) == happened


@pytest.mark.parametrize("kind", ["broken", "unavailable", "html_page", "truncated"])
def test_an_answer_that_says_nothing_of_a_write_leaves_it_unknown(kind: str) -> None:
    with a_road() as road:
        road.fault(kind, method="POST", path="/attachable")
        with pytest.raises(OutcomeUnknown) as caught:
            road.connector.write(NOTE, "key-1")
        assert (sent(road), caught.value.ledger) == (1, "harbour")


def test_a_system_fault_inside_a_200_leaves_a_write_unknown() -> None:
    with a_road() as road:
        road.fault("fault_in_200", method="POST", path="/attachable")
        with pytest.raises(OutcomeUnknown):
            road.connector.write(NOTE, "key-1")
        assert sent(road) == 1


def test_an_answer_to_a_write_that_names_no_record_leaves_it_unknown() -> None:
    with Server(servers.answer(b'{"time":"2026-03-02T09:00:00-08:00"}')) as server, a_line(server.url) as line:
        with pytest.raises(OutcomeUnknown, match="cannot be read"):
            QuickBooks(line.transport, line.clock, line.url, "1").write(NOTE, "key-1")
        assert len(server.asked) == 1


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
@pytest.mark.parametrize("dialect", [quickbooks.DIALECT, xero.DIALECT], ids=["quickbooks", "xero"])
def test_a_server_in_trouble_leaves_a_write_unknown_and_is_not_asked_again(status: int, dialect: Dialect) -> None:
    with Server(servers.answer(b"", status, content_type="text/plain")) as server:
        with a_line(server.url, dialect=dialect) as line, pytest.raises(OutcomeUnknown):
            line.write()
        assert len(server.asked) == 1


def test_a_500_that_explains_itself_is_no_refusal() -> None:
    fault = b'{"Fault":{"Error":[{"Message":"An application error has occurred","code":"10000"}],"type":"SystemFault"}}'
    with Server(servers.answer(fault, 500)) as server:
        with a_line(server.url) as line, pytest.raises(OutcomeUnknown):
            line.write()
        assert len(server.asked) == 1


@pytest.mark.parametrize("kind", ["broken", "unavailable", "html_page", "drop_before", "cut_off", "truncated"])
def test_a_read_is_repeated_until_it_is_whole(kind: str) -> None:
    with a_road() as road:
        rule = road.fault(kind, path="/query", times=3)
        assert road.connector.company().records
        assert rule.happened == 3


@pytest.mark.parametrize("kind", ["broken", "drop_before", "truncated", "fault_in_200"])
def test_a_read_that_stays_broken_is_reported_after_five_times(kind: str) -> None:
    with a_road() as road:
        rule = road.fault(kind, path="/companyinfo", times=None)
        with pytest.raises(BadAnswer, match="reading CompanyInfo"):
            road.connector.company()
        assert rule.happened == 5


def test_between_two_tries_time_passes() -> None:
    with a_road() as road:
        road.fault("unavailable", path="/companyinfo", times=4)
        road.connector.company()
        assert len(road.clock.slept) == 4
        assert max(road.clock.slept) <= 20


def test_an_idle_connection_that_the_server_closed_costs_neither_a_read_nor_a_write() -> None:
    with Server(*[servers.answer(keep=False)] * 2) as server, a_line(server.url) as line:
        line.read()
        server.wait_until_closed(1)
        line.write()
        server.wait_until_closed(2)
        line.write()
        assert ([one.method for one in server.asked], server.connections) == (["GET", "POST", "POST"], 3)


def test_a_connection_dropped_just_as_a_write_arrives_leaves_it_unknown() -> None:
    with Server(servers.answer(), servers.dropped) as server, a_line(server.url) as line:
        line.read()
        with pytest.raises(OutcomeUnknown):
            line.write()
        assert [one.method for one in server.asked] == ["GET", "POST"]
