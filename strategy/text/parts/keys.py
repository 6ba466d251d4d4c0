"""Every setting of a strategy: what it may be, what its absence means, what it is for.

The parser reads by these, the reference prints them; a setting that is not here does not exist, or is one of a
schedule (`ladder_keys`), or of a segment or trigger (`segment_keys`).
"""

import re
from typing import Final

from strategy.rules import DisputeStops, Less, Missed
from strategy.text.grammar.at import AT_PATTERN
from strategy.text.kinds import (
    DATE,
    DAYS,
    HOURS,
    NAME,
    NAME_SHAPE,
    NAMES,
    SECTION,
    SHARE,
    TABLE,
    TABLE_OR_NONE,
    TABLE_SHAPE,
    TEXT,
    YES,
    choice,
    some_of,
    whole,
    written,
)
from strategy.text.nodes import Node
from strategy.text.table import Key, Kind, Wrong, setting

CHANNELS: Final = ("email", "post", "sms", "chat", "call")
ATTACHMENTS: Final = ("invoices", "statement")
ROLES: Final = ("billing", "manager", "owner", "director", "buyer")
"""Roles at the customer that most profiles use; others are allowed."""

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")


def _language(node: Node) -> str | Wrong:
    return node.text if node.text and _LANGUAGE.fullmatch(node.text) else Wrong()


def _language_or_table(node: Node) -> Node | Wrong:
    return node if node.table is not None or node.text is not None else Wrong()


def _minimum(node: Node) -> Node | Wrong:
    return node if node.text or (node.value == 0 and not isinstance(node.value, bool)) else Wrong()


def _tables(node: Node) -> tuple[Node, ...] | Wrong:
    if node.items is not None and all(item.table is not None for item in node.items):
        return node.items
    return Wrong()


LANGUAGE_CODE: Final = Kind(
    says='a language, as in "en" or "pt-BR"',
    read=_language,
    shape={"type": "string", "pattern": f"^{_LANGUAGE.pattern}$"},
)
DAY: Final = written("a day", AT_PATTERN)
CONDITION: Final = written("a condition")
TABLES: Final = Kind(
    says="tables in double brackets", read=_tables, shape={"type": "array", "items": {"type": "object"}}
)

STRATEGY: Final = Key(
    name="strategy",
    kind=TEXT,
    meaning="the strategy's name, as people speak of it; it is not inherited",
    example='"standard"',
    default="the file's name",
)
INHERITS: Final = Key(
    name="inherits",
    kind=NAME,
    meaning="the strategy whose every value counts unless it is written here",
    example='"house"',
)
LANGUAGE: Final = Key(
    name="language",
    kind=Kind(
        says="a language, or languages by country in { }",
        read=_language_or_table,
        shape={"anyOf": [LANGUAGE_CODE.shape, TABLE_SHAPE]},
    ),
    meaning="the language of letters by the customer's country; the customer's own setting wins",
    example='{ default = "en", DE = "de" }',
    default="English for everybody",
)
STATEMENT: Final = Key(
    name="statement",
    kind=TABLE_OR_NONE,
    meaning='when each account gets its statement; "" is never, also where one is inherited',
    example='{ on = "month start + 2", when = "balance > 0" }',
    default="never",
)
THANKS: Final = Key(
    name="thanks",
    kind=TABLE_OR_NONE,
    meaning='the letter that a customer gets who was reminded and has paid; "" is none, also where one is inherited',
    example='{ say = "thanks" }',
    default="nobody is thanked",
)
AMOUNTS: Final = Key(
    name="amounts",
    kind=SECTION,
    meaning="named sums for conditions and the minimum, one figure per currency; nothing is converted or added",
    example="[amounts]",
)
CONTACT: Final = Key(
    name="contact",
    kind=SECTION,
    meaning="when, how often, to whom; a segment may set parts of it again",
    example="[contact]",
)
START: Final = Key(
    name="start",
    kind=SECTION,
    meaning="going live on books that were not chased before",
    example="[start]",
)
HOLDS: Final = Key(
    name="holds",
    kind=SECTION,
    meaning="reasons not to act: always on, only their measures are set",
    example="[holds]",
)
PLAN: Final = Key(
    name="plan",
    kind=SECTION,
    meaning="what payment plans may be, how their instalments are spoken of, and when they end",
    example="[plan]",
)
SCHEDULE: Final = Key(name="schedule", kind=SECTION, meaning="ladders of steps, by name", example="[schedule.standard]")
SEGMENTS: Final = Key(
    name="segment",
    kind=TABLES,
    meaning="who is treated how; read from the top",
    example="[[segment]]",
)
TRIGGERS: Final = Key(
    name="trigger",
    kind=TABLES,
    meaning="things to notice, whatever the segment",
    example="[[trigger]]",
)
TOP_KEYS: Final = (
    STRATEGY,
    INHERITS,
    LANGUAGE,
    STATEMENT,
    THANKS,
    AMOUNTS,
    CONTACT,
    HOLDS,
    START,
    PLAN,
    SCHEDULE,
    SEGMENTS,
    TRIGGERS,
)

DEFAULT_LANGUAGE: Final = setting("default", LANGUAGE_CODE, '"en"', "the language where no other rule says one")
ONE_LANGUAGE: Final = Key(name="language", kind=LANGUAGE_CODE, meaning="one for everybody", example='"de"')
COUNTRY_LANGUAGE: Final = Key(
    name="DE", kind=LANGUAGE_CODE, meaning="a country's two-letter code, and the language there", example='"de"'
)

STATEMENT_ON: Final = Key(
    name="on",
    kind=DAY,
    meaning="the day of each month, counted from its start or end",
    example='"month start + 2"',
    required=True,
)
STATEMENT_WHEN: Final = Key(
    name="when", kind=CONDITION, meaning="only while this is true", example='"balance > 0"', default="always"
)
STATEMENT_KEYS: Final = (STATEMENT_ON, STATEMENT_WHEN)

CONTACT_DAYS: Final = setting(
    "days", DAYS, '"mon-fri"', "weekdays on which contacts are made, never a public holiday there"
)
CONTACT_HOURS: Final = setting("hours", HOURS, '"09:00-16:30"', "from when until before when, by the customer's clock")
GAP: Final = setting(
    "gap", whole(0, 365), "5", "days between two contacts with one account, whatever their source", unit="days"
)
MOST: Final = Key(
    name="most",
    kind=TABLE_OR_NONE,
    meaning='how many contacts an account gets in any run of days; "" is no limit but the gap',
    example="{ contacts = 4, days = 30 }",
    default="`{ contacts = 4, days = 30 }`",
)
TO: Final = setting("to", NAMES, '["billing", "manager", "owner"]', "roles at the customer: the first with an address")
BY: Final = setting("by", some_of(CHANNELS), '["email"]', "channels: the first that reaches that person")
MISSED: Final = setting(
    "missed",
    choice(Missed),
    '"latest"',
    'several steps due at once: "latest" says the last and passes over the others, "sequence" goes through them',
)
RUN: Final = Key(
    name="run",
    kind=whole(1, 10),
    meaning="who pays on set days (profile: run) is contacted only on the last so many contact days before one",
    example="3",
    default="any day",
    unit="contact days",
)
CONTACT_KEYS: Final = (CONTACT_DAYS, CONTACT_HOURS, GAP, MOST, TO, BY, MISSED, RUN)

MOST_CONTACTS: Final = setting("contacts", whole(1, 100), "4", "at most so many contacts", unit="contacts")
MOST_DAYS: Final = setting("days", whole(1, 365), "30", "in any run of so many days", unit="days")
MOST_KEYS: Final = (MOST_CONTACTS, MOST_DAYS)

THANKS_SAY: Final = Key(
    name="say", kind=NAME, meaning="the letter: `letters/<language>/<name>.txt`", example='"thanks"', required=True
)
THANKS_WHEN: Final = Key(
    name="when", kind=CONDITION, meaning="only while this is true", example='"broken_promises == 0"', default="always"
)
THANKS_KEYS: Final = (THANKS_SAY, THANKS_WHEN)

MINIMUM: Final = Key(
    name="minimum",
    kind=Kind(says="0 or the name of an amount", read=_minimum, shape={"anyOf": [{"const": 0}, NAME_SHAPE]}),
    meaning="nothing is asked for at or below this amount",
    example='"small"',
    default="`0`",
)
DISPUTE: Final = setting("dispute", choice(DisputeStops), '"part"', "what an open dispute stops")
ANSWER: Final = setting(
    "answer", whole(0, 60), "5", "in which we answer a dispute; then its owner is asked again", unit="business days"
)
PROMISE: Final = Key(
    name="promise",
    kind=TABLE,
    meaning="how promises of payment are judged",
    example='{ grace = 2, tolerance = "1%", times = 2, in_days = 60 }',
    default='`{ grace = 2, tolerance = "1%", times = 2, in_days = 60 }`',
)
REPLY: Final = setting(
    "reply",
    whole(0, 60),
    "5",
    "silence after the customer wrote to us (noted with dunwell touch), for a person to answer first; 0 is none",
    unit="business days",
)
BOOKS: Final = setting(
    "books",
    whole(0, 60),
    "5",
    "since the books were last marked reconciled; older books hold everything",
    unit="business days",
)
CLAIM: Final = setting(
    "claim", whole(0, 60), "7", "so long rests what they say is paid, for the bookkeeper to find it", unit="days"
)
HOLDS_KEYS: Final = (MINIMUM, DISPUTE, ANSWER, PROMISE, REPLY, BOOKS, CLAIM)

GRACE: Final = setting("grace", whole(0, 30), "2", "after the promised day, for the bank", unit="business days")
TOLERANCE: Final = setting(
    "tolerance",
    SHARE,
    '"1%"',
    'less than promised by this much is still kept, one unit of the currency at least; "0%" is nothing less',
)
TIMES: Final = setting("times", whole(0, 100), "2", "promises that hold chasing back, after that a person decides")
IN_DAYS: Final = setting("in_days", whole(1, 1000), "60", "in any run of so many days", unit="days")
PROMISE_KEYS: Final = (GRACE, TOLERANCE, TIMES, IN_DAYS)

START_ON: Final = Key(
    name="on",
    kind=DATE,
    meaning="nothing is said before this day; what fell due before it is old",
    example="2026-12-01",
    default="from the first run on, and everything is old",
)
RAMP: Final = Key(
    name="ramp",
    kind=whole(1, 10_000),
    meaning="so many accounts with something old hear their very first word on one day, the oldest first",
    example="20",
    default="all at once",
    unit="accounts",
)
REVIEW: Final = Key(
    name="review",
    kind=whole(1, 10_000),
    meaning="what is old and longer overdue than this hears nothing before a person has looked",
    example="365",
    default="nobody needs to look",
    unit="days",
)
START_KEYS: Final = (START_ON, RAMP, REVIEW)
PLAN_DEPOSIT: Final = setting("deposit", SHARE, '"0%"', "of the whole, paid first: at least so much")
PLAN_LENGTH: Final = setting("length", whole(1, 730), "180", "until the last instalment, at most", unit="days")
PLAN_LEAST: Final = Key(
    name="least",
    kind=Kind(says="0 or the name of an amount", read=_minimum, shape={"anyOf": [{"const": 0}, NAME_SHAPE]}),
    meaning="an instalment is at least this amount",
    example='"small"',
    default="`0`",
)
PLAN_MOST: Final = Key(
    name="most",
    kind=Kind(says="the name of an amount", read=_minimum, shape=NAME_SHAPE),
    meaning="no more than this amount is paid in instalments",
    example='"large"',
    default="any amount",
)
AFTER_BROKEN: Final = setting(
    "after_broken", whole(0, 365), "60", "after a broken promise, in which no plan is made", unit="days"
)
CURE: Final = setting(
    "cure", whole(0, 60), "5", "after an instalment's day, in which it may still come", unit="business days"
)
PLAN_MISSED: Final = setting(
    "missed", whole(1, 12), "1", "instalments in a row, not paid by then, end the plan", unit="instalments"
)
ACCELERATE: Final = setting(
    "accelerate", YES, "true", "a plan that has ended so lets all of it be asked for, not only what was missed"
)
PLAN_LESS: Final = setting(
    "less",
    choice(Less),
    '"last"',
    'where the books ask for less than was agreed: "last" takes it off the last instalments, "all" off each',
)
PLAN_SCHEDULE: Final = Key(
    name="schedule",
    kind=NAME,
    meaning="the steps of each instalment, by the day on which it is due; nothing else is said of the plan's invoices",
    example='"instalments"',
    default="nothing is said of instalments",
)
PLAN_ALLOWED: Final = (PLAN_DEPOSIT, PLAN_LENGTH, PLAN_LEAST, PLAN_MOST, AFTER_BROKEN)
PLAN_KEYS: Final = (*PLAN_ALLOWED, CURE, PLAN_MISSED, ACCELERATE, PLAN_LESS, PLAN_SCHEDULE)
