"""The web process."""

from typing import Final

import click

from dunwell.cli.ending import Failed
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.page import say, warn

HOST: Final = "127.0.0.1"
PORT: Final = 8020


@click.command()
@click.option(
    "--host", default=HOST, show_default=True, metavar="ADDRESS", help="Which address of this machine to listen on."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Where; 0 is any free one."
)
@pass_session
def serve(session: Session, host: str, port: int) -> None:
    """Answer over HTTP, behind a proxy that speaks TLS, until Ctrl-C or SIGTERM.

    Needs neither the key of the tokens nor a platform. GET /health says that it answers.

    \b
    Example: dunwell serve --port 8020
    """
    from dunwell.cli import logs
    from dunwell.web import serving
    from dunwell.web.app import application
    from dunwell.web.routes import routes

    house = session.house
    house.store  # noqa: B018 - what is wrong with the database is said now

    def mistake(error: Exception) -> None:
        kept = logs.keep(house.config.data, "serve", error, house.clock.now())
        warn(f"A mistake in Dunwell itself, {logs.brief(error)}; the traceback is in {kept}, report it")

    try:
        listener = serving.listen(host, port)
    except OSError as error:
        why = f"port {port} of {host} cannot be listened on ({error.strerror})"
        raise Failed(f"{why}; name another with --port, or --host") from None
    with listener:
        where = _url(*listener.getsockname()[:2])
        serving.serve(application(routes(), mistake), listener, lambda: say(f"Listening on {where}; Ctrl-C ends it."))
    say("Stopped.")


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
