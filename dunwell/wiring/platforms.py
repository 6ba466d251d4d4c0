"""What each platform is made of. An SDK is imported only when a ledger of its platform is worked on."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from connectors import limits
from connectors.base import Connector, Remote, TokenSet
from connectors.limits import Limits
from strategy.model import Platform, Record

if TYPE_CHECKING:
    import httpx

    from connectors.oauth import App, AppSettings, Released
    from connectors.transport import Dialect
    from connectors.webhooks import Webhooks


class Parts(Record):
    """What a platform is made of."""

    dialect: "Dialect"
    limits: Limits
    api_url: str
    connector: "Callable[..., Connector]"
    app: "Callable[[AppSettings], App]"
    remotes: "Callable[[httpx.Client, str, Mapping[str, str], TokenSet], tuple[Remote, ...]]"
    release: "Callable[[httpx.Client, App, str, str, TokenSet], Released]"
    purposes: Mapping[str, str]


def _quickbooks(sandbox: bool) -> Parts:
    from connectors.quickbooks import connecting, faults
    from connectors.quickbooks.connector import QuickBooks

    return Parts(
        dialect=faults.DIALECT,
        limits=limits.QUICKBOOKS,
        api_url=connecting.SANDBOX_API_URL if sandbox else connecting.API_URL,
        connector=QuickBooks,
        app=connecting.app,
        remotes=connecting.remotes,
        release=connecting.release,
        purposes=connecting.PURPOSES,
    )


def _xero(_sandbox: bool) -> Parts:
    from connectors.xero import connecting, faults
    from connectors.xero.connector import Xero

    return Parts(
        dialect=faults.DIALECT,
        limits=limits.XERO,
        api_url=connecting.API_URL,
        connector=Xero,
        app=connecting.app,
        remotes=connecting.remotes,
        release=connecting.release,
        purposes=connecting.PURPOSES,
    )


PARTS: Mapping[Platform, Callable[[bool], Parts]] = {Platform.QUICKBOOKS: _quickbooks, Platform.XERO: _xero}


def webhooks(platform: Platform, keys: tuple[str, ...]) -> "Webhooks":
    """Without the platform's SDK, which nobody needs for listening."""
    from connectors.quickbooks import webhooks as of_quickbooks
    from connectors.webhooks import Webhooks
    from connectors.xero import webhooks as of_xero

    theirs = of_quickbooks if platform is Platform.QUICKBOOKS else of_xero
    return Webhooks(platform=platform, header=theirs.HEADER, read=theirs.read, keys=keys)
