"""The collection agencies of config.toml."""

from collections.abc import Mapping
from typing import Final

from dunwell.config import keys
from strategy.account import Agency
from strategy.model import Currency
from strategy.text.kinds import COUNTRIES, CURRENCIES, NAME, TEXT, YES, one_of, whole
from strategy.text.nodes import Node, made
from strategy.text.parts.keys import LANGUAGE_CODE
from strategy.text.table import Findings, Key, Table, Wrong, entries, setting
from sync.settings import Hands

AGENCY_NAME: Final = Key(
    name="name",
    kind=TEXT,
    meaning="The agency's name, as letters address it.",
    example='"Northgate Ltd"',
    required=True,
)
AGENCY_TO: Final = Key(
    name="to",
    kind=keys.ADDRESS,
    meaning="Where it hears of packs, payments, disputes and recalls.",
    example='"cases@northgate.example"',
    default="a task for the owner instead",
)
AGENCY_CURRENCIES: Final = Key(
    name="currencies", kind=CURRENCIES, meaning="The currencies it takes.", example='["EUR", "GBP"]', default="any"
)
AGENCY_COUNTRIES: Final = Key(
    name="countries",
    kind=COUNTRIES,
    meaning="The customers' countries it takes.",
    example='["DE", "AT"]',
    default="any",
)
ACKNOWLEDGE: Final = setting(
    "acknowledge", whole(1, 60), "5", "In which it confirms a pack; then somebody asks.", unit="business days"
)
AGENCY_LANGUAGE: Final = Key(
    name="language",
    kind=LANGUAGE_CODE,
    meaning="The language it is written to in.",
    example='"de"',
    default="the strategy's",
)
SEPARATOR: Final = setting(
    "separator", one_of(("comma", "semicolon")), '"comma"', "What stands between the columns of its tables."
)
PAPERS: Final = setting(
    "papers", YES, "true", "Whether a pack has invoices, a statement and the letters besides its tables."
)
AGENCY_KEYS: Final = (
    AGENCY_NAME,
    AGENCY_TO,
    AGENCY_CURRENCIES,
    AGENCY_COUNTRIES,
    ACKNOWLEDGE,
    AGENCY_LANGUAGE,
    SEPARATOR,
    PAPERS,
)


def read_agencies(node: Node | None, findings: Findings) -> Mapping[str, Hands]:
    """Each by the name that strategies place with."""
    return {} if node is None else {name: _read(name, one, findings) for name, one in entries(node, findings).items()}


def _read(name: str, node: Node, findings: Findings) -> Hands:
    if isinstance(NAME.read(made(name)), Wrong):
        findings.wrong(node.name, f'"{name}" cannot name an agency', "use letters, digits, _ and -")
    table = Table(node, AGENCY_KEYS, findings)
    if table.has(ACKNOWLEDGE) and not table.has(AGENCY_TO):
        right = "add to, or leave it out: without an address nobody is told of a pack"
        findings.wrong((table.entry(ACKNOWLEDGE) or node).name, "nobody hears of the pack", right)
    return Hands(
        agency=Agency(
            name=table.find(AGENCY_NAME) or name,
            to=table.find(AGENCY_TO),
            currencies=tuple(Currency(one) for one in table.find(AGENCY_CURRENCIES) or ()),
            countries=table.find(AGENCY_COUNTRIES) or (),
            acknowledge=table.get(ACKNOWLEDGE),
            language=table.find(AGENCY_LANGUAGE),
        ),
        separator=";" if table.get(SEPARATOR) == "semicolon" else ",",
        papers=table.get(PAPERS),
    )
