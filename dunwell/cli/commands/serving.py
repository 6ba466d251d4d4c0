"""The web process."""

from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

import click

from dunwell.cli.ending import Failed
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.page import say, warn

if TYPE_CHECKING:
    import socket

    from connectors.webhooks import Webhooks
    from dunwell.web.noting import Noting
    from dunwell.wiring.house import House

HOST: Final = "127.0.0.1"
PORT: Final = 8020
BUSY_S: Final = 1.5
"""So long a delivery waits for another process's transaction; the platforms wait for 3 and 5 s in all."""


@click.command()
@click.option(
    "--host", default=HOST, show_default=True, metavar="ADDRESS", help="Which address of this machine to listen on."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Where; 0 is any free one."
)
@pass_session
def serve(session: Session, host: str, port: int) -> None:
    """Take what QuickBooks and Xero announce, until Ctrl-C or SIGTERM.

    Speaks plain HTTP and stands behind a proxy that speaks TLS. GET /connected takes the answer of a platform for a
    dunwell connect that waits, where redirect_url leads there. Where changes are announced, dunwell sync --announced
    reads them. The keys are named under [webhooks] in config.toml; neither the key of the tokens nor a platform is
    needed. GET /health says that it answers.

    \b
    Example: dunwell serve --port 8020
    """
    from dunwell.cli import logs
    from dunwell.web import serving
    from dunwell.web.app import application
    from dunwell.web.routes import routes

    house = session.house
    platforms = house.webhooks()
    noting = _noting(house, platforms)

    def mistake(error: Exception) -> None:
        kept = logs.keep(house.config.data, "serve", error, house.clock.now())
        warn(f"A mistake in Dunwell itself, {logs.brief(error)}; the traceback is in {kept}, report it")

    with _listening(host, port) as listener:
        address, at = listener.getsockname()[:2]
        said = _begun(_url(address, at), platforms, house)
        if not ip_address(address).is_loopback:
            warn(f"Other machines reach {address}, and without TLS: only a proxy should. See docs/webhooks.md.")
        served = routes(platforms, noting, _handing_over(house))
        serving.serve(application(served, mistake), listener, lambda: say(*said))
    say(f"Stopped. Taken: {noting.taken}, refused for a wrong signature: {noting.refused}.")


def _noting(house: "House", platforms: "Sequence[Webhooks]") -> "Noting":
    """What writes to the database, which is opened now, so that what is wrong with it is said now."""
    from dunwell.web.noting import Noting
    from sync.store import trouble, webhooks

    store = house.store
    for platform in platforms:
        webhooks.listen(store, platform.platform, house.clock.now())
    store.give_up_after(BUSY_S)
    return Noting(
        write=lambda deliveries: webhooks.note(store, deliveries, house.clock.now()),
        on_trouble=lambda error: warn(f"Not taken, the platform will send it again: {trouble.sentence(error)}"),
    )


def _handing_over(house: "House") -> "Callable[[Mapping[str, str]], bool]":
    """What gives a browser's answer to the connect that waits. On a connection of its own: deliveries are written on
    the other by a thread, and an answer must not become part of their transaction.
    """
    import threading

    from dunwell.wiring.house import DATABASE
    from sync.store import consents
    from sync.store.database import Store

    store, turn = Store(house.config.data / DATABASE), threading.Lock()
    store.give_up_after(BUSY_S)

    def hand_over(brought: "Mapping[str, str]") -> bool:
        with turn:
            return consents.hand_over(store, brought, house.clock.now())

    return hand_over


def _listening(host: str, port: int) -> "socket.socket":
    from dunwell.web import serving

    try:
        return serving.listen(host, port)
    except OSError as error:
        why = f"port {port} of {host} cannot be listened on ({error.strerror})"
        raise Failed(f"{why}; name another with --port, or --host") from None


def _begun(url: str, platforms: "Sequence[Webhooks]", house: "House") -> tuple[str, ...]:
    """What is said once it answers."""
    from dunwell.web.webhooks import path

    paths = [f"  {platform.platform}: {url}{path(platform)}" for platform in platforms]
    none = f"No platform is listened for: add [webhooks] to {house.config.file}, as docs/webhooks.md shows."
    return (f"Listening on {url}; Ctrl-C ends it.", *(paths or (none,)))


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
