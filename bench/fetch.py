"""The floor of deciding: the rows that all accounts of a ledger are made of, fetched into tuples and let go of."""

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from bench.figures import Tally
from bench.open_book import LEDGER, TODAY
from sync.accounts import loading
from sync.store.database import Store


def ready(_platform: str, _url: str, database: Path) -> Callable[[], Tally]:
    """What fetches them, by the statements that loading runs."""
    return partial(_fetch, database)


def _fetch(database: Path) -> Tally:
    with closing(Store(database)) as store:
        asked = loading.values(LEDGER, TODAY, TODAY)
        for name in loading.statements(TODAY, TODAY).values():
            for _ in store.rows_by_name(loading.SQL[name], asked):
                pass
    return Tally()
