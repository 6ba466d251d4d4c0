"""The key that seals the tokens: found, made, and replaced by another.

Where it is replaced, the old one stays beside it (`key.old`, or an entry of that name) until everything is sealed with
the new one, and is looked for there: whatever breaks off in between, one of the two opens whatever the vault holds.
"""

import base64
import binascii
import os
import stat
from pathlib import Path
from typing import Final, Protocol

from dunwell.config.records import Config, Secret
from dunwell.config.secret import Keyring, NoSecret, fetch

KEY_BYTES: Final = 32
WHAT: Final = "the key of the tokens"
_OWNER_ONLY = 0o600


def keys(config: Config) -> tuple[bytes, ...]:
    """The key that seals, and after it the one before, where a replacement has broken off. Raises `NoSecret`."""
    key = _fetched(config.key)
    if config.key.file is None and config.key.keyring is None:
        return (key,)
    old = place(config.key).old()
    return (key,) if old is None else (key, old)


def fresh() -> bytes:
    """A key that nobody had before."""
    return os.urandom(KEY_BYTES)


def make_key(file: Path, key: bytes | None = None) -> None:
    """A key, by default a fresh one, in a new file that only its owner can read; on the disk when this returns."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(handle, "wb") as opened:
        opened.write(_written(key or fresh()) + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
    _settle(file.parent)


class Place(Protocol):
    """Where a key is that Dunwell may replace itself."""

    def old(self) -> bytes | None:
        """The key before, where a replacement has broken off."""
        ...

    def replace(self, key: bytes) -> None:
        """The key is this one from now on, and the one before is the old one."""
        ...

    def forget_old(self) -> None:
        """The replacement has come to its end."""
        ...


def place(key: Secret) -> Place:
    """Where the key is. Raises `NoSecret` for a place that is not ours to write to."""
    if key.file is not None:
        return _File(key.file)
    if key.keyring is not None:
        return _Entry(key.keyring)
    where = f"the environment variable {key.env}" if key.env else f"the systemd credential {key.credential}"
    raise NoSecret(f"{WHAT} is in {where}, which Dunwell cannot change; name a file for the new one: --to FILE")


class _File:
    """A file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._old = file.with_name(f"{file.name}.old")
        self._new = file.with_name(f"{file.name}.new")

    def old(self) -> bytes | None:
        return _fetched(Secret(file=self._old)) if self._old.exists() else None

    def replace(self, key: bytes) -> None:
        make_key(self._old, _fetched(Secret(file=self._file)))
        self._new.unlink(missing_ok=True)
        make_key(self._new, key)
        self._new.replace(self._file)
        _settle(self._file.parent)

    def forget_old(self) -> None:
        self._old.unlink(missing_ok=True)


class _Entry:
    """An entry of the system's keyring."""

    def __init__(self, name: str) -> None:
        self._name, self._old = name, f"{name}.old"
        self._ring = Keyring(WHAT)

    def old(self) -> bytes | None:
        return _key(found) if (found := self._ring.get(self._old)) else None

    def replace(self, key: bytes) -> None:
        self._ring.set(self._old, self._ring.get(self._name) or "")
        self._ring.set(self._name, _written(key).decode())

    def forget_old(self) -> None:
        self._ring.delete(self._old)


class Elsewhere:
    """A place that Dunwell only reads: the new key goes into a file, and a person carries it over."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def key(self) -> bytes:
        """The file's key, made where there is none: a replacement that broke off is taken up again."""
        if not self.file.exists():
            make_key(self.file)
        return _fetched(Secret(file=self.file))


def _fetched(secret: Secret) -> bytes:
    if secret.file is not None:
        _closed_to_others(secret.file)
    return _key(fetch(secret, WHAT))


def _key(written: str) -> bytes:
    try:
        key = base64.b64decode(written, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise NoSecret(f"{WHAT} must be {KEY_BYTES} bytes in base64; dunwell init makes one")
    return key


def _written(key: bytes) -> bytes:
    return base64.b64encode(key)


def _closed_to_others(file: Path) -> None:
    """A key that others may read seals nothing. systemd's credentials are systemd's to close."""
    if file.exists() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise NoSecret(f"{WHAT}: others on this machine may read {file}; close it to them: chmod 600 {file}")


def _settle(folder: Path) -> None:
    """The names in the folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
