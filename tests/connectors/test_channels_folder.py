"""The folder: one whole file per message, however often it is sent."""

from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from connectors.channels.folder import Folder
from connectors.errors import RetryLater
from tests.connectors.channels import a_message


def test_the_file_is_named_for_the_message(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "mail")
    receipt = folder.send(folder.seal(a_message()))
    assert [file.name for file in (tmp_path / "mail").iterdir()] == ["1a2b3c4d@dunwell.example.eml"]
    assert receipt.reference == "1a2b3c4d@dunwell.example.eml"


def test_a_message_id_cannot_leave_the_folder(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "mail")
    folder.send(folder.seal(a_message(message_id="<../../up@dunwell.example>")))
    assert [file.name for file in (tmp_path / "mail").iterdir()] == ["..%2F..%2Fup@dunwell.example.eml"]


def test_sending_the_same_again_is_the_same_file(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    sealed = folder.seal(a_message())
    folder.send(sealed)
    folder.send(sealed)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [sealed]


def test_a_mail_program_can_open_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.send(folder.seal(a_message()))
    (file,) = tmp_path.iterdir()
    assert BytesParser(policy=policy.default).parsebytes(file.read_bytes())["Subject"] == "Invoice 1042"


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "1a2b3c4d@dunwell.example.eml").mkdir()
    with pytest.raises(RetryLater, match="cannot be written"):
        folder.send(folder.seal(a_message()))
    assert [file.name for file in tmp_path.iterdir()] == ["1a2b3c4d@dunwell.example.eml"]
