"""SPEAK: everything that opens a socket outwards.

A connector speaks one platform's dialect and keeps no state: budget, tokens and clock are passed in. It yields pages of
`strategy.model` records with their raw bodies, and takes writes. A channel carries a sealed message to a person. Every
HTTP byte goes through `transport`. Start with `base`, which fixes both contracts, then `errors`.

Only `strategy.model` and `strategy.money` may be imported from strategy; the two platforms never import each other.
"""

import sys

# httpx brings a command line of its own where rich is installed, and loads it with itself: five megabytes and 60 ms
# in every process, for nothing. Without that module it goes on as where rich is not (httpx 0.28.1).
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
