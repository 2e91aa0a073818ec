"""Who advertises: from what the caller says, the page, and the text, strongest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from adscan.permits.check import Who
from adscan.permits.company_name import SURE, name_key, take_apart
from adscan.permits.mentions import Mention, find_mentions
from adscan.permits.numbers import PrintedNumber
from adscan.permits.register import Register
from adscan.records.ad import Ad
from adscan.records.permit import (
    ActivityPlace,
    Candidate,
    Institution,
    NameKind,
    NameSource,
    Role,
)
from adscan.records.text import NormalText, Span

CONFIDENCE = {
    NameSource.GIVEN: 1.0,
    NameSource.ACCOUNT: 0.9,
    NameSource.RECORD: 0.9,
    NameSource.CONTACT: 0.8,
    NameSource.NUMBER: 0.8,
    NameSource.TEXT: 0.7,
    NameSource.BRAND: 0.6,
}
ORDER = tuple(NameSource)
REMEMBERED = 4096  # names whose look-up is kept
SHORTEST_BRAND = 3  # characters; shorter names mean too much else


@dataclass(frozen=True)
class Parties:
    """The companies behind an ad."""

    advertiser: Who
    provider: Who | None  # offers what the advertiser promotes, where they differ
    entrusted: bool  # the ad says that the provider has entrusted it
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Named:
    """The institutions of a name."""

    institutions: tuple[Institution, ...]
    sure: bool = True  # they bear the name; False: they may


@dataclass
class AdvertiserFinder:
    """Looks names up in one register; without one, names are taken as they are written."""

    register: Register | None
    _look_up: Callable[[str, date], Named] = field(init=False)

    def __post_init__(self) -> None:
        self._look_up = lru_cache(maxsize=REMEMBERED)(self._in_register)

    def find(
        self, ad: Ad, texts: Sequence[NormalText], numbers: Sequence[PrintedNumber]
    ) -> Parties:
        """The parties to an ad on the day of its publication."""
        day = ad.placement.published
        given = [
            self._candidate(name, source, Role.PROMOTER, day)
            for name, source in (
                (ad.placement.advertiser, NameSource.GIVEN),
                (ad.account, NameSource.ACCOUNT),
            )
            if name
        ]
        mentions = [
            (text.part_id, m) for text in texts for m in find_mentions(text.text, _breaks(text))
        ]
        entrusted = any(mention.entrusts for _, mention in mentions)
        named = [self._mentioned(part, mention, day) for part, mention in mentions]
        told = [*given, *named, *self._numbered(numbers), *self._brands(texts, mentions)]
        candidates = tuple(_merged(told))
        promoters = [c for c in candidates if c.role is Role.PROMOTER]
        providers = [c for c in candidates if c.role is Role.PROVIDER]
        advertiser = self._choose(promoters) or self._choose(providers) or Who("", ())
        provider = self._choose(providers)
        if provider is not None and _same(provider, advertiser):
            provider = None
        return Parties(advertiser, provider, entrusted, candidates)

    def who(self, name: str, day: date) -> Who:
        """Whom a name means on a day."""
        named = self._look_up(name, day)
        return Who(name, named.institutions, sure=named.sure)

    def _in_register(self, name: str, day: date) -> Named:
        if self.register is None:
            return Named(())
        exact = self.register.named(name, day) or self.register.named(name)
        if exact:
            return Named(tuple(match.institution for match in exact))
        alike = self.register.alike(name)
        surely = [match for match in alike if match.likeness >= SURE]
        chosen = tuple(match.institution for match in surely or alike)
        return Named(_without_branches(name, chosen), sure=bool(surely) or not alike)

    def _candidate(
        self,
        name: str,
        source: NameSource,
        role: Role,
        day: date,
        places: tuple[ActivityPlace, ...] = (),
    ) -> Candidate:
        named = self._look_up(name, day)
        return Candidate(
            name, source, role, CONFIDENCE[source], places, named.institutions, named.sure
        )

    def _mentioned(self, part: str, mention: Mention, day: date) -> Candidate:
        place = (ActivityPlace(part, mention.span),)
        return self._candidate(mention.name, mention.source, mention.role, day, place)

    def _numbered(self, numbers: Iterable[PrintedNumber]) -> Iterator[Candidate]:
        """The holders of the numbers that are printed."""
        for number in numbers:
            for holder in number.holders:
                place = (ActivityPlace(number.part_id, number.span),)
                source = NameSource.NUMBER
                yield Candidate(
                    holder.name, source, Role.PROMOTER, CONFIDENCE[source], place, (holder,)
                )

    def _brands(
        self, texts: Sequence[NormalText], mentions: Sequence[tuple[str, Mention]]
    ) -> Iterator[Candidate]:
        """Short names, brands, apps and accounts of the register that stand in the texts."""
        if self.register is None or not self._brand_names:
            return
        for text in texts:
            taken = [mention.span for part, mention in mentions if part == text.part_id]
            for at, start, end in self._brand_finder.find_matches_as_indexes(text.text):
                span = Span(start, end)
                if not any(span.overlaps(other) for other in taken):
                    name = self._brand_order[at]
                    source, place = NameSource.BRAND, (ActivityPlace(text.part_id, span),)
                    holders = tuple(map(self.register.institution, self._brand_names[name]))
                    yield Candidate(name, source, Role.PROMOTER, CONFIDENCE[source], place, holders)

    @cached_property
    def _brand_finder(self) -> AhoCorasick:
        return AhoCorasick(self._brand_order, matchkind=MatchKind.LeftmostLongest)

    @cached_property
    def _brand_order(self) -> list[str]:
        return list(self._brand_names)

    @cached_property
    def _brand_names(self) -> Mapping[str, tuple[int, ...]]:
        if self.register is None:
            return {}
        kinds = (NameKind.SHORT, NameKind.BRAND, NameKind.APP, NameKind.ACCOUNT)
        found: dict[str, tuple[int, ...]] = {}
        for name, holder in self.register.by_kind(kinds):
            if len(name) >= SHORTEST_BRAND:
                found[name] = (*found.get(name, ()), holder)
        return found

    def _choose(self, candidates: Sequence[Candidate]) -> Who | None:
        """The one of the strongest source; several different ones stay several."""
        known = [c for c in candidates if c.institutions or take_apart(c.name).form]
        for among in (known, list(candidates)):
            for source in ORDER:
                strongest = [c for c in among if c.source is source]
                if strongest:
                    return _who(strongest)
        return None


def _same(one: Who, other: Who) -> bool:
    """Whether both are one company: in the register, or else by name."""
    if one.institutions or other.institutions:
        return one.institutions == other.institutions
    return one.name == other.name


def _who(candidates: Sequence[Candidate]) -> Who:
    holders = {holder.id: holder for c in candidates for holder in c.institutions}
    unknown = [c for c in candidates if not c.institutions]
    if unknown and (holders or len({name_key(c.name) for c in unknown}) > 1):
        # Several firms side by side: nobody can say which of them advertises.
        names = "、".join(dict.fromkeys(c.name for c in candidates))
        return Who(names, tuple(holders.values()), several=True)
    sure = all(candidate.sure for candidate in candidates)
    return Who(candidates[0].name, tuple(holders.values()), sure=sure)


def _merged(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One candidate for each name and role, of its strongest source, with all its places."""
    found: dict[tuple[str, Role], Candidate] = {}
    for candidate in candidates:
        holders = [str(holder.id) for holder in candidate.institutions]
        key = (",".join(holders) or name_key(candidate.name), candidate.role)
        known = found.get(key)
        if known is None:
            found[key] = candidate
            continue
        strong, weak = sorted((known, candidate), key=lambda c: ORDER.index(c.source))
        places = tuple(dict.fromkeys((*strong.places, *weak.places)))
        found[key] = replace(strong, places=places)
    return sorted(found.values(), key=lambda c: (ORDER.index(c.source), c.places, c.name))


def _breaks(text: NormalText) -> frozenset[int]:
    """Where something of the source was left out, as the end of a line within a sentence."""
    starts, ends = text.offsets.starts, text.offsets.ends
    return frozenset(at for at in range(1, len(starts)) if starts[at] > ends[at - 1])


def _without_branches(name: str, found: tuple[Institution, ...]) -> tuple[Institution, ...]:
    """A name without a branch means the legal person, not the branches listed beside it."""
    if take_apart(name).branch:
        return found
    heads = {institution.name for institution in found if institution.head is None}
    return tuple(one for one in found if one.head is None or one.head not in heads)
