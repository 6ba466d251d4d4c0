"""The settings of schedules and their steps: what is done on which day, and to whom."""

from typing import Final

from strategy.text.kinds import COUNTRIES, NAME, NAMES, YES, some_of, whole
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
