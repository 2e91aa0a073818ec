"""Finding or mere mention: what surrounds the words, and what the whole text is."""

from __future__ import annotations

from adscan.language.negation import is_negated
from adscan.language.quotation import is_in_title, is_quoted
from adscan.records.hit import Hit, Origin
from adscan.records.review import Genre, GenreLabel
from adscan.records.rule import MentionReason, Rule
from adscan.records.text import NormalText, Span

WORDED = (Origin.PATTERN, Origin.MODEL)  # only words can be negated or quoted
GENRE_REASONS = {
    GenreLabel.NEWS: MentionReason.NOT_AN_ADVERTISEMENT,
    GenreLabel.LEGAL: MentionReason.NOT_AN_ADVERTISEMENT,
    GenreLabel.COMPLAINT: MentionReason.NOT_AN_ADVERTISEMENT,
    GenreLabel.EDUCATION: MentionReason.EDUCATION,
}


def mention_reason(hit: Hit, text: NormalText, genre: Genre, rule: Rule) -> MentionReason | None:
    """Why this hit is no finding; None if it is one. Releases this place only."""
    if hit.released is not None:
        return hit.released
    if not hit.absent and hit.origin in WORDED:
        reason = _of_words(text.text, hit.span, rule.exemptions)
        if reason is not None:
            return reason
    reason = GENRE_REASONS.get(genre.label)
    return None if reason is MentionReason.EDUCATION and "E" not in rule.exemptions else reason


def _of_words(text: str, span: Span, exemptions: frozenset[str]) -> MentionReason | None:
    if "P" in exemptions and is_in_title(text, span):
        return MentionReason.EXEMPT
    if "Q" in exemptions and is_quoted(text, span):
        return MentionReason.QUOTED
    if "N" in exemptions and is_negated(text, span):
        return MentionReason.NEGATED
    return None
