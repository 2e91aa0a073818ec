"""The permit stage: who advertises, and whether each activity may be promoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from adscan.permits.advertiser import AdvertiserFinder, Parties
from adscan.permits.check import PermitChecker, Question, gravest
from adscan.permits.numbers import find_faults, find_numbers
from adscan.permits.places import NATION
from adscan.permits.register import Register
from adscan.records.ad import Ad
from adscan.records.circumstances import KNOWN_FROM
from adscan.records.permit import (
    Activity,
    ActivityCheck,
    Institution,
    NameSource,
    PermitCheck,
    PermitStatus,
)
from adscan.records.text import NormalText

_EVERYWHERE = re.compile(
    r"面向全国|全国(?:各地|范围)?(?:内)?(?:均|都|皆)?(?:可|能)?(?:办理?|贷|做|受理|接单|申请|放款|投保|开户)"
)


@dataclass
class Permits:
    """Checks ads against a register; without one, against the law alone."""

    register: Register | None = None
    within_days: int = 0  # how far from the ad's day a complete list still counts
    _finder: AdvertiserFinder = field(init=False)
    _checker: PermitChecker = field(init=False)

    def __post_init__(self) -> None:
        self._finder = AdvertiserFinder(self.register)
        self._checker = PermitChecker(self.register, self.within_days)

    @property
    def version(self) -> str | None:
        """Which lists the register holds; None without one."""
        return self.register.version if self.register else None

    def check(
        self, ad: Ad, texts: Sequence[NormalText], activities: Sequence[Activity]
    ) -> PermitCheck:
        """The verdict on the activities that the ad surely promotes."""
        numbers = find_numbers(texts, self.register)
        parties = self._finder.find(ad, texts, numbers)
        day = ad.placement.published
        region = NATION if any(_EVERYWHERE.search(text.text) for text in texts) else None
        checks = tuple(
            self._of_parties(parties, Question(parties.advertiser, activity.id, day, region))
            for activity in activities
            if activity.confidence >= KNOWN_FROM and not _only_in_names(activity, parties)
        )
        worst = gravest(checks)
        return PermitCheck(
            status=worst.status if worst else PermitStatus.NOT_REQUIRED,
            advertiser=parties.advertiser.name or ad.placement.advertiser or ad.account,
            activities=tuple(activities),
            checks=checks,
            candidates=parties.candidates,
            numbers=tuple(find_faults(numbers, self._named(parties), _own_name(parties))),
            reason=worst.reason if worst else "",
            day=day,
            snapshots=self.register.newest_lists if self.register else {},
        )

    def _of_parties(self, parties: Parties, question: Question) -> ActivityCheck:
        """The advertiser's own permit; if it speaks for a licensed provider, a person looks."""
        own = self._checker.check(question)
        provider = parties.provider
        lacking = (PermitStatus.NOT_IN_REGISTER, PermitStatus.OUT_OF_SCOPE)
        if provider is None or own.status not in lacking:
            return own
        theirs = self._checker.check(replace(question, who=provider))
        if theirs.status is not PermitStatus.COVERED:
            return own
        who = parties.advertiser.name
        if parties.entrusted:
            reason = f"{who}称受{provider.name}委托宣传；{theirs.reason}，请核对委托合同"
            return replace(theirs, reason=reason)
        reason = f"由{who}宣传、{provider.name}提供；提供者有许可，宣传者没有，请核对是否受其委托"
        return replace(theirs, status=PermitStatus.AMBIGUOUS, reason=reason, proven=False)

    def _named(self, parties: Parties) -> list[Institution]:
        """The companies that the ad names, and the legal persons behind them."""
        if self.register is None:
            return []
        named = [
            holder
            for candidate in parties.candidates
            if candidate.source is not NameSource.NUMBER
            for holder in candidate.institutions
        ]
        return [*named, *(self.register.head_of(holder) for holder in named)]


def _own_name(parties: Parties) -> str:
    """The advertiser's name, if it is told by more than a number."""
    told = [c for c in parties.candidates if c.source is not NameSource.NUMBER]
    return parties.advertiser.name if told else ""


def _only_in_names(activity: Activity, parties: Parties) -> bool:
    """Whether the words of an activity stand in names of companies only: 青榆理财 sells funds."""
    names = [place for c in parties.candidates for place in c.places]
    return bool(activity.places) and all(
        any(p.part_id == n.part_id and p.span.overlaps(n.span) for n in names)
        for p in activity.places
    )
