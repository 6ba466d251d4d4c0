"""Accounts as deciding needs them, from mirror and journal, as of a day: start with `loading`."""
