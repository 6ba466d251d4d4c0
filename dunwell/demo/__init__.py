"""Six weeks of the whole job in under a minute: real HTTP, real mail, real files, and a clock that is ours.

`play` is where it starts. `stage` sets up sandbox, mail server and two connected ledgers in a folder; `weeks` lets the
days pass; `story` is what happens on purpose, to the customers in `cast`; `sink` is the mail server; `counting` asks
outbox, mail server and platforms what happened, and lets them disagree; `telling` puts the result on the screen.
"""
