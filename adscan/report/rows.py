"""Reviews as rows of a table: the columns that csv and xlsx share, with what stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from adscan.records.part import Part
from adscan.records.review import Evidence, Finding, Mention, Review
from adscan.records.rule import Decision, Provision, Severity
from adscan.report import wording
from adscan.report.places import all_notices, disguises, part_name, place
from adscan.report.visible import spelled_out, visible

# A cell that begins so is a formula to spreadsheets; the full-width signs too, in Chinese ones.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")
MAX_CELL = 32_767  # characters in one cell, Excel's limit
_CUT = "…（过长，已截断，全文见 json 报告）"
_NO_CHARACTER = re.compile("[\ufffe\uffff]")  # neither XML nor a reader of it knows these

RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Column(Generic[RowT]):
    """One column: its heading, its width in characters on a printed sheet, its cell."""

    heading: str
    width: float
    cell: Callable[[RowT], str | int | float]


@dataclass(frozen=True)
class AdRow:
    """One ad."""

    number: int  # of the ad, from 1
    review: Review


@dataclass(frozen=True)
class FindingRow:
    """One finding of an ad."""

    number: int  # of the ad
    at: int  # of the finding within the ad, from 1
    review: Review
    finding: Finding


@dataclass(frozen=True)
class MentionRow:
    """One mention of an ad."""

    number: int
    review: Review
    mention: Mention


@dataclass(frozen=True)
class GapRow:
    """Something that was not read, not judged, or wants a look."""

    number: int
    review: Review
    kind: str
    place: str
    message: str


def safe(text: str) -> str:
    """The text without anything that could steer a program, cut to what a cell holds."""
    shown = _NO_CHARACTER.sub("\ufffd", visible(text))
    return shown if len(shown) <= MAX_CELL else f"{shown[: MAX_CELL - len(_CUT)]}{_CUT}"


def finding_rows(number: int, review: Review) -> Iterator[FindingRow]:
    """The findings of an ad."""
    for at, finding in enumerate(review.findings, 1):
        yield FindingRow(number, at, review, finding)


def gap_rows(number: int, review: Review) -> Iterator[GapRow]:
    """What was not read or not judged in an ad, and other facts to look at; each once."""
    told = [("未读出", error.part, error.message) for error in review.errors]
    told += [("未读出", part.id, part.unread) for part in review.parts if part.unread]
    told += [
        ("未读出" if n.unread else wording.NOTICES[n.code], n.part_id, n.message)
        for n in all_notices(review)
    ]
    for kind, part, message in dict.fromkeys(told):
        yield GapRow(number, review, kind, _part(part, review.parts), message)
    for skipped in review.not_checked:
        message = wording.not_checked_reason(skipped.reason)
        yield GapRow(number, review, "未能判断", skipped.title or skipped.rule, message)


def unread(review: Review) -> str:
    """What was not read, each once."""
    told = [error.message for error in review.errors]
    told += [part.unread for part in review.parts if part.unread]
    told += [notice.message for notice in all_notices(review) if notice.unread]
    return "；".join(dict.fromkeys(told))


def source(review: Review) -> str:
    """The input's name as shown to people."""
    return wording.source_name(review.ad.source)


def count(review: Review, severity: Severity) -> int:
    """How many findings of that severity."""
    return sum(finding.severity is severity for finding in review.findings)


def words(evidence: Sequence[Evidence]) -> str:
    """The words themselves, each once; a disguise with what it spells."""
    spelled = dict(disguises(evidence))
    shown = []
    for text in dict.fromkeys(one.text for one in evidence):
        read_as = spelled.get(text)
        flat = spelled_out(text).replace("\n", "")
        shown.append(f"{flat}（读作“{read_as}”）" if read_as else flat)
    return "；".join(shown)


def places(evidence: Sequence[Evidence], review: Review) -> str:
    """Where the words stand, each place once."""
    return "；".join(dict.fromkeys(place(one, review.parts) for one in evidence))


def provisions(basis: Sequence[Provision]) -> str:
    """Every provision on its own line, with how it was checked where that matters."""
    if not basis:
        return "发布日没有查到有效条款，须人工核对"
    return "\n".join(_provision(provision) for provision in basis)


def first_words(review: Review) -> str:
    """The title of the gravest finding, or the first thing that was not read."""
    if review.findings:
        return review.findings[0].title
    return next((error.message for error in review.errors), "")


def authorities(review: Review) -> str:
    """The leading authorities of an ad's findings, each once."""
    return "、".join(dict.fromkeys(f.authority for f in review.findings if f.authority))


def _provision(provision: Provision) -> str:
    tag = wording.CHECKED[provision.checked]
    return f"{wording.cite(provision)}：{provision.gist}{f'[{tag}]' if tag else ''}"


def _risk(review: Review) -> str | float:
    return "" if review.decision is Decision.ERROR else round(review.risk, 2)


def _part(part_id: str | None, parts: tuple[Part, ...]) -> str:
    return part_name(part_id, parts) if part_id else "整件"


AD_COLUMNS: tuple[Column[AdRow], ...] = (
    Column("序号", 6, lambda row: row.number),
    Column("材料", 32, lambda row: source(row.review)),
    Column("标题", 24, lambda row: row.review.ad.title or ""),
    Column("广告主", 22, lambda row: wording.advertiser(row.review)),
    Column("发布日", 12, lambda row: row.review.ad.published),
    Column("渠道", 10, lambda row: wording.medium(row.review.ad.medium)),
    Column("类型", 8, lambda row: wording.kind_name(row.review.ad.kind)),
    Column("结论", 12, lambda row: wording.DECISIONS[row.review.decision]),
    Column("风险", 7, lambda row: _risk(row.review)),
    Column("严重", 6, lambda row: count(row.review, Severity.HIGH)),
    Column("中等", 6, lambda row: count(row.review, Severity.MEDIUM)),
    Column("轻微", 6, lambda row: count(row.review, Severity.LOW)),
    Column("首要问题", 24, lambda row: first_words(row.review)),
    Column("牵头部门", 18, lambda row: authorities(row.review)),
    Column("所涉业务", 18, lambda row: wording.business(row.review.permit_check)),
    Column("资质核验", 18, lambda row: wording.PERMITS[row.review.permit_check.status]),
    Column("资质说明", 34, lambda row: row.review.permit_check.reason),
    Column("文件 SHA-256", 20, lambda row: row.review.ad.sha256 or "未能读取"),
)

FAULT_COLUMNS: tuple[Column[FindingRow], ...] = (
    Column("问题", 6, lambda row: row.at),
    Column("规则", 18, lambda row: row.finding.title),
    Column("规则编号", 18, lambda row: row.finding.rule),
    Column("严重程度", 9, lambda row: wording.SEVERITIES[row.finding.severity]),
    Column("处理", 11, lambda row: wording.FINDING_DECISIONS[row.finding.decision]),
    Column("置信度", 8, lambda row: wording.percent(row.finding.confidence)),
    Column("牵头部门", 16, lambda row: row.finding.authority),
    Column("原文", 30, lambda row: words(row.finding.evidence) or "针对整篇内容，没有具体词句"),
    Column("位置", 18, lambda row: places(row.finding.evidence, row.review)),
    Column("依据", 46, lambda row: provisions(row.finding.legal_basis)),
    Column("理由", 34, lambda row: row.finding.explanation),
    Column("怎样改", 34, lambda row: row.finding.remedy),
)

FINDING_COLUMNS: tuple[Column[FindingRow], ...] = (
    Column("序号", 6, lambda row: row.number),
    Column("材料", 24, lambda row: source(row.review)),
    Column("结论", 12, lambda row: wording.DECISIONS[row.review.decision]),
    *FAULT_COLUMNS,
)

MENTION_COLUMNS: tuple[Column[MentionRow], ...] = (
    Column("序号", 6, lambda row: row.number),
    Column("材料", 32, lambda row: source(row.review)),
    Column("规则", 22, lambda row: row.mention.title or row.mention.rule),
    Column("为何不算", 18, lambda row: wording.MENTION_REASONS[row.mention.reason]),
    Column("原文", 46, lambda row: words(row.mention.evidence)),
    Column("位置", 24, lambda row: places(row.mention.evidence, row.review)),
)

GAP_COLUMNS: tuple[Column[GapRow], ...] = (
    Column("序号", 6, lambda row: row.number),
    Column("材料", 32, lambda row: source(row.review)),
    Column("结论", 12, lambda row: wording.DECISIONS[row.review.decision]),
    Column("类别", 12, lambda row: row.kind),
    Column("部分或规则", 24, lambda row: row.place),
    Column("说明", 60, lambda row: row.message),
)
