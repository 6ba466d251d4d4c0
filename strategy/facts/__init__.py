"""What conditions ask about an account, measured: `measuring.measure` puts together what the others work out.

`sums` has money and what is counted beside it, `lateness` how late the account pays and whether that changes, `marks`
what is simply so or not, and words. What there is no evidence for is left out, which conditions take as unknown.
"""
