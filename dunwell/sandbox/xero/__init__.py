"""The Xero dialect: Accounting API 2.0 of one UK organisation with three currencies, as in its OpenAPI file 16.1.0.

`dialect` is the front: OAuth (`oauth`, `scopes`), connections, the gateway with token, tenant and limits, whose errors
are in `trouble`. `api` takes a call to who answers it, with `idempotency` in between. `reading/` answers lists, single
objects, history and the aged report from the shelf of all objects; `writing/` checks what comes in and saves it in the
books. `bodies/` make the objects, `lists` the settings, `wire` knows how values are written; `ids`, `rates`, `balances`
and `bills` are what Xero has and the books have not.

Modelled: Organisation with its actions, InvoiceReminders, Currencies, BrandingThemes, RepeatingInvoices (none),
ContactGroups (read only); Contacts, Invoices, CreditNotes, Payments, Overpayments, Prepayments, with Allocations,
History, Attachments, OnlineInvoice, Email and PDF; PaymentServices; Reports/AgedReceivablesByContact. Bills and other
things of suppliers are there to be filtered out, and cannot be written. Not modelled: tax, quotes, bank transactions,
batch payments by themselves, five calls at once.

Where the fact sheet (docs of Xero and recordings, read 2026-11-21) leaves something [UNCONFIRMED], the docstring says
so and the sandbox takes the side that is harder on us.
"""
