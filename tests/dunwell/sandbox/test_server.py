"""The server: quick to start, on loopback, one clock, the same bodies from the same seed."""

import ast
import gzip
import http.client
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

import dunwell.sandbox
from dunwell.sandbox.server import Sandbox
from tests.dunwell.sandbox.api import Clock, Company, bare

SOURCES = sorted(Path(dunwell.sandbox.__file__).parent.rglob("*.py"))


def test_it_is_at_localhost_once_it_has_started() -> None:
    with Sandbox(Clock(), seed=77) as sandbox:
        assert sandbox.url.startswith("http://localhost:")


@pytest.mark.parametrize("entity", ["Customer", "Invoice", "Payment", "CreditMemo", "Term", "Preferences"])
def test_two_sandboxes_of_one_seed_give_the_same_bodies(entity: str) -> None:
    path = f"query?query=select * from {entity} maxresults 1000"
    with Company() as first, Company() as second:
        assert first.session.get(path).content == second.session.get(path).content


def test_another_seed_gives_other_bodies() -> None:
    with Company(seed=3) as first, Company(seed=4) as second:
        assert first.rows("select * from Invoice") != second.rows("select * from Invoice")


def test_the_start_day_may_be_named() -> None:
    with Company(start=date(2026, 2, 2)) as company:
        assert max(each["TxnDate"] for each in company.rows("select * from Invoice")) <= "2026-03-02"
        assert company.query("select count(*) from Invoice where TxnDate > '2026-02-03'")["totalCount"] > 10


def test_payments_arrive_as_the_clock_moves(company: Company) -> None:
    before = company.query("select count(*) from Payment")["totalCount"]
    company.clock.move(weeks=2)
    company.sign_in()
    assert company.query("select count(*) from Payment")["totalCount"] > before + 10


def test_what_happens_is_stamped_with_its_own_instant_not_with_the_readers(company: Company) -> None:
    company.clock.move(weeks=2)
    company.sign_in()
    stamps = {each["MetaData"]["LastUpdatedTime"] for each in company.rows("select * from Payment maxresults 20")}
    assert len(stamps) > 10


def test_a_thousand_invoices_are_read_at_once(reading: Company) -> None:
    assert len(reading.rows("select * from Invoice orderby Id maxresults 1000")) == 1000


def test_connections_are_kept_alive(reading: Company) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(reading.sandbox.url.rsplit(":", 1)[1]))
    wires = []
    for _ in range(2):
        connection.request("GET", "/_sandbox/faults")
        assert connection.getresponse().read() == b"[]"
        wires.append(connection.sock)
    assert wires[0] is wires[1] is not None
    connection.close()


def test_answers_are_packed_when_asked_for(reading: Company) -> None:
    headers = {"Accept-Encoding": "gzip"}
    with reading.session.stream("GET", "query?query=select * from Invoice", headers=headers) as response:
        assert response.headers["content-encoding"] == "gzip"
        packed = b"".join(response.iter_raw())
    plain = reading.session.get("query?query=select * from Invoice", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed)[:1000] == plain.content[:1000]


def test_the_date_is_the_clocks(reading: Company) -> None:
    assert reading.session.get("companyinfo/1").headers["date"] == "Mon, 02 Mar 2026 17:00:00 GMT"


def test_an_unknown_path_is_a_404(reading: Company) -> None:
    assert bare("GET", f"{reading.sandbox.url}/nothing").status_code == 404


def test_a_taken_port_is_an_error(reading: Company) -> None:
    port = int(reading.sandbox.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"):
        Sandbox(Clock(), port=port).start()


def test_it_stops_with_connections_open() -> None:
    with Company() as company:
        company.get("companyinfo/1")
        company.sandbox.stop()
        with pytest.raises(httpx.ConnectError):
            httpx.get(company.sandbox.url)


def imported() -> set[str]:
    names: set[str] = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module or "")
    return names


def test_it_imports_nothing_of_ours() -> None:
    ours = ("dunwell", "sync", "connectors", "strategy", "tests")
    assert {
        name for name in imported() if name.split(".")[0] in ours and not name.startswith("dunwell.sandbox")
    } == set()


def test_it_never_imports_time() -> None:
    assert "time" not in imported()


def test_a_year_without_a_question_is_caught_up_with(company: Company) -> None:
    company.clock.at += timedelta(days=365)
    company.sign_in()
    assert company.query("select count(*) from Invoice")["totalCount"] > 1200


def test_serving_ends_when_the_keyboard_interrupts() -> None:
    script = (
        "from tests.dunwell.sandbox.api import Clock\n"
        "from dunwell.sandbox.server import Sandbox\n"
        "sandbox = Sandbox(Clock())\n"
        "sandbox.serve(lambda: print(sandbox.url, flush=True))\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        url = served.stdout.readline().strip()
        assert bare("GET", f"{url}/_sandbox/").status_code == 200
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=60) == 0
