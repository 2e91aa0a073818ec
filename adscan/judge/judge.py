"""The last stage: an ad's parts and hits become its review."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from adscan.judge.context import mention_reason
from adscan.judge.locate import Surfaces
from adscan.judge.merge import GRAVITY, merge
from adscan.judge.policy import decide, risk_of
from adscan.records.ad import Ad
from adscan.records.circumstances import Circumstances
from adscan.records.hit import Hit, Origin
from adscan.records.part import Notice, NoticeCode, Part
from adscan.records.permit import PermitCheck
from adscan.records.review import (
    AdSummary,
    Finding,
    Genre,
    GenreLabel,
    Mention,
    NotChecked,
    Provenance,
    Review,
    ReviewError,
)
from adscan.records.rule import Decision, MentionReason, Rule
from adscan.records.text import NormalText
from adscan.records.verdict import Sureness, Verdict


@dataclass(frozen=True)
class Reading:
    """Everything the earlier stages found out about one ad."""

    ad: Ad
    parts: Sequence[Part]
    texts: Sequence[NormalText]
    hits: Sequence[Hit]
    genre: Genre
    permit: PermitCheck
    known: Circumstances
    verdict: Verdict | None = None  # None: there is no model


def judge(
    reading: Reading,
    rule_of: Callable[[str], Rule],
    authority_of: Callable[[Rule], str],
    unchecked: Iterable[NotChecked],
    provenance: Provenance,
) -> Review:
    """The review. Findings come gravest first, then surest; mentions in order of rule."""
    findings, mentions = _sort_hits(reading, rule_of, authority_of)
    notices = (*reading.ad.notices, *(n for part in reading.parts for n in part.notices))
    notices += tuple(disguise for text in reading.texts for disguise in _disguises(text))
    errors = tuple(_errors(reading.parts, notices))
    nothing_read = all(part.unread for part in reading.parts)
    decision = decide(findings, unread=bool(errors), nothing_read=nothing_read)
    return Review(
        ad=summary(reading.ad),
        decision=decision,
        risk=risk_of(findings, decision),
        genre=reading.genre,
        findings=tuple(findings),
        mentions=tuple(mentions),
        not_checked=tuple(unchecked),
        permit_check=reading.permit,
        parts=tuple(reading.parts),
        provenance=provenance,
        errors=errors,
        notices=notices,
    )


def summary(ad: Ad) -> AdSummary:
    """The contract's `ad` object. What the caller says wins over what the page says."""
    return AdSummary(
        id=ad.id,
        source=ad.source,
        sha256=ad.sha256,
        title=ad.title,
        advertiser=ad.placement.advertiser or ad.account,
        published=ad.placement.published.isoformat(),
        medium=ad.placement.medium,
        kind=ad.kind.value,
    )


def promotes(genre: Genre) -> bool:
    """Whether the text is one to which the duties of an advertisement apply."""
    return genre.label in (GenreLabel.ADVERTISEMENT, GenreLabel.SOFT_ARTICLE)


def _sort_hits(
    reading: Reading, rule_of: Callable[[str], Rule], authority_of: Callable[[Rule], str]
) -> tuple[list[Finding], list[Mention]]:
    surfaces = Surfaces(
        {text.part_id: text for text in reading.texts}, {part.id: part for part in reading.parts}
    )
    findings: list[Finding] = []
    mentions: list[Mention] = []
    for rule_id, group in groupby(reading.hits, key=lambda hit: hit.rule):
        rule = rule_of(rule_id)
        by_reason: dict[MentionReason | None, list[Hit]] = {}
        for hit in group:
            text = surfaces.texts[hit.part_id]
            reason = mention_reason(hit, text, reading.genre, rule, reading.verdict)
            by_reason.setdefault(reason, []).append(_softened(hit, reading.verdict))
        for reason, hits in by_reason.items():
            if reason is None:
                authority = authority_of(rule)
                findings.append(merge(rule, hits, surfaces, reading.known, authority))
            else:
                mentions.append(Mention(rule_id, surfaces.places(hits), reason, rule.title))
    findings.sort(key=lambda f: (-GRAVITY.index(f.severity), -f.confidence, f.rule))
    mentions.sort(key=lambda m: (m.rule, m.reason))
    return findings, mentions


def _softened(hit: Hit, verdict: Verdict | None) -> Hit:
    """Where the model alone speaks and is in doubt, it only asks for a person's look."""
    in_doubt = verdict is not None and verdict.sureness is not Sureness.SURE
    if hit.origin is Origin.MODEL and in_doubt:
        return replace(hit, decision=Decision.REVIEW)
    return hit


def _disguises(text: NormalText) -> Iterable[Notice]:
    for reading in text.readings:
        message = f"写作“{reading.written}”，读作“{reading.read_as}”"
        yield Notice(NoticeCode.DISGUISED, message, part_id=text.part_id)


def _errors(parts: Sequence[Part], notices: Iterable[Notice]) -> Iterable[ReviewError]:
    for part in parts:
        if part.unread:
            yield ReviewError(code=NoticeCode.NOT_READ.value, message=part.unread, part=part.id)
    for notice in notices:
        if notice.unread:
            yield ReviewError(notice.code.value, notice.message, notice.part_id)
