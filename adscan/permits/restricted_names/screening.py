"""Restricted words in company names, business scopes, accounts and trademarks: `adscan names`.

Nothing is read here but the built-in table; licences, if any are known, are asked for each hit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ahocorasick_rs import AhoCorasick

from adscan.permits.company_name import name_key
from adscan.permits.restricted_names.licences import Held
from adscan.permits.restricted_names.restricted_words import (
    Days,
    RestrictedWords,
    Restriction,
    load_restricted_words,
)
from adscan.records.restricted_name import FIELD_NAMES, Field, NameHit, Subject, Tier, WordHit

GRAVITY = tuple(Tier)

# What a scope says is not done. In brackets a negation holds to their end or the next semicolon;
# outside, 不含 holds to the next comma, 不得 and 未经…不得 to the end of the item. Every repetition
# is bounded, so no scope, however made, takes long.
_CUE = re.compile("不|未|除|禁|无权")
_WITHOUT = r"不含|不包括|不包含|不涉及|不从事|不开展|不经营|不提供|不办理|不参与|严禁|禁止"
_MAY_NOT = r"不得|不可|不能|不准|无权"
_DENIED_IN_BRACKETS = re.compile(
    rf"(?:{_WITHOUT}|{_MAY_NOT}|未经|未取得|未获)[^;。()]*|[(;。]?[^(;。]{{0,200}}除外|除[^;。()]{{0,60}}外"
)
_BRACKETS = re.compile(r"\([^()]{0,2000}\)")
_ITEM = r"(?:[^;。()]|\([^()]{0,200}\)){0,400}"
_DENIED = re.compile(
    rf"未(?:经|取得|获|依法){_ITEM}不(?:得|能|可|准){_ITEM}"
    rf"|(?:{_MAY_NOT})[^;。(),]{{0,60}}除外"
    rf"|(?:{_MAY_NOT}){_ITEM}"
    rf"|(?:{_WITHOUT})(?:[^;。(),]|\([^()]{{0,200}}\)){{0,400}}"
    r"|(?:^|[(;。,:、])除[^;。()]{1,60}?外"
)
_EXCEPTED = re.compile(r"(?:^|[(;。,])[^(;。,]{0,100}除外")
_LAST_BRACKET = re.compile(r"\([^()]*\)$")
_BLANK = re.compile(r"[\s·•・\u200b-\u200d\ufeff]+")


class Licensing(Protocol):
    """Who knows what licences the bearer of a name holds on the day."""

    def held(self, name: str) -> Held:
        """See Licences."""
        ...


@dataclass(frozen=True)
class _Found:
    """A restricted word at its place in a text written in one way."""

    start: int
    end: int
    word: str
    restriction: Restriction
    days: Days


class Screener:
    """Screens by the law of one day; without `licences` nothing is cleared."""

    def __init__(
        self,
        day: date,
        licences: Licensing | None = None,
        table: RestrictedWords | None = None,
    ) -> None:
        self.day = day
        self._licences = licences
        self._table = table or load_restricted_words()
        self._finders = {field: _Finder(self._table, field, day) for field in Field}
        self._bodies = tuple(self._table.friends.bodies)

    def screen(self, subject: Subject) -> NameHit | None:
        """The restricted words of a name and its scope that no licence clears, gravest first."""
        words = [(subject.field, found) for found in self._in_name(subject)]
        if subject.scope:
            words += [(Field.SCOPE, found) for found in self._in_scope(subject.scope)]
        if not words:
            return None
        held = self._held(subject)
        open_ones: dict[str, WordHit] = {}
        for field, found in words:
            if held is None or held.types.isdisjoint(found.restriction.cleared_by):
                hit = self._hit(field, found, held)
                known = open_ones.get(found.word)
                if known is None or _gravity(hit) < _gravity(known):
                    open_ones[found.word] = hit
        ordered = tuple(sorted(open_ones.values(), key=_gravity))
        return NameHit(subject, ordered) if ordered else None

    def _in_name(self, subject: Subject) -> list[_Found]:
        text = name_key(_BLANK.sub("", subject.name))
        found = self._finders[subject.field].find(text)
        if found and subject.field is Field.NAME and self._is_body(text):
            return [one for one in found if one.days.tier is Tier.FORBIDDEN]
        return found

    def _is_body(self, name: str) -> bool:
        """Whether a school, an association, a paper or an authority bears the name."""
        return _LAST_BRACKET.sub("", name).endswith(self._bodies)

    def _in_scope(self, scope: str) -> list[_Found]:
        finder = self._finders[Field.SCOPE]
        text = _BLANK.sub("", unicodedata.normalize("NFKC", scope)).lower()
        return finder.find(affirmed(text)) if finder.may_find(text) else []

    def _held(self, subject: Subject) -> Held | None:
        """None without a register."""
        if self._licences is None:
            return None
        bearer = subject.holder or subject.name
        return self._licences.held(bearer) if bearer else Held(0, frozenset())

    def _hit(self, field: Field, found: _Found, held: Held | None) -> WordHit:
        days = found.days
        citation = self._table.citations[days.provision]
        told = _rule(days.tier, found.word, FIELD_NAMES[field], citation)
        if days.tier is not Tier.FORBIDDEN:
            told += self._licence_told(found.restriction, held)
        return WordHit(found.word, days.tier, days.provision, field, f"{told}。")

    def _licence_told(self, restriction: Restriction, held: Held | None) -> str:
        if not restriction.cleared_by:
            return "，这项业务没有可以取得的许可" if _needs_licence(restriction, self.day) else ""
        if held is None:
            return "，没有登记册，未能核对许可"
        if not held.bearers:
            return "，登记册里查不到这个名称的机构"
        several = "有几家机构用这个名称，不都" if held.bearers > 1 else "这家机构没有"
        return f"，登记册里{several}持有{self.day}当日有效的相应许可"


def affirmed(scope: str) -> str:
    """A business scope with the clauses of what is not done blotted out.

    `scope` is in NFKC: brackets and separators are half-width, the full stop is not.
    """
    if not _CUE.search(scope):
        return scope
    inner = _BRACKETS.sub(lambda bracket: _blot(_DENIED_IN_BRACKETS, bracket.group()), scope)
    outer = _blot(_DENIED, inner)
    return _blot(_EXCEPTED, outer) if "除外" in outer else outer


def _blot(clauses: re.Pattern[str], text: str) -> str:
    return clauses.sub(lambda clause: "〇" * len(clause.group()), text)


class _Finder:
    """Finds the words in force in one field on one day."""

    def __init__(self, table: RestrictedWords, field: Field, day: date) -> None:
        self._words = dict(_in_force(table, field, day))
        self._texts = list(self._words)
        self._contrary = tuple(table.friends.preceded_by)
        friends = {text.lower() for text in table.friends.around(field)} - self._words.keys()
        self._word_places = AhoCorasick(self._texts)
        self._friend_places = AhoCorasick(sorted(friends))
        self._longest_friend = max(map(len, friends), default=0)

    def find(self, text: str) -> list[_Found]:
        """The words that mean what they say, the longest at each place, from left to right."""
        words = self._word_places.find_matches_as_indexes(text, overlapping=True)
        if not words:
            return []
        harmless = self._harmless(text)
        words.sort(key=lambda place: (place[1] - place[2], place[1]))
        taken = bytearray(len(text))
        found: list[_Found] = []
        for number, start, end in words:
            if not any(taken[start:end]) and self._meant(text, start, end, harmless):
                taken[start:end] = b"\1" * (end - start)
                word, restriction, days = self._words[self._texts[number]]
                found.append(_Found(start, end, word, restriction, days))
        return sorted(found, key=lambda one: one.start)

    def _harmless(self, text: str) -> dict[int, int]:
        """Where false friends begin, and where the longest of each place ends."""
        places = self._friend_places.find_matches_as_indexes(text, overlapping=True)
        longest: dict[int, int] = {}
        for _, start, end in places:
            longest[start] = max(end, longest.get(start, 0))
        return longest

    def may_find(self, text: str) -> bool:
        """Whether a word is there, whatever it means."""
        return bool(self._word_places.find_matches_as_indexes(text))

    def _meant(self, text: str, start: int, end: int, harmless: dict[int, int]) -> bool:
        before = range(max(0, start - self._longest_friend), start + 1)
        if harmless and any(harmless.get(at, 0) >= end for at in before):
            return False
        if text.endswith(self._contrary, 0, start):
            return False
        return not (text[start:end].isascii() and _in_latin_word(text, start, end))


def _in_force(
    table: RestrictedWords, field: Field, day: date
) -> Iterator[tuple[str, tuple[str, Restriction, Days]]]:
    for restriction in table.words:
        days = restriction.on(day)
        if days is not None and field in restriction.fields:
            for word in restriction.words:
                yield word.lower(), (word, restriction, days)


def _in_latin_word(text: str, start: int, end: int) -> bool:
    """Whether Latin letters go on at either end: rwa in forward."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())


def _gravity(hit: WordHit) -> tuple[int, int]:
    return GRAVITY.index(hit.tier), list(Field).index(hit.field)


def _needs_licence(restriction: Restriction, day: date) -> bool:
    days = restriction.on(day)
    return days is not None and days.tier is Tier.LICENSED_ONLY


def _rule(tier: Tier, word: str, where: str, citation: str) -> str:
    match tier:
        case Tier.FORBIDDEN:
            return f"任何企业都不得在{where}里使用“{word}”（{citation}），须变更"
        case Tier.LICENSED_ONLY:
            return f"没有相应许可不得在{where}里使用“{word}”（{citation}）"
        case Tier.WATCHED:
            return f"{where}里的“{word}”属于重点关注的字样（{citation}）"
