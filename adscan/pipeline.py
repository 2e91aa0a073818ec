"""One advertisement's way: file, sheets, text, hits, verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from adscan import __version__
from adscan.classify.genre import find_genre
from adscan.errors import InputError
from adscan.ingest.read_ad import read_ad
from adscan.judge.judge import Reading, judge, promotes
from adscan.normalise.chain import Normaliser
from adscan.ocr.recogniser import Recogniser
from adscan.ocr.transcribe import transcribe
from adscan.records.ad import Ad, Placement, Source
from adscan.records.part import LineKind, Part
from adscan.records.permit import PermitCheck, PermitStatus
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
from adscan.rulebook.rulebook import Rulebook
from adscan.settings import Settings


@dataclass
class Reviewer:
    """Reviews advertisements, one at a time; loads its weights when first needed."""

    rulebook: Rulebook
    recogniser: Recogniser | None  # None: pictures are not read, and said to be unread
    settings: Settings
    checked_at: datetime  # stamped on every review of this run
    _normaliser: Normaliser = field(init=False)

    def __post_init__(self) -> None:
        self._normaliser = Normaliser(self.rulebook.terms())

    def review(self, source: Source, placement: Placement) -> Case:
        """The verdict on one input. What cannot be read becomes a review with decision `error`."""
        try:
            ad = read_ad(source, placement, self.settings.limits)
        except InputError as error:
            return self.refuse(source.name, placement, error)
        sure = self.settings.ocr.min_confidence
        parts = [transcribe(sheet, self.recogniser, sure) for sheet in ad.sheets]
        texts = [self._normaliser.normalise(part) for part in parts]
        hidden = frozenset(part.id for part in parts if part.hidden)
        hits = self.rulebook.find(texts, placement.published, hidden=hidden)
        genre = find_genre(texts)
        permit = PermitCheck(PermitStatus.NO_REGISTER, placement.advertiser or ad.account)
        reading = Reading(ad, parts, texts, hits, genre, permit)
        return Case(judge(reading, self._rule, self._unchecked(ad, genre), self._by(parts)), ad)

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

    def _unchecked(self, ad: Ad, genre: Genre) -> Iterator[NotChecked]:
        """Rules that this ad could not be fully held against, and what was missing."""
        missing = {
            "register": "needs the register",
            "audience": "audience unknown",
            "product": "product unknown",
        }
        if ad.placement.medium is None:
            missing["medium"] = "medium unknown"
        if not promotes(genre):
            return
        for compiled in self.rulebook.rules:
            if compiled.applies_on(ad.placement.published):
                for need in compiled.rule.needs:
                    if need in missing:
                        yield NotChecked(compiled.rule.id, missing[need], compiled.rule.title)

    def _by(self, parts: Sequence[Part]) -> Provenance:
        seen = any(line.kind is not LineKind.OWN for part in parts for line in part.lines)
        return Provenance(
            adscan=__version__,
            rulebook=self.rulebook.edition,
            classifier=None,
            ocr=self.recogniser.version if self.recogniser and seen else None,
            register=None,
            checked_at=self.checked_at.isoformat(timespec="seconds"),
        )
