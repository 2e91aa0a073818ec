"""All that the register has on a name: who may be meant, and what is known of one institution."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from adscan.language.pinyin import sound_of
from adscan.permits.company_name import take_apart
from adscan.permits.register import Match, Register, Stretch
from adscan.records.permit import Institution, NameKind, PermitLine

HOW = {
    NameKind.FULL: "全称",
    NameKind.FORMER: "曾用名",
    NameKind.SHORT: "简称",
    NameKind.BRAND: "品牌",
    NameKind.APP: "App 名称",
    NameKind.ACCOUNT: "账号",
}


@dataclass(frozen=True)
class Found:
    """An institution that a name may mean."""

    institution: Institution
    how: str  # Chinese: what of it fits
    name: str  # the name of it that fits


@dataclass(frozen=True)
class Dossier:
    """One institution on a day, and before."""

    institution: Institution
    head: Institution | None  # of a branch
    branches: tuple[Institution, ...]
    permits: tuple[PermitLine, ...]  # its own, then its head's
    history: tuple[PermitLine, ...]  # each version, its `snapshot` the day from which it was known
    stretches: tuple[Stretch, ...]  # in which lists its permits stood


def find(register: Register, asked: str, day: date) -> list[Found]:
    """Who may be meant by a name, credit code, permit number or by pinyin letters, likeliest first.

    Exact names go before like ones, these before names that only sound the same.
    """
    asked = asked.strip()
    coded = register.coded(asked.upper())
    if coded:
        return [Found(coded, "统一社会信用代码", asked.upper())]
    numbered = [Found(holder, "许可证编号", asked) for holder, _ in register.numbered(asked)]
    if numbered:
        return list({found.institution.id: found for found in numbered}.values())
    exact = register.named(asked, day) or register.named(asked)
    if exact:
        return [_named(match) for match in exact]
    if asked.isascii() and asked.replace(" ", "").isalpha():
        return _sounding(register, asked.replace(" ", "").lower())
    alike = register.alike(asked)
    if alike:
        return [Found(m.institution, f"相近（{m.likeness:.2f}）", m.name.text) for m in alike]
    parts = take_apart(asked)
    return _sounding(register, sound_of(parts.trade or parts.key))


def open_dossier(register: Register, institution: Institution, day: date) -> Dossier:
    """What is known of one institution."""
    head = register.head_of(institution)
    permits = register.permits(institution, day)
    if head.id != institution.id:
        permits += register.permits(head, day)
    return Dossier(
        institution,
        head if head.id != institution.id else None,
        tuple(register.branches(institution)),
        tuple(permits),
        tuple(register.versions(institution)),
        tuple(register.stretches(institution)),
    )


def _named(match: Match) -> Found:
    return Found(match.institution, HOW[match.name.kind], match.name.text)


def _sounding(register: Register, letters: str) -> list[Found]:
    return [Found(m.institution, "读音相同", m.name.text) for m in register.sounding(letters)]
