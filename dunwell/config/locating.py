"""Where config.toml is, and the few things the environment says."""

import os
import pwd
from pathlib import Path

NAME = "config.toml"


class NoConfig(Exception):
    """There is no config.toml to be found."""


def find(given: Path | None) -> Path:
    """The file: as given, as DUNWELL_CONFIG says, in this folder, or in the user's config folder. Raises `NoConfig`."""
    named = given or _path("DUNWELL_CONFIG")
    if named is not None:
        if not named.is_file():
            raise NoConfig(f"there is no file {named}; make one with dunwell init {named.parent}")
        return named
    for place in (Path(), user_folder()):  # a relative path, so that mistakes show a short one
        if (place / NAME).is_file():
            return place / NAME
    raise NoConfig(f"there is no {NAME} here or in {user_folder()}; make one with dunwell init")


def user_folder() -> Path:
    """The user's own config folder."""
    return (_path("XDG_CONFIG_HOME") or Path.home() / ".config") / "dunwell"


def virtual_clock() -> Path | None:
    """The file of a virtual clock, for demos and trainings on loopback."""
    return _path("DUNWELL_CLOCK")


def sharing_clock(file: Path) -> dict[str, str]:
    """The environment of a process that goes by this virtual clock."""
    return {**os.environ, "DUNWELL_CLOCK": str(file)}


def variable(name: str) -> str | None:
    """An environment variable; empty is unset."""
    return os.environ.get(name) or None


def login() -> str:
    """Who runs this, by the name of the login; a container may have none."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"


def _path(name: str) -> Path | None:
    value = variable(name)
    return Path(value) if value else None
