"""What the platforms and those who worked with them wrote: contracts, examples, recordings. README.md says whence."""

from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent
