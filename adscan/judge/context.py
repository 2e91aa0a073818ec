"""Finding or mere mention: what surrounds the words, and what the whole text is."""

from __future__ import annotations

from adscan.language.negation import is_negated
from adscan.language.quotation import is_in_title, is_quoted
from adscan.records.hit import Hit, Origin
from adscan.records.review import Genre, GenreLabel
from adscan.records.rule import MentionReason, Rule
from adscan.records.text import NormalText

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
    if not hit.absent and hit.origin is not Origin.PERMIT:
        reason = _of_words(hit, text)
        if reason in rule.context or reason is MentionReason.EXEMPT:
            return reason
    reason = GENRE_REASONS.get(genre.label)
    return reason if reason in rule.context else None


def _of_words(hit: Hit, text: NormalText) -> MentionReason | None:
    if is_in_title(text.text, hit.span):
        return MentionReason.EXEMPT
    if is_quoted(text.text, hit.span):
        return MentionReason.QUOTED
    if is_negated(text.text, hit.span):
        return MentionReason.NEGATED
    return None
