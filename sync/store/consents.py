"""Handing what a browser brought to `dunwell serve` over to the `dunwell connect` that waits for it.

The web process can read neither tokens nor the code that it was brought a moment ago: it seals it to a key whose other
half lives in the waiting process and dies with it (X25519, HKDF-SHA-256, AES-256-GCM, a fresh pair on either side).
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.store.database import Store, instant
from sync.store.statements import load

SQL = load("consents")

LASTS = timedelta(minutes=10)
"""A consent that was asked for earlier has been given up."""

_KEY, _NONCE = 32, 12


class Pending:
    """A consent that somebody waits for."""

    def __init__(self, store: Store, state: str, private: X25519PrivateKey) -> None:
        self._store, self._state, self._private = store, _hash(state), private

    def answer(self) -> Mapping[str, str] | None:
        """What came back, or None where nothing has yet."""
        found = self._store.row(SQL["answered"], self._state)
        if found is None or found[0] is None:
            return None
        theirs, nonce, box = found[0][:_KEY], found[0][_KEY : _KEY + _NONCE], found[0][_KEY + _NONCE :]
        cipher = _cipher(self._private, X25519PublicKey.from_public_bytes(theirs))
        return msgspec.json.decode(cipher.decrypt(nonce, box, self._state), type=dict[str, str])


@contextmanager
def waiting(store: Store, ledger_id: int, state: str, now: datetime) -> Iterator[Pending]:
    """Wait for the answer that carries this state; afterwards nothing of it is left."""
    private = X25519PrivateKey.generate()
    store.run(SQL["ask"], ledger_id, _hash(state), private.public_key().public_bytes_raw(), instant(now))
    try:
        yield Pending(store, state, private)
    finally:
        store.run(SQL["end"], _hash(state), instant(now - LASTS))


def hand_over(store: Store, brought: Mapping[str, str], now: datetime) -> bool:
    """Seal what a browser brought to whoever waits for it. False where nobody does, or an answer is there already."""
    state = _hash(brought.get("state", ""))
    found = store.row(SQL["asked"], state, instant(now - LASTS))
    if found is None:
        return False
    private, nonce = X25519PrivateKey.generate(), os.urandom(_NONCE)
    cipher = _cipher(private, X25519PublicKey.from_public_bytes(found[0]))
    box = cipher.encrypt(nonce, msgspec.json.encode(brought), state)
    return store.run(SQL["answer"], private.public_key().public_bytes_raw() + nonce + box, state) > 0


def _hash(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()


def _cipher(ours: X25519PrivateKey, theirs: X25519PublicKey) -> AESGCM:
    shared = ours.exchange(theirs)
    return AESGCM(HKDF(SHA256(), length=_KEY, salt=None, info=b"dunwell consent").derive(shared))
