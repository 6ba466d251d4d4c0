"""Who the customers are: the ones every training needs, written by hand, and many ordinary ones around them."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from dunwell.sandbox.books.records import Address
from dunwell.sandbox.dice import Dice
from dunwell.sandbox.story import names
from dunwell.sandbox.story.company import Plot
from dunwell.sandbox.story.habits import Habit


class Role(Struct, frozen=True, kw_only=True):
    """A customer and how it behaves. Amounts in whole units of its currency.

    `every_days`: about how often it buys. `batches`: one payment for all invoices of a day. `parent`: the key of the
    customer it belongs to. `quits_days`: it has bought nothing for so many days before the start.
    `accidents`: per mille of its invoices that go another way than issued, sent, paid (see `incidents`).
    """

    key: str
    name: str = ""
    habit: Habit = Habit.USUAL
    term_days: int | None = 30
    every_days: int = 45
    amount: tuple[int, int] = (180, 2400)
    currency: str = ""
    other_currency: str | None = None
    given_name: str = ""
    family_name: str = ""
    email: str | None = ""
    phone: str | None = None
    address: Address = Address(street="", city="")
    batches: bool = False
    parent: str | None = None
    bills_parent: bool = False
    pays_online: bool = True
    sent: bool = True
    has_due_dates: bool = True
    quits_days: int = 0
    accidents: int = 0


_BY_HAND = (
    Role(key="chronic", name="Harrowgill & Finch Construction", habit=Habit.LATE, every_days=14, amount=(900, 7800)),
    Role(key="thursdays", name="Kestrelline Foods", habit=Habit.THURSDAYS, every_days=9, batches=True, term_days=15),
    Role(key="worsening", name="Vantagrove Framing", habit=Habit.WORSENING, every_days=16, amount=(700, 4200)),
    Role(key="slow", name="D'Arvelle Interiors", habit=Habit.SLOW, every_days=30, amount=(400, 5200)),
    Role(key="large", name="Corvane Regional Clinics", term_days=60, every_days=30, amount=(38000, 96000)),
    Role(key="large_prompt", name="Fenwick, Grue & Partners", habit=Habit.PROMPT, term_days=60, amount=(9000, 30000)),
    Role(key="small", name="Pip's Lemonade Stand", habit=Habit.PROMPT, term_days=10, amount=(12, 85)),
    Role(key="apostrophe", name="O'Brannigan's Hardware", habit=Habit.USUAL, every_days=21),
    Role(key="umlauts", name="Müllerström & Söhne Feinmechanik", habit=Habit.EARLY, every_days=30),
    Role(key="accent", name="Café Zéphyrin", habit=Habit.USUAL, term_days=10, amount=(60, 700)),
    Role(key="good", name="Tom & Ada's Delicatessen", habit=Habit.EARLY, every_days=14, term_days=15),
    Role(key="no_email_good", name="Larchwood Choir", habit=Habit.PROMPT, email=None),
    Role(key="no_email_late", name="Oldmarrow Fishery", habit=Habit.LATE, email=None, every_days=30),
    Role(key="no_email_slow", name="Brothers Quennel Salvage", habit=Habit.SLOW, email=None),
    Role(key="two_emails", name="Halloran Twin Cinemas", habit=Habit.USUAL, every_days=30),
    Role(key="never_sent", name="Parish of St. Orrin", habit=Habit.SLOW, every_days=40, sent=False),
    Role(
        key="no_due_dates",
        name="Quillmere Allotment Society",
        has_due_dates=False,
        term_days=None,
        habit=Habit.SLOW,
    ),
    Role(key="archived", name="Blue Lanternfish Nightclub", habit=Habit.PROMPT, every_days=30, quits_days=110),
    Role(key="merge_loser", name="Sparrow Hill Montesori", habit=Habit.LATE, every_days=30, quits_days=45),
    Role(key="merge_winner", name="Sparrow Hill Montessori", habit=Habit.USUAL, every_days=60),
    Role(key="twin_loser", name="Tamrow Cycle Depot", habit=Habit.USUAL, quits_days=75),
    Role(key="twin_winner", name="Tamrow Cycle Depot & Sons", habit=Habit.USUAL, every_days=50),
    Role(key="parent", name="Oakmerrow Property Group", habit=Habit.USUAL, every_days=60, amount=(1200, 6400)),
    Role(key="job_1", name="Maple Court 12", habit=Habit.USUAL, every_days=30, parent="parent", bills_parent=True),
    Role(key="job_2", name="Elm House", habit=Habit.LATE, every_days=30, parent="parent", bills_parent=True),
    Role(key="job_3", name="Harbor Lofts", habit=Habit.USUAL, every_days=45, parent="parent"),
    Role(key="offline", name="Stonemason Hale", habit=Habit.USUAL, every_days=30, pays_online=False),
    Role(key="covered", name="Gannet Bay Sailing Club", habit=Habit.PROMPT, quits_days=95),
    Role(key="on_account", name="Irongarth Tool Hire", habit=Habit.PROMPT, quits_days=95),
    Role(key="in_credit", name="Marlow & Daughters Books", habit=Habit.EARLY, quits_days=60),
    Role(key="deposits", name="Norlight & Voss Kitchens", habit=Habit.USUAL, quits_days=80),
    Role(key="bounced", name="Rookery & Ryle Distillers", habit=Habit.USUAL, quits_days=80),
    Role(key="corrected", name="Sevenbellow School", habit=Habit.PROMPT, quits_days=90),
    Role(key="short_payer", name="Tessellate Tiling", habit=Habit.USUAL, quits_days=85),
)
"""The customers that every training needs."""

_TWO_CURRENCIES = ("apostrophe", "chronic")

_ORDINARY = (
    [(Habit.EARLY, 10, 21), (Habit.PROMPT, 15, 21), (Habit.USUAL, 30, 14), (Habit.USUAL, 30, 21)]
    + [
        (Habit.PROMPT, 30, 30),
        (Habit.USUAL, 30, 30),
        (Habit.USUAL, 15, 30),
        (Habit.EARLY, 30, 30),
        (Habit.LATE, 30, 30),
    ]
    * 2
    + [
        (Habit.USUAL, 30, 60),
        (Habit.PROMPT, 60, 60),
        (Habit.USUAL, 10, 75),
        (Habit.SLOW, 30, 60),
        (Habit.EARLY, 15, 75),
    ]
    * 4
)


def cast(plot: Plot, seed: int) -> list[Role]:
    """All customers of a company, complete with addresses, parents before their sub-customers."""
    roles = [*_BY_HAND, *_ordinary(plot, Dice(seed, plot.company.key, "cast"))]
    return [_complete(role, plot, Dice(seed, plot.company.key, role.key, "person")) for role in roles]


def _ordinary(plot: Plot, dice: Dice) -> Iterator[Role]:
    firms = names.firms(dice, plot.share, len(_ORDINARY))
    for number, (firm, (habit, term_days, every_days)) in enumerate(zip(firms, _ORDINARY, strict=True), start=1):
        low = dice.number(40, 900)
        yield Role(
            key=f"ordinary_{number}",
            name=firm,
            habit=habit,
            term_days=term_days,
            every_days=every_days,
            amount=(low, low * dice.number(2, 6)),
            accidents=170,
        )


def _complete(role: Role, plot: Plot, dice: Dice) -> Role:
    given_name, family_name = names.person(dice)
    return replace(
        role,
        given_name=given_name,
        family_name=family_name,
        email=_email(role, dice),
        phone=names.phone(dice) if dice.chance(80) else None,
        address=names.address(dice, plot.company.country),
        currency=_currency(role, plot, dice),
        other_currency=plot.currencies[1] if role.key in _TWO_CURRENCIES and len(plot.currencies) > 1 else None,
        parent=role.parent if plot.jobs else None,
        bills_parent=role.bills_parent and plot.jobs,
    )


def _email(role: Role, dice: Dice) -> str | None:
    if role.email is None:
        return None
    email = names.email(dice, role.name)
    return f"{email}, owner@{names.slug(role.name)}.example" if role.key == "two_emails" else email


def _currency(role: Role, plot: Plot, dice: Dice) -> str:
    abroad = len(plot.currencies) > 1 and role.key.startswith("ordinary") and dice.chance(35)
    return dice.pick(plot.currencies[1:]) if abroad else plot.currencies[0]
