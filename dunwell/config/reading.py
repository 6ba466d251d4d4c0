"""From config.toml to records, or to everything that is wrong with it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from dunwell.config import keys
from dunwell.config.agencies import read_agencies
from dunwell.config.locating import variable
from dunwell.config.records import Config, LedgerConfig, Mail, Secret
from strategy.model import Platform
from strategy.text.mistakes import Mistake, errors, shown
from strategy.text.nodes import Mark, Node, Place, load
from strategy.text.table import Findings, Key, Table
from sync.settings import Sender, WriteBack


class BadConfig(Exception):
    """The settings are wrong; `str` shows every mistake with its line."""

    def __init__(self, mistakes: tuple[Mistake, ...], sources: Mapping[str, str]) -> None:
        super().__init__("\n\n".join(shown(each, sources.get(each.file, "")) for each in mistakes))
        self.mistakes = mistakes
        self.sources = sources


_WHERE: Final = 'write { env = "NAME" } or { file = "name" }'

_IN_THE_OPEN: Final = re.compile(
    r"""((?:secret|password|token|quickbooks|xero)\w*\s*=\s*)("[^"\n]*"?|'[^'\n]*'?)""", re.IGNORECASE
)
"""A secret that was written in the file after all: it is not shown with the line of a mistake."""

_NOWHERE = Place(file="", line=0, column=None)
_ABSENT = Node(value=Mark.BROKEN, at=_NOWHERE, name=_NOWHERE)
"""A table that is not there: every setting in it has its default, and nothing more is said about it."""


def read(file: Path) -> Config:
    """The settings in the file and in all that it includes. Raises `BadConfig` with every mistake at once."""
    return _Reader(file).config()


class _Reader:
    """One reading. Mistakes gather in `findings`; whatever is wrong is read on past."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._folder = file.parent
        self._findings = Findings()
        self._sources: dict[str, str] = {}
        self._calls_per_day: int | None = None

    def config(self) -> Config:
        root = self._load(self._file)
        top = Table(root, keys.TOP, self._findings)
        common = top.find(keys.MAIL)
        self._calls_per_day = self._calls_allowed(top)
        ledgers = self._ledgers(top, common)
        firm = self._table(top, keys.FIRM, keys.FIRM_KEYS)
        config = Config(
            file=self._file,
            firm=firm.find(keys.FIRM_NAME) or "",
            data=self._path(firm.get(keys.DATA)),
            strategies=self._path(firm.get(keys.STRATEGIES)),
            key=self._secret(firm, keys.KEY) or _default_key(self._folder),
            ledgers=ledgers,
            webhooks=self._webhooks(top),
            agencies=read_agencies(top.find(keys.AGENCIES), self._findings),
        )
        mistakes = self._findings.mistakes(str(self._file))
        if errors(mistakes):
            raise self._bad()
        return msgspec.structs.replace(config, warnings=mistakes)

    def _ledgers(self, top: Table, common: Node | None) -> dict[str, LedgerConfig]:
        """Those of the file and of what it includes; the same name twice is a mistake."""
        ledgers: dict[str, LedgerConfig] = {}
        if common is not None:
            Table(common, keys.MAIL_KEYS, self._findings)  # its names are looked at even where no ledger takes it
        for table in (top, *self._included(top)):
            for name, node in self._named(table):
                if name in ledgers:
                    self._findings.wrong(
                        node.name, f"there is a ledger {name} already", "give one of the two another name"
                    )
                ledgers[name] = self._ledger(name, node, common)
        return ledgers

    def _load(self, file: Path) -> Node:
        text = self._text(file)
        self._sources[str(file)] = _IN_THE_OPEN.sub(lambda match: match[1] + "*" * len(match[2]), text)
        loaded = load(text, str(file))
        self._findings.add(loaded.mistakes)
        if loaded.root is None:
            raise self._bad()
        return loaded.root

    def _text(self, file: Path) -> str:
        """What is written in a file. Raises `BadConfig` where it cannot be read."""
        try:
            return file.read_text("utf-8-sig")
        except OSError as error:
            self._findings.wrong(_top_of(file), f"the file cannot be read ({error.strerror})", "see who may read it")
        except UnicodeDecodeError:
            self._findings.wrong(_top_of(file), "the file is not UTF-8", "save it as UTF-8")
        raise self._bad()

    def _bad(self) -> BadConfig:
        return BadConfig(self._findings.mistakes(str(self._file)), self._sources)

    def _included(self, top: Table) -> Iterator[Table]:
        items = (top.entry(keys.INCLUDE) or _ABSENT).items or ()
        for pattern, item in zip(top.find(keys.INCLUDE) or (), items, strict=False):
            place = item.at
            if Path(pattern).is_absolute():
                self._findings.wrong(place, f'"{pattern}" begins at the root', "write patterns beside this file")
                continue
            files = sorted(self._folder.glob(pattern))
            if not files:
                self._findings.warn(place, f'no file is named like "{pattern}"', "leave it out, or add one")
            for file in files:
                yield Table(self._load(file), (keys.LEDGERS,), self._findings)

    def _named(self, table: Table) -> Iterator[tuple[str, Node]]:
        for name, node in ((table.find(keys.LEDGERS) or _ABSENT).table or {}).items():
            if not keys.is_ledger_name(name):
                self._findings.wrong(
                    node.name, f'"{name}" is no name for a ledger', "use small letters, digits, _ and -"
                )
            yield name, node

    def _ledger(self, name: str, node: Node, common: Node | None) -> LedgerConfig:
        """A ledger's settings, read to the end: where something required is missing, nothing of it will be used."""
        table = Table(node, keys.LEDGER_KEYS, self._findings)
        seen = table.find(keys.REMINDERS_SEEN)
        if table.has(keys.REMINDERS) and not table.has(keys.REMINDERS_SEEN):
            self._findings.wrong(
                (table.entry(keys.REMINDERS) or node).name,
                "nobody says when they looked",
                "add the day: platform_reminders_seen = 2026-11-21",
            )
        platform = table.find(keys.PLATFORM) or Platform.QUICKBOOKS
        write_back = self._table(table, keys.WRITE_BACK, keys.WRITE_BACK_KEYS)
        self._fits(write_back, platform, node)
        mail = self._mail(table, common)
        leaves = mail is None or mail.folder is None
        return LedgerConfig(
            name=name,
            platform=platform,
            strategy=table.get(keys.STRATEGY),
            client_id=table.find(keys.CLIENT_ID) or "",
            client_secret=self._secret(table, keys.CLIENT_SECRET),
            custom_connection=self._custom(table, platform),
            sandbox=table.get(keys.SANDBOX),
            api_url=table.find(keys.API_URL),
            token_url=table.find(keys.TOKEN_URL),
            authorize_url=table.find(keys.AUTHORIZE_URL),
            redirect_url=table.find(keys.REDIRECT_URL),
            time_zone=table.find(keys.TIME_ZONE),
            approve_all=table.get(keys.APPROVAL) == "all",
            invoices_leave_here=table.get(keys.INVOICES_LEAVE) == "platform",
            reminders_off_on=seen if table.find(keys.REMINDERS) == "off" else None,
            people=self._people(table),
            bank=table.find(keys.BANK) or (),
            mail=mail,
            write_back=WriteBack(
                notes=_chosen(write_back.find(keys.NOTES), leaves),
                statements=_chosen(write_back.find(keys.STATEMENTS), leaves),
                agreed_notes=write_back.get(keys.AGREED_NOTES),
                customer_notes=write_back.get(keys.CUSTOMER_NOTES),
                invoice_notes=write_back.get(keys.INVOICE_NOTES),
                pay_url=write_back.find(keys.PAY_URL),
            ),
            calls_per_day=self._calls_allowed(table) or self._calls_per_day,
            overrides=table.find(keys.OVERRIDES),
            credit_holds=self._path(file) if (file := table.find(keys.CREDIT_HOLDS)) else None,
        )

    def _fits(self, write_back: Table, platform: Platform, node: Node) -> None:
        """What one of the platforms cannot do with what is written back."""
        for key in (keys.CUSTOMER_NOTES, keys.INVOICE_NOTES):
            if platform is Platform.XERO and write_back.get(key):
                self._findings.wrong(
                    (write_back.entry(key) or node).name,
                    "Xero has no notes field for that",
                    "leave it out: the note in the history says the same",
                )
        if platform is Platform.QUICKBOOKS and "{amount}" in (write_back.find(keys.PAY_URL) or ""):
            self._findings.wrong(
                (write_back.entry(keys.PAY_URL) or node).name,
                "QuickBooks keeps the address as it is first written: the amount in it would stay when a part is paid",
                "leave {amount} out: {number} says which invoice",
            )

    def _calls_allowed(self, table: Table) -> int | None:
        return self._table(table, keys.LIMITS, keys.LIMIT_KEYS).find(keys.CALLS_PER_DAY)

    def _webhooks(self, top: Table) -> Mapping[Platform, tuple[Secret, ...]]:
        table = self._table(top, keys.WEBHOOKS, keys.WEBHOOKS_KEYS)
        found = ((Platform(key.name), key, table.find(key)) for key in keys.WEBHOOKS_KEYS)
        return {
            platform: tuple(secret for node in nodes if (secret := self._named_secret(node, key.name)))
            for platform, key, nodes in found
            if nodes
        }

    def _custom(self, table: Table, platform: Platform) -> bool:
        """Whether the app signs in alone: with its secret, on Xero, and nobody is ever redirected."""
        custom = table.get(keys.CUSTOM)
        at = (table.entry(keys.CUSTOM) or _ABSENT).name
        if custom and platform is not Platform.XERO:
            self._findings.wrong(at, "only Xero has custom connections", "leave it out")
        elif custom and not table.has(keys.CLIENT_SECRET):
            self._findings.wrong(at, "a custom connection signs in with its secret", f"add client_secret: {_WHERE}")
        if custom and table.has(keys.REDIRECT_URL):
            redirect = (table.entry(keys.REDIRECT_URL) or _ABSENT).name
            self._findings.wrong(redirect, "a custom connection redirects nobody", "leave it out")
        return custom

    def _people(self, table: Table) -> Mapping[str, str]:
        people: dict[str, str] = {}
        for role, node in ((table.find(keys.PEOPLE) or _ABSENT).table or {}).items():
            if (address := keys.ADDRESS.read(node)) and isinstance(address, str):
                people[role] = address
            else:
                self._findings.wrong(node.at, f"{role} takes an email address in quotes", 'as in "anna@berg.example"')
        return people

    def _mail(self, ledger: Table, common: Node | None) -> Mail | None:
        """The ledger's own settings over the common ones, one by one."""
        own = ledger.find(keys.MAIL)
        nodes = [node for node in (common, own) if node is not None]
        if not nodes:
            return None
        merged = {name: entry for node in nodes for name, entry in (node.table or {}).items()}
        table = Table(Node(value=merged, at=nodes[-1].at, name=nodes[-1].name), keys.MAIL_KEYS, self._findings)
        folder, host = table.find(keys.FOLDER), table.find(keys.HOST)
        if not folder and not host:
            self._findings.wrong(
                nodes[-1].name, "mail has neither a server nor a folder", 'add host = "…", or folder = "out" to try'
            )
        address = table.find(keys.FROM) or ""
        return Mail(
            sender=Sender(
                name=table.find(keys.FROM_NAME) or address, address=address, reply_to=table.find(keys.REPLY_TO)
            ),
            folder=self._path(folder) if folder else None,
            host=host or "",
            port=table.get(keys.PORT),
            security=table.get(keys.SECURITY),
            user=table.find(keys.USER),
            password=self._secret(table, keys.PASSWORD),
            oauth=table.get(keys.OAUTH),
        )

    def _secret(self, table: Table, key: Key[Node]) -> Secret | None:
        entry = table.entry(key)
        if entry is not None and entry.text is not None:
            return self._named_secret(entry, key.name)
        node = table.find(key)
        return None if node is None else self._named_secret(node, key.name)

    def _named_secret(self, node: Node, name: str) -> Secret | None:
        """Where a secret is. None where it was written in the open."""
        if node.text is not None:
            source = self._sources[node.at.file]
            self._sources[node.at.file] = source.replace(node.raw, "*" * len(node.raw)) if node.raw else source
            self._findings.wrong(node.at, "a secret is never written here", _WHERE)
            return None
        inner = Table(node, keys.SECRET_KEYS, self._findings)
        named = {place.name: found for place in keys.SECRET_KEYS if (found := inner.find(place)) is not None}
        if len(named) != 1:
            self._findings.wrong(node.at, f"{name} names one place where the secret is", _WHERE)
            return None
        file = named.pop("file", None)
        return Secret(file=self._path(file) if file else None, **named)

    def _table(self, outer: Table, key: Key[Node], known: tuple[Key[object], ...]) -> Table:
        return Table(outer.find(key) or _ABSENT, known, self._findings)

    def _path(self, written: str) -> Path:
        return (self._folder / Path(written).expanduser()).resolve()


def _chosen(written: bool | None, otherwise: bool) -> bool:
    return otherwise if written is None else written


def _top_of(file: Path) -> Place:
    return Place(file=str(file), line=1, column=None)


def _default_key(folder: Path) -> Secret:
    """The environment where it has one, else the file that `dunwell init` makes."""
    return Secret(env="DUNWELL_KEY") if variable("DUNWELL_KEY") else Secret(file=folder / "key")
