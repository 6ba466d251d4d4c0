"""What a house puts together."""

from pathlib import Path

from dunwell.config import reading
from dunwell.wiring.house import House
from tests.connectors import servers
from tests.connectors.servers import Server


def test_the_connections_that_all_ledgers_share_keep_no_cookies(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[firm]\nname = "Lund & Keller"\n', "utf-8")
    house = House(reading.read(tmp_path / "config.toml"))
    with Server(servers.answer(set_cookie="who=first; Path=/")) as server:
        house.http.get(server.url)
        house.http.get(server.url)
        house.close()
        assert [one.headers.get("cookie") for one in server.asked] == [None, None]


def test_a_strategy_is_parsed_once_for_all_its_ledgers(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[firm]\nname = "Lund & Keller"\n', "utf-8")
    house = House(reading.read(tmp_path / "config.toml"))
    assert house.parsed_strategy("standard") is house.parsed_strategy("standard")
    assert house.parsed_strategy("gentle") is not house.parsed_strategy("standard")
