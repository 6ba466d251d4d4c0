"""DECIDE: pure functions from what the books and the journal say to what should happen, and why.

Nothing here opens a socket or a file of others, reads the clock or writes SQL: days come in as `as_of`, holidays as
data, settings as a parsed strategy. Start with `plan.plan_account`, which everything else serves.

- the books as records: `model`; money in minor units: `money`
- what a consultant writes: `text` (parsing, every mistake with file and line), `conditions`, `rules` (the parsed
  strategy)
- one account with its journal: `account`; what comes out: `decision`
- the parts of deciding: `segments`, `schedule`, `holds`, `aging`, `statement`, `escalation`
- why, in sentences: `explain` (reasons), `changes` (what would change them), `telling` (one invoice, whole)
- days to come: `forward`
- `shipped/`: four strategies worth using as they are, with their letters
"""
