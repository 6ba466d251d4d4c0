"""Cells of tables that other programs open."""


def cell(value: object) -> str:
    """What a spreadsheet would take for a formula becomes a text; None is nothing."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "@", "\t", "\r")) else text
