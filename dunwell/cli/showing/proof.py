"""What a full reading found, in a sentence."""

from collections.abc import Mapping

from strategy.model import Kind


def sentence(differed: Mapping[Kind, int]) -> str:
    """Whether the mirror was what the platform says, after the changes had been read."""
    if not differed:
        return "nothing differed: the mirror is what the platform says"
    told = ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in differed.items())
    return (
        f"{told} differed from what the platform says, and are right now; reading the changes should have brought "
        "them, so please report it"
    )
