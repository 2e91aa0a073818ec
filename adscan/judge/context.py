"""Finding or mere mention: what surrounds the words, and what the whole text is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from adscan.language.negation import is_negated
from adscan.language.quotation import is_in_title, is_quoted
from adscan.records.hit import Hit, Origin
from adscan.records.review import Genre, GenreLabel
from adscan.records.rule import MentionReason, Rule
from adscan.records.text import NormalText, Span
from adscan.records.verdict import Verdict

GENRE_REASONS = {
    GenreLabel.NEWS: MentionReason.NOT_AN_ADVERTISEMENT,
    GenreLabel.LEGAL: MentionReason.NOT_AN_ADVERTISEMENT,
    GenreLabel.COMPLAINT: MentionReason.NOT_AN_ADVERTISEMENT,
    GenreLabel.EDUCATION: MentionReason.EDUCATION,
}
JUDGED = (Origin.PATTERN, Origin.MODEL)  # what the model's verdict is about


def mention_reason(
    hit: Hit, text: NormalText, genre: Genre, rule: Rule, verdict: Verdict | None = None
) -> MentionReason | None:
    """Why this hit is no finding; None if it is one. Releases this place only.

    With a verdict the model decides what the whole text is, of rules that it knows; else the genre.
    """
    reason = _of_place(hit, text, rule)
    if reason is not None:
        return reason
    reason = GENRE_REASONS.get(genre.label)
    if verdict is not None and hit.rule in verdict.rules:
        return None if _upheld(hit, rule, verdict) else reason or MentionReason.EXEMPT
    return None if reason is MentionReason.EDUCATION and "E" not in rule.exemptions else reason


def _upheld(hit: Hit, rule: Rule, verdict: Verdict) -> bool:
    """Whether the model leaves a hit standing. Of licences and of layout it knows nothing."""
    if hit.origin not in JUDGED:
        return True
    return verdict.upholds(hit.rule) or (verdict.alarms and "register" in rule.needs)


def standing_rules(
    hits: Iterable[Hit], texts: Sequence[NormalText], rule_of: Callable[[str], Rule]
) -> frozenset[str]:
    """The rules whose words stand in an ad, neither released nor negated nor quoted."""
    by_part = {text.part_id: text for text in texts}
    return frozenset(
        hit.rule for hit in hits if _of_place(hit, by_part[hit.part_id], rule_of(hit.rule)) is None
    )


def _of_place(hit: Hit, text: NormalText, rule: Rule) -> MentionReason | None:
    """Why the place is released, whatever the whole text is. Grammar is asked of words only."""
    if hit.released is not None or hit.absent or hit.origin is not Origin.PATTERN:
        return hit.released
    return _of_words(text.text, hit.span, rule.exemptions)


def _of_words(text: str, span: Span, exemptions: frozenset[str]) -> MentionReason | None:
    if "P" in exemptions and is_in_title(text, span):
        return MentionReason.EXEMPT
    if "Q" in exemptions and is_quoted(text, span):
        return MentionReason.QUOTED
    if "N" in exemptions and is_negated(text, span):
        return MentionReason.NEGATED
    return None
