"""The documents as QuickBooks shows them: invoices, credit memos, payments. Key order as recorded."""

from datetime import date

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.figures import open_of, remaining_of, unapplied_of
from dunwell.sandbox.books.rates import in_base, price
from dunwell.sandbox.books.records import Credit, Customer, Document, Invoice, Kept, Line, Payment, Standing
from dunwell.sandbox.quickbooks import lists
from dunwell.sandbox.quickbooks.wire import Body, instant, money, ref
from dunwell.sandbox.story.documents import ITEMS

LINK_NOTE = "Created by QB Online to link credits to charges."


def stamps(record: Kept) -> Body:
    """What every object carries."""
    times = {"CreateTime": instant(record.created_at), "LastUpdatedTime": instant(record.updated_at)}
    return {
        "domain": "QBO",
        "sparse": False,
        "Id": str(record.id),
        "SyncToken": str(record.version),
        "MetaData": times,
    }


def invoice(books: Books, document: Invoice) -> Body:
    """An invoice. A voided one keeps its lines at 0 and says so in PrivateNote, nowhere else (recorded)."""
    customer = books.customers[document.customer_id]
    online = customer.pays_online and document.email is not None
    linked = dict.fromkeys(str(each.payment_id) for each in books.settling(document))
    left = open_of(books, document)
    body: Body = {
        "AllowIPNPayment": False,
        "AllowOnlinePayment": False,
        "AllowOnlineCreditCardPayment": document.fields.get("AllowOnlineCreditCardPayment", False),
        "AllowOnlineACHPayment": document.fields.get("AllowOnlineACHPayment", online),
        **stamps(document),
        "CustomField": [{"DefinitionId": "1", "Name": "Crew #", "Type": "StringType"}],
        **_numbered(document),
        "TxnDate": document.issued_on.isoformat(),
        "CurrencyRef": lists.currency(document.currency),
        **_at_home(books, document.currency, document.issued_on, HomeTotalAmt=document.total, HomeBalance=left),
        **_noted(document),
        "LinkedTxn": [{"TxnId": payment_id, "TxnType": "Payment"} for payment_id in linked],
        "Line": _lines(document),
        "TxnTaxDetail": {"TotalTax": 0},
        **_addressed(books, customer),
    }
    if (term := lists.term_ref(document.term_days)) is not None:
        body["SalesTermRef"] = term
    if document.due_on is not None:
        body["DueDate"] = document.due_on.isoformat()
    body |= {"TotalAmt": money(document.total), "ApplyTaxAfterDiscount": False, "PrintStatus": "NeedToPrint"}
    body |= _mailed(document)
    body["Balance"] = money(left)
    if document.deposit and document.standing is Standing.ISSUED:
        body["Deposit"] = money(document.deposit)
    return body | document.fields | _noted(document)


def credit_memo(books: Books, document: Credit) -> Body:
    """A credit memo. It never has a LinkedTxn: its applications are found through payments (recorded)."""
    left = money(remaining_of(books, document))
    return {
        "RemainingCredit": left,
        **stamps(document),
        "CustomField": [{"DefinitionId": "1", "Name": "Crew #", "Type": "StringType"}],
        **_numbered(document),
        "TxnDate": document.issued_on.isoformat(),
        "CurrencyRef": lists.currency(document.currency),
        **_at_home(books, document.currency, document.issued_on, HomeTotalAmt=document.total),
        **_noted(document),
        "Line": _lines(document),
        "TxnTaxDetail": {"TotalTax": 0},
        **_addressed(books, books.customers[document.customer_id]),
        "TotalAmt": money(document.total),
        "ApplyTaxAfterDiscount": False,
        "PrintStatus": "NeedToPrint",
        **_mailed(document),
        "Balance": left,
        **document.fields,
    }


def payment(books: Books, document: Payment) -> Body:
    """A payment. One of 0 only applies a credit: its lines link invoices and credit memos (recorded, Id 74)."""
    customer = books.customers[document.customer_id]
    total = document.total if document.standing is Standing.ISSUED else 0
    body: Body = {"CustomerRef": ref(customer.id, lists.full_name(books, customer))}
    if document.method is not None:
        body["PaymentMethodRef"] = ref(lists.METHOD_IDS[document.method])
    if document.reference is not None:
        body["PaymentRefNum"] = document.reference
    body |= {
        "DepositToAccountRef": ref(4),
        "TotalAmt": money(total),
        "UnappliedAmt": money(unapplied_of(books, document)),
        "ProcessPayment": False,
        **stamps(document),
        "TxnDate": document.paid_on.isoformat(),
        "CurrencyRef": lists.currency(document.currency),
        **_at_home(books, document.currency, document.paid_on),
        "Line": _payment_lines(books, document),
    }
    note = {"PrivateNote": LINK_NOTE} if total == 0 and document.allocations else {}
    return body | note | document.fields | _noted(document)


def _payment_lines(books: Books, document: Payment) -> list[Body]:
    """One line per invoice and one per credit, each with the amount of this payment."""
    invoices: dict[int, int] = {}
    memos: dict[int, int] = {}
    for each in document.allocations:
        invoices[each.invoice_id] = invoices.get(each.invoice_id, 0) + each.amount
        if each.credit_id is not None:
            memos[each.credit_id] = memos.get(each.credit_id, 0) + each.amount
    made = []
    for kind, amounts in (("Invoice", invoices), ("CreditMemo", memos)):
        for record_id, amount in amounts.items():
            linked = books.invoices[record_id] if kind == "Invoice" else books.credits[record_id]
            left = open_of(books, linked) if isinstance(linked, Invoice) else remaining_of(books, linked)
            extra = {"txnId": str(record_id), "txnOpenBalance": f"{left / 100:.2f}"}
            if linked.number is not None:
                extra["txnReferenceNumber"] = linked.number
            line = {"Amount": money(amount), "LinkedTxn": [{"TxnId": str(record_id), "TxnType": kind}]}
            made.append({**line, "LineEx": {"any": [_name_value(name, value) for name, value in extra.items()]}})
    return made


def _name_value(name: str, value: str) -> Body:
    return {
        "name": "{http://schema.intuit.com/finance/v3}NameValue",
        "declaredType": "com.intuit.schema.finance.v3.NameValue",
        "scope": "javax.xml.bind.JAXBElement$GlobalScope",
        "value": {"Name": name, "Value": value},
        "nil": False,
        "globalScope": True,
        "typeSubstituted": False,
    }


def _at_home(books: Books, currency: str, on: date, **amounts: int) -> Body:
    """What a company with several currencies says beside an amount (Finance.xsd: only with multicurrency)."""
    if not books.company.several_currencies:
        return {}
    home = books.company.currency
    converted = {name: money(in_base(amount, currency, home, on)) for name, amount in amounts.items()}
    return {"ExchangeRate": 1 if currency == home else price(currency, home, on), **converted}


def _numbered(document: Document) -> Body:
    return {} if document.number is None else {"DocNumber": document.number}


def _noted(document: Document | Payment) -> Body:
    note = document.fields.get("PrivateNote")
    if document.standing is Standing.VOIDED:
        return {"PrivateNote": f"Voided - {note}" if note else "Voided"}
    return {"PrivateNote": note} if note else {}


def _addressed(books: Books, customer: Customer) -> Body:
    address = lists.address(customer.address, 1000 + customer.id)
    body: Body = {"CustomerRef": ref(customer.id, lists.full_name(books, customer))}
    return body | ({"BillAddr": address, "ShipAddr": address} if address else {})


def _mailed(document: Document) -> Body:
    body: Body = {"EmailStatus": "NotSet" if document.sent_at is None else "EmailSent"}
    if document.email is not None:
        body["BillEmail"] = {"Address": document.email}
    if document.sent_at is not None:
        body["DeliveryInfo"] = {"DeliveryType": "Email", "DeliveryTime": instant(document.sent_at)}
    return body


def _lines(document: Document) -> list[Body]:
    void = document.standing is Standing.VOIDED
    made = [_line(number, line, void=void) for number, line in enumerate(document.lines, start=1)]
    total: Body = {"Amount": money(document.total), "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    return [*made, total]


def _line(number: int, line: Line, *, void: bool) -> Body:
    if line.item == 0:
        body: Body = {"Id": str(number), "LineNum": number, "Description": line.description}
        return {**body, "DetailType": "DescriptionOnly", "DescriptionLineDetail": {}}
    detail: Body = {"ItemRef": ref(line.item, ITEMS[line.item - 1])}
    if line.unit_price is not None and not void:
        detail["UnitPrice"] = lists.plain(line.unit_price)
    if line.quantity is not None and not void:
        detail["Qty"] = lists.plain(line.quantity)
    detail["TaxCodeRef"] = {"value": "NON"}
    amount = money(0 if void else line.amount)
    body = {"Id": str(number), "LineNum": number, "Description": line.description, "Amount": amount}
    return {**body, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
