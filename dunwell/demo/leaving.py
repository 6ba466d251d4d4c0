"""What stays to look at: the messages in the order in which they came, and the PDFs that were with them."""

from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

from dunwell.demo.stage import Stage


def leave(folder: Path, stage: Stage) -> None:
    """Write the ledger's messages under mail/, and their PDFs under pdf/."""
    mail, papers = folder / "mail" / stage.ledger, folder / "pdf" / stage.ledger
    mail.mkdir(parents=True)
    papers.mkdir(parents=True)
    for number, content in enumerate(stage.sink.received, start=1):
        (mail / f"{number:04}.eml").write_bytes(content)
        for part in message_from_bytes(content, policy=SMTP).iter_attachments():
            (papers / f"{number:04} {part.get_filename()}").write_bytes(part.get_content())
