"""How a contact is made that does not leave here: by commands and files."""

from typing import Final

from strategy.account import BY_ITSELF
from strategy.text.parts.keys import CHANNELS

ELSEWHERE: Final = (*CHANNELS, "visit", BY_ITSELF)
"""Ways of a contact made elsewhere; the last is a reminder of QuickBooks' or Xero's own."""
