"""`--help` is quick, complete, and shows how a command is typed."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dunwell.cli.main import COMMANDS, cli
from tests.dunwell.cli.desk import Desk

HEAVY = ("httpx", "rich", "babel", "jinja2", "typst", "quickbooks", "xero_python", "sqlite_utils", "holidays", "sync")

PROBE = """
import sys
from dunwell.cli.main import cli
try:
    cli(prog_name="dunwell")
except SystemExit:
    pass
print("", *{name.partition(".")[0] for name, module in sys.modules.items() if module})
"""

EVERY_HELP = """
import sys
from dunwell.cli.main import cli
for line in sys.stdin:
    try:
        cli([*line.split(), "--help"], prog_name="dunwell")
    except SystemExit:
        pass
    print("", line.strip(), *{name.partition(".")[0] for name, module in sys.modules.items() if module}, sep="\\t")
"""


def commands() -> list[list[str]]:
    """Every command and sub-command, as it is typed."""
    typed: list[list[str]] = []
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        typed.append([name])
        if isinstance(command, click.Group):
            typed += [[name, inner] for inner in command.commands]
    return typed


def loaded_by(*args: str, clock: Path | None = None) -> set[str]:
    """Which of the heavy modules a call of the program loads."""
    probe = f"import os\nos.environ['DUNWELL_CLOCK'] = {str(clock or '')!r}\n{PROBE}"
    done = subprocess.run([sys.executable, "-c", probe, *args], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()) & set(HEAVY)


def test_help_loads_nothing_that_it_does_not_show() -> None:
    assert loaded_by("--help") == set()


def test_the_probe_sees_what_a_command_loads() -> None:
    assert {"sync", "babel"} <= loaded_by("--config", "/nowhere/config.toml", "customers", "acme")


def test_what_asks_no_platform_and_decides_nothing_loads_no_http_and_no_holidays(reader: Desk) -> None:
    loaded = loaded_by("--config", str(reader.config), "tasks", "brindle", clock=reader.folder / "clock")
    assert "sync" in loaded
    assert not loaded & {"httpx", "quickbooks", "xero_python", "jinja2", "typst", "holidays"}


def test_help_of_no_command_loads_what_it_does_not_show() -> None:
    asked = "\n".join(" ".join(typed) for typed in commands())
    done = subprocess.run([sys.executable, "-c", EVERY_HELP], input=asked, capture_output=True, text=True, check=True)
    loaded = [line.split("\t")[1:] for line in done.stdout.splitlines() if line.startswith("\t")]
    assert len(loaded) == len(commands())
    heavy = ((command, set(modules) & set(HEAVY)) for command, *modules in loaded)
    assert next(((command, modules) for command, modules in heavy if modules), None) is None


@pytest.mark.parametrize("typed", commands(), ids=" ".join)
def test_help_of_every_command_shows_an_example(typed: list[str]) -> None:
    said = CliRunner().invoke(cli, [*typed, "--help"], prog_name="dunwell")
    assert said.exit_code == 0
    assert "Example" in said.stdout
    assert f"dunwell {' '.join(typed[:1])}" in said.stdout.partition("Example")[2]


def test_every_example_names_options_that_exist() -> None:
    """An example is parsed by the very command that it is an example of."""
    context = click.Context(cli, info_name="dunwell")
    for typed in commands():
        command = cli.get_command(context, typed[0])
        if isinstance(command, click.Group):
            command = command.commands.get(typed[1]) if len(typed) > 1 else None
        if command is None:
            continue
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        for line in (command.help or "").splitlines():
            if f"dunwell {' '.join(typed)}" in line:
                named = {word for word in line.split() if word.startswith("--")}
                assert named <= known, line


def test_the_one_line_help_of_the_table_is_what_help_shows() -> None:
    shown = CliRunner().invoke(cli, ["--help"], prog_name="dunwell").stdout
    widest = max(len(name) for entries in COMMANDS.values() for name in entries)
    for section, entries in COMMANDS.items():
        assert f"{section}:" in shown
        for name, (_, line) in entries.items():
            assert f"  {name.ljust(widest)}  {line}" in shown


def test_the_version_is_that_of_the_package() -> None:
    assert CliRunner().invoke(cli, ["--version"], prog_name="dunwell").stdout.startswith("dunwell 0.")


def test_a_wrong_command_suggests_the_nearest() -> None:
    said = CliRunner().invoke(cli, ["usge"], prog_name="dunwell")
    assert (said.exit_code, said.stderr.splitlines()[-1]) == (2, "Error: No such command 'usge'. Did you mean 'usage'?")
