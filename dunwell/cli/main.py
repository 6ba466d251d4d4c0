"""The program `dunwell`: its commands, each loaded when it is called."""

import errno
import os
import sys
from pathlib import Path
from typing import Final

import click

from dunwell.cli import ending, logs
from dunwell.cli.lazy import LazyGroup, Section
from dunwell.cli.session import Session

COMMANDS: Final[dict[str, Section]] = {
    "Setting up": {
        "init": ("setup", "Make config.toml, a strategy of your own and the key."),
        "check": ("checks", "Everything that is wrong, missing or odd, at once."),
        "connect": ("connecting", "Connect a ledger to its company in QuickBooks or Xero."),
        "schema": ("schema", "What editors complete and explain strategies and settings by."),
        "disconnect": ("disconnecting", "Give a connection back to the platform, and forget its tokens."),
        "rotate-key": ("sealing", "Seal all tokens with another key."),
        "serve": ("serving", "Take what QuickBooks and Xero announce (webhooks)."),
    },
    "The books": {
        "sync": ("books", "Read what changed in the books."),
        "tie-out": ("books", "Our open items beside the platform's own balances."),
        "reconciled": ("books", "Say that the books are matched through a day."),
        "aging": ("receivables", "What is open, by age, customer by customer."),
        "small": ("small", "Balances too small to ask for: to write off, or to refund."),
        "customers": ("customers", "The customers, what they owe and how they are treated."),
        "customer": ("customers", "Everything about one customer."),
        "profile": ("profiles", "What we know of a customer that the books do not hold."),
        "statement": ("paper", "A customer's statement as PDF, HTML or JSON."),
    },
    "Reminding": {
        "plan": ("deciding", "What would happen today and why; nothing is written."),
        "explain": ("explaining", "One invoice: what happens next, or why nothing does."),
        "explain-config": ("effective", "Every setting as it counts, and where it was said."),
        "run": ("running", "Read, decide, and with --send let the approved leave."),
        "outbox": ("outbox", "What waits to leave, and what may have left."),
        "approve": ("outbox", "Let messages of the outbox leave."),
        "reject": ("outbox", "Skip messages of the outbox."),
        "tasks": ("work", "Work that waits for a person."),
        "credit-holds": ("stopped", "Who is on credit hold, for whoever takes orders."),
        "touch": ("touches", "Contacts that were made elsewhere: calls, letters of before."),
    },
    "What customers say": {
        "promise": ("promises", "They will pay by a day."),
        "payment-plan": ("plans", "They will pay in instalments."),
        "dispute": ("disputes", "They say an invoice is wrong."),
        "claim": ("claims", "They say it is paid."),
        "bounce": ("bounces", "A message came back."),
        "agency": ("agencies", "Who is with an agency, and taking them back."),
        "hold": ("holds", "A reason of ours not to write to them."),
    },
    "Costs and training": {
        "usage": ("usage", "Calls and bytes by month, beside the platforms' limits."),
        "sandbox": ("training", "QuickBooks and Xero on this machine, with invented books."),
        "demo": ("training", "Six weeks of the whole job on the sandbox, in under a minute."),
    },
}


@click.group(
    cls=LazyGroup,
    sections=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with: dunwell init",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The settings. Otherwise DUNWELL_CONFIG, config.toml here, or the one in the user's config folder.",
)
@click.option("--verbose", is_flag=True, help="Show log lines on stderr.")
@click.version_option(package_name="dunwell", message="dunwell %(version)s")
@click.pass_context
def cli(ctx: click.Context, config: Path | None, verbose: bool) -> None:
    """Receivables done well, for QuickBooks Online and Xero.

    Exit codes: 0 done, 1 something failed and is named, 2 the command line or the settings are wrong, 3 some ledgers
    failed, 4 a person is needed.
    """
    logs.configure(verbose=verbose)
    ctx.obj = ctx.with_resource(Session(config))


def main() -> None:
    """The console script."""
    sys.excepthook = logs.last_words
    try:
        cli(prog_name="dunwell")
    except SystemExit as end:
        sys.exit(_said(end.code))


def _said(code: str | int | None) -> str | int | None:
    """The exit code, once everything that was said is out: in a pipe or a file it waits until here."""
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python would try again, and complain
        if error.errno != errno.EPIPE and not code:
            ended = ending.ended(error)
            ended.show()
            return ended.exit_code
        return code or ending.Code.FAILED
    return code
