"""Reasons as sentences: the same words on the command line, in the console, in the portal and in notes."""

import re
from collections.abc import Mapping
from typing import Final

from strategy import money
from strategy.agreements import HoldKind
from strategy.decision import Fact, Reason
from strategy.text.grammar.facts import FACTS

_AMOUNTS: Final = frozenset({"minimum", "asked", "theirs", "found", "figure", "paid", "expected", "instalment"})
"""Facts in minor units of the reason's own "currency"."""

_UNLESS_TOLD: Final = {"roles": "whoever it is to"}
"""What stands for facts that reasons of earlier versions lack."""

_ONE: Final = re.compile(r"(?<![\w.,-])1 (day|contact|time)s\b")
_EXCLUSION: Final = "Held since {since}: {kind} ({reason})."

SENTENCES: Final[Mapping[str, str]] = {
    "segment": 'In segment "{segment}", because {condition}.',
    "segment_last": 'In segment "{segment}", which takes every account that no segment above it takes.',
    "dwells": 'Stays in segment "{segment}" for {days} days from {since}.',
    "test": "{test}",
    "step_due": 'Step "{step}" ({at}) has been due since {since}: invoice {lead} is {days} days overdue.',
    "superseded": "Left out, because a later step is due: {steps}.",
    "promise_broken": "The promise for {promised_on} was not kept: the tone rises by a step.",
    "plan_not_kept": "Payment plan {plan} was not kept (instalment of {due_on}): the ladder goes on where it stood.",
    "early_step": 'Step "{step}" ({at}): invoice {invoice} falls due on {due_on}.',
    "statement_due": "The statement of {month} is due ({at}).",
    "case_paid": "Case {case} ended on {on} because it was paid.",
    "notify_due": 'Invoice {lead} has come to step "{step}" ({at}): a person decides what comes now.',
    "trigger_over": '"{trigger}" is over: {condition} is not true any more.',
    "trigger_gone": '"{trigger}" is over: it is no longer in the strategy.',
    "trigger_moved": '"{trigger}" is over for {customer}, whose invoices count for another account now. '
    "That one is judged by itself.",
    "trigger": '"{trigger}" became true: {condition}.',
    "no_such_step": 'Segment "{segment}" has no step "{step}" in its schedule; these segments have: {segments}.',
    "said_before": 'Step "{step}" was said before, on {on}, and is not said again.',
    "told_before": 'Our own people heard of step "{step}" in this case before.',
    "said_instead": 'Step "{other}" is what speaks of it on that day.',
    "other_first": 'Step "{other}" is due, too, and goes before "{step}"; only one of them is said on a day.',
    "receipt_late": 'Step "{step}" ({at}) asks whether it arrived, and more than {days} days later nobody is asked.',
    "skipped_before": 'Somebody rejected step "{step}" on {on}; that counts as said.',
    "step_passed": 'Step "{step}" has passed: "{other}" had its turn on {on}, and no step before it is said after it.',
    "step_ahead": 'Step "{step}" ({at}) does not come before {day}.',
    "step_behind": 'Step "{step}" ({at}) is for what is not overdue; this fell due on {due_on}.',
    "counts_from": 'Step "{step}" ({at}) counts its days from "{other}", which was not said in this case.',
    "needs_step": 'Step "{step}" only follows "{other}", which was not said in this case.',
    "when_not_true": 'Step "{step}" is said only while this is true: {condition}.',
    "another_step": 'Step "{due}" went before "{step}": {rule}.',
    "lead": "Steps go by the oldest invoice that may be asked for, and name the others: {lead}, due on {due_on}.",
    "folded": "Something of theirs is overdue: then nothing is said of what is not due yet.",
    "not_due": "Not due before {due_on}.",
    "waiting": 'Waits for step "{step}" on {until}.',
    "gap": "The last contact was on {last}, and {days} days lie between two.",
    "most": "There were {contacts} contacts within {days} days, which is the most allowed.",
    "closed_day": "{on} is no day to contact this customer: a weekend, a public holiday, or not one of the strategy's.",
    "payment_run": "{on} is not right before a day on which they pay ({run}).",
    "schedule_ended": "Every step of the schedule has passed; a person decides what comes now.",
    "not_started": "Reminding begins on {on}; before, nothing is said.",
    "review": "Invoice {lead} is {days} days overdue, and its case has heard nothing yet: after {after} days a person "
    "looks first, and lets it be chased with dunwell profile, reviewed=DAY.",
    "opens_with_final": 'Step "{step}" is a last letter, and its case has heard nothing yet: speak with them first, '
    "and note it with dunwell touch add.",
    "ramp": "At most {most} accounts hear their first word on one day, those with the oldest invoices first.",
    "law_wants_country": 'Step "{step}" is a letter before action, and nobody knows by the law of which country: set '
    "it with dunwell profile, country=DE.",
    "law_wants_form": 'Step "{step}" is a letter before action, and the law of {country} first wants to know to whom: '
    "set it with dunwell profile, legal_form=company (or public, sole_trader, consumer).",
    "law_not_known": 'Step "{step}" is a letter before action, and what the law of {country} asks of one to a {form} '
    "is not known here: write it yourselves and note it (dunwell touch import), or let counsel look and add the "
    "country to lawful.",
    "law_asks": 'Step "{step}" is a letter before action, and to a {form} in {country} it needs {asks}: write it '
    "yourselves and note it (dunwell touch import), or let counsel look and add the country to lawful.",
    "deadline_runs": 'Step "{step}" of {on} gives them until {until}; nobody is handed over before.',
    "handed_over": 'Step "{step}" hands it to a person ({who}).',
    "undeliverable": 'Step "{step}" failed {tries} times; find another address or channel.',
    "no_address": 'Step "{step}" reaches nobody: {roles} has no address that works; add one.',
    "disputed": "Disputed since {opened_on} ({category}).",
    "credit_expected": "They are right ({category}), since {resolved_on}: a credit note is expected in the books.",
    "dispute_to_answer": "Disputed since {opened_on} ({category}): answer by {answer_by}.",
    "dispute_unanswered": "Disputed since {opened_on} ({category}), and nobody answered by {answer_by}.",
    "credit_wanted": "They are right ({category}): give them a credit note of {expected} in the books.",
    "claimed_paid": "They said on {claimed_on} that it is paid; the bookkeeper is looking.",
    "promised": "Promised for {promised_on}; judged after {deadline}, on books matched through that day.",
    "planned": "In payment plan {plan}: only its instalments are asked for (next: {next_on}).",
    "instalment_due": 'Step "{step}" ({at}): instalment {number} of plan {plan}, {instalment}, is due on {due_on}.',
    "payment_to_find": "They said on {claimed_on} that they paid on {paid_on} ({reference}): find it by {until}, "
    "then end the claim.",
    "promise_missed": "What was promised for {promised_on} had not come by {deadline}.",
    "plan_missed": "Payment plan {plan} has ended: instalment {number} of {due_on} had not come by {deadline}.",
    "never_sent": "The platform says it was never sent to the customer: send it first, or mark it as sent.",
    "unreadable": "What the platform now says of it cannot be read, and what it said before may be over: dunwell check "
    "tells what is wrong.",
    "history_incomplete": "The payments on record settle more than the platform's balance says; the lower one counts.",
    "credit_covers": "Unapplied credit covers it ({credits}): apply it in the books.",
    "below_minimum": "What could be asked for is not above the minimum of {minimum}.",
    "platform_says_less": "We would ask for {asked}, but the platform says that only {theirs} is owed.",
    "outcome_unknown": 'Step "{step}" of {on} may or may not have left: clear it with dunwell outbox.',
    "next_action": 'Step "{step}" of {on}: {outcome}. It is done again on {next_on}; until then nothing else is said.',
    "they_wrote": "They wrote to us on {on}: a person answers first, and nothing else is said through {until}.",
    "placed": "{agency} has had it since {since}, and nothing is chased beside an agency.",
    "placed_paid": "{paid} came to us while {agency} has it: tell them at once, and recall it if nothing is left.",
    "placed_settled": "{figure} less is open of what {agency} has: tell them at once, or recall it if nothing is left.",
    "placed_reopened": "{figure} is open again of what {agency} has: tell them at once, and ask whether they go on.",
    "placed_disputed": "Disputed on {opened_on} ({category}) while {agency} has it: tell them at once, or recall it.",
    "placed_claimed": "They said on {claimed_on} that it is paid, while {agency} has it: tell them at once.",
    "packed": "Papers for {agency} are on their way.",
    "placed_recalled": "Taken back from {agency}.",
    "pack_unconfirmed": "The pack of {on} for {agency} (task {task}) was to be confirmed by {by}: ask them for count "
    "and total, then dunwell agency ack.",
    "call_again": 'Step "{step}" of {on}: {outcome}. It was to be done again on {next_on}.',
    "pull_stale": "The books must be at most a day old (last read: {pulled_on}): run dunwell sync.",
    "books_not_reconciled": "The books must be matched through a day at most {within} business days back (last: "
    "{through}): match them, then say so with dunwell reconciled.",
    "platform_reminders_on": "The platform's own reminders are on: switch them off there first.",
    "platform_reminders_unconfirmed": "Nobody has confirmed that the platform's own reminders are off: look, then "
    'set platform_reminders = "off" with the day.',
    "customer_unreadable": "What the platform now says of {customer} cannot be read: dunwell check tells why.",
    "ledger_out_of_balance": "Too many accounts of this ledger differ from the platform's balances: dunwell tie-out.",
    "paused": "Paused since {since}: {reason}.",
    "exclusion": "Not to be chased since {since}: {kind} ({reason}). Somebody has to look after it.",
    "exclusion_ends": "The hold ends on {until}, and chasing begins again: {kind} ({reason}). Is that still right?",
    "holds_disagree": "Hold {hold} ({kind}) and hold {other} ({other_kind}) cannot both be right. Both stand until one "
    "is ended.",
    "opted_out": "They asked on {since} not to be contacted: {reason}.",
} | {kind: _EXCLUSION for kind in HoldKind if kind not in {HoldKind.PAUSED, HoldKind.OPTED_OUT}}


def sentence(why: Reason) -> str:
    """The reason as one sentence in English."""
    if why.code == "test":
        return _test(words(why))
    text = SENTENCES[why.code].format_map({**_UNLESS_TOLD, "kind": why.code.replace("_", " "), **words(why)})
    return _ONE.sub(r"1 \1", text)


def words(why: Reason) -> dict[str, str]:
    """Its facts as the sentences write them."""
    return {name: _word(name, value, why.facts) for name, value in why.facts.items()}


def plain_facts(why: Reason) -> dict[str, Fact]:
    """The facts for programs: amounts as decimal strings in the reason's own currency."""
    currency = why.facts.get("currency")
    return {
        name: str(money.to_decimal(value, currency))
        if name in _AMOUNTS and isinstance(value, int) and isinstance(currency, str)
        else value
        for name, value in why.facts.items()
    }


def amount(minor: int, currency: str) -> str:
    """An amount as the sentences write it: "1,200.00 EUR"."""
    return f"{money.to_decimal(minor, currency):,} {currency}"


def _word(name: str, value: Fact, facts: Mapping[str, Fact]) -> str:
    currency = facts.get("currency")
    if name in _AMOUNTS and isinstance(value, int) and isinstance(currency, str):
        return amount(value, currency)
    return "never" if value is None else str(value)


def _test(words: Mapping[str, str]) -> str:
    """A condition's test, what it met, and what that is."""
    met = words.get("found") or words.get("number") or words.get("words")
    figure = f" ({words['figure']})" if "figure" in words and words["figure"] != "never" else ""
    fact = next((FACTS[name] for name in re.findall(r"[\w.]+", words["test"]) if name in FACTS), None)
    meaning = f" ({re.split('[:;,]', fact.meaning)[0]})" if fact else ""
    return f"{words['test']}{figure}: it is {met or 'not known'}{meaning}."
