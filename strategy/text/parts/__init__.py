"""The tables of a strategy, each read by `keys`: measures, schedules, segments; and `inherit` merges two."""
