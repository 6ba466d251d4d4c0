"""Email into a folder: for dry runs, and for whoever wants to read what would leave.

One file per message id, `<message-id>.eml`, which every mail program opens. It is there whole or not at all; sending
the same again leaves the same file.
"""

import os
from pathlib import Path
from typing import Final
from urllib.parse import quote

from connectors.base import Message, Receipt
from connectors.channels import mail
from connectors.errors import RetryLater

_AGAIN_S: Final = 300.0


class Folder:
    """The folder channel."""

    name = "folder"

    def __init__(self, path: Path) -> None:
        """The folder is made with the first message."""
        self._path = path

    def seal(self, message: Message) -> bytes:
        """The exact bytes, as `mail.seal` makes them: what SMTP would carry."""
        return mail.seal(message)

    def send(self, sealed: bytes) -> Receipt:
        """Write the file. Raises `RetryLater` where that cannot be done (a full disk): then it is not there."""
        name = f"{quote(mail.envelope(sealed).message_id.strip('<>'), safe='@')}.eml"
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            self._write(self._path / name, sealed)
        except OSError as error:
            raise RetryLater(f"the folder cannot be written: {error.strerror}", after_s=_AGAIN_S) from error
        return Receipt(reference=name)

    def _write(self, target: Path, sealed: bytes) -> None:
        """Under another name first, so that nobody ever reads half a message."""
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        try:
            with draft.open("wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        folder = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
