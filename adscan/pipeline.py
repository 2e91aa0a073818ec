"""One advertisement's way: file, sheets, text, hits, verdict.

`read` looks at files and pictures, `judge` at what was read: so it can be judged again later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from adscan import __version__
from adscan.classify.activity import find_activities
from adscan.classify.answers import Answers
from adscan.classify.genre import find_genre
from adscan.classify.model import Classifier
from adscan.errors import InputError
from adscan.ingest.read_ad import read_ad
from adscan.judge.context import standing_rules
from adscan.judge.judge import Reading, judge, promotes
from adscan.layout.legibility import MeasuredLooks, NormalLooks
from adscan.normalise.chain import Normaliser
from adscan.ocr.recogniser import Recogniser
from adscan.ocr.transcribe import transcribe
from adscan.permits.permit_hits import permit_hits, released
from adscan.permits.permits import Permits
from adscan.records.ad import Ad, Placement, Source
from adscan.records.circumstances import KNOWN_FROM, Circumstances, LineLooks, Looks
from adscan.records.part import LineKind, Part
from adscan.records.permit import Activity, PermitCheck, PermitStatus
from adscan.records.review import (
    AdSummary,
    Case,
    Genre,
    GenreLabel,
    NotChecked,
    Provenance,
    Review,
    ReviewError,
)
from adscan.records.rule import Decision, Rule
from adscan.records.text import NormalText
from adscan.records.verdict import OperatingPoint
from adscan.rulebook.authorities import leading_authority, load_authorities
from adscan.rulebook.rulebook import Rulebook, Undecided
from adscan.rulebook.schema import AuthorityTable
from adscan.settings import Settings

# The contract's words for what was missing.
NOT_CHECKED = {
    "register": "needs the register",
    "audience": "audience unknown",
    "product": "product unknown",
    "medium": "medium unknown",
    "kind": "not visible in this kind of input",
}


@dataclass(frozen=True)
class Transcript:
    """An ad once read: whatever judging needs of it."""

    ad: Ad
    parts: tuple[Part, ...]
    looks: LineLooks
    answers: Answers | None = None  # the model's; None: not asked yet


@dataclass
class Reviewer:
    """Reviews advertisements, one at a time; loads its weights when first needed."""

    rulebook: Rulebook
    recogniser: Recogniser | None  # None: pictures are not read, and said to be unread
    settings: Settings
    checked_at: datetime  # stamped on every review of this run
    classifier: Classifier | None = None  # None: words and grammar alone decide
    point: OperatingPoint = OperatingPoint.PREREVIEW
    permits: Permits = field(default_factory=Permits)  # without a register the law alone speaks
    _normaliser: Normaliser = field(init=False)
    _authorities: AuthorityTable = field(init=False)
    edition: str = field(init=False)  # of rulebook, thresholds and table of authorities

    def __post_init__(self) -> None:
        self._normaliser = Normaliser(self.rulebook.terms())
        self._authorities = load_authorities(self.settings.authorities)
        self.edition = f"{self.rulebook.edition}.{self._digest_of_settings()}"

    def review(self, source: Source, placement: Placement) -> Case:
        """The verdict on one input. What cannot be read becomes a review with decision `error`."""
        try:
            return self.judge(self.read((source,), placement))
        except InputError as error:
            return self.refuse(source.name, placement, error)

    def read(
        self,
        sources: Sequence[Source],
        placement: Placement,
        title: str | None = None,
        tell: Callable[[int, int], None] | None = None,
    ) -> Transcript:
        """What the files of one ad say; `title` is a heading that stands in none of them.

        `tell` hears how many sheets are read, and of how many. Raises InputError if nothing can
        be read.
        """
        ad = read_ad(sources, placement, self.settings.limits, title)
        sure = self.settings.ocr.min_confidence
        parts: list[Part] = []
        for sheet in ad.sheets:
            if tell:
                tell(len(parts), len(ad.sheets))
            parts.append(transcribe(sheet, self.recogniser, sure))
        return Transcript(ad, tuple(parts), MeasuredLooks.of(ad.sheets, parts))

    def normalise(self, parts: Sequence[Part]) -> list[NormalText]:
        """The texts that rules and model read."""
        return [self._normaliser.normalise(part) for part in parts]

    def answered(self, transcript: Transcript) -> Transcript:
        """The transcript with what the model makes of it; the same without a model."""
        if self.classifier is None or transcript.answers is not None:
            return transcript
        return replace(transcript, answers=self.classifier.read(self.normalise(transcript.parts)))

    def judge(self, transcript: Transcript) -> Case:
        """The verdict on what was read."""
        ad, parts, placement = transcript.ad, transcript.parts, transcript.ad.placement
        texts = self.normalise(parts)
        activities = find_activities(texts)
        answers = transcript.answers
        if self.classifier and answers is None:
            answers = self.classifier.read(texts)
        if self.classifier and answers:
            activities = self.classifier.activities(answers, activities)
        looks = NormalLooks(transcript.looks, {text.part_id: text for text in texts})
        known = self._circumstances(placement, parts, activities, looks)
        hits, undecided = self.rulebook.find(texts, known)
        verdict = None
        if self.classifier is None or answers is None:
            genre = find_genre(texts)
        else:
            worded = standing_rules(hits, texts, self._rule)
            verdict = self.classifier.weigh(answers, worded, self.point)
            genre = self.classifier.genre(answers)
            labels = self.classifier.labels(answers, verdict)
            if labels:
                hits, undecided = self.rulebook.find(texts, known, labels)
        permit = self.permits.check(ad, texts, activities)
        hits = released(hits, permit)
        if promotes(genre):
            standing = standing_rules(hits, texts, self._rule)
            hits = [*hits, *permit_hits(permit, texts, standing, verdict, self.point)]
            hits.sort(key=lambda hit: hit.rule)
        reading = Reading(ad, parts, texts, hits, genre, permit, known, verdict)
        unchecked = list(self._unchecked(known, genre, undecided, permit))
        authority = partial(self._authority, known)
        return Case(judge(reading, self._rule, authority, unchecked, self._by(parts)), ad)

    def refuse(self, name: str, placement: Placement, error: InputError) -> Case:
        """The review of an input that could not be opened."""
        return Case(
            Review(
                ad=AdSummary(
                    id=name,
                    source=name,
                    sha256=None,
                    title=None,
                    advertiser=placement.advertiser,
                    published=placement.published.isoformat(),
                    medium=placement.medium,
                    kind=None,
                ),
                decision=Decision.ERROR,
                risk=0.0,
                genre=Genre(GenreLabel.OTHER, 0.0),
                findings=(),
                mentions=(),
                not_checked=(),
                permit_check=PermitCheck(PermitStatus.NO_REGISTER, placement.advertiser),
                parts=(),
                provenance=self._by(()),
                errors=(ReviewError(error.code, str(error)),),
            ),
            ad=None,
        )

    def _rule(self, rule_id: str) -> Rule:
        return self.rulebook[rule_id].rule

    def _authority(self, known: Circumstances, rule: Rule) -> str:
        return leading_authority(self._authorities, rule, known.products, known.day)

    def _circumstances(
        self,
        placement: Placement,
        parts: Sequence[Part],
        activities: Sequence[Activity],
        looks: Looks,
    ) -> Circumstances:
        return Circumstances(
            day=placement.published,
            products=frozenset(a.id for a in activities if a.confidence >= KNOWN_FROM),
            medium=placement.medium,
            hidden=frozenset(part.id for part in parts if part.hidden),
            looks=looks,
            thresholds=self.settings.thresholds.model_dump(),
        )

    def _unchecked(
        self,
        known: Circumstances,
        genre: Genre,
        undecided: Sequence[Undecided],
        permit: PermitCheck,
    ) -> Iterator[NotChecked]:
        """Rules that this ad could not be fully held against, and what was missing."""
        left = {(item.rule, item.missing) for item in undecided}
        lacking = {"audience", "kind"}
        settled = permit.snapshots and all(check.proven for check in permit.checks)
        lacking |= set() if settled else {"register"}
        lacking |= {"product"} if not known.products else set()
        lacking |= {"medium"} if known.medium is None else set()
        live = self.rulebook.live_on(known.day)
        for compiled in self.rulebook.rules if promotes(genre) and known.products else ():
            rule = compiled.rule
            if rule.id in live:
                left |= {(rule.id, need) for need in rule.needs if need in lacking}
        for rule_id, missing in sorted(left):
            yield NotChecked(rule_id, NOT_CHECKED[missing], self._rule(rule_id).title)

    def _digest_of_settings(self) -> str:
        """Other thresholds or another table of authorities, other reviews."""
        used = self.settings.thresholds.model_dump_json() + self._authorities.model_dump_json()
        return hashlib.sha256(used.encode()).hexdigest()[:6]

    def _by(self, parts: Sequence[Part]) -> Provenance:
        seen = any(line.kind is not LineKind.OWN for part in parts for line in part.lines)
        return Provenance(
            adscan=__version__,
            rulebook=self.edition,
            classifier=self.classifier.version if self.classifier else None,
            ocr=self.recogniser.version if self.recogniser and seen else None,
            register=self.permits.version,
            checked_at=self.checked_at.isoformat(timespec="seconds"),
        )
