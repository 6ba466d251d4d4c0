"""The settings of segments and of triggers: who is treated how, and what there is to notice."""

from typing import Final

from strategy.text.kinds import NAME, TABLE, TABLE_OR_NONE, TEXT, YES, whole
from strategy.text.parts import ladder_keys
from strategy.text.parts.keys import CONDITION
from strategy.text.table import Key, setting

SEGMENT_NAME: Final = Key(
    name="name", kind=TEXT, meaning="as people speak of these accounts", example='"good"', required=True
)

SEGMENT_WHEN: Final = Key(
    name="when",
    kind=CONDITION,
    meaning="takes the accounts for which this is true and no segment above was; the last segment has none",
    example='"late_days > 15"',
)

STAY: Final = Key(
    name="stay",
    kind=CONDITION,
    meaning="counts in place of `when` while the account is here, so that it does not go to and fro",
    example='"late_days > 10"',
    default="as `when`",
)

DWELL: Final = setting(
    "dwell", whole(0, 365), "0", "before another segment may take the account, an exclusion apart", unit="days"
)

SEGMENT_SCHEDULE: Final = Key(
    name="schedule", kind=NAME, meaning="the ladder these accounts go up", example='"standard"', required=True
)

SEGMENT_CONTACT: Final = Key(
    name="contact",
    kind=TABLE,
    meaning="settings of [contact] that differ here",
    example="{ gap = 3 }",
    default="as everywhere",
)

SEGMENT_STATEMENT: Final = Key(
    name="statement",
    kind=TABLE_OR_NONE,
    meaning='settings of the statement that differ here; "" is never',
    example='{ on = "month end - 3" }',
    default="as everywhere",
)

SEGMENT_PLAN: Final = Key(
    name="plan",
    kind=TABLE,
    meaning="what payment plans may be here: deposit, length, least, most and after_broken of [plan] that differ",
    example='{ deposit = "20%", length = 90 }',
    default="as everywhere",
)

SEGMENT_KEYS: Final = (
    SEGMENT_NAME,
    SEGMENT_WHEN,
    STAY,
    DWELL,
    SEGMENT_SCHEDULE,
    SEGMENT_CONTACT,
    SEGMENT_STATEMENT,
    SEGMENT_PLAN,
)

TRIGGER_NAME: Final = Key(
    name="name", kind=TEXT, meaning="what there is to notice", example='"large and late"', required=True
)

TRIGGER_WHEN: Final = Key(
    name="when",
    kind=CONDITION,
    meaning="fires once when this becomes true, again only after it was false (unknown is not); "
    '"" takes out an inherited trigger',
    example='"overdue > 0"',
    required=True,
)

OVER: Final = setting(
    "over", YES, "false", "whoever is notified hears again when it is over: orders are stopped, and released"
)

TRIGGER_KEYS: Final = (TRIGGER_NAME, TRIGGER_WHEN, *ladder_keys.VERBS, ladder_keys.WHO, OVER)
