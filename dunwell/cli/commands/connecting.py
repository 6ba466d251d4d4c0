"""Connecting a ledger to its company."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypedDict, Unpack
from urllib.parse import urlsplit

import click

from dunwell.cli.ending import PersonNeeded, Wrong
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.page import say
from strategy.model import Company

if TYPE_CHECKING:
    from connectors.base import Remote, TokenSet
    from connectors.oauth import App, Consent

ON_ANOTHER_MACHINE = "If the browser is on another machine, paste here the address at which it ends."
UNLESS_SERVED = (
    "Then paste here the address at which the browser ends, unless that page says that Dunwell has the answer."
)

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class _Way(TypedDict):
    token_file: Path | None
    browser: bool
    port: int
    company: str | None


@click.command()
@click.argument("ledger")
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE", help="Tokens as JSON, and no consent.")
@click.option("--no-browser", "browser", flag_value=False, default=True, help="Show the address, open no browser.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Where to listen.")
@click.option("--company", metavar="ID", help="Which company, where the consent covers several.")
@pass_session
def connect(session: Session, ledger: str, **way: Unpack[_Way]) -> None:
    """Connect a ledger to its company in QuickBooks or Xero.

    Opens the platform's consent page, waits for its answer, and binds the ledger to the company for good. On a machine
    without a browser, open the address elsewhere and paste where it ends. A custom connection of Xero's needs no
    browser: its organisation has authorised it. A token file holds access_token, refresh_token, expires_in, and
    realm_id or tenant_id.

    Connecting again, to the same company, replaces the tokens and asks for the scopes that the settings need by now.

    \b
    Examples: dunwell connect acme
              dunwell connect acme --no-browser
              dunwell connect acme --token-file acme.json
    """
    from connectors.errors import OutsideError
    from dunwell.cli import token_file

    house = session.house
    config = house.ledger_config(ledger)
    try:
        if way["token_file"] is not None:
            tokens, remotes = token_file.read(way["token_file"], house.clock.now())
        elif config.custom_connection:
            tokens, remotes = _alone(session, ledger)
        else:
            tokens, remotes = _by_consent(session, ledger, browser=way["browser"], port=way["port"])
    except OutsideError as error:
        error.ledger = ledger
        raise
    _refuse_less(session, ledger, tokens)
    bound = house.bind(ledger, chosen(remotes, way["company"], ledger), tokens)
    say(f"Ledger {ledger} is bound to {bound.remote_name}.")
    answer = house.connector(bound).company()  # the first question proves address, rights and tokens
    names = [record.name for record in answer.records if isinstance(record, Company)]
    say(f"The platform answers: {', '.join(names)}.", f"Read the books next: dunwell sync {ledger}")


def _by_consent(session: Session, ledger: str, *, browser: bool, port: int) -> "tuple[TokenSet, Sequence[Remote]]":
    from connectors import oauth

    house = session.house
    registered = house.ledger_config(ledger).redirect_url
    open_url = partial(_open, browser=browser, then=ON_ANOTHER_MACHINE)
    if registered and urlsplit(registered).hostname not in LOOPBACK:
        consent = oauth.ask_consent(house.app(ledger), registered)
        redirect = _elsewhere(session, ledger, consent, partial(_open, browser=browser, then=UNLESS_SERVED))
    else:
        consent, redirect = _listened(house.app(ledger), registered, port, open_url)
    tokens = oauth.exchange(house.http, house.app(ledger), consent, redirect["code"], house.clock.now())
    return tokens, house.remotes(ledger, redirect, tokens)


def _alone(session: Session, ledger: str) -> "tuple[TokenSet, Sequence[Remote]]":
    from connectors import oauth

    house = session.house
    tokens = oauth.sign_in(house.http, house.app(ledger), house.clock.now())
    remotes = house.remotes(ledger, {}, tokens)
    if not remotes:
        raise PersonNeeded(
            f"no organisation has authorised the custom connection of {ledger}: ask for it on its page at "
            "developer.xero.com, then connect again"
        )
    return tokens, remotes


def _refuse_less(session: Session, ledger: str, tokens: "TokenSet") -> None:
    """Tokens that do not open what the settings need would fail in the middle of a day's work."""
    missing = session.house.missing_scopes(ledger, tokens)
    if missing:
        listed = "\n".join(f"  {scope}   {purpose}" for scope, purpose in missing.items())
        raise PersonNeeded(
            f"nothing was connected: what was granted leaves out what the settings of {ledger} need:\n{listed}\n"
            "Grant it where the app is registered, or change the settings; then connect again."
        )


def _listened(
    app: "App", registered: str | None, port: int, open_url: Callable[[str], None]
) -> "tuple[Consent, Mapping[str, str]]":
    """The consent, and what came back to the port, or was pasted meanwhile."""
    from connectors import oauth
    from dunwell.cli.listener import listening

    with listening((registered and urlsplit(registered).port) or port) as listener:
        consent = oauth.ask_consent(app, registered or listener.redirect_uri)
        return consent, listener.receive(consent, open_url, _pasting())


def _elsewhere(session: Session, ledger: str, consent: "Consent", open_url: Callable[[str], None]) -> Mapping[str, str]:
    """What came back to a page elsewhere: to dunwell serve, or as a person reads it off the browser."""
    from dunwell.cli import listener
    from sync.store import consents

    house = session.house
    with consents.waiting(house.store, house.ledger(ledger).id, consent.state, house.clock.now()) as pending:
        open_url(consent.url)
        return listener.elsewhere(consent, pending.answer, _pasting())


def _open(url: str, *, browser: bool, then: str) -> None:
    """Show an address, and open it in a browser where there is one."""
    import webbrowser

    opened = browser and webbrowser.open(url)
    say(
        "Your browser opens the platform's page; if it does not, open this:" if opened else "Open this page:",
        url,
        f"and allow access. {then}",
    )


def _pasting() -> TextIO | None:
    """Standard input, where lines can be waited for."""
    try:
        sys.stdin.fileno()
    except (OSError, ValueError):
        return None
    return sys.stdin


def chosen(remotes: "Sequence[Remote]", company: str | None, ledger: str) -> "Remote":
    """The one company, the one that was named, or the one that a person picks."""
    if not remotes:
        raise Wrong("the consent covers no company; allow access to one, then connect again")
    if company is not None:
        found = next((one for one in remotes if one.id == company), None)
        if found is None:
            there = ", ".join(f"{one.name} ({one.id})" for one in remotes)
            raise Wrong(f"the consent does not cover company {company}; it covers {there}")
        return found
    if len(remotes) == 1:
        return remotes[0]
    if not sys.stdin.isatty():
        listed = "\n".join(f"  --company {one.id}   {one.name}" for one in remotes)
        raise Wrong(f"the consent covers {len(remotes)} companies; say which is {ledger}:\n{listed}")
    for number, one in enumerate(remotes, 1):
        say(f"{number:>3}  {one.name}")
    number = click.prompt(f"Which of them is {ledger}", type=click.IntRange(1, len(remotes)))
    return remotes[number - 1]
