"""Print how much of the recordings was compared: `python -m tests.connectors.recorded`."""

from tests.connectors.recorded import figures
from tests.data import DATA

if __name__ == "__main__":
    print("\n".join(figures.table(DATA)))  # noqa: T201 - what the command is for
