"""A strategy that has orders stopped: the one trigger is told when it is over, too, the other is not."""

GENTLE = """
strategy = "test"
inherits = "gentle"
statement = ""
"""
"""Without any trigger."""

STOPPING = f"""{GENTLE}
[[trigger]]
name   = "stop orders"
when   = "overdue > small"
notify = "owner"
over   = true

[[trigger]]
name   = "anything at all"
when   = "overdue > 0"
notify = "owner"
"""
