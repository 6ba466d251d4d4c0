"""Print how much of the recordings was compared: `python -m tests.connectors.recorded`."""

from pathlib import Path

from tests.connectors.recorded import figures

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

if __name__ == "__main__":
    print("\n".join(figures.table(DATA)))  # noqa: T201 - what the command is for
