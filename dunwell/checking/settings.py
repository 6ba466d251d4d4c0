"""Looking at config.toml, the key and the passwords."""

import stat
from collections.abc import Iterator, Mapping

from dunwell.checking.findings import Finding, Level
from dunwell.config import sealing, secret
from dunwell.config.reading import BadConfig
from dunwell.config.records import Config, Mail, Secret
from dunwell.config.secret import NoSecret
from strategy.text.mistakes import Level as Gravity
from strategy.text.mistakes import Mistake, shown

SETTINGS = "settings"


def mistakes(found: tuple[Mistake, ...], about: str, sources: Mapping[str, str]) -> Iterator[Finding]:
    """Mistakes in a text that people write."""
    for one in found:
        place = f"{one.file}:{one.line}" if one.column is None else f"{one.file}:{one.line}:{one.column}"
        yield Finding(
            level=Level.WRONG if one.level is Gravity.ERROR else Level.NOTE,
            about=about,
            record=place,
            what=one.message,
            next=one.right,
            drawing=shown(one, sources.get(one.file, "")),
        )


def bad(error: BadConfig) -> Iterator[Finding]:
    """A config.toml that cannot be used."""
    return mistakes(error.mistakes, SETTINGS, error.sources)


def config(found: Config) -> Iterator[Finding]:
    """A config.toml that can."""
    names = ", ".join(found.ledgers)
    yield Finding(
        level=Level.GOOD if names else Level.NOTE,
        about=SETTINGS,
        record=str(found.file),
        what=f"can be read; ledgers: {names}" if names else "has no ledger yet",
        next="" if names else "take the # away from one of the examples, or add one",
    )
    yield from mistakes(found.warnings, SETTINGS, {})
    yield from _key(found)
    for name, ledger in found.ledgers.items():
        yield from _secret(ledger.client_secret, f"client secret of {name}")
        if ledger.mail is not None:
            yield from _secret(ledger.mail.password, f"mail password of {name}")
            yield from _sender(ledger.mail, name)
    for platform, keys in found.webhooks.items():
        for key in keys:
            yield from _secret(key, f"webhooks key of {platform}")


def _sender(mail: Mail, name: str) -> Iterator[Finding]:
    """The address that `dunwell init` wrote, left as it was when letters began to leave."""
    if mail.host and mail.sender.address.endswith(".example"):
        yield Finding(
            level=Level.NOTE,
            about=SETTINGS,
            record=f"mail of {name}",
            what=f"letters leave from {mail.sender.address}, which is an example and nobody's",
            next="write an address of your own: from, in [mail]",
        )


def _key(found: Config) -> Iterator[Finding]:
    try:
        ring = sealing.keys(found)
    except NoSecret as error:
        missing = found.key.file is not None and not found.key.file.exists()
        next_ = "dunwell init makes one" if missing else ""
        yield Finding(level=Level.WRONG, about=SETTINGS, record="key", what=str(error), next=next_)
        return
    yield Finding(level=Level.GOOD, about=SETTINGS, record="key", what="the key of the tokens is there")
    if len(ring) > 1:
        what = "it was being replaced, and that broke off; the one before is still needed"
        yield Finding(level=Level.NOTE, about=SETTINGS, record="key", what=what, next="dunwell rotate-key")


def _secret(named: Secret | None, what: str) -> Iterator[Finding]:
    """A secret that is named and is not there, or that others on this machine can read."""
    if named is None:
        return
    try:
        secret.fetch(named, what)
    except NoSecret as error:
        yield Finding(
            level=Level.WRONG, about=SETTINGS, record=what, what=str(error), next="put it there, or name another place"
        )
    else:
        yield from _open_to_others(named, what)


def _open_to_others(named: Secret, what: str) -> Iterator[Finding]:
    if named.file is not None and named.file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding(
            level=Level.NOTE,
            about=SETTINGS,
            record=what,
            what=f"others on this machine may read {named.file}",
            next=f"chmod 600 {named.file}",
        )
