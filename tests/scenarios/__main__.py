"""Each story with its title, the rules without which it goes wrong, and what it guards."""

import sys

from tests.scenarios.index import guards
from tests.scenarios.reading import names, story
from tests.scenarios.switches import SWITCHES

for name in names():
    guarded = dict.fromkeys(f"{one.part.lower()}: {one.what}" for one in guards() if one.story == name)
    lines = [f"{name}: {story(name).title}"]
    lines += [f"    without {switch.rule}" for switch in SWITCHES[name]]
    lines += [f"    guards {what}" for what in guarded]
    sys.stdout.write("\n".join(lines) + "\n")
