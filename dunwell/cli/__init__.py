"""The command line: what an accountant types, a scheduler runs, and a script reads.

`main` is the program and the table of its commands; `lazy` loads a command when it is called, so that the others start
at once. `session` is what every command works with, `ending` turns what went wrong into one sentence and an exit code,
`finding` says who was meant, `parameters` reads days and amounts. `commands/` are the commands by subject, `showing/`
is how they show things: tables at a terminal, tab-separated lines in a pipe, one object with `--json`. `listener`
receives the consent of a platform.

A command imports what it needs inside itself: at the top of a module stand only click and records.
"""
