"""The QuickBooks Online dialect: Accounting API v3, minor version 75, of one US company with a single currency.

`dialect` is the front: OAuth (`oauth`), the gateway with token check and limits, errors of the gateway (`trouble`).
`api` takes a call to what answers it. `reading/` answers queries, change data capture and reports from the shelf of all
objects; `writing/` checks what comes in and saves it in the books. `bodies`, `customers`, `attached` and `lists` make
the objects, `words` knows their vocabulary, `wire` how values are written.

Modelled: CompanyInfo, Preferences, Term, PaymentMethod, Item, Account (read only); Customer, Invoice, Payment,
CreditMemo, Attachable. Where the fact sheet (docs of Intuit and recordings, read 2026-11-21) leaves something
[UNCONFIRMED], the docstring says so and the sandbox takes the side that is harder on us.
"""
