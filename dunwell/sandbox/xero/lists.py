"""The organisation itself and its settings: what changes rarely, or only by a switch of the ledger."""

from datetime import UTC, date, datetime, timedelta

from dunwell.sandbox.dialect import Ledger
from dunwell.sandbox.xero import ids
from dunwell.sandbox.xero.wire import Body, day, instant

REMINDERS = "reminders"
"""The switch for Xero's own invoice reminders."""

BASE_BALANCES = "base_balances"
"""The switch that turns contacts' balances into base currency."""

LOCAL_COLUMN = "report_local_column"
"""The switch for the last column of the aged report of contacts with several currencies."""

TITLES = "report_titles"
"""The switch for the titles that say a section's currency there."""

SWITCHES = {REMINDERS: False, BASE_BALANCES: False, LOCAL_COLUMN: True, TITLES: True}

SINCE = datetime(2021, 4, 6, 9, 30, tzinfo=UTC)
"""When the organisation was set up."""

THEMES = ("Standard", "Very orange invoice!")
_CURRENCIES = {
    "AUD": "Australian Dollar",
    "CAD": "Canadian Dollar",
    "EUR": "Euro",
    "GBP": "British Pound",
    "JPY": "Japanese Yen",
    "KWD": "Kuwaiti Dinar",
    "NZD": "New Zealand Dollar",
    "USD": "United States Dollar",
}
_ZONES = {
    "America/New_York": "EASTERNSTANDARDTIME",
    "Asia/Tokyo": "TOKYOSTANDARDTIME",
    "Australia/Sydney": "AUSEASTERNSTANDARDTIME",
    "Europe/London": "GMTSTANDARDTIME",
    "Pacific/Auckland": "NEWZEALANDSTANDARDTIME",
}
"""Xero's words for time zones (contract, TimeZone) by those of IANA."""

_LOCKED_DAYS = 400
_ACTIONS = (
    "CreateApprovedInvoice CreateDraftInvoice CreateApprovedBill CreateDraftBill AttachFilesIntoInvoice "
    "UseMulticurrency CreateRepeatingInvoice CreateRepeatingBill CreateInvoicePayment CreateSentQuote CreateDraftQuote "
    "CreateApprovedPurchaseOrder CreateDraftPurchaseOrder"
)


def locked_until(start: date) -> date:
    """The end of the year that is closed: nothing dated up to then can be changed."""
    return (start - timedelta(days=_LOCKED_DAYS)).replace(day=1) - timedelta(days=1)


def organisation(ledger: Ledger) -> Body:
    """The organisation. Its time zone is a word of Xero's own, not IANA's."""
    company = ledger.books.company
    address = {
        "AddressType": "POBOX",
        "AddressLine1": company.address.street,
        "City": company.address.city,
        "Region": company.address.region,
        "PostalCode": company.address.postcode,
        "Country": company.address.country,
    }
    return {
        "Name": company.name,
        "LegalName": company.legal_name,
        "PaysTax": False,
        "Version": "UK",
        "OrganisationType": "COMPANY",
        "BaseCurrency": company.currency,
        "CountryCode": company.country,
        "IsDemoCompany": False,
        "OrganisationStatus": "ACTIVE",
        "RegistrationNumber": "00000042",
        "FinancialYearEndDay": 31,
        "FinancialYearEndMonth": 3,
        "SalesTaxBasis": "NONE",
        "SalesTaxPeriod": "NONE",
        "DefaultSalesTax": "No Tax",
        "DefaultPurchasesTax": "No Tax",
        "PeriodLockDate": day(locked_until(ledger.start)),
        "CreatedDateUTC": instant(SINCE),
        "OrganisationEntityType": "COMPANY",
        "Timezone": _ZONES[company.zone],
        "ShortCode": "!lrkSp",
        "OrganisationID": ids.tenant(),
        "Edition": "BUSINESS",
        "Class": "COMPREHENSIVE",
        "LineOfBusiness": "Photography",
        "Addresses": [address],
        "Phones": [
            {"PhoneType": "OFFICE", "PhoneNumber": company.phone, "PhoneAreaCode": "", "PhoneCountryCode": "44"}
        ],
        "ExternalLinks": [],
        "PaymentTerms": {"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}},
    }


def actions() -> list[Body]:
    """What the user who connected may do."""
    return [{"Name": name, "Status": "ALLOWED"} for name in _ACTIONS.split()]


def currencies(ledger: Ledger) -> list[Body]:
    """The currencies the company trades in, its own first."""
    return [{"Code": code, "Description": _CURRENCIES[code]} for code in ledger.plot.currencies]


def branding_themes() -> list[Body]:
    """Two themes; invoices use the first unless they are told otherwise."""
    return [
        {
            "BrandingThemeID": ids.theme(number),
            "Name": name,
            "Type": "INVOICE",
            "SortOrder": number - 1,
            "CreatedDateUTC": instant(SINCE),
        }
        for number, name in enumerate(THEMES, start=1)
    ]
