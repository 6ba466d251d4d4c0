"""The floor: what no pull can do without. Download, decode, insert; everything else that a pull does comes on top.

The pages are asked for in turn over one connection, with gzip; msgspec decodes of each record exactly what goes into a
column; sqlite3 inserts those columns and the record's own bytes into the mirror's own tables, a page in a transaction.
It trusts everything: no counts, no versions, no retries, no odd records, amounts as binary fractions. What it leaves
behind is the same to the last column, so that nothing is compared that does less. `floor_quickbooks` and `floor_xero`
know what the platforms' records look like.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module, resources
from pathlib import Path
from typing import Any, Protocol

import httpx
import msgspec

from bench.figures import Tally

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]

LEDGER = 1


class Get(Protocol):
    """Asks for a page over the one connection."""

    def __call__(self, path: str, **params: str | int) -> bytes: ...


def ready(platform: str, url: str, database: Path) -> Callable[[], Tally]:
    """What reads everything from an address into an empty database."""
    return partial(_fill, platform, import_module(f"bench.floor_{platform}").pages, url, database)


def _fill(platform: str, pages: Callable[[Get], Iterator[Rows]], url: str, database: Path) -> Tally:
    connection = _created(database, platform)
    tally = Tally()
    with httpx.Client(base_url=url, headers={"Accept-Encoding": "gzip"}) as http:
        for rows in pages(partial(_get, http, tally)):
            connection.execute("BEGIN IMMEDIATE")
            for table, values in rows.items():
                if values:
                    marks = ", ".join("?" * len(values[0]))
                    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
            connection.execute("COMMIT")
    connection.close()
    return tally


def _created(database: Path, platform: str) -> sqlite3.Connection:
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    schema = resources.files("sync.store").joinpath("schema")
    for file in sorted((one for one in schema.iterdir() if one.is_file()), key=lambda one: one.name):
        connection.executescript(file.read_text("utf-8"))
    connection.execute("INSERT INTO ledger (id, name, platform) VALUES (?, 'harbour', ?)", (LEDGER, platform))
    return connection


def _get(http: httpx.Client, tally: Tally, path: str, **params: str | int) -> bytes:
    with http.stream("GET", path, params=params) as response:
        body = response.read()
        tally.calls += 1
        tally.received += response.num_bytes_downloaded
    return body


def cents(amount: float) -> int:
    """An amount of a currency with cents, as minor units."""
    return round(amount * 100)


_encode = msgspec.json.Encoder().encode


def listed(*texts: str) -> str:
    """Texts as the mirror keeps several of them in one column."""
    return _encode(texts).decode()


def raw(kind: str, bodies: Iterable[tuple[str, msgspec.Raw]], read_at: str) -> list[Row]:
    """The bodies' own rows."""
    return [(LEDGER, kind, record_id, body, read_at) for record_id, body in bodies]
