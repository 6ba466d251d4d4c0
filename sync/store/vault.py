"""Tokens at rest: a file of their own, sealed with AES-256-GCM, the ledger's name as associated data.

Apart from the database, so that a process that only shows things (the web) need not be able to read them; sealed, so
that a copied file is of no use without the key, which lives elsewhere. A saved token is on the disk before `save`
returns: a rotated one that was lost is a connection that was lost.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from filelock import FileLock

from connectors.base import TokenSet
from sync.store.statements import load

SQL = load("vault")

_NONCE = 12
_OWNER_ONLY = 0o600


class WrongKey(Exception):
    """The key does not open the vault."""


class Vault:
    """Tokens of all ledgers."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Open the file, making it readable by its owner only. `key` is 32 bytes."""
        self._path = path
        path.touch(mode=_OWNER_ONLY)
        path.chmod(_OWNER_ONLY)
        self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(SQL["create"])
        self._cipher = AESGCM(key)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def read(self, ledger: str) -> TokenSet | None:
        """The ledger's tokens, None where it is not connected. Raises `WrongKey`."""
        found = self._connection.execute(SQL["read"], (ledger,)).fetchone()
        if found is None:
            return None
        nonce, sealed = found[0][:_NONCE], found[0][_NONCE:]
        try:
            return msgspec.json.decode(self._cipher.decrypt(nonce, sealed, ledger.encode()), type=TokenSet)
        except (InvalidTag, ValueError):  # sealed for another ledger, with another key, damaged, or cut off
            raise WrongKey(
                f"the key does not open the tokens of ledger {ledger}: use the key they were stored with, "
                f"or connect again: dunwell connect {ledger}"
            ) from None

    def save(self, ledger: str, tokens: TokenSet) -> None:
        """Keep the ledger's tokens, replacing earlier ones."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, msgspec.json.encode(tokens), ledger.encode())
        self._connection.execute(SQL["save"], (ledger, sealed))

    @contextmanager
    def alone(self, ledger: str) -> Iterator[None]:
        """Only one thread of one process is in here for a ledger; a process that dies lets go."""
        with FileLock(f"{self._path}.{ledger}.lock", mode=_OWNER_ONLY):
            yield
