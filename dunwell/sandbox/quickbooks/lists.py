"""The lists of the company that documents refer to: terms, payment methods, items, accounts, and its settings."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.figures import balances
from dunwell.sandbox.books.records import Address, Company, Customer, Life
from dunwell.sandbox.quickbooks.wire import Body, instant, money, ref
from dunwell.sandbox.story.documents import ITEMS

_CURRENCIES = {
    "AUD": "Australian Dollar",
    "CAD": "Canadian Dollar",
    "EUR": "Euro",
    "GBP": "British Pound Sterling",
    "JPY": "Japanese Yen",
    "KWD": "Kuwaiti Dinar",
    "NZD": "New Zealand Dollar",
    "USD": "United States Dollar",
}
SINCE = datetime(2019, 4, 1, 16, tzinfo=UTC)
"""When the company was set up: the lists have not changed since."""

METHODS = ("Cash", "Check", "Credit Card", "ACH", "Wire Transfer")
METHOD_IDS = {"cash": 1, "check": 2, "card": 3, "ach": 4, "wire": 5}
METHOD_NAMES = {str(number): name for name, number in METHOD_IDS.items()}

TERM_DAYS = {1: 0, 2: 15, 3: 30, 4: 60, 5: 10}
"""The standard terms: days by id. Term 6 is date driven."""

ATTACHED_NAMES = {"invoice": "Invoice", "customer": "Customer", "payment": "Payment", "credit": "CreditMemo"}
"""Which entity a neutral kind is called."""


def currency(code: str) -> Body:
    """A reference to a currency."""
    return ref(code, _CURRENCIES[code])


def active(customer: Customer) -> bool:
    """Whether the customer is in use."""
    return customer.life is Life.ACTIVE


def full_name(books: Books, customer: Customer) -> str:
    """The customer's name behind those of its parents: "Parent:Child"; inactive ones say so (recorded)."""
    own = display_name(customer)
    return own if customer.parent_id is None else f"{full_name(books, books.customers[customer.parent_id])}:{own}"


def display_name(customer: Customer) -> str:
    """The customer's name, with " (deleted)" behind it once it is inactive (recorded)."""
    return customer.name if active(customer) else f"{customer.name} (deleted)"


def term_ref(days: int | None) -> Body | None:
    """The reference to the standard term of so many days, None where there is none."""
    return next((ref(number) for number, each in TERM_DAYS.items() if each == days), None)


def plain(number: str) -> Decimal | int:
    """A quantity or price without needless zeros: 75, 22.5."""
    value = Decimal(number)
    return int(value) if value == value.to_integral_value() else value.normalize()


def address(owner: Address | None, address_id: int) -> Body | None:
    """An address; what QuickBooks cannot locate has invalid coordinates (recorded)."""
    if owner is None:
        return None
    body: Body = {"Id": str(address_id), "Line1": owner.street, "City": owner.city}
    if owner.region:
        body["CountrySubDivisionCode"] = owner.region
    return {**body, "PostalCode": owner.postcode, "Lat": "INVALID", "Long": "INVALID"}


def terms() -> list[Body]:
    """Five standard terms and a date driven one."""
    standard = [
        {
            "Name": "Due on receipt" if days == 0 else f"Net {days}",
            "Active": True,
            "Type": "STANDARD",
            "DiscountPercent": 0,
            "DueDays": days,
            "DiscountDays": 0,
            **_entity(number),
        }
        for number, days in TERM_DAYS.items()
    ]
    dated: Body = {"Name": "15th of next month", "Active": True, "Type": "DATE_DRIVEN", "DiscountPercent": 0}
    return [*standard, {**dated, "DayOfMonthDue": 15, "DueNextMonthDays": 30, **_entity(6)}]


def methods() -> list[Body]:
    """The payment methods."""
    cards = {"Credit Card"}
    return [
        {
            "Name": name,
            "Active": True,
            "Type": "CREDIT_CARD" if name in cards else "NON_CREDIT_CARD",
            **_entity(number),
        }
        for number, name in enumerate(METHODS, start=1)
    ]


def items() -> list[Body]:
    """What is sold."""
    return [
        {
            "Name": name,
            "Description": name,
            "Active": True,
            "FullyQualifiedName": name,
            "Taxable": False,
            "UnitPrice": 0,
            "Type": "Service",
            "IncomeAccountRef": ref(1, "Services"),
            "PurchaseCost": 0,
            "TrackQtyOnHand": False,
            **_entity(number),
        }
        for number, name in enumerate(ITEMS, start=1)
    ]


def accounts(books: Books) -> list[Body]:
    """The few accounts that matter here; the balance of A/R is the sum of all customers' balances."""
    receivable, home = sum(balances(books).values()), currency(books.company.currency)
    return [
        _account(1, "Services", ("Revenue", "Income", "ServiceFeeIncome"), 0, home),
        _account(4, "Undeposited Funds", ("Asset", "Other Current Asset", "UndepositedFunds"), 0, home),
        _account(35, "Checking", ("Asset", "Bank", "Checking"), 0, home),
        _account(
            84, "Accounts Receivable (A/R)", ("Asset", "Accounts Receivable", "AccountsReceivable"), receivable, home
        ),
    ]


def _account(number: int, name: str, kinds: tuple[str, str, str], balance: int, home: Body) -> Body:
    classification, account_type, subtype = kinds
    return {
        "Name": name,
        "SubAccount": False,
        "FullyQualifiedName": name,
        "Active": True,
        "Classification": classification,
        "AccountType": account_type,
        "AccountSubType": subtype,
        "CurrentBalance": money(balance),
        "CurrentBalanceWithSubAccounts": money(balance),
        "CurrencyRef": home,
        **_entity(number),
    }


def company_info(books: Books) -> list[Body]:
    """The company itself, as a list of one."""
    company = books.company
    where = {"Country": company.address.country, **(address(company.address, 1) or {})}
    body: Body = {
        "CompanyName": company.name,
        "LegalName": company.legal_name,
        "CompanyAddr": where,
        "CustomerCommunicationAddr": where,
        "LegalAddr": where,
        "CustomerCommunicationEmailAddr": {"Address": company.email},
        "PrimaryPhone": {"FreeFormNumber": company.phone},
        "CompanyStartDate": SINCE.date().isoformat(),
        "FiscalYearStartMonth": "January",
        "Country": company.country,
        "Email": {"Address": company.email},
        "WebAddr": {},
        "SupportedLanguages": "en",
        "NameValue": [
            {"Name": "NeoEnabled", "Value": "true"},
            {"Name": "IndustryType", "Value": "Field services"},
            {"Name": "SubscriptionStatus", "Value": "PAID"},
            {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
        ],
    }
    return [{**body, **_entity(1)}]


_MESSAGE = {"Subject": "Reminder: your invoice", "Message": "Dear customer, please find your invoice attached."}

_SALES_FORMS: Body = {
    "CustomField": [],
    "CustomTxnNumbers": False,
    "AllowDeposit": True,
    "AllowDiscount": False,
    "AllowEstimates": False,
    "ETransactionEnabledStatus": "NotApplicable",
    "ETransactionAttachPDF": True,
    "IPNSupportEnabled": False,
    "AllowServiceDate": False,
    "AllowShipping": False,
    "DefaultTerms": {"value": "3"},
    "AutoApplyCredit": False,
    "AutoApplyPayments": False,
    "DefaultCustomerMessage": "Thank you for your business.",
}


def preferences(company: Company, switches: Mapping[str, bool]) -> list[Body]:
    """The company's preferences, as a list of one; those that are switches of the ledger follow it."""
    aging = switches["aging_from_invoice_date"]
    body: Body = {
        "AccountingInfoPrefs": {"CustomerTerminology": "Customers", "ClassTrackingPerTxn": False},
        "ProductAndServicesPrefs": {"ForSales": True, "ForPurchase": False},
        "SalesFormsPrefs": {**_SALES_FORMS, "ETransactionPaymentEnabled": switches["online_payments"]},
        "EmailMessagesPrefs": {"InvoiceMessage": _MESSAGE, "StatementMessage": _MESSAGE},
        "VendorAndPurchasesPrefs": {"BillableExpenseTracking": False},
        "TimeTrackingPrefs": {"UseServices": False},
        "TaxPrefs": {"UsingSalesTax": False},
        "CurrencyPrefs": {
            "MultiCurrencyEnabled": company.several_currencies,
            "HomeCurrency": {"value": company.currency},
        },
        "ReportPrefs": {"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": aging},
        "OtherPrefs": {"NameValue": [{"Name": "SalesFormsPrefs.DefaultCustomerMessage", "Value": "Thank you."}]},
    }
    return [{**body, **_entity(1)}]


def _entity(number: int) -> Body:
    stamp = instant(SINCE)
    times = {"CreateTime": stamp, "LastUpdatedTime": stamp}
    return {"domain": "QBO", "sparse": False, "Id": str(number), "SyncToken": "0", "MetaData": times}
