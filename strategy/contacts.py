"""Whether an account may be contacted, and where: the gap and the cap over all sources, and the first address that
reaches.

All contacts count, whoever made them: reminders, statements, calls, and what people note of contacts made elsewhere.
Several on one day are one contact.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from strategy.account import Account, Receivable, Role
from strategy.decision import Reason, reason
from strategy.model import Currency, Record
from strategy.rules import Contact

BILLING = "billing"
"""The role that falls back on the addresses in the books; every other role is only what the profile says."""

CALL = "call"
TASK = "task"


class Freedom(Record):
    """From which day on the account may be contacted (today or earlier: it may), and what stands before that."""

    since: date
    why: Reason | None = None


class Route(Record):
    """Where a message goes. `name` may be empty; `to` are addresses of the channel, empty for a call."""

    channel: str
    role: str
    name: str
    to: tuple[str, ...]


def freedom(account: Account, contact: Contact, as_of: date, currency: Currency) -> Freedom:
    """When the next contact is allowed. A second currency may follow on the first one's day, where it might have come
    first: it is the same contact. What somebody else said on the day is not.
    """
    days = sorted({touch.on for touch in account.touches})
    today = [touch for touch in account.touches if touch.on == as_of]
    if today and days[-1] == as_of and not any(touch.noted or touch.currency == currency for touch in today):
        days.pop()
    if not days:
        return Freedom(since=date.min)
    free = [Freedom(since=days[-1] + timedelta(days=contact.gap), why=reason("gap", last=days[-1], days=contact.gap))]
    if contact.most and len(days) >= contact.most.contacts:
        oldest = days[-contact.most.contacts]
        since = oldest + timedelta(days=contact.most.days)
        free.append(Freedom(since=since, why=reason("most", contacts=contact.most.contacts, days=contact.most.days)))
    return max(free, key=lambda one: one.since)


def route(account: Account, lead: Receivable | None, to: tuple[str, ...], by: tuple[str, ...]) -> Route | None:
    """The first channel that reaches the first role that has an address; None where nobody can be reached.

    `lead` None: it is about no invoice that is open, whose own addresses would come first.
    """
    for channel in by:
        if channel == CALL:
            return Route(channel=TASK, role=to[0], name="", to=())
        if channel in account.ledger.channels:
            for role in to:
                if found := _reach(account, lead, role, channel):
                    return found
    return None


def reaches_nobody(step: str, to: tuple[str, ...]) -> Reason:
    """Why a step cannot be said: none of these roles has an address. Its `role` is one of which only the profile can
    tell an address, None where the books can, too.
    """
    return reason("no_address", step=step, roles=" or ".join(to), role=_in_the_profile(*to))


def failed(step: str, role: str, tries: int) -> Reason:
    """Why a step is not tried again; its `role` as in `reaches_nobody`."""
    return reason("undeliverable", step=step, tries=tries, role=_in_the_profile(role))


def _in_the_profile(*roles: str) -> str | None:
    """The first of them, unless the books have addresses for one."""
    return None if BILLING in roles else roles[0]


def _reach(account: Account, lead: Receivable | None, role: str, channel: str) -> Route | None:
    for person in _people(account, role):
        if person.email and _works(account, person.email):
            return Route(channel=channel, role=role, name=person.name, to=(person.email,))
    if role == BILLING and (emails := _billing(account, lead)):
        return Route(channel=channel, role=role, name=_name_of(account, emails[0]), to=emails)
    return None


def _billing(account: Account, lead: Receivable | None) -> tuple[str, ...]:
    """The invoice's own addresses, else the customer's, else those of its people; without those that came back."""
    people = tuple(dict.fromkeys(one.email for one in account.customer.people if one.email)) if account.bounces else ()
    for emails in (lead.emails if lead else (), account.customer.emails, people):
        if working := tuple(one for one in emails if _works(account, one)):
            return working
    return ()


def _works(account: Account, email: str) -> bool:
    return email.casefold() not in account.dead_addresses


def _people(account: Account, role: str) -> Iterator[Role]:
    return (person for person in account.profile.roles if person.role == role)


def _name_of(account: Account, email: str) -> str:
    """The person behind an address, where the books say."""
    return next((person.name for person in account.customer.people if person.email == email), "")
