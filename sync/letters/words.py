"""The few words that are ours rather than the letter's author's: headings of tables and statements, by language."""

from typing import Final

from strategy.model import Record


class Words(Record):
    """One language. `one_day` and `days` take `{n}`; a plural with more forms than two needs more than this."""

    invoice: str
    due: str
    original: str
    paid: str
    credited: str
    remaining: str
    asked: str
    credit: str
    please_pay: str
    balance: str
    one_day: str
    days: str
    days_late: str
    pay_online: str
    portal: str
    tax_number: str
    statement: str
    open_items: str
    activity: str
    as_of: str
    customer_number: str
    currency: str
    books_read: str
    terms: str
    date: str
    details: str
    amount: str
    running: str
    opening: str
    closing: str
    subtotal: str
    unapplied: str
    aging: str
    current: str
    to_days: str
    over_days: str
    due_now: str
    not_due: str
    disputed: str
    arranged: str
    nothing_due: str
    how_to_pay: str
    bank: str
    quote: str
    questions: str
    remittance: str
    remittance_hint: str
    paid_amount: str
    page: str
    movements: dict[str, str]
    asides: dict[str, str]
    credits: dict[str, str]


_ENGLISH: Final = Words(
    invoice="Invoice",
    due="Due",
    original="Original",
    paid="Paid",
    credited="Credited",
    remaining="Remaining",
    asked="To pay now",
    credit="Credit",
    please_pay="Please pay",
    balance="Balance",
    one_day="{n} day overdue",
    days="{n} days overdue",
    days_late="Days late",
    pay_online="Pay online",
    portal="Open your account",
    tax_number="Tax no.",
    statement="Statement of account",
    open_items="Open items on {date}",
    activity="{first} to {last}",
    as_of="Date",
    customer_number="Customer no.",
    currency="Currency",
    books_read="Books read",
    terms="Terms",
    date="Date",
    details="Details",
    amount="Amount",
    running="Balance",
    opening="Opening balance",
    closing="Closing balance",
    subtotal="Subtotal",
    unapplied="Credit on your account",
    aging="By days overdue",
    current="Not overdue",
    to_days="{first}–{last}",
    over_days="{first} and more",
    due_now="Due now",
    not_due="Not due yet",
    disputed="In dispute, not asked for",
    arranged="Arranged, not asked for",
    nothing_due="Nothing to pay now",
    how_to_pay="How to pay",
    bank="By bank transfer",
    quote="Please quote",
    questions="Questions",
    remittance="Remittance advice",
    remittance_hint="Please send this slip with your payment.",
    paid_amount="Amount paid",
    page="Page {n} of {m}",
    movements={
        "invoice": "Invoice",
        "deposit": "Paid with invoice",
        "credit_note": "Credit note",
        "payment": "Payment, thank you",
        "overpayment": "Overpayment",
        "prepayment": "Prepayment",
        "refund": "Refund",
        "transfer": "Transferred for invoice",
    },
    asides={
        "disputed": "in dispute",
        "doubtful": "being checked",
        "promised": "promised",
        "planned": "in instalments",
        "claimed": "reported paid",
        "held": "on hold",
    },
    credits={"payments": "Payment not yet applied", "credits": "Credit note", "deposits": "Prepayment"},
)

_GERMAN: Final = Words(
    invoice="Rechnung",
    due="Fällig",
    original="Betrag",
    paid="Bezahlt",
    credited="Gutschrift",
    remaining="Offen",
    asked="Jetzt fällig",
    credit="Guthaben",
    please_pay="Bitte zahlen",
    balance="Saldo",
    one_day="{n} Tag überfällig",
    days="{n} Tage überfällig",
    days_late="Verzugstage",
    pay_online="Online bezahlen",
    portal="Ihr Konto öffnen",
    tax_number="Steuernr.",
    statement="Kontoauszug",
    open_items="Offene Posten am {date}",
    activity="{first} bis {last}",
    as_of="Datum",
    customer_number="Kundennr.",
    currency="Währung",
    books_read="Stand der Bücher",
    terms="Zahlungsziel",
    date="Datum",
    details="Vorgang",
    amount="Betrag",
    running="Saldo",
    opening="Anfangssaldo",
    closing="Endsaldo",
    subtotal="Zwischensumme",
    unapplied="Guthaben auf Ihrem Konto",
    aging="Nach Tagen überfällig",
    current="Nicht überfällig",
    to_days="{first}–{last}",
    over_days="{first} und mehr",
    due_now="Jetzt fällig",
    not_due="Noch nicht fällig",
    disputed="Strittig, nicht angefordert",
    arranged="Vereinbart, nicht angefordert",
    nothing_due="Derzeit ist nichts zu zahlen",
    how_to_pay="So können Sie zahlen",
    bank="Per Überweisung",
    quote="Verwendungszweck",
    questions="Fragen",
    remittance="Zahlungsavis",
    remittance_hint="Bitte legen Sie diesen Abschnitt Ihrer Zahlung bei.",
    paid_amount="Gezahlter Betrag",
    page="Seite {n} von {m}",
    movements={
        "invoice": "Rechnung",
        "deposit": "Anzahlung zur Rechnung",
        "credit_note": "Gutschrift",
        "payment": "Zahlung, vielen Dank",
        "overpayment": "Überzahlung",
        "prepayment": "Vorauszahlung",
        "refund": "Erstattung",
        "transfer": "Übertrag für Rechnung",
    },
    asides={
        "disputed": "strittig",
        "doubtful": "in Klärung",
        "promised": "zugesagt",
        "planned": "in Raten",
        "claimed": "als bezahlt gemeldet",
        "held": "zurückgestellt",
    },
    credits={"payments": "Zahlung ohne Zuordnung", "credits": "Gutschrift", "deposits": "Vorauszahlung"},
)

LANGUAGES: Final = {"en": _ENGLISH, "de": _GERMAN}


def words(language: str) -> Words:
    """The words of a language tag ("de", "de-AT", "de_AT"); English where there are none (see `known`)."""
    return LANGUAGES.get(base(language), _ENGLISH)


def known(language: str) -> bool:
    """Whether these words exist in the language. Where not, a letter does without them."""
    return base(language) in LANGUAGES


def base(language: str) -> str:
    """The language of a tag without its country."""
    return language.replace("-", "_").split("_")[0].lower()
