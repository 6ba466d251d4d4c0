"""The store: one SQLite file per firm, every line of SQL in here, each statement named in `sql/` with a sentence.

Two kinds of tables (`schema/`): the *mirror* can be pulled again; the *journal* must never be lost, and every change
of its state tables is written in one transaction with its event. All keys begin with a small integer `ledger_id`;
amounts are integers in `*_minor` beside their currency, dates ISO text, instants UTC text of one fixed form, so that
text order is time order. Tokens live in a file of their own (`vault`), and so do the counts of what was asked of the
platforms (`budgets`), whose commits need not wait for the disk.

Modules are rooms by subject: `mirror`, `journal`, `outbox`, `webhooks`, `budgets`, `vault`; `database` opens the file.
Functions take the open `Store` first.
"""
