"""What would change an answer: beside each reason, the sentence that says how it ends, with the command that ends it.

Sentences are data, as in `explain.SENTENCES`.
"""

from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Final

from strategy.account import Account
from strategy.agreements import HoldKind
from strategy.decision import Reason
from strategy.explain import words
from strategy.model import Record

_LEFT_OUT: Final = 'Step "{step}" is left out if they pay, promise or dispute it first, or with: '
_ADDRESS: Final = "Chasing goes on with: dunwell profile {ledger} {customer} --set role.{role}.email=ADDRESS"
_BILLING: Final = (
    "Chasing goes on once there is an address in the books, or with: "
    "dunwell profile {ledger} {customer} --set role.billing.email=ADDRESS"
)
_WRITTEN: Final = (
    'Chasing goes on once somebody has written it, and noted that as step "{step}": dunwell touch import {ledger} FILE'
)

CHANGES: Final[Mapping[str, str]] = {
    "step_due": _LEFT_OUT + "dunwell reject {ledger} {row}",
    "early_step": _LEFT_OUT + "dunwell reject {ledger} {row}",
    "instalment_due": _LEFT_OUT + "dunwell reject {ledger} {row}",
    "statement_due": "The statement is left out once nothing is open, or with: dunwell reject {ledger} {row}",
    "no_such_step": "It comes with one of those segments, or with that step in this segment's schedule.",
    "step_ahead": "It comes earlier only with another day for it in the strategy.",
    "needs_step": "It comes once that was said.",
    "counts_from": "It comes once that was said.",
    "when_not_true": "It comes once that is true.",
    "another_step": 'Each comes in its turn with missed = "sequence" below [contact] in the strategy.',
    "folded": "It comes once nothing is overdue.",
    "not_due": "Before {due_on} only the books change that: with a payment, or another due date.",
    "waiting": 'Step "{step}" comes sooner only if the account changes: another segment, or a broken promise.',
    "gap": "Other days lie between two contacts with: dunwell profile {ledger} {customer} --set contact.gap=DAYS",
    "most": "Chasing goes on once one of those contacts is {days} days back.",
    "closed_day": "{weekday} counts for this customer with: dunwell profile {ledger} {customer} "
    "--set contact.days=DAYS",
    "payment_run": "Any day would do without their pay day: dunwell profile {ledger} {customer} --unset run",
    "schedule_ended": "Chasing goes on with another step in the strategy; money or a write-off in the books ends it.",
    "not_started": "Reminding begins on another day with another on below [start] in the strategy.",
    "review": "Chasing goes on once somebody has looked: dunwell profile {ledger} {customer} --set reviewed={today}",
    "ramp": "More of them hear it on one day with another ramp below [start] in the strategy.",
    "handed_over": "Whoever it is handed to finds it, and says what came of it, with: dunwell tasks {ledger}",
    "opens_with_final": "Chasing goes on once somebody has: dunwell touch add {ledger} {customer} --note WHAT",
    "law_wants_country": "Chasing goes on with, for example: dunwell profile {ledger} {customer} --set country=DE",
    "law_wants_form": "Chasing goes on with, for example: dunwell profile {ledger} {customer} --set legal_form=company",
    "law_not_known": _WRITTEN,
    "law_asks": _WRITTEN,
    "they_wrote": "Chasing goes on after {until}, or once somebody has answered: "
    "dunwell touch add {ledger} {customer} --channel email --note WHAT",
    "deadline_runs": "Chasing goes on after {until}, or ends with the money.",
    "undeliverable": _ADDRESS,
    "no_address": _ADDRESS,
    "disputed": "The dispute ends once it is settled, with: dunwell dispute end {ledger} {dispute}",
    "credit_expected": "That ends with the credit note in the books, or with: dunwell dispute end {ledger} {dispute}",
    "claimed_paid": "The claim ends when the payment is in the books, after {until} if it is not, or with: "
    "dunwell claim end {ledger} {claim}",
    "promised": "The promise ends when it is paid, after {until} if it is not, or with: "
    "dunwell promise end {ledger} {promise}",
    "planned": "The plan ends when all of it is paid, when an instalment is not, or with: "
    "dunwell payment-plan end {ledger} {plan}",
    "never_sent": "Chasing goes on once the invoice is marked as sent, and the books are read: dunwell sync {ledger}",
    "unreadable": "Chasing goes on once it is saved again in the books, so that it can be read: dunwell sync {ledger}",
    "history_incomplete": "Chasing goes on once both agree, and the books are read: dunwell sync {ledger} --full",
    "credit_covers": "Chasing goes on once the credit is used for something else, or refunded, in the books.",
    "below_minimum": "Chasing goes on once more than that is overdue, or with a lower minimum in [holds].",
    "platform_says_less": "Chasing goes on once both agree, or with: dunwell tie-out accept {ledger} {customer} "
    "--reason WHY",
    "outcome_unknown": "Chasing goes on once somebody has looked whether it left: dunwell outbox {ledger}",
    "next_action": "Chasing goes on after {next_on}; what came of it stands in: dunwell tasks {ledger}",
    "placed": "Chasing goes on once they are told to stop: dunwell agency recall {ledger} {customer} --reason WHY",
    "pull_stale": "Chasing goes on with: dunwell sync {ledger}",
    "books_not_reconciled": "Chasing goes on with: dunwell reconciled {ledger} {today}",
    "platform_reminders_on": "Chasing goes on once they are off and the books are read: dunwell sync {ledger}",
    "platform_reminders_unconfirmed": "Chasing goes on with that line in config.toml; then see: dunwell check",
    "customer_unreadable": "Chasing goes on once {customer} is saved again in the books, so that it can be read: "
    "dunwell sync {ledger}",
    "ledger_out_of_balance": "Chasing goes on once few enough differ: dunwell tie-out {ledger}",
} | dict.fromkeys(HoldKind, "The hold ends after {until}, or before with: dunwell hold end {ledger} {hold}")

WITHOUT: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("step_due", "early_step", "instalment_due"),
        _LEFT_OUT + "dunwell hold add {ledger} {customer} --kind paused --reason WHY",
    ),
    "statement_due": "The statement is left out once nothing is open.",
    "promised": "The promise is judged once the books are matched through {promised_on} or later: "
    "dunwell reconciled {ledger} {today}",
    "closed_day": "A public holiday is kept, whatever days are set for this customer.",
    **dict.fromkeys(("undeliverable", "no_address"), _BILLING),
    **dict.fromkeys(HoldKind, "The hold ends with: dunwell hold end {ledger} {hold}"),
}
"""The same where a fact is not known: no message waits in the outbox, a hold has no last day, a promise is past
its own and not judged, a day is closed whatever its weekday, or the books may have the address that is missing.
"""

NEED_NONE: Final = frozenset(
    {
        *("segment", "segment_last", "dwells", "test"),
        *(
            "said_before",
            "told_before",
            "said_instead",
            "other_first",
            "receipt_late",
            "skipped_before",
            "step_passed",
            "step_behind",
            "lead",
        ),
        *("superseded", "promise_broken", "plan_not_kept", "case_paid"),
        *("notify_due", "trigger", "trigger_over", "trigger_gone", "trigger_moved", "call_again"),
        *("dispute_to_answer", "dispute_unanswered", "credit_wanted", "payment_to_find", "promise_missed"),
        *("plan_missed", "placed_paid", "placed_settled", "placed_reopened", "placed_disputed", "placed_claimed"),
        *("packed", "placed_recalled", "pack_unconfirmed"),
        *("exclusion", "exclusion_ends", "holds_disagree"),
    }
)
"""Reasons that hold nothing and are no step's own: where an account stands, what is said beside, work for people."""


class Whose(Record):
    """What a sentence names besides the reason's own facts. `customer`: as a command takes it. `row`: the eight
    characters of a message that waits in the outbox, None where none does.
    """

    ledger: str
    customer: str
    today: date
    row: str | None = None


def whose(account: Account, today: date, row: str | None = None) -> Whose:
    """The account's. Its name where a command line takes that as it is, else its id."""
    name = account.customer.name
    plain = set(name).isdisjoint('"\\$`!') and not name.startswith("-")
    return Whose(
        ledger=account.ledger.name,
        customer=f'"{name}"' if plain else account.customer.id,
        today=today,
        row=row,
    )


def change(why: Reason, of: Whose) -> str | None:
    """What would change what the reason does; None for those that need no such sentence."""
    facts = {"ledger": of.ledger, "customer": of.customer, "today": of.today.isoformat(), **words(why)}
    known = {name for name in facts if why.facts.get(name, "") is not None}
    if of.row is not None:
        facts["row"] = of.row
        known.add("row")
    texts = (choice[why.code] for choice in (CHANGES, WITHOUT) if why.code in choice)
    return next((text.format_map(facts) for text in texts if _names(text) <= known), None)


def _names(text: str) -> set[str]:
    """The facts that a sentence takes."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}
