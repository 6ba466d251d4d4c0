"""How a contact is made that does not leave here, and what a customer's answer is called: by commands and files."""

from typing import Final

from strategy.holds import BY_ITSELF
from strategy.text.parts.keys import CHANNELS

ELSEWHERE: Final = (*CHANNELS, "visit", BY_ITSELF)
"""Ways of a contact made elsewhere; the last is a reminder of QuickBooks' or Xero's own."""

REPLY: Final = "reply"
"""What they wrote to us: it is noted in the same place, and no contact of ours."""
