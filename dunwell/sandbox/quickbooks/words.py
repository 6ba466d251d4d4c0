"""The vocabulary of the entities: known properties, what may be filtered and sorted by, how long texts may be.

Known properties are those of Intuit's own schema (QuickBooks-V3-PHP-SDK, src/XSD/Finance.xsd). Anything else in a
request is refused with 2010 (recorded). Filterable properties and lengths are Intuit's (docs, all entities, read
2026-11-21).
"""

_ENTITY = "Id SyncToken MetaData CustomField AttachableRef domain status sparse"

_TRANSACTION = f"""
{_ENTITY} DocNumber TxnDate TxnSubType DepartmentRef CurrencyRef ExchangeRate PrivateNote TxnStatus LinkedTxn Line
TxnTaxDetail TxnSource TaxFormType TaxFormNum TransactionLocationType Tag TxnApprovalInfo RecurDataRef RecurringInfo
ProjectRef TotalCostAmount HomeTotalCostAmount
"""

_SALES = f"""
{_TRANSACTION} AutoDocNumber CustomerRef CustomerMemo BillAddr ShipAddr FreeFormAddress ShipFromAddr RemitToRef ClassRef
SalesTermRef DueDate SalesRepRef PONumber FOB ShipMethodRef ShipDate TrackingNum GlobalTaxCalculation TotalAmt
HomeTotalAmt ApplyTaxAfterDiscount ShippingTaxIncludedInTotalTax TemplateRef PrintStatus EmailStatus BillEmail
BillEmailCc BillEmailBcc ARAccountRef Balance HomeBalance FinanceCharge PaymentMethodRef PaymentRefNum PaymentType
CheckPayment CreditCardPayment DepositToAccountRef DeliveryInfo DiscountRate DiscountAmt GovtTxnRefIdentifier
TaxExemptionRef
"""

_INVOICE = f"""
{_SALES} Deposit AllowIPNPayment AllowOnlinePayment AllowOnlineCreditCardPayment AllowOnlineACHPayment
AllowOnlinePayPalPayment AllowOnlineAffirmPayment EInvoiceStatus ECloudStatusTimeStamp CfdiUse Exportation GlobalInfo
invoiceStatus callToAction invoiceStatusLog InvoiceEx LessCIS InvoiceLink PaymentDetailsMessage ConvenienceFeeDetail
EnabledSurchargeInfo InvoiceLinkSecurityCode InvoiceLinkExpiryDate AutoPayEligible SchedulePayEligible
ScheduledPaymentId GratuityEnabled FinancingProductType SubscriptionPaymentsSetting TxnRetainageDetail
"""

_PAYMENT = f"""
{_TRANSACTION} CustomerRef RemitToRef ARAccountRef DepositToAccountRef PaymentMethodRef PaymentRefNum PaymentType
CheckPayment CreditCardPayment TotalAmt UnappliedAmt ProcessPayment PaymentExtendedType PaymentEx
"""

_CUSTOMER = f"""
{_ENTITY} IntuitId Organization Title GivenName MiddleName FamilyName Suffix FullyQualifiedName CompanyName DisplayName
PrintOnCheckName UserId Active V4IDPseudonym PrimaryPhone AlternatePhone Mobile Fax PrimaryEmailAddr WebAddr
OtherContactInfo DefaultTaxCodeRef Taxable BillAddr ShipAddr OtherAddr ContactName AltContactName Notes Job
BillWithParent RootCustomerRef ParentRef Level CustomerTypeRef SalesTermRef SalesRepRef TaxGroupCodeRef TaxRateRef
PaymentMethodRef CCDetail PriceLevelRef Balance OpenBalanceDate BalanceWithJobs CreditLimit AcctNum CurrencyRef
OverDueBalance TotalRevenue TotalExpense PreferredDeliveryMethod ResaleNum JobInfo TDSEnabled CustomerEx
SecondaryTaxIdentifier ARAccountRef PrimaryTaxIdentifier TaxExemptionReasonId IsProject BusinessNumber GSTIN
GSTRegistrationType IsCISContractor ClientCompanyId ClientEntityId Source TaxRegime
"""

_ATTACHABLE = f"""
{_ENTITY} FileName FileAccessUri TempDownloadUri Size ContentType Category Lat Long PlaceName Note Tag
ThumbnailFileAccessUri ThumbnailTempDownloadUri AttachableEx documentId
"""

_LINE = """
Id LineNum Description Amount Received LinkedTxn DetailType PaymentLineDetail DiscountLineDetail TaxLineDetail
SalesItemLineDetail DescriptionLineDetail GroupLineDetail SubTotalLineDetail CustomField LineEx ProjectRef CostAmount
HomeCostAmount CustomExtensions
"""

_SALES_ITEM = """
ItemRef ClassRef UnitPrice RatePercent PriceLevelRef MarkupInfo Qty UOMRef ItemAccountRef InventorySiteRef TaxCodeRef
TaxClassificationRef ServiceDate DiscountRate DiscountAmt DeferredRevenue TaxInclusiveAmt
"""

KNOWN = {
    "Invoice": frozenset(_INVOICE.split()),
    "CreditMemo": frozenset((_SALES + " RemainingCredit InvoiceRef CreditMemoEx").split()),
    "Payment": frozenset(_PAYMENT.split()),
    "Customer": frozenset(_CUSTOMER.split()),
    "Attachable": frozenset(_ATTACHABLE.split()),
    "Line": frozenset(_LINE.split()),
    "SalesItemLineDetail": frozenset(_SALES_ITEM.split()),
    "LinkedTxn": frozenset("TxnId TxnType TxnLineId".split()),
    "EmailAddress": frozenset("Id Address Default Tag".split()),
    "MemoRef": frozenset("value id".split()),
    "ReferenceType": frozenset("value name type".split()),
    "AttachableRef": frozenset(
        "EntityRef LineInfo IncludeOnSend Inactive NoRefOnly CustomField AttachableRefEx".split()
    ),
}
"""The properties of an entity or a nested type."""

NESTED = {
    "Line": "Line",
    "LinkedTxn": "LinkedTxn",
    "SalesItemLineDetail": "SalesItemLineDetail",
    "BillEmail": "EmailAddress",
    "BillEmailCc": "EmailAddress",
    "BillEmailBcc": "EmailAddress",
    "PrimaryEmailAddr": "EmailAddress",
    "CustomerMemo": "MemoRef",
    "CustomerRef": "ReferenceType",
    "ItemRef": "ReferenceType",
    "SalesTermRef": "ReferenceType",
    "ParentRef": "ReferenceType",
    "EntityRef": "ReferenceType",
    "AttachableRef": "AttachableRef",
}
"""Which type a property holds, where that is checked too."""

LENGTHS = {
    "DocNumber": 21,
    "PaymentRefNum": 21,
    "PrivateNote": 4000,
    "CustomerMemo.value": 1000,
    "BillEmail.Address": 100,
    "BillEmailCc.Address": 200,
    "BillEmailBcc.Address": 200,
    "PrimaryEmailAddr.Address": 100,
    "DisplayName": 500,
    "CompanyName": 100,
    "GivenName": 100,
    "FamilyName": 100,
    "PrintOnCheckName": 110,
    "Notes": 2000,
    "FileName": 1000,
    "Note": 2000,
    "Line.Description": 4000,
}
"""The greatest number of characters; longer texts are refused with 2050."""

_DATED = "Id MetaData.CreateTime MetaData.LastUpdatedTime"

FILTERABLE = {
    "Invoice": f"{_DATED} DocNumber TxnDate DueDate CustomerRef Balance TotalAmt SalesTermRef",
    "Payment": f"{_DATED} TxnDate CustomerRef TotalAmt PaymentRefNum PaymentMethodRef",
    "CreditMemo": f"{_DATED} DocNumber TxnDate CustomerRef Balance TotalAmt",
    "Customer": f"{_DATED} DisplayName GivenName FamilyName CompanyName FullyQualifiedName PrintOnCheckName Active "
    "Balance PrimaryEmailAddr ParentRef Job SalesTermRef",
    "Attachable": f"{_DATED} FileName Note AttachableRef.EntityRef.Type AttachableRef.EntityRef.value",
    "Term": f"{_DATED} Name Active Type",
    "PaymentMethod": f"{_DATED} Name Active Type",
    "Item": f"{_DATED} Name Active Type Sku FullyQualifiedName",
    "Account": f"{_DATED} Name Active AccountType Classification FullyQualifiedName",
    "CompanyInfo": _DATED,
    "Preferences": _DATED,
}
"""The properties that WHERE and ORDERBY accept, separated by spaces."""

LISTS = frozenset({"Customer", "Term", "PaymentMethod", "Item", "Account"})
"""Entities that hide their inactive rows, and come in the order of their names."""

ELSEWHERE = frozenset(
    "Bill BillPayment Budget Class Deposit Department Employee Estimate JournalEntry Purchase PurchaseOrder "
    "RefundReceipt SalesReceipt TaxCode TaxRate TimeActivity Transfer Vendor VendorCredit".split()
)
"""Entities of QuickBooks that this company has none of."""
