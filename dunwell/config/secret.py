"""Fetching what the settings only name."""

import base64
import binascii
import os
from pathlib import Path

from dunwell.config.locating import variable
from dunwell.config.records import Config, Secret

KEY_BYTES = 32
_OWNER_ONLY = 0o600


class NoSecret(Exception):
    """A secret is not where the settings say, or not what it should be."""


def fetch(secret: Secret, what: str) -> str:
    """The secret. Raises `NoSecret`, which says where it was looked for and never what was found."""
    if secret.env is not None:
        if value := variable(secret.env):
            return value
        raise NoSecret(f"{what}: the environment variable {secret.env} is not set")
    assert secret.file is not None  # noqa: S101 - a secret names one or the other
    try:
        value = secret.file.read_text("utf-8").strip()
    except OSError as error:
        raise NoSecret(f"{what}: {secret.file} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise NoSecret(f"{what}: {secret.file} holds no text") from None
    if not value:
        raise NoSecret(f"{what}: {secret.file} is empty")
    return value


def vault_key(config: Config) -> bytes:
    """The key that seals the tokens. Raises `NoSecret`."""
    try:
        key = base64.b64decode(fetch(config.key, "the key of the tokens"), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise NoSecret(f"the key of the tokens must be {KEY_BYTES} bytes in base64; dunwell init makes one")
    return key


def make_key(file: Path) -> None:
    """A fresh key in a file that only its owner can read."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(handle, "wb") as opened:
        opened.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
