"""Why a demo ends before its time."""


class DemoBroken(Exception):
    """Something that the demo shows did not happen."""
