"""One finding a fault: all hits of a rule, with all their places."""

from __future__ import annotations

from collections.abc import Sequence

from adscan.judge.locate import Surfaces
from adscan.judge.policy import decide_finding, gravest
from adscan.records.circumstances import Circumstances
from adscan.records.hit import Hit
from adscan.records.review import Finding
from adscan.records.rule import Rule, Severity

GRAVITY = (Severity.LOW, Severity.MEDIUM, Severity.HIGH)


def merge(
    rule: Rule,
    hits: Sequence[Hit],
    surfaces: Surfaces,
    known: Circumstances,
    authority: str,
) -> Finding:
    """The rule's finding. Its decision and severity are the gravest that any hit asks for."""
    cited = [rule.basis_on(known.day, known.products, known.medium, hit.basis) for hit in hits]
    refs = {provision.ref for basis in cited for provision in basis}
    notes = dict.fromkeys(hit.note for hit in hits if hit.note)
    return Finding(
        rule=rule.id,
        title=rule.title,
        category=rule.category,
        severity=max((hit.severity or rule.severity for hit in hits), key=GRAVITY.index),
        decision=gravest(
            decide_finding(hit.decision or rule.decision, hit.confidence, rule.status, basis)
            for hit, basis in zip(hits, cited, strict=True)
        ),
        confidence=max(hit.confidence for hit in hits),
        origin=tuple(sorted({hit.origin for hit in hits})),
        evidence=surfaces.places(hits),
        legal_basis=tuple(g.provision for g in rule.grounds if g.provision.ref in refs),
        explanation="".join([rule.explanation, *notes]),
        remedy=rule.remedy,
        authority=authority,
    )
