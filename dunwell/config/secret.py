"""Fetching what the settings only name."""

import importlib
from pathlib import Path
from typing import Any, Final

from dunwell.config.locating import variable
from dunwell.config.records import Secret

SERVICE: Final = "dunwell"
"""Whose entries ours are in the system's keyring."""

CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
"""Where systemd puts what a unit's LoadCredential= names (systemd.exec, read 2026-11-22)."""


class NoSecret(Exception):
    """A secret is not where the settings say, or not what it should be."""


def fetch(secret: Secret, what: str) -> str:
    """The secret. Raises `NoSecret`, which says where it was looked for and never what was found."""
    if secret.env is not None:
        if value := variable(secret.env):
            return value
        raise NoSecret(f"{what}: the environment variable {secret.env} is not set")
    if secret.keyring is not None:
        if entry := Keyring(what).get(secret.keyring):
            return entry
        raise NoSecret(
            f"{what}: the keyring has no entry {secret.keyring}; make it: python -m keyring set {SERVICE} "
            f"{secret.keyring}"
        )
    return _read(_file_of(secret, what), what)


def _file_of(secret: Secret, what: str) -> Path:
    """Where a secret lies that is a file, systemd's too."""
    if secret.credential is None:
        assert secret.file is not None  # noqa: S101 - a secret names one place
        return secret.file
    folder = variable(CREDENTIALS)
    if folder is None:
        raise NoSecret(
            f"{what}: {CREDENTIALS} is not set, so no systemd unit runs this; its unit wants "
            f"LoadCredential={secret.credential}:/a/file or LoadCredentialEncrypted="
        )
    return Path(folder) / secret.credential


def _read(file: Path, what: str) -> str:
    try:
        value = file.read_text("utf-8").strip()
    except OSError as error:
        raise NoSecret(f"{what}: {file} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise NoSecret(f"{what}: {file} holds no text") from None
    if not value:
        raise NoSecret(f"{what}: {file} is empty")
    return value


class Keyring:
    """The keyring of whoever is logged in. Its library comes only where it is asked for."""

    def __init__(self, what: str) -> None:
        """`what` opens the sentence of a refusal."""
        self._what = what
        try:
            self._library: Any = importlib.import_module("keyring")
            self._errors: Any = importlib.import_module("keyring.errors")
        except ImportError:
            raise NoSecret(f"{what}: the keyring needs a library more; add it: make keyring") from None

    def get(self, name: str) -> str | None:
        """The entry, None where there is none."""
        try:
            found = self._library.get_password(SERVICE, name)
        except self._errors.KeyringError as error:
            raise self._refused(error) from None
        return str(found) if found else None

    def set(self, name: str, value: str) -> None:
        """Keep an entry."""
        try:
            self._library.set_password(SERVICE, name, value)
        except self._errors.KeyringError as error:
            raise self._refused(error) from None

    def delete(self, name: str) -> None:
        """Let go of an entry, if it is there."""
        if self.get(name) is not None:
            self._library.delete_password(SERVICE, name)

    def _refused(self, error: Exception) -> NoSecret:
        return NoSecret(f"{self._what}: the keyring cannot be used here ({type(error).__name__}); name another place")
