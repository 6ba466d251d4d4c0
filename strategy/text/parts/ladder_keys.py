"""The settings of schedules and their steps, of segments and of triggers: what is done, and to whom.

`keys` has all others.
"""

from typing import Final

from strategy.text.kinds import COUNTRIES, NAME, NAMES, TABLE, TABLE_OR_NONE, TEXT, YES, some_of, whole
from strategy.text.parts.keys import ATTACHMENTS, CHANNELS, CONDITION, DAY
from strategy.text.table import Key, setting

LIKE: Final = Key(
    name="like",
    kind=NAME,
    meaning='the schedule whose steps come first; each may be set again, or taken out with ""',
    example='"standard"',
)

STEP_AT: Final = Key(name="at", kind=DAY, meaning="the day, see *Days*", example='"due + 7"', required=True)

SAY: Final = Key(
    name="say", kind=NAME, meaning="send this letter: `letters/<language>/<name>.txt`", example='"reminder"'
)

CALL: Final = Key(
    name="call",
    kind=NAME,
    meaning="a task to telephone, with the script `letters/<language>/call-<name>.txt`",
    example='"overdue"',
)

NOTIFY: Final = Key(name="notify", kind=NAME, meaning="tell this role of our own people", example='"owner"')

PLACE: Final = Key(
    name="place",
    kind=NAME,
    meaning="hand the account to this agency; nothing is chased beside it",
    example='"northgate"',
)

VERBS: Final = (SAY, CALL, NOTIFY, PLACE)

ATTACH: Final = Key(
    name="attach",
    kind=some_of(ATTACHMENTS),
    meaning="PDFs that go with a letter",
    example='["invoices"]',
    default="none",
)

STEP_TO: Final = Key(
    name="to", kind=NAMES, meaning="roles for this step", example='["manager"]', default="those of contact"
)

STEP_BY: Final = Key(
    name="by",
    kind=some_of(CHANNELS),
    meaning="channels for this step",
    example='["post", "email"]',
    default="those of contact",
)

APPROVE: Final = setting("approve", YES, "false", "wait until a person has looked at it")

AFTER: Final = Key(name="after", kind=NAME, meaning="only once that step was done in this case", example='"final"')

STEP_WHEN: Final = Key(
    name="when", kind=CONDITION, meaning="only while this is true", example='"overdue > 0"', default="always"
)

WHO: Final = setting("who", NAME, '"owner"', "the role of ours that gets the task of a call or a placement")

DEADLINE: Final = Key(
    name="deadline",
    kind=whole(1, 90),
    meaning="makes it a letter before action: so long they have to pay or answer, and nobody is handed over before",
    example="14",
    unit="days",
)

LAWFUL: Final = Key(
    name="lawful",
    kind=COUNTRIES,
    meaning="countries for which somebody made sure that this letter before action is all that the law asks",
    example='["GB"]',
)

STEP_KEYS: Final = (STEP_AT, *VERBS, ATTACH, STEP_TO, STEP_BY, APPROVE, AFTER, STEP_WHEN, WHO, DEADLINE, LAWFUL)

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
    meaning='fires once when this becomes true, again only after it was false; "" takes out an inherited trigger',
    example='"overdue > 0"',
    required=True,
)

OVER: Final = setting(
    "over", YES, "false", "whoever is notified hears again when it is over: orders are stopped, and released"
)

TRIGGER_KEYS: Final = (TRIGGER_NAME, TRIGGER_WHEN, *VERBS, WHO, OVER)
