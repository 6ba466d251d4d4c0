"""Working through the ledgers of a firm: one that fails is named, and the others go on."""

from collections.abc import Callable, Sequence

from dunwell.cli import logs
from dunwell.cli.ending import Code, Ended, end, ended, expected, worst
from dunwell.cli.session import Session
from dunwell.cli.showing.page import warn


def each_ledger(session: Session, names: Sequence[str], work: Callable[[str], Code]) -> Code:
    """Do the work for each ledger; what all of it came to. The failure of one among several is `SOME_LEDGERS`."""
    codes = [_one(session, name, work) for name in names]
    failed = Code.SOME_LEDGERS if len(names) > 1 else Code.FAILED
    return worst(failed if one is Code.FAILED else one for one in codes)


def warn_of_ends(session: Session, names: Sequence[str]) -> None:
    """Name the connections that will be lost however much they are used, and when. What else is wrong with the tokens
    of a ledger was said by its own work.
    """
    from dunwell.config.secret import NoSecret
    from sync.store.vault import Exposed, WrongKey
    from sync.tokens import ending

    house = session.house
    for name in names:
        try:
            tokens = house.vault.read(name)
        except (NoSecret, WrongKey, Exposed):
            continue
        end = ending(tokens, house.clock.now()) if tokens else None
        if end is not None and end.for_good and end.at > house.clock.now():
            warn(
                f"{name}: the connection ends on {end.at:%Y-%m-%d}, however much it is used; "
                f"connect it again before: dunwell connect {name}"
            )


def finish(code: Code) -> None:
    """End with the code; what there was to say was said."""
    if code is not Code.DONE:
        raise end("", code)


def _one(session: Session, name: str, work: Callable[[str], Code]) -> Code:
    """One ledger. Whatever goes wrong with it, a bug of ours too, does not stop the firm."""
    try:
        return work(name)
    except Exception as error:  # noqa: BLE001 - the one of its kind: a bad ledger never stops the others
        if isinstance(error, (Ended, *expected())):
            known = error if isinstance(error, Ended) else ended(error)
            warn(f"{name}: {known.message}")
            return Code(known.exit_code)
        house = session.house
        kept = logs.keep(house.config.data, name, error, house.clock.now())
        warn(f"{name}: a mistake in Dunwell itself, {logs.brief(error)}; the traceback is in {kept}, report it")
        return Code.FAILED
