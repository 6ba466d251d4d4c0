"""A small but real PDF of an invoice: one page, one font, made by hand."""

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.figures import open_of
from dunwell.sandbox.books.records import Invoice


def invoice_pdf(books: Books, invoice: Invoice) -> bytes:
    """The invoice as a page of A4."""
    customer = books.customers[invoice.customer_id]
    rows = [
        books.company.name,
        "",
        f"INVOICE {invoice.number or ''}",
        f"Date {invoice.issued_on.isoformat()}    Due {invoice.due_on.isoformat() if invoice.due_on else '-'}",
        f"Bill to: {customer.name}",
        "",
        *(f"{line.description}    {_amount(line.amount)}" for line in invoice.lines),
        "",
        f"Total {_amount(invoice.total)} {invoice.currency}",
        f"Balance due {_amount(open_of(books, invoice))} {invoice.currency}",
    ]
    return page(rows)


def page(rows: list[str]) -> bytes:
    """A PDF of one page with these lines of text, in Windows Latin."""
    text = b"BT /F 11 Tf 60 780 Td 16 TL\n" + b"".join(_shown(row) for row in rows) + b"ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font 6 0 R >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /F 5 0 R >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return body + trailer % (size, table, size, len(body))


def _shown(row: str) -> bytes:
    escaped = row.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"(" + escaped + b") Tj T*\n"


def _amount(minor: int) -> str:
    return f"{minor / 100:,.2f}"
