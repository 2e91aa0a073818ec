"""Sentences with the words in question marked: 我们⟦保本⟧."""

from adscan.records.text import Span


def marked(text: str) -> tuple[str, Span]:
    """The sentence without the marks, and the place of the words."""
    start = text.index("⟦")
    end = text.index("⟧") - 1
    return text.replace("⟦", "").replace("⟧", ""), Span(start, end)
