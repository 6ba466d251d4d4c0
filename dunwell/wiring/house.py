"""A `House` is everything opened from one config.toml. It hands out a `Bench` per ledger."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from connectors.base import Channel, Clock, Connector, Remote, TokenSet
from dunwell.clock import SystemClock, VirtualClock
from dunwell.config import locating, reading, sealing, secret
from dunwell.config.library import Library
from dunwell.config.records import Config, LedgerConfig
from dunwell.wiring import channels, platforms
from strategy.model import Platform
from strategy.text.bundle import bundled
from strategy.text.mistakes import nearest
from strategy.text.nodes import Node
from strategy.text.parse import Parsed, parse
from sync.bench import Bench
from sync.budget import Asking, LedgerBudget
from sync.settings import LedgerSettings
from sync.store import ledgers
from sync.store.budgets import Budgets
from sync.store.database import Store
from sync.store.ledgers import Ledger
from sync.store.vault import Vault
from sync.tokens import LedgerTokens

if TYPE_CHECKING:
    import httpx

    from connectors.oauth import App, Released
    from connectors.webhooks import Webhooks

DATABASE = "dunwell.sqlite"
TOKENS = "tokens.sqlite"
CALLS = "calls.sqlite"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Misconfigured(Exception):
    """The settings cannot be used as they are; the message says which and what would be right."""


class House:
    """Everything of one firm, opened."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.library = Library(config.strategies)
        self.clock: Clock = _clock(config)
        self._parsed: dict[str, Parsed] = {}
        self._overridden: dict[str, Parsed] = {}
        self._budgets: dict[str, LedgerBudget] = {}

    @cached_property
    def store(self) -> Store:
        """The database, made where there is none."""
        self._furnish()
        return Store(self.config.data / DATABASE)

    @cached_property
    def vault(self) -> Vault:
        """The tokens."""
        self._furnish()
        return Vault(self.config.data / TOKENS, partial(sealing.keys, self.config))

    def _furnish(self) -> None:
        """The folder of database and tokens, made for its owner alone where there is none."""
        self.config.data.mkdir(mode=0o700, parents=True, exist_ok=True)

    @cached_property
    def budgets(self) -> Budgets:
        """What was asked of the platforms, by every process of the firm."""
        self.config.data.mkdir(parents=True, exist_ok=True)
        return Budgets(self.config.data / CALLS)

    @cached_property
    def http(self) -> "httpx.Client":
        """One pool of connections for all ledgers."""
        from connectors.transport import session

        return session()

    def close(self) -> None:
        """Let go of files and connections."""
        for name in ("store", "vault", "budgets", "http"):
            if name in self.__dict__:
                self.__dict__[name].close()

    def ledger_config(self, name: str) -> LedgerConfig:
        """A ledger's settings by its name. Raises `Misconfigured`, with the nearest name there is."""
        found = self.config.ledgers.get(name)
        if found is None:
            close = nearest(name, self.config.ledgers)
            known = ", ".join(self.config.ledgers) or "none yet"
            hint = f"did you mean {close}?" if close else f"there are: {known}"
            raise Misconfigured(f"there is no ledger {name} in {self.config.file}; {hint}")
        return found

    def ledger(self, name: str) -> Ledger:
        """A ledger as the database knows it."""
        return ledgers.known(self.store, name, self.ledger_config(name).platform)

    def parsed_strategy(self, name: str) -> Parsed:
        """A strategy's text, parsed once for all ledgers that go by it, with its mistakes."""
        if name not in self._parsed:
            self._parsed[name] = self._parse(name)
        return self._parsed[name]

    def ledger_strategy(self, name: str) -> Parsed:
        """The strategy of a ledger, with what the ledger overrides of it."""
        config = self.ledger_config(name)
        if config.overrides is None:
            return self.parsed_strategy(config.strategy)
        if name not in self._overridden:
            self._overridden[name] = self._parse(config.strategy, config.overrides)
        return self._overridden[name]

    def _parse(self, name: str, overrides: Node | None = None) -> Parsed:
        source = self.library.strategy(name)
        if source is None:
            close = nearest(name, self.library.names())
            raise Misconfigured(
                f"there is no strategy {name}; " + (f"did you mean {close}?" if close else "dunwell init shows some")
            )
        parsed = parse(source.text, source.file, self.library.strategy, overrides, self.library.names())
        if overrides is None:
            return parsed
        file = overrides.at.file  # mistakes are shown with their line; a settings file that was read has no secrets
        return msgspec.structs.replace(parsed, sources={**parsed.sources, file: Path(file).read_text("utf-8-sig")})

    def settings(self, name: str) -> LedgerSettings:
        """A ledger's settings, ready to work with. Raises `Misconfigured`."""
        config = self.ledger_config(name)
        parsed = self.ledger_strategy(name)
        if parsed.strategy is None:
            raise Misconfigured(parsed.shown())
        if config.mail is None:
            raise Misconfigured(f"ledger {name} has no [mail] to send from; add one to {self.config.file}")
        return LedgerSettings(
            name=name,
            platform=config.platform,
            strategy=parsed.strategy,
            strategy_text=bundled(parsed.sources, config.overrides),
            letters=self.library,
            sender=config.mail.sender,
            time_zone=config.time_zone,
            reminders_off_on=config.reminders_off_on,
            approve_all=config.approve_all,
            invoices_leave_here=config.invoices_leave_here,
            people=config.people,
            bank=config.bank,
            write_back=config.write_back,
            agencies=self.config.agencies,
        )

    def bench(self, name: str) -> Bench:
        """A ledger with everything at hand. Raises `Misconfigured`, and `sync.store.ledgers.BoundElsewhere` where
        another ledger of the settings has its company, too.
        """
        settings, ledger = self.settings(name), self.ledger(name)
        if ledger.remote_id is not None:
            remote = Remote(id=ledger.remote_id, name=ledger.remote_name or "")
            self._only(name, ledger.platform, ledger.api_url or "", remote)
        return Bench(
            store=self.store,
            ledger=ledger,
            settings=settings,
            connect=partial(self.connector, ledger),
            channels=self.channels(name),
            clock=self.clock,
        )

    def connector(self, ledger: Ledger) -> Connector:
        """The connector of a ledger; it asks for nothing before it is used."""
        from connectors.ahead import CONNECTIONS
        from connectors.transport import Transport

        config, parts = self.ledger_config(ledger.name), self._parts(ledger.name)
        tokens = LedgerTokens(self.vault, ledger.name, self._refresh(ledger.name), self.clock)
        transport = Transport(
            parts.dialect,
            ledger.name,
            tokens=tokens,
            budget=self.budget(ledger),
            clock=self.clock,
            http=self.http,
        )
        url = config.api_url or parts.api_url
        return parts.connector(transport, self.clock, url, ledger.remote_id or "", connections=CONNECTIONS)

    def budget(self, ledger: Ledger) -> LedgerBudget:
        """The ledger's budget, one for all that this process does."""
        if ledger.name not in self._budgets:
            parts = self._parts(ledger.name)
            self._budgets[ledger.name] = LedgerBudget(self.budgets, self.asking(ledger), parts.limits, self.clock)
        return self._budgets[ledger.name]

    def asking(self, ledger: Ledger) -> Asking:
        """Who asks, as the platform sees it: its limits are the company's, whatever we call the ledger."""
        config = self.ledger_config(ledger.name)
        company = ledgers.company(self.store, ledger.id)
        platform = f"{config.platform} {ledger.api_url}"
        return Asking(
            ledger_id=ledger.id,
            company=f"{platform} company {ledger.remote_id or ledger.name}",
            app=f"{platform} app {config.client_id}",
            time_zone=config.time_zone or (company.time_zone if company else None) or "UTC",
            calls_per_day=config.calls_per_day,
        )

    def channels(self, name: str) -> Mapping[str, Channel]:
        """The channels that are configured for a ledger, by name."""
        mail = self.ledger_config(name).mail
        return {} if mail is None else {"email": channels.mail(mail)}

    def app(self, name: str) -> "App":
        """The firm's app at a ledger's platform."""
        from connectors.oauth import AppSettings

        config, parts = self.ledger_config(name), self._parts(name)
        write_back = config.write_back
        return parts.app(
            AppSettings(
                client_id=config.client_id,
                client_secret=secret.fetch(config.client_secret, f"client secret of {name}")
                if config.client_secret
                else None,
                authorize_url=config.authorize_url,
                token_url=config.token_url,
                writes_back=write_back.notes or write_back.statements,
                offers_payment=write_back.pay_url is not None,
                alone=config.custom_connection,
            )
        )

    def remotes(self, name: str, redirect: Mapping[str, str], tokens: TokenSet) -> tuple[Remote, ...]:
        """The companies that a consent covers."""
        config, parts = self.ledger_config(name), self._parts(name)
        return parts.remotes(self.http, config.api_url or parts.api_url, redirect, tokens)

    def bind(self, name: str, remote: Remote, tokens: TokenSet) -> Ledger:
        """Bind a ledger to its company and keep its tokens. Raises `sync.store.ledgers.BoundElsewhere`, also where
        another ledger of the settings has that company: its customers would be written to twice.
        """
        config, parts = self.ledger_config(name), self._parts(name)
        api_url = config.api_url or parts.api_url
        self._only(name, config.platform, api_url, remote)
        ledgers.bind(self.store, self.ledger(name), remote.id, remote.name, api_url, self.clock.now())
        with self.vault.alone(name):
            self.vault.save(name, tokens)
        return self.ledger(name)

    def _only(self, name: str, platform: Platform, api_url: str, remote: Remote) -> None:
        """Raises where another ledger of the settings has the company, too."""
        for one in ledgers.of_company(self.store, platform, api_url, remote.id):
            if one != name and one in self.config.ledgers:
                raise ledgers.BoundElsewhere(
                    f"{remote.name} ({remote.id}) is both ledger {one} and ledger {name}, and its customers would be "
                    f"written to twice; take one of the two out of {self.config.file}"
                )

    def webhooks(self) -> "tuple[Webhooks, ...]":
        """The platforms that are listened for, with the keys of their apps. Raises `NoSecret`."""
        return tuple(platforms.webhooks(platform, self._keys(platform)) for platform in self.config.webhooks)

    def _keys(self, platform: Platform) -> tuple[str, ...]:
        where = f"[webhooks] {platform} of {self.config.file}"
        return tuple(secret.fetch(each, where) for each in self.config.webhooks[platform])

    def rotate_key(self, to: Path | None) -> int:
        """Seal all tokens with another key; of how many ledgers. `to`: a file for the new one, where Dunwell cannot
        replace the old one itself. One that broke off is brought to its end first. Raises `NoSecret`, `WrongKey`.
        """
        if to is not None:
            return self.vault.rotate(sealing.Elsewhere(to).key(), lambda: None)
        place = sealing.place(self.config.key)
        if place.old() is not None:
            self.vault.rotate(sealing.keys(self.config)[0], lambda: None)
            place.forget_old()
        key = sealing.fresh()
        sealed = self.vault.rotate(key, partial(place.replace, key))
        place.forget_old()
        return sealed

    def release(self, name: str) -> "Released | None":
        """Give a ledger's connection back to its platform and forget its tokens; None where it had none.

        Raises `connectors.errors.OutsideError` where the platform did not take it back; its tokens stay then.
        """
        ledger, config, parts = self.ledger(name), self.ledger_config(name), self._parts(name)
        if self.vault.read(name) is None:
            return None
        LedgerTokens(self.vault, name, self._refresh(name), self.clock).access()
        with self.vault.alone(name):
            tokens = self.vault.read(name)
            if tokens is None:
                return None
            api_url = config.api_url or parts.api_url
            released = parts.release(self.http, self.app(name), api_url, ledger.remote_id or "", tokens)
            self.vault.forget(name)
        return released

    def forget(self, name: str) -> bool:
        """Forget a ledger's tokens, whatever the platform says; whether there were any."""
        with self.vault.alone(name):
            return self.vault.forget(name)

    def missing_scopes(self, name: str, tokens: TokenSet) -> Mapping[str, str]:
        """What the settings of a ledger need and these tokens do not open: for what, by scope."""
        from connectors import oauth

        purposes = self._parts(name).purposes
        return {scope: purposes.get(scope, "") for scope in oauth.missing_scopes(self.app(name), tokens)}

    def _refresh(self, name: str) -> Callable[[TokenSet], TokenSet]:
        from connectors import oauth

        return lambda tokens: oauth.refresh(self.http, self.app(name), tokens, self.clock.now())

    def _parts(self, name: str) -> platforms.Parts:
        config = self.ledger_config(name)
        return platforms.PARTS[config.platform](config.sandbox)


def open_house(given: Path | None) -> House:
    """Everything that config.toml says, opened. Raises `NoConfig`, `BadConfig`, `Misconfigured`."""
    return House(reading.read(locating.find(given)))


def _clock(config: Config) -> Clock:
    """The system's clock, or a virtual one where every ledger lives on this machine."""
    file = locating.virtual_clock()
    if file is None:
        return SystemClock()
    for ledger in config.ledgers.values():
        if urlsplit(ledger.api_url or "").hostname not in _LOOPBACK:
            raise Misconfigured(
                f"DUNWELL_CLOCK is for ledgers on this machine, and {ledger.name} has no api_url on it; unset it"
            )
    return VirtualClock(file)
