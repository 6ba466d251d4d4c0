"""A strategy is kept with all that it inherits, and read again as it was."""

from strategy import shipped
from strategy.text.bundle import bundled, sources_of, unbundled
from strategy.text.nodes import load
from strategy.text.parse import parse
from strategy.text.parts.inherit import SourceText
from tests.strategy.texts import SHORT

OWN = 'inherits = "house"\n[contact]\ngap = 7'
HOUSE = 'inherits = "standard"\n'


def test_what_was_kept_is_the_same_strategy() -> None:
    def find(name: str) -> SourceText | None:
        return SourceText(file="/firm/house.toml", text=HOUSE) if name == "house" else shipped.find(name)

    parsed = parse(OWN, "/firm/acme.toml", find)
    again = unbundled(bundled(parsed.sources))
    assert parsed.strategy is not None
    assert again is not None
    assert (again.name, again.version) == (parsed.strategy.name, parsed.strategy.version)
    assert sources_of(bundled(parsed.sources)) == parsed.sources


def test_a_text_kept_without_its_file_is_read_too() -> None:
    assert unbundled(SHORT) is not None


def test_a_text_that_means_nothing_any_more_is_no_strategy() -> None:
    assert unbundled(bundled({"acme.toml": SHORT + "\n[tariff]\n"})) is None


def test_what_one_ledger_overrides_is_kept_with_its_strategy() -> None:
    node = load("[contact]\ngap = 9\n", "config.toml").root
    parsed = parse(SHORT, "/firm/acme.toml", lambda name: None, node)
    again = unbundled(bundled({**parsed.sources, "config.toml": "secret"}, node))
    assert parsed.strategy is not None
    assert again is not None
    assert (again.name, again.contact.gap, again.version) == ("acme", 9, parsed.strategy.version)
    assert "secret" not in bundled({**parsed.sources, "config.toml": "secret"}, node)
