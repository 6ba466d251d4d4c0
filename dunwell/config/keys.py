"""Every setting of config.toml: what it may be, its unit, its default, what it is for.

`reading` reads by these; config.example.toml shows each of them, and a test holds the two together.
"""

import re
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors import addresses
from strategy.model import Platform
from strategy.text.kinds import (
    DATE,
    SECTION,
    TABLE,
    TABLE_SHAPE,
    TEXT,
    YES,
    choice,
    one_of,
    whole,
)
from strategy.text.nodes import Node
from strategy.text.table import Key, Kind, Wrong, setting

_LEDGER: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")
_PLACE: Final = re.compile(r"\{[^{}]*\}|[{}]")
_PLACES: Final = ("{number}", "{amount}", "{currency}")


def _address(node: Node) -> str | Wrong:
    return node.text if node.text and re.fullmatch(addresses.ADDRESS, node.text) else Wrong()


def _url(node: Node) -> str | Wrong:
    text = node.text or ""
    return text.rstrip("/") if text.startswith(("https://", "http://")) else Wrong()


def _pay_url(node: Node) -> str | Wrong:
    """An address with places to fill in; what is no place would break the writing of it."""
    if isinstance(_url(node), Wrong) or node.text is None:
        return Wrong()
    for match in _PLACE.finditer(node.text):
        if match.group() not in _PLACES:
            return Wrong(
                message=f"{match.group()} is no place to fill in",
                right=f"write one of {', '.join(_PLACES)}",
                index=match.start(),
                width=len(match.group()),
            )
    return node.text


def _zone(node: Node) -> str | Wrong:
    """Asks for the one zone: a list of all costs a command 40 ms."""
    try:
        return ZoneInfo(node.text or "").key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return Wrong()


def _texts(node: Node) -> tuple[str, ...] | Wrong:
    items = node.items or ()
    texts = tuple(item.text for item in items if item.text)
    return texts if texts and len(texts) == len(items) else Wrong()


def _tables(node: Node) -> tuple[Node, ...] | Wrong:
    """A secret where it is, or several. Texts are let through: what is wrong with them has a sentence of its own."""
    nodes = (node,) if node.items is None else node.items
    return nodes if nodes and all(one.table is not None or one.text is not None for one in nodes) else Wrong()


def is_ledger_name(name: str) -> bool:
    """Names of ledgers are used in keys, file names and commands."""
    return _LEDGER.fullmatch(name) is not None


_URL_SHAPE: Final = {"type": "string", "pattern": "^https?://"}

ADDRESS: Final = Kind(
    says="an email address in quotes",
    read=_address,
    shape={"type": "string", "pattern": f"^{addresses.ADDRESS}$"},
)
URL: Final = Kind(says="an address that begins with https:// or http://", read=_url, shape=_URL_SHAPE)
PAY: Final = Kind(says="an address that begins with https:// or http://", read=_pay_url, shape=_URL_SHAPE)
SECRETS: Final = Kind(
    says="settings in { }, or a list of such",
    read=_tables,
    shape={"anyOf": [TABLE_SHAPE, {"type": "array", "items": TABLE_SHAPE, "minItems": 1}]},
)
ZONE: Final = Kind(
    says='a time zone, as in "America/New_York"',
    read=_zone,
    shape={"type": "string", "pattern": r"^[A-Z][\w+-]*(/[\w+-]+)*$"},
)
TEXTS: Final = Kind(
    says="a list of texts in quotes",
    read=_texts,
    shape={"type": "array", "items": {"type": "string"}, "minItems": 1},
)

FIRM: Final = Key(name="firm", kind=SECTION, meaning="The firm that runs Dunwell.", example="[firm]", required=True)
LEDGERS: Final = Key(
    name="ledgers", kind=SECTION, meaning="The ledgers, each in a table of its own.", example="[ledgers.acme]"
)
MAIL: Final = Key(
    name="mail", kind=SECTION, meaning="How letters leave; a ledger's own mail table wins over it.", example="[mail]"
)
LIMITS: Final = Key(
    name="limits",
    kind=SECTION,
    meaning="How much may be asked of the platforms; a ledger's own limits table wins over it.",
    example="[limits]",
)
INCLUDE: Final = Key(
    name="include",
    kind=TEXTS,
    meaning="Further files with ledgers in them, as patterns beside this file.",
    example='["ledgers/*.toml"]',
    default="none",
)
WEBHOOKS: Final = Key(
    name="webhooks",
    kind=SECTION,
    meaning="What proves that an announcement came from the platform, for dunwell serve.",
    example="[webhooks]",
)
AGENCIES: Final = Key(
    name="agencies",
    kind=SECTION,
    meaning="Collection agencies, each in a table named as strategies place with it.",
    example="[agencies.northgate]",
)
TOP: Final = (FIRM, LEDGERS, MAIL, LIMITS, WEBHOOKS, AGENCIES, INCLUDE)

FIRM_NAME: Final = Key(name="name", kind=TEXT, meaning="The firm's name.", example='"Berg & Partners"', required=True)
DATA: Final = setting("data", TEXT, '"data"', "The folder for database and tokens, beside this file unless absolute.")
STRATEGIES: Final = setting("strategies", TEXT, '"strategies"', "The folder of the firm's own strategies and letters.")
KEY: Final = Key(
    name="key",
    kind=TABLE,
    meaning="Where the key is that seals the tokens (32 bytes, base64). dunwell rotate-key replaces it.",
    example='{ file = "key" }',
    default='`{ env = "DUNWELL_KEY" }` where that is set, else `{ file = "key" }`',
)
FIRM_KEYS: Final = (FIRM_NAME, DATA, STRATEGIES, KEY)

ENV: Final = Key(name="env", kind=TEXT, meaning="The environment variable that holds it.", example='"DUNWELL_KEY"')
FILE: Final = Key(name="file", kind=TEXT, meaning="The file that holds it, beside this file.", example='"key"')
CREDENTIAL: Final = Key(
    name="credential",
    kind=TEXT,
    meaning="The systemd credential that holds it, as the unit's LoadCredential= names it.",
    example='"dunwell-key"',
)
KEYRING: Final = Key(
    name="keyring",
    kind=TEXT,
    meaning="The entry of the system's keyring that holds it, under the service dunwell. Wants make keyring.",
    example='"key"',
)
SECRET_KEYS: Final = (ENV, FILE, CREDENTIAL, KEYRING)

QUICKBOOKS_WEBHOOKS: Final = Key(
    name="quickbooks",
    kind=SECRETS,
    meaning="Where the verifier token of the firm's QuickBooks app is; a list for several apps.",
    example='{ env = "QUICKBOOKS_VERIFIER_TOKEN" }',
    default="QuickBooks is not listened for",
)
XERO_WEBHOOKS: Final = Key(
    name="xero",
    kind=SECRETS,
    meaning="Where the webhooks key of the firm's Xero app is; a list for several apps.",
    example='[{ env = "XERO_WEBHOOKS_KEY" }]',
    default="Xero is not listened for",
)
WEBHOOKS_KEYS: Final = (QUICKBOOKS_WEBHOOKS, XERO_WEBHOOKS)

PLATFORM: Final = Key(
    name="platform",
    kind=choice(Platform),
    meaning="Where the ledger's books are.",
    example='"quickbooks"',
    required=True,
)
STRATEGY: Final = setting("strategy", TEXT, '"standard"', "The strategy: one of the firm's own, or a shipped one.")
OVERRIDES: Final = Key(
    name="overrides",
    kind=SECTION,
    meaning="What this ledger does otherwise than its strategy says, in the strategy's own words.",
    example="[ledgers.acme.overrides.contact]",
)
CLIENT_ID: Final = Key(
    name="client_id",
    kind=TEXT,
    meaning="The id of the firm's own app at the platform.",
    example='"ABc1"',
    required=True,
)
CLIENT_SECRET: Final = Key(
    name="client_secret",
    kind=TABLE,
    meaning="Where the app's secret is; none for a Xero app that uses PKCE.",
    example='{ env = "ACME_CLIENT_SECRET" }',
    default="none",
)
CUSTOM: Final = setting(
    "custom_connection",
    YES,
    "false",
    "Whether the app is a custom connection of Xero: for one organisation, which authorises it at Xero once.",
)
SANDBOX: Final = setting("sandbox", YES, "false", "Whether it is a sandbox company of QuickBooks.")
API_URL: Final = Key(
    name="api_url",
    kind=URL,
    meaning="Another address for the API.",
    example='"http://localhost:8010"',
    default="the platform's",
)
TOKEN_URL: Final = Key(
    name="token_url",
    kind=URL,
    meaning="Another address for tokens.",
    example='"http://localhost:8010/token"',
    default="the platform's",
)
AUTHORIZE_URL: Final = Key(
    name="authorize_url",
    kind=URL,
    meaning="Another address for consent.",
    example='"http://localhost:8010/consent"',
    default="the platform's",
)
REDIRECT_URL: Final = Key(
    name="redirect_url",
    kind=URL,
    meaning="Where the platform sends the browser back, as registered with the app. QuickBooks wants https for real "
    "companies; dunwell connect then asks for the address at which the browser ended.",
    example='"https://berg.example/connected"',
    default="http://localhost:8765/callback",
)
TIME_ZONE: Final = Key(
    name="time_zone",
    kind=ZONE,
    meaning="The ledger's own time. QuickBooks does not tell it.",
    example='"America/New_York"',
    default="the platform's, else UTC",
)
APPROVAL: Final = setting(
    "approval", one_of(("all", "steps")), '"all"', "What waits for a person: everything, or only steps that say so."
)
INVOICES_LEAVE: Final = setting(
    "invoices_leave",
    one_of(("platform", "elsewhere")),
    '"platform"',
    "Where invoices are sent from. Elsewhere: the platform's sent mark means nothing, and holds nothing.",
)
REMINDERS: Final = Key(
    name="platform_reminders",
    kind=one_of(("off",)),
    meaning="Somebody looked: the platform's own reminders are off. Unset, nobody is reminded on QuickBooks.",
    example='"off"',
    default="not confirmed",
)
REMINDERS_SEEN: Final = Key(
    name="platform_reminders_seen", kind=DATE, meaning="The day somebody looked.", example="2026-11-21"
)
PEOPLE: Final = Key(
    name="people",
    kind=SECTION,
    meaning="Our own people for this ledger: an email address by role (owner, sales, bookkeeper…).",
    example="[ledgers.acme.people]",
)
BANK: Final = Key(
    name="bank", kind=TEXTS, meaning="Lines of the bank account on statements.", example='["IBAN DE00 0000"]'
)
CREDIT_HOLDS: Final = Key(
    name="credit_holds",
    kind=TEXT,
    meaning="A CSV for the order desk that every run writes anew: who is on credit hold (triggers with over = true).",
    example='"out/credit-holds.csv"',
    default="none",
)
WRITE_BACK: Final = Key(
    name="write_back", kind=SECTION, meaning="What is told to the books.", example="[ledgers.acme.write_back]"
)
LEDGER_KEYS: Final = (
    PLATFORM,
    STRATEGY,
    OVERRIDES,
    CLIENT_ID,
    CLIENT_SECRET,
    CUSTOM,
    SANDBOX,
    API_URL,
    TOKEN_URL,
    AUTHORIZE_URL,
    REDIRECT_URL,
    TIME_ZONE,
    APPROVAL,
    INVOICES_LEAVE,
    REMINDERS,
    REMINDERS_SEEN,
    PEOPLE,
    BANK,
    CREDIT_HOLDS,
    MAIL,
    LIMITS,
    WRITE_BACK,
)

CALLS_PER_DAY: Final = Key(
    name="calls_per_day",
    kind=whole(1, 1_000_000),
    meaning="So many calls a ledger may make on its own day, over all processes; then it rests until midnight.",
    example="1000",
    default="as many as the platform allows",
)
LIMIT_KEYS: Final = (CALLS_PER_DAY,)

NOTES: Final = Key(
    name="notes",
    kind=YES,
    meaning="A note on the lead invoice and on the customer for each message.",
    example="true",
    default="true, and false while messages go into a folder, since nothing left",
)
STATEMENTS: Final = Key(
    name="statements",
    kind=YES,
    meaning="Statements that were sent are filed on the customer.",
    example="true",
    default="as notes",
)
AGREED_NOTES: Final = setting(
    "agreed_notes", YES, "false", "The same for each promise, payment plan, dispute and claim."
)
CUSTOMER_NOTES: Final = setting(
    "customer_notes", YES, "false", "A dated line in the customer's own notes field (QuickBooks)."
)
INVOICE_NOTES: Final = setting(
    "invoice_notes",
    YES,
    "false",
    "A dated line in the lead invoice's private note (QuickBooks, whose statements print it).",
)
PAY_URL: Final = Key(
    name="pay_url",
    kind=PAY,
    meaning="A payment address where the customer sees it; {number}, {currency} and, on Xero, {amount} are filled in.",
    example='"https://pay.example/{number}"',
    default="none",
)
WRITE_BACK_KEYS: Final = (NOTES, AGREED_NOTES, STATEMENTS, CUSTOMER_NOTES, INVOICE_NOTES, PAY_URL)

FROM_NAME: Final = Key(
    name="name", kind=TEXT, meaning="In whose name letters leave.", example='"Acme Accounts"', required=True
)
FROM: Final = Key(
    name="from", kind=ADDRESS, meaning="The address they leave from.", example='"accounts@acme.example"', required=True
)
REPLY_TO: Final = Key(
    name="reply_to", kind=ADDRESS, meaning="Where answers go.", example='"ar@acme.example"', default="the from address"
)
FOLDER: Final = Key(
    name="folder", kind=TEXT, meaning="Write messages as .eml files into this folder; nothing leaves.", example='"out"'
)
HOST: Final = Key(name="host", kind=TEXT, meaning="The mail server.", example='"smtp.acme.example"')
PORT: Final = setting("port", whole(1, 65535), "587", "Its port.")
SECURITY: Final = setting(
    "security", one_of(("starttls", "tls", "none")), '"starttls"', "How the connection is secured."
)
USER: Final = Key(name="user", kind=TEXT, meaning="Who signs in at the mail server.", example='"accounts@acme.example"')
PASSWORD: Final = Key(
    name="password", kind=TABLE, meaning="Where the password is.", example='{ env = "ACME_MAIL_PASSWORD" }'
)
OAUTH: Final = setting("oauth", YES, "false", "Whether the password is an OAuth 2 access token (XOAUTH2).")
MAIL_KEYS: Final = (FROM_NAME, FROM, REPLY_TO, FOLDER, HOST, PORT, SECURITY, USER, PASSWORD, OAUTH)
