"""Giving a ledger's connection back."""

import click

from dunwell.cli.ending import Failed
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.page import say, warn
from strategy.model import Platform

NAMES = {Platform.QUICKBOOKS: "QuickBooks", Platform.XERO: "Xero"}

BY_HAND = {
    Platform.QUICKBOOKS: "in QuickBooks, under Apps, My apps, Disconnect",
    Platform.XERO: "in Xero, under Settings, Connected apps, Disconnect",
}
"""Where a person ends the access of an app."""


@click.command()
@click.argument("ledger")
@click.option("--forget", is_flag=True, help="Forget the tokens even where the platform cannot be told.")
@pass_session
def disconnect(session: Session, ledger: str, forget: bool) -> None:
    """Give a ledger's connection back to its platform, and forget its tokens.

    The books stay here, and the ledger stays bound to its company: dunwell connect goes on where it ended. Where the
    platform cannot be reached, nothing changes, and the same command is right later; with --forget the tokens go all
    the same, and you end the access at the platform by hand. A ledger that is not connected is left as it is.

    \b
    Examples: dunwell disconnect acme
              dunwell disconnect acme --forget
    """
    from connectors.errors import OutsideError, Reconnect
    from sync.store.vault import WrongKey

    house = session.house
    platform = house.ledger_config(ledger).platform
    try:
        released = house.release(ledger)
    except Reconnect:
        house.forget(ledger)
        say(f"{NAMES[platform]} had ended the connection before.", _forgotten(ledger))
        return
    except (OutsideError, WrongKey) as error:
        _not_told(session, ledger, error, forget=forget)
        return
    if released is None:
        say(f"Ledger {ledger} is not connected; nothing was to be done.")
        return
    name = _company(session, ledger)
    ended = f"{NAMES[platform]} lets Dunwell into {name} no more."
    say(ended if released.ended else f"{NAMES[platform]} had ended the connection before.", _forgotten(ledger))
    if released.others:
        others = ", ".join(one.name for one in released.others)
        say(f"The same consent still opens {others}: what else lives on it goes on.")


def _company(session: Session, ledger: str) -> str:
    """What its company is called in the books, where they were read, or else by its number."""
    from sync.store import ledgers

    known = session.house.ledger(ledger)
    company = ledgers.company(session.house.store, known.id)
    return company.name if company else known.remote_name or "the company"


def _forgotten(ledger: str) -> str:
    return f"Its tokens are forgotten here, and its books stay. To go on one day: dunwell connect {ledger}"


def _not_told(session: Session, ledger: str, error: Exception, *, forget: bool) -> None:
    """The platform did not take the connection back. Raises `Failed` unless it shall be forgotten all the same."""
    platform = session.house.ledger_config(ledger).platform
    if not forget:
        raise Failed(
            f"{error}; nothing was changed. Try again later; or end the access by hand {BY_HAND[platform]}, and forget "
            f"the tokens here: dunwell disconnect {ledger} --forget"
        )
    session.house.forget(ledger)
    warn(f"{error}; {NAMES[platform]} was not told")
    say(_forgotten(ledger), f"End the access {BY_HAND[platform]}.")
