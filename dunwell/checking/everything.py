"""The whole check."""

from collections.abc import Iterator
from pathlib import Path

from dunwell.checking import ledgers, settings, texts, usage, webhooks
from dunwell.checking.findings import Finding
from dunwell.config import reading
from dunwell.config.reading import BadConfig
from dunwell.wiring.house import House


def everything(file: Path, *, online: bool) -> Iterator[Finding]:
    """All that is found, in the order in which a person would mend it. Raises `Misconfigured` for a clock that must not
    be used here.
    """
    try:
        config = reading.read(file)
    except BadConfig as error:
        yield from settings.bad(error)
        return
    house = House(config)
    try:
        yield from settings.config(config)
        yield from texts.texts(house)
        for name in config.ledgers:
            yield from ledgers.ledger(house, name, online=online)
        yield from usage.usage(house)
        yield from webhooks.listening(house)
    finally:
        house.close()
