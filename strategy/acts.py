"""What is done beside the steps of a schedule, by the name that the outbox keys have for it.

A step of such a name would have the same key in some case, and one of the two would never come; `check` refuses it.
"""

from enum import StrEnum


class Act(StrEnum):
    """What of ours is done. An agency hears as `AGENCY`, which a step may be called: no case has its occasions."""

    STATEMENT = "statement"
    THANKS = "thanks"
    REVIEW = "review"
    OPENS_WITH_FINAL = "opens_with_final"
    NO_ADDRESS = "no_address"
    LAW_WANTS_COUNTRY = "law_wants_country"
    LAW_WANTS_FORM = "law_wants_form"
    LAW_NOT_KNOWN = "law_not_known"
    LAW_ASKS = "law_asks"
    UNDELIVERABLE = "undeliverable"
    APPLY_CREDIT = "apply-credit"
    EXCLUSION = "exclusion"
    EXCLUSION_ENDS = "exclusion-ends"
    HOLDS_DISAGREE = "holds-disagree"
    ANSWER_DISPUTE = "answer-dispute"
    DISPUTE_UNANSWERED = "dispute-unanswered"
    CREDIT_WANTED = "credit-wanted"
    PLAN_MISSED = "plan-missed"
    FIND_PAYMENT = "find-payment"
    PROMISE_BROKEN = "promise-broken"
    PACK = "agency-pack"
    PACK_UNCONFIRMED = "pack-unconfirmed"
    RECALL = "recall"
    AGENCY = "agency"
    NOTED = "noted"


OURS = frozenset(Act) - {Act.AGENCY}
"""What no step may be called."""


def of_trigger(name: str) -> str:
    """What a trigger does, by its name: keys are parted by strokes."""
    return name.replace("/", "-")
