"""docs/strategy.md, made from the lists by which strategies are read.

To write it again: python -m strategy.text.reference > docs/strategy.md
"""

import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

from strategy.acts import OURS
from strategy.law import DEMANDS
from strategy.text.grammar.facts import CODES, EXAMPLES, FACTS, HABITS, OUTCOMES, TAKES, FactKind
from strategy.text.parts import keys, ladder_keys, segment_keys
from strategy.text.table import Key

_INTRO: Final = """\
# The strategy text

*Made from the code by `python -m strategy.text.reference > docs/strategy.md`; a test compares the two.*

A strategy is one TOML file that a consultant can read aloud to a client. `dunwell check` reads it and reports every
mistake at once, each with file, line, what is wrong and what would be right; nothing runs until it is clean. Warnings
are things that somebody should look at.

**Lines.** One setting per line, no dotted names, no text or list over several lines: that is how every mistake can name
its line.

**Defaults.** Everything has one except the segments, so a strategy can be short:

```toml
[schedule.standard]
first  = { at = "due + 2", say = "friendly" }
second = { at = "due + 10", say = "reminder" }

[[segment]]
name     = "everyone"
schedule = "standard"
```
"""

_EDITORS: Final = """\
## In an editor

`dunwell schema strategy` prints what editors complete, explain and underline by, made from the same lists as this page;
`dunwell schema config` does so for config.toml. Keep it in a file, for example `strategies/strategy.schema.json`. An
editor whose TOML server is taplo (Even Better TOML in VS Code, and others) goes by the first line of a text:
`#:schema ./strategy.schema.json`.

Tried on 22 November 2026. taplo 0.9.0: the shipped strategies and `config.example.toml` pass, and of 136 texts with one
mistake or more each, 51 are underlined. Its language server (0.8.0): below `[contact]` it offers days, hours, most, to
and by with their meanings, explains `gap` with its unit and default, and underlines 900 there. Inside conditions, and
where one setting has to do with another, only `dunwell check` knows.
"""

_INHERIT: Final = """\
## Inheriting

`inherits = "house"` takes another strategy as the base. Values merge one by one, all the way down, and those written
here win: `[contact]` with only `gap = 7` changes the gap and nothing else, `small = { CHF = 30 }` adds a currency to an
inherited amount. Three things are taken whole, because their parts belong together:

- a **step**: writing `third` again replaces all of it; `third = ""` takes it out
- a **trigger** of the same name; with `when = ""` it is taken out
- the **list of segments**: if this file has any, none is inherited, since their order is their meaning

**One ledger** says what it does otherwise in config.toml, in the same words and by the same rules, below
`[ledgers.NAME.overrides]`: `[ledgers.acme.overrides.contact]` with `gap = 7`. A **segment** has its own `contact` and
`statement`, and an **account** its own profile, which wins over all: `dunwell profile acme lund --set contact.gap=14`
(days, hours, gap, to, by, missed and most, which is written `3/30`). `dunwell explain-config LEDGER [CUSTOMER]` shows
every value as it counts, and where it was said.

A schedule of the same name merges step by step, as with `like`. A mistake in an inherited file is reported in that
file. The version of a strategy is a hash of what it does: comments, spaces and the place where something is written do
not change it.
"""

_LIKE: Final = """\
Each `[schedule.NAME]` is a ladder of steps. `like` begins with the steps of another schedule of this strategy, in their
order; a step written here takes the place of the one of that name, or stands at the end, and `""` takes one out. A
schedule without steps is allowed: its accounts hear nothing. Names of steps are identities: what was said is remembered
by them, so a step that is renamed is said again.

A step is `name = { at = …, exactly one of say | call | notify | place, … }`:
"""

_DAYS: Final = """\
## Days

```
at = ("due"|"invoiced"|"month start"|"month end"|STEP) ("+"|"-") N ["business days"] ["every" N "times" N]
```

| Written | Means |
|---|---|
| `due - 3` | three days before the due date of the oldest invoice; moves back where no contact may fall |
| `due + 7` | seven days after it; moves on to the next day on which contacts may fall |
| `invoiced + 3` | three days after the date of the invoice, while it is not overdue |
| `month start + 2` | two days after the first of the month, so the third |
| `month end - 1 business days` | one business day before the last of the month |
| `final + 14` | fourteen days after the step `final` was said in this case, the last time; never before it was |
| `due + 7 every 7 times 3` | said three times in all, seven days apart |
| `due - 9 every 3 times 3` | the same before the due date, which the last time may not pass |

Days are those of the calendar unless "business days" stands there: then Monday to Friday without the public holidays of
the customer's country. N goes to 1,000.

{names}

A day of the month is, in a schedule, the first such day after the due date.

Up to the due date, and where days count from the invoice, a step writes (`say`): nobody is called, told or handed over
because of what is not overdue, and there is no case yet with steps that `after` could wait for. Said again there, a
turn that was missed is not made up for. `notify` is done once in a case, without "every".
"""

_NO_STEPS: Final = textwrap.fill(
    "A step cannot be called due, invoiced, month, every, times, business or like, nor as Dunwell's own tasks and "
    f"messages are: {', '.join(sorted(OURS))}.",
    width=120,
    break_on_hyphens=False,
)

_CONDITIONS: Final = """\
## Conditions

```
condition = terms {"or" terms};  terms = term {"and" term};  term = ["not"] ( test | "(" condition ")" )
test      = FACT ("=="|"!="|"<"|"<="|">"|">=") value | FACT "in" "[" value {"," value} "]" | FLAG
value     = 0 or the name of an amount (money) | N (days, counts) | N% (shares) | word or 'text' (words)
```

"and" binds closer than "or", "not" closest; brackets go twenty deep. Money and shares have no "in"; words have only
==, != and in.

**Three values.** A test is true, false or *unknown*, and only true matches. Comparing with data that is missing is
unknown; "not unknown" is unknown; "and" is false if one side is false, "or" is true if one side is true, otherwise
unknown stays unknown.

**Money** is tested currency by currency: true if true in any one, unknown if it is true in none and the amount has no
figure in one of them. Nothing is converted or added. An account without any currency has nothing in every currency.
So `balance == 0` is true as soon as one currency is at zero; "nothing at all" is `not balance > 0`.

**Words** in quotes match exactly, capitals too; words without quotes match in any case. Codes of countries, currencies
and languages match in any case, quoted or not. Where an account has several words (groups, lists, currencies), == and
in are true if any of them matches, != if none does.
"""

LINTS: Final = (
    ("a segment that is never reached", "error", "move it above the one that takes its accounts, or take it out"),
    ("no segment, or a last one with a condition", "error", "end with a segment without `when`"),
    ("two segments that overlap in part", "warning", "put first what should win, or part the conditions"),
    ("`stay` narrower than `when`", "warning", "make it wider, or accounts go to and fro"),
    (
        "an amount without a figure in a currency that others have",
        "warning",
        "add the figure, or tests are unknown there",
    ),
    ("`after` or `at` with a step that is missing, or was taken out", "error", "name another step, or take out both"),
    (
        "`after` or `at` with a step that no case has: up to the due date, counted from the invoice, or with `notify`",
        "error",
        "name a step that the customer hears when something is overdue",
    ),
    ("a step planned before the one that it comes `after`", "warning", "it will wait: count from that one"),
    ("a step counted from the invoice so late that most are overdue", "warning", "count from `due`"),
    ("a step that waits for itself", "error", "count it from `due`, or drop one `after`"),
    (
        "`call`, `place`, `notify` or `after` where nothing need be overdue",
        "error",
        "use `say`, or count on from the due date",
    ),
    ('"every" that goes over the due date, or beside `notify`', "error", "make another step of it"),
    (
        "steps closer together than the gap",
        "warning",
        "they will wait for each other: leave more days, or a smaller gap",
    ),
    (
        "more steps within some days than `most` allows",
        "warning",
        "the last of them will wait: allow more, or say less",
    ),
    ("`place` without a letter before it that has `approve = true`", "error", "add the last letter"),
    ("`place` that does not wait for that letter", "warning", "name the letter's step in `after`"),
    ("`place` without `approve = true`", "warning", "let a person look first"),
    ("a last letter, for which `place` waits, with nothing before it", "warning", "add a step before it"),
    ("`place` after a letter that gives no `deadline`", "warning", "say how long they have"),
    ("`place` before the `deadline` of its letter has passed", "warning", "it will wait: leave more days"),
    ("a letter with a `deadline` and without `approve = true`", "warning", "let a person look first"),
    ("a `deadline` for what is not overdue, or for an instalment", "error", "leave it to a letter after the due date"),
    (
        "a letter before action that is held for everybody in a country of the strategy, or of the ledger",
        "warning",
        "let counsel look at it, then name the country in `lawful`",
    ),
    ("a schedule of this file that no segment uses", "warning", "use it or take it out"),
    ("a role that looks like a misspelled one", "warning", "correct it, or ignore this if you have such a role"),
    ("a circle of `inherits` or of `like`", "error", "take one of them out"),
    ("a name that stands twice", "error", "rename one: names are identities"),
    ("a letter that is missing in a language of the strategy", "error", "write it"),
    ("a threat in a letter that no later step carries out", "warning", "take it out of the letter, or add the step"),
    ("a step that looks like a renamed one", "warning", "keep the old name, or accounts hear it twice"),
)
"""What is looked for beyond spelling and types, its level, and what to do."""


def reference() -> str:
    """The whole page."""
    parts = [
        _INTRO,
        "## The file\n\n" + _table(keys.TOP_KEYS),
        _EDITORS,
        _INHERIT,
        _section("Language", (keys.DEFAULT_LANGUAGE, keys.COUNTRY_LANGUAGE), _LANGUAGE),
        _section("Statement", keys.STATEMENT_KEYS, _STATEMENT),
        _section("Thanks", keys.THANKS_KEYS, _THANKS),
        "## Amounts\n\n" + _AMOUNTS,
        _section("Contact", keys.CONTACT_KEYS, "`[contact]` counts everywhere; a segment may set parts of it again."),
        "`most` is:\n\n" + _table(keys.MOST_KEYS),
        _section("Holds", keys.HOLDS_KEYS, "Holds are always on; `[holds]` sets their measures."),
        "`promise` is:\n\n" + _table(keys.PROMISE_KEYS),
        _section("Start", keys.START_KEYS, _START),
        _section("Payment plans", keys.PLAN_KEYS, _PLAN),
        _section("Schedules", (ladder_keys.LIKE, *ladder_keys.STEP_KEYS), _LIKE),
        _before_action(),
        _DAYS.format(names=_NO_STEPS),
        _section("Segments", segment_keys.SEGMENT_KEYS, _SEGMENTS),
        _section("Triggers", segment_keys.TRIGGER_KEYS, _TRIGGERS),
        _CONDITIONS,
        "### Facts\n\n" + "\n\n".join([_habits(), *map(_facts, FactKind)]),
        _outcomes(),
        _lints(),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


_LANGUAGE: Final = """\
`language = "de"` is one language for everybody; by country it is `language = { default = "en", DE = "de" }`. The
customer's own setting wins over both."""
_STATEMENT: Final = """\
`statement = { on = "month start + 2", when = "balance > small" }`. It asks for nothing. `on` is a day that every month
has, see *Days*; where it is none for contacts the statement goes on the next that is, also in the next month, but not
more than ten days late then. A segment may have its own. It goes with a reminder or nudge where one is near, else
alone; not while something overdue in its currency waits for `review` or `ramp` (see *Start*)."""
_THANKS: Final = """\
`thanks = { say = "thanks" }` thanks once for a case that ended because money came, where something had been said of it.
It asks for nothing, comes within ten days and on no other contact's day, and never while anything is overdue. Cases in
two currencies are two letters."""
_AMOUNTS: Final = """\
`[amounts]` names sums: `small = { EUR = 25, GBP = 20 }`, one figure per currency in whole units or with a point
(`12.50`), never below zero. A name has letters, digits and _ and is no fact. A currency without a figure is unknown,
not zero: a test against it does not match there; for `minimum` it means 0."""
_START: Final = """\
`[start]` is for books that were not chased before, or by another program (whose letters `dunwell touch import` takes
over). What is to be reviewed becomes a task; `dunwell profile LEDGER CUSTOMER --set reviewed=DAY` lets it be chased."""
_PLAN: Final = """\
`[plan]` says what may be paid in instalments (`dunwell payment-plan add` refuses what it does not allow) and what
becomes of a plan. While it is kept, only its instalments are asked for, by the steps of its own `schedule`:

```
[schedule.instalments]
soon = { at = "due - 3", say = "instalment" }
late = { at = "due + 2", say = "instalment-late" }
```

Its steps write (`say`) and count from `due`, which is the day of the instalment. Gap, cap and contact days hold for
them as for everything."""
_SEGMENTS: Final = """\
`[[segment]]` above each; read from the top, the first that is true takes the account, every day anew. The last one has
no `when`."""
_TRIGGERS: Final = """\
`[[trigger]]` above each, with one verb of a step (`place` is for schedules only)."""


_BEFORE_ACTION: Final = """\
## Letters before action

A step with a `deadline` is a letter before action: `final = { at = "due + 45", say = "final", approve = true, deadline
= 14 }`. It goes to nobody whose country or `legal_form` (in the profile) is not known, nor where the table below asks
for more than a letter can have by itself, or knows nothing: then everything is held, and a person gets a task once.
Whoever has let counsel look at the letter names the country in `lawful = ["GB"]`. In the letter, `{{ deadline.by }}` is
the day: that of the letter, and `deadline` days or those of the law, whichever are more. No agency gets the account
before the day after it. An address without a country is one at home; one with a country that nobody knows is nowhere.

These are engineering notes, read in public pages on 22 November 2026 (`strategy/law.py` says which), and no advice.
What is not in the table is a person's decision.
"""


def _before_action() -> str:
    rows = [_row("Country", "To a", "Days", "Besides sum, reason and day it needs"), _row(*["---"] * 4)]
    for one in DEMANDS:
        forms = ", ".join(form.replace("_", " ") for form in one.forms)
        rows.append(_row(one.country, forms, str(one.days) if one.days else "none set", one.asks or "nothing"))
    return _BEFORE_ACTION + "\n" + "\n".join(rows)


def _section(title: str, of: Sequence[Key[object]], text: str) -> str:
    return f"## {title}\n\n{text.strip()}\n\n{_table(of)}"


def _table(of: Iterable[Key[object]]) -> str:
    rows = [_row("Setting", "Takes", "Default", "Meaning", "Example"), _row(*["---"] * 5)]
    for key in of:
        unit = f" ({key.unit})" if key.unit else ""
        default = (
            "**must be there**"
            if key.required
            else key.default or ("one of four" if key in ladder_keys.VERBS else "none")
        )
        rows.append(_row(f"`{key.name}`", key.kind.says + unit, default, key.meaning, f"`{key.written}`"))
    return "\n".join(rows)


def _habits() -> str:
    names = ", ".join(f"`{name}`" for name in FACTS if name in HABITS)
    return (
        f"**Habits** are {names}. They are unknown while an account is `new`, "
        "and so is each of them without anything to measure: nothing paid is not the same as paid in time."
    )


def _facts(kind: FactKind) -> str:
    facts = [fact for fact in FACTS.values() if fact.kind is kind]
    titles = {FactKind.MONEY: "Money", FactKind.FLAG: "Flags"}
    title = titles.get(kind, f"{kind.value.capitalize()}s".replace("Dayss", "Days"))
    example = EXAMPLES[kind].format(facts[0].name)
    rows = [_row(title, "Meaning"), _row("---", "---")]
    rows += [_row(f"`{fact.name}`", fact.meaning) for fact in facts]
    codes = f" Codes: {', '.join(CODES)}." if kind is FactKind.WORD else ""
    return f"Compared with {TAKES[kind]}, as in `{example}`.{codes}\n\n" + "\n".join(rows)


def _outcomes() -> str:
    rows = [_row("Outcome", "Meaning"), _row("---", "---")]
    rows += [_row(f"`{name}`", meaning) for name, meaning in OUTCOMES.items()]
    intro = "### Outcomes\n\n`STEP.outcome` is what came of a step of any schedule in this case, as in\n"
    return intro + "`call.outcome == unreachable`. Unknown while nothing came of it.\n\n" + "\n".join(rows)


def _lints() -> str:
    rows = [_row("Found", "Level", "What to do"), _row("---", "---", "---")]
    return "## Lints\n\nBeyond unknown settings and wrong values:\n\n" + "\n".join(
        rows + [_row(*lint) for lint in LINTS]
    )


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(reference())
