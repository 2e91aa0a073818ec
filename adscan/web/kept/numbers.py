"""Numbers that people type or put in an address."""

from __future__ import annotations

DIGITS = 10  # of the largest; Python refuses to read more than some thousands at all
END = 2**31  # what the columns for ids can hold


def row_id(text: str) -> int | None:
    """The id that these digits write; None if no row can have it. Zeros may stand before it."""
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0")
    number = int(digits) if 0 < len(digits) <= DIGITS else 0
    return number if 0 < number < END else None
