"""The neutral books: what happened, in words of neither platform. Both dialects read and write these.

`records` is what is kept, `books` how it changes, `figures` what follows from it (open, unapplied, aged), `player`
plays a story into it as time passes, `pdf` prints an invoice. Amounts are whole minor units (all currencies of the
stories have two decimals).

The trick: money never moves between fields. A payment carries its allocations; what is open of an invoice, unapplied
of a payment and left of a credit is always added up from them, so no figure can disagree with another.
"""
