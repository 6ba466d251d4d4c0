"""Telling the books what was said: notes, statements, payment links, each posted once.

`planning` puts a row into the outbox for each thing to tell, in the transaction that records the sending; `posting`
carries the rows out: it looks in the books for our marker first, so that nothing is posted twice whatever crashed
before.
"""
