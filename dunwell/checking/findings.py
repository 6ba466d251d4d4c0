"""What a check finds."""

from enum import StrEnum

from strategy.model import Record


class Level(StrEnum):
    """GOOD: as it should be. NOTE: somebody should look when there is time. PERSON: something is held until a person
    did something. FAILED: something did not work. WRONG: a setting or text is wrong, and nothing runs before it is
    mended.
    """

    GOOD = "good"
    NOTE = "note"
    PERSON = "person"
    FAILED = "failed"
    WRONG = "wrong"


class Finding(Record):
    """One thing found. `about` is the group ("settings", "ledger acme"), `record` the very record or place, where there
    is one. `next` says what to do, where `what` does not. `drawing` is a mistake's line with a caret below it.
    """

    level: Level
    about: str
    what: str
    record: str = ""
    next: str = ""
    drawing: str = ""
