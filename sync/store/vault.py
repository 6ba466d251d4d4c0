"""Tokens at rest: a file of their own, sealed with AES-256-GCM, the ledger's name as associated data.

Apart from the database, so that a process that only shows things (the web) need not be able to read them; sealed, so
that a copied file is of no use without the key, which lives elsewhere. A saved token is on the disk before `save`
returns: a rotated one that was lost is a connection that was lost.

The key may be replaced while others work. Every replacement counts the file's generation up in the transaction that
seals the tokens anew, so that whoever saves with a key in hand notices that it is another by now.
"""

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from filelock import FileLock

from connectors.base import TokenSet
from sync.store.statements import load

SQL = load("vault")

Keys = Callable[[], Sequence[bytes]]
"""The keys as they are now, 32 bytes each: the first one seals, all of them open."""

_NONCE = 12
_OWNER_ONLY = 0o600


class WrongKey(Exception):
    """The key does not open the vault."""


class Exposed(Exception):
    """Others may change what lies in the vault's folder."""


class Vault:
    """Tokens of all ledgers."""

    def __init__(self, path: Path, keys: Keys) -> None:
        """Open the file, making it readable by its owner only. Raises `Exposed`, and whatever `keys` raises."""
        _closed_to_others(path.parent)
        self._path = path
        self._keys = keys
        self._ring = tuple(keys())
        self._turn = threading.Lock()
        path.touch(mode=_OWNER_ONLY)
        path.chmod(_OWNER_ONLY)
        self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        for name in ("durable", "erase", "create", "create_generation"):
            self._connection.execute(SQL[name])
        self._generation = self._now()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def read(self, ledger: str) -> TokenSet | None:
        """The ledger's tokens, None where it is not connected. Raises `WrongKey`."""
        found = self._connection.execute(SQL["read"], (ledger,)).fetchone()
        if found is None:
            return None
        opened = self._open(ledger, found[0])
        if opened is None:
            self._ring = tuple(self._keys())  # it may have been replaced since
            opened = self._open(ledger, found[0])
        if opened is None:
            raise WrongKey(
                f"the key does not open the tokens of ledger {ledger}: use the key they were stored with, "
                f"or connect again: dunwell connect {ledger}"
            )
        return opened

    def save(self, ledger: str, tokens: TokenSet) -> None:
        """Keep the ledger's tokens, replacing earlier ones."""
        with self._transaction():
            if self._now() != self._generation:
                self._take_up()
            self._connection.execute(SQL["save"], (ledger, _sealed(self._ring[0], ledger, tokens)))

    def forget(self, ledger: str) -> bool:
        """Nothing of the ledger's tokens is left in the file; whether there were any."""
        with self._transaction():
            return self._connection.execute(SQL["forget"], (ledger,)).rowcount > 0

    def rotate(self, key: bytes, replace: Callable[[], None]) -> int:
        """Seal everything with another key; of how many ledgers. `replace` puts it where `keys` finds it first, and
        leaves the old one where `keys` still finds it; it is called before the new seals count.

        So at any moment whatever the file holds can be opened by what `keys` gives. Waits for refreshes that go on.
        Raises `WrongKey`, and then nothing was changed.
        """
        with ExitStack() as held:
            for (ledger,) in self._connection.execute(SQL["ledgers"]).fetchall():
                held.enter_context(self.alone(ledger))
            self._ring = (*self._keys(), key)
            with self._transaction():
                ledgers = [ledger for (ledger,) in self._connection.execute(SQL["ledgers"]).fetchall()]
                for ledger in ledgers:
                    tokens = self.read(ledger)
                    assert tokens is not None  # noqa: S101 - listed in the same transaction
                    self._connection.execute(SQL["save"], (ledger, _sealed(key, ledger, tokens)))
                self._connection.execute(SQL["next_generation"])
                replace()
            self._ring, self._generation = (key,), self._now()
        return len(ledgers)

    @contextmanager
    def alone(self, ledger: str) -> Iterator[None]:
        """Only one thread of one process is in here for a ledger; a process that dies lets go."""
        with FileLock(f"{self._path}.{ledger}.lock", mode=_OWNER_ONLY):
            yield

    def _open(self, ledger: str, box: bytes) -> TokenSet | None:
        """The tokens; None where they were sealed for another ledger, with another key, are damaged, or cut off."""
        for key in self._ring:
            try:
                told = AESGCM(key).decrypt(box[:_NONCE], box[_NONCE:], ledger.encode())
            except (InvalidTag, ValueError):
                continue
            return msgspec.json.decode(told, type=TokenSet)
        return None

    def _take_up(self) -> None:
        """The key was replaced since it was read: seal with the one that there is now."""
        ring = tuple(self._keys())
        if ring == self._ring:
            raise WrongKey("the key of the tokens was replaced while this ran: run the same again with the new one")
        self._ring, self._generation = ring, self._now()

    def _now(self) -> int:
        """How often the key was replaced."""
        return int(self._connection.execute(SQL["generation"]).fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of it or nothing. Threads of two ledgers share the connection, and take turns."""
        with self._turn:
            self._connection.execute(SQL["begin"])
            try:
                yield
            except BaseException:
                self._connection.execute(SQL["undo"])
                raise
            self._connection.execute(SQL["commit"])


def _sealed(key: bytes, ledger: str, tokens: TokenSet) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, msgspec.json.encode(tokens), ledger.encode())


def _closed_to_others(folder: Path) -> None:
    """Whoever may write in the folder may put other tokens there, and read what a ledger is asked with them."""
    if folder.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Exposed(f"others on this machine may write in {folder}, where the tokens are; chmod go-w {folder}")
