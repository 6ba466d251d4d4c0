"""How a contact is made that does not leave here: by commands and files."""

from typing import Final

from strategy.text.parts.keys import CHANNELS
from strategy.touches import BY_ITSELF

ELSEWHERE: Final = (*CHANNELS, "visit", BY_ITSELF)
"""Ways of a contact made elsewhere; the last is a reminder of QuickBooks' or Xero's own."""
