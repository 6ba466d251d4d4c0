"""What people tell us: promises, disputes, claims, holds, and that the books are matched.

The same for every door: each function looks at what the books say, refuses nonsense with a sentence (`refusing`), and
records the rest in the journal with its event and with who said it.
"""
