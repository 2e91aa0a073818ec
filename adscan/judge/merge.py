"""One finding a fault: all hits of a rule, with all their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from adscan.judge.locate import locate
from adscan.judge.policy import decide_finding, gravest
from adscan.records.hit import Hit
from adscan.records.part import Part
from adscan.records.review import Evidence, Finding
from adscan.records.rule import Rule, Severity
from adscan.records.text import NormalText, Span

GRAVITY = (Severity.LOW, Severity.MEDIUM, Severity.HIGH)


def merge(
    rule: Rule,
    hits: Sequence[Hit],
    texts: Mapping[str, NormalText],
    parts: Mapping[str, Part],
    day: date,
) -> Finding:
    """The rule's finding. Its decision and severity are the gravest that any hit asks for."""
    basis = rule.basis_on(day)
    notes = dict.fromkeys(hit.note for hit in hits if hit.note)
    return Finding(
        rule=rule.id,
        title=rule.title,
        category=rule.category,
        severity=max((hit.severity or rule.severity for hit in hits), key=GRAVITY.index),
        decision=gravest(
            decide_finding(hit.decision or rule.decision, hit.confidence, rule.status, basis)
            for hit in hits
        ),
        confidence=max(hit.confidence for hit in hits),
        origin=tuple(sorted({hit.origin for hit in hits})),
        evidence=places(hits, texts, parts),
        legal_basis=basis,
        explanation="".join([rule.explanation, *notes]),
        remedy=rule.remedy,
    )


def places(
    hits: Sequence[Hit], texts: Mapping[str, NormalText], parts: Mapping[str, Part]
) -> tuple[Evidence, ...]:
    """The hits' places in order of the ad, those that overlap made one."""
    joined: list[tuple[str, Span]] = []
    order = list(parts)
    for hit in sorted(hits, key=lambda hit: (order.index(hit.part_id), hit.span)):
        if joined and joined[-1][0] == hit.part_id and joined[-1][1].overlaps(hit.span):
            last = joined.pop()[1]
            joined.append((hit.part_id, Span(last.start, max(last.end, hit.span.end))))
        else:
            joined.append((hit.part_id, hit.span))
    return tuple(
        evidence
        for part_id, span in joined
        for evidence in locate(span, texts[part_id], parts[part_id])
    )
