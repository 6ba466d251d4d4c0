"""Six weeks of both ledgers, once, and what must be true of them whatever the day's details are."""

import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dunwell.cli.main import cli
from dunwell.clock import SystemClock
from dunwell.demo import play, stage
from dunwell.demo.apart import play_apart
from dunwell.demo.broken import DemoBroken
from dunwell.demo.story import Story


class Seen:
    """A demo that was played: what it said, what it counted, what it left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.counted: dict[str, Any] = play.play(
            seed=1, keep=folder, clock=SystemClock(), report=self.said.append, tell=False
        )
        files = sorted((folder / "mail").glob("*/*.eml"))
        self.heads = [(BytesHeaderParser(policy=SMTP).parsebytes(file.read_bytes()), file) for file in files]

    def keys(self) -> list[str]:
        """The outbox key that each message carries."""
        return [str(head["X-Dunwell-Key"]) for head, _ in self.heads]

    def to(self, address: str) -> list[EmailMessage]:
        """What was sent to an address."""
        found = [file.read_bytes() for head, file in self.heads if address in str(head["To"])]
        return [message_from_bytes(content, _class=EmailMessage, policy=SMTP) for content in found]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "data" / "dunwell.sqlite")) as database:
            return database.execute(query).fetchall()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return Seen(tmp_path_factory.mktemp("demo") / "six-weeks")


def test_the_three_sides_agree_and_much_was_done(seen: Seen) -> None:
    counted = seen.counted
    assert counted["agree"] is True
    assert counted["ledgers"] == ["brindlewick", "harbour"]
    assert counted["unknown"] == counted["read_back"]["twice"] == 0
    assert counted["sent"] == counted["read_back"]["sent"] > 300
    written = sum(counted[kind] for kind in ("notes", "statements", "links"))
    assert written == sum(counted["read_back"][kind] for kind in ("notes", "statements", "links", "gone")) > 600
    assert min(counted["notes"], counted["statements"], counted["links"]) > 50


def test_what_is_held_is_counted_by_reason(seen: Seen) -> None:
    assert {"never_sent", "credit_covers", "promised", "disputed"} <= set(seen.counted["held"])


def test_no_message_reaches_anybody_twice(seen: Seen) -> None:
    keys = Counter(seen.keys())
    assert set(keys.values()) == {1}
    assert len(keys) == seen.counted["sent"]


def test_everything_of_the_story_is_told_in_the_order_of_its_days(seen: Seen) -> None:
    said = "\n".join(seen.said)
    for told in (
        "promises to pay by Friday 06 March",
        "its promise is broken",
        "disputes 200.00",
        "is not written to; the message is withdrawn: Nothing of it is open any more.",
        "Nobody runs anything today",
        "The owner is told about",
        "The process is killed",
        "settles it as sent",
    ):
        assert told in said
    days = [re.match(r"\w{3} (\d\d) (\w{3})  (\w+)", line) for line in seen.said]
    order = [("Mar Apr".index(found[2]), int(found[1])) for found in days if found]
    assert len(order) == len(days)
    assert order == sorted(order)


def test_who_pays_between_plan_and_send_is_not_written_to(seen: Seen) -> None:
    assert seen.to("accounts@tidewater.example") == []


def test_of_the_disputed_invoice_the_rest_is_asked_for(seen: Seen) -> None:
    written = seen.to("finance@oakline.example")
    asked = [body.get_content() for one in written if (body := one.get_body(("plain",))) is not None]
    assert any("760.50" in text for text in asked)
    assert not any("please pay 960.50" in text.casefold() for text in asked)


def test_who_is_written_to_while_the_process_dies_has_the_message_once_and_a_person_said_so(seen: Seen) -> None:
    unclear = seen.rows("SELECT facts FROM event WHERE what = 'message unknown'")
    keys = [json.loads(facts)["key"] for (facts,) in unclear]
    assert len(keys) == 1
    assert [str(head["To"]) for head, _ in seen.heads if head["X-Dunwell-Key"] == keys[0]] == ["office@marlow.example"]
    assert seen.rows(f"SELECT who FROM event WHERE what = 'message sent' AND facts LIKE '%{keys[0]}%'") == [
        ("Anna Berg",)
    ]


def test_what_is_kept_can_be_looked_at(seen: Seen) -> None:
    papers = list((seen.folder / "pdf").glob("*/*.pdf"))
    assert len(papers) > 100
    assert all(paper.read_bytes().startswith(b"%PDF-") for paper in papers)
    looked = CliRunner().invoke(cli, ["--config", str(seen.folder / "config.toml"), "usage", "--json"])
    assert looked.exit_code == 0, looked.output
    assert {one["ledger"] for one in json.loads(looked.stdout)["months"]} == {"brindlewick", "harbour"}


def test_a_demo_in_which_something_never_happens_says_what(tmp_path: Path) -> None:
    stage.furnish(tmp_path)
    with (
        stage.staged(tmp_path, 1, "harbour") as staged,
        pytest.raises(DemoBroken, match=r"harbour.*: disputed, missed"),
    ):
        Story(staged, print).end()


def test_a_process_that_dies_on_its_ledger_ends_the_demo_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(DemoBroken, match="The process that played brindlewick ended"):
        play_apart(tmp_path / "unfurnished", 1, print)
