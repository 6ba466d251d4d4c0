"""Trying it out: the platforms on this machine, and six weeks in a minute."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from dunwell.cli.parameters import as_json
from dunwell.cli.showing.page import emit, say

if TYPE_CHECKING:
    from dunwell.sandbox.server import Sandbox

PORT: Final = 8010

SNIPPET: Final = """\
[ledgers.{name}]
platform = "{platform}"
client_id = "{client_id}"
{secret}api_url = "{url}"
token_url = "{url}/{platform}/oauth2/token"
authorize_url = "{url}/{platform}/oauth2/authorize"
platform_reminders = "off"
platform_reminders_seen = {day}
"""


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Where; 0 is any free one."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed is another company.")
def sandbox(port: int, seed: int) -> None:
    """QuickBooks and Xero on this machine, with invented books, until you press Ctrl-C.

    Prints what belongs into config.toml. Nothing is kept when it ends; the same seed makes the same books again. Where
    DUNWELL_CLOCK names a virtual clock, the books go by it, as the other commands do.

    \b
    Example: dunwell sandbox --seed 7
    """
    from dunwell.clock import SystemClock, VirtualClock
    from dunwell.config import locating
    from dunwell.sandbox.server import Sandbox

    file = locating.virtual_clock()
    clock = VirtualClock(file) if file else SystemClock()
    served = Sandbox(clock, seed=seed, port=port)

    def ready() -> None:
        say(f"The sandbox is at {served.url}; Ctrl-C ends it. Write this into config.toml:", "")
        for platform, about in served.about().items():
            say(_snippet(served, platform, about, f"{clock.now():%Y-%m-%d}"))
        say("Then: dunwell connect NAME, and in the browser: Allow.")

    served.serve(ready)


def _snippet(served: "Sandbox", platform: str, about: dict[str, list[object]], day: str) -> str:
    """A ledger's settings for one platform of the sandbox; the secret goes into a file of its own."""
    app = about["apps"][0]
    client_id, secret = getattr(app, "client_id", ""), getattr(app, "client_secret", None)
    name = f"{platform}-sandbox"
    line = f'client_secret = {{ file = "{name}-secret" }}     # a file that holds: {secret}\n' if secret else ""
    heading = f"# {about['company']}\n"
    return heading + SNIPPET.format(
        name=name, platform=platform, client_id=client_id, secret=line, url=served.url, day=day
    )


@click.command()
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed is another story.")
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Leave everything there.")
@as_json
def demo(seed: int, keep: Path | None, as_json: bool) -> None:
    """Six weeks of the whole job on the sandbox, in under a minute: real HTTP, real mail, a clock of its own.

    Exit code 1 if our outbox, the mail server and the platforms do not say the same in the end. With --json, counted
    and not told: ledgers, sent, held by reason, unknown, notes, statements, links, read_back, agree, seconds. With
    --keep, settings, database, messages and PDFs stay in a new folder.

    \b
    Examples: dunwell demo
              dunwell demo --seed 7 --keep six-weeks
    """
    from dunwell.cli.ending import Failed
    from dunwell.clock import SystemClock
    from dunwell.demo.play import play

    report = _unheard if as_json else say
    counted = play(seed=seed, keep=keep, clock=SystemClock(), report=report, tell=not as_json)
    if as_json:
        emit(counted)
    if not counted["agree"]:
        raise Failed("")


def _unheard(_sentence: str) -> None:
    """Counted, not told."""
