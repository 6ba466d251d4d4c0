"""SPEAK: everything that opens a socket outwards.

A connector speaks one platform's dialect and keeps no state: budget, tokens and clock are passed in. It yields pages of
`strategy.model` records with their raw bodies, and takes writes. A channel carries a sealed message to a person. Every
HTTP byte goes through `transport`. Start with `base`, which fixes both contracts, then `errors`.

Only `strategy.model` and `strategy.money` may be imported from strategy; the two platforms never import each other.
"""
