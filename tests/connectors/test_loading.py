"""What speaking over HTTP loads: every process pays for it."""

import subprocess
import sys

PROBE = "import sys, connectors.transport, httpx; print(sorted({'rich', 'pygments'} & set(sys.modules)), httpx.Client)"


def test_speaking_loads_no_command_line_of_somebody_elses() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    assert done.stdout == "[] <class 'httpx.Client'>\n"
