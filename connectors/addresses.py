"""Email addresses: what is one, and how the internet writes its domain."""

from typing import Final

ADDRESS: Final = r'[^\s<>@",;:()\\]{1,64}@[^\s<>@",;:()\\.]+(?:\.[^\s<>@",;:()\\.]+)*'
"""The pattern of one address and nothing beside it: no comma either, and no part of its domain empty."""


def wire_domain(domain: str) -> str:
    """The domain in ASCII (xn--), as mail servers know it. Raises `ValueError`, which repeats it, where it is none."""
    import idna  # noqa: PLC0415 - its tables are large, and who only wants to know an address does not need them

    return idna.encode(domain, uts46=True).decode()
