"""How things are shown.

`page`: tables at a terminal, tab-separated lines in a pipe or under NO_COLOR, one object with `--json`. `cells`: what
stands in a table. `plain`: decisions as `--json` writes them. `progress`: bars on stderr, at a terminal only. `story`:
events as sentences.
"""
