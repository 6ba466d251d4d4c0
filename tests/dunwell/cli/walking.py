"""A road that is walked once, command by command, with everything that was said on it."""

import json
from datetime import timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from dunwell.cli.commands.training import _snippet
from dunwell.clock import VirtualClock
from dunwell.sandbox.control import Control
from dunwell.sandbox.server import Sandbox
from tests.dunwell.cli.desk import MONDAY, Desk, Said

PLATFORMS = ("quickbooks", "xero")
WEEK = timedelta(days=7)
SETTINGS = """
[ledgers.{name}.people]
owner = "owner@firm.example"

[ledgers.{name}.write_back]
notes = true
statements = true
"""


class Road:
    """A firm with one ledger of the sandbox, and what it was told, by the step of the road."""

    def __init__(self, folder: Path, platform: str) -> None:
        self.name = f"{platform}-sandbox"
        self.desk = Desk(folder)
        self.clock = VirtualClock(folder / "clock", MONDAY)
        self.sandbox = Sandbox(self.clock, seed=1, platforms=[platform])
        self.sandbox.limits(False)
        self.platform = platform
        self.said: dict[str, Said] = {}
        self.chosen: dict[str, dict[str, Any]] = {}

    @property
    def control(self) -> Control:
        """The owner of the books."""
        return self.sandbox.control(self.platform)

    def walk(self) -> None:
        """All of it."""
        self._set_up()
        self._first_monday()
        self._saying()
        self._sending()
        self._second_monday()

    def _type(self, step: str, *typed: str) -> Said:
        """Type a command; every "-" on its own is the ledger's name."""
        self.said[step] = self.desk.dunwell(*(self.name if word == "-" else word for word in typed))
        return self.said[step]

    def _set_up(self) -> None:
        """The settings are those that init writes and those that the sandbox says belong into them."""
        self._type("init", "init", str(self.desk.folder))
        about = self.sandbox.about()[self.platform]
        text = _snippet(self.sandbox, self.platform, about, "2026-03-02")
        zone = 'time_zone = "America/New_York"\n' if self.platform == "quickbooks" else ""
        with self.desk.config.open("a", encoding="utf-8") as config:
            config.write(f"\n{text}{zone}{SETTINGS.format(name=self.name)}")
        self.desk.write(f"{self.name}-secret", "sandbox-only").chmod(0o600)
        tokens = self.desk.write("tokens.json", json.dumps(self.control.tokens()))
        self._type("check before", "check")
        self._type("connect", "connect", "-", "--token-file", str(tokens))
        self._type("sync", "sync")
        self._type("reconciled", "reconciled", "-", "2026-03-02", "--by", "Ann")
        self._type("check", "check", "--online")

    def _first_monday(self) -> None:
        self._type("tie-out", "tie-out", "-", "--json")
        self._type("aging", "aging", "-", "--json")
        self.truth = self.control.truth()
        self._type("customers", "customers", "-", "--json")
        self._type("plan", "plan", "-", "--json")
        self._type("run", "run", "--json")
        self._type("outbox", "outbox", "-", "--json")
        self._type("tasks", "tasks", "-", "--json")

    def _saying(self) -> None:
        """Five customers who would hear of one invoice: one promises, one disputes, one has paid, one rests, one is
        left out.
        """
        single = [one for one in self.said["plan"].json["touchpoints"] if _asks_for_one(one)]
        single.sort(key=lambda one: -one["invoices"][0]["days_overdue"])  # the oldest are not paid by themselves
        self.chosen = dict(zip(("promise", "dispute", "claim", "hold", "reject", "sent"), single, strict=False))
        customer = {act: one["customer"]["id"] for act, one in self.chosen.items()}
        number = {act: one["invoices"][0]["number"] for act, one in self.chosen.items()}
        half = Decimal(self.chosen["dispute"]["amount"]) // 2
        about = ("--reason", "they told Ann", "--by", "Ann")
        self._type("promise", "promise", "add", "-", customer["promise"], "--on", "2026-03-04", "--by", "Ann")
        self._type(
            "dispute", "dispute", "add", "-", number["dispute"], "--category", "price", "--amount", str(half), *about
        )
        self._type("claim", "claim", "add", "-", customer["claim"], "--invoice", number["claim"], "--by", "Ann")
        self._type("hold", "hold", "add", "-", customer["hold"], "--kind", "paused", *about)
        for what in ("promise", "dispute", "claim", "hold"):
            self._type(f"{what} list", what, "list", "-", "--json")
        self._type("run again", "run")
        self._type("outbox after", "outbox", "-", "--json")
        self._type("reject", "reject", "-", self.id_of("reject"), *about)
        for what in ("promise", "claim", "hold"):
            self._type(f"explain {what}", "explain", "-", number[what], "--json")

    def _sending(self) -> None:
        number = self.chosen["sent"]["invoices"][0]["number"]
        customer = self.chosen["sent"]["customer"]["id"]
        currency = self.chosen["sent"]["currency"]
        self._type("approve", "approve", "-", "--all", "--by", "Ann")
        self._type("explain approved", "explain", "-", number)
        self._type("send", "run", "--send", "--json")
        self._type("send again", "run", "--send", "--json")
        self._type("outbox sent", "outbox", "-", "--all", "--json")
        self._type("explain sent", "explain", "-", number)
        self._type("plan sent", "plan", "-", "--json")
        for form in ("json", "html", "pdf"):
            file = str(self.desk.folder / f"statement.{form}")
            self._type(
                f"statement {form}",
                "statement",
                "-",
                customer,
                "--format",
                form,
                "--currency",
                currency,
                "--out",
                file,
            )
        self._type("usage", "usage", "--json")
        task = self.said["tasks"].json["tasks"][0]["id"]
        self._type("task done", "tasks", "-", "--done", str(task), "--outcome", "applied")
        self._type("tasks left", "tasks", "-", "--json")

    def _second_monday(self) -> None:
        """What was said is over; one customer has paid what the first message asked for."""
        for what in ("dispute", "claim", "hold"):
            (row,) = self.said[f"{what} list"].json[f"{what}s"]
            self._type(f"{what} end", what, "end", "-", str(row["id"]), "--by", "Ann")
            self._type(f"{what} ended", what, "list", "-", "--json")
        self.control.pay(self.chosen["sent"]["invoices"][0]["number"])
        self.clock.advance_to(MONDAY + WEEK)
        self._type("sync later", "sync", "--json")
        self._type("reconciled later", "reconciled", "-", "2026-03-09", "--by", "Ann")
        self._type("promise later", "promise", "list", "-", "--json")
        self._type("run later", "run", "--json")
        planned = self._type("outbox planned", "outbox", "-", "--json").json["outbox"]
        some = [one["id"] for one in planned if one["state"] == "planned"][:5]  # each takes a statement along
        self._type("approve later", "approve", "-", *some, "--by", "Ann")
        self._type("send later", "run", "--send", "--json")
        self._type("outbox later", "outbox", "-", "--all", "--json")
        self._type("customer later", "customer", "-", self.chosen["sent"]["customer"]["id"], "--json")
        self.papers = self.control.papers()

    def id_of(self, act: str) -> str:
        """The outbox's short id of the message to a customer who was chosen."""
        key = self.chosen[act]["key"]
        (found,) = [one["id"] for one in self.said["outbox"].json["outbox"] if one["key"] == key]
        return str(found)

    def state(self, step: str, act: str) -> str:
        """The state of that message at a step."""
        key = self.chosen[act]["key"]
        (found,) = [one["state"] for one in self.said[step].json["outbox"] if one["key"] == key]
        return str(found)

    def mail(self) -> list[Any]:
        """What left."""
        files = sorted((self.desk.folder / "out").glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def _asks_for_one(touchpoint: dict[str, Any]) -> bool:
    return touchpoint["kind"] == "reminder" and len(touchpoint["invoices"]) == 1 and not touchpoint["credits"]
