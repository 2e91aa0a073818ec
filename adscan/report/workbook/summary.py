"""The last sheet: what produced the workbook, what it counts, and what its words mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from adscan.records.review import Provenance, Review
from adscan.records.rule import Checked, Decision, Severity
from adscan.report import wording

NOTE = (
    "本表由 adscan 自动生成，供审查人员参考，不构成法律意见；"
    "条款摘要为概括，引用时请以公布的原文为准。"
)


class Summary:
    """Counts reviews as they go by."""

    def __init__(self) -> None:
        self.checked_at = ""  # of the last review
        self._ads = 0
        self._decisions: Counter[Decision] = Counter()
        self._severities: Counter[Severity] = Counter()
        self._mentions = 0
        self._made_by: dict[str, Counter[str]] = {name: Counter() for name in _MADE_BY}
        self._days: set[str] = set()

    def count(self, review: Review) -> None:
        """One more."""
        self._ads += 1
        self._decisions[review.decision] += 1
        self._severities.update(finding.severity for finding in review.findings)
        self._mentions += len(review.mentions)
        self._days.add(review.ad.published)
        self.checked_at = max(self.checked_at, review.provenance.checked_at)
        for name, value in _values(review.provenance):
            self._made_by[name][value] += 1

    def rows(self) -> Iterator[tuple[str, str | int]]:
        """Name and value, the name a heading of its own."""
        yield "审查时间", wording.moment(self.checked_at) if self.checked_at else ""
        yield "发布日", _range(self._days)
        for name, values in self._made_by.items():
            yield name, "；".join(sorted(values))
        yield "审查件数", self._ads
        for decision, word in wording.DECISIONS.items():
            number, meaning = self._decisions[decision], wording.DECISION_MEANINGS[decision]
            yield word, f"{number} 件。{meaning}"
        for severity, word in wording.SEVERITIES.items():
            yield word, f"{self._severities[severity]} 项问题"
        yield "仅提及", f"{self._mentions} 处：出现了规则的词句，但因否定、引述等不构成违规"
        yield wording.CHECKED[Checked.RECALLED], "条款尚未对照公布的原文，引用前须核对"
        yield wording.CHECKED[Checked.RESTATED], "条款依据官方转述整理，引用前须核对"
        yield "提示", NOTE


_MADE_BY = ("程序", "规则库", "语义模型", "文字识别", "登记册")


def _values(made_by: Provenance) -> Iterator[tuple[str, str]]:
    values = (
        f"adscan {made_by.adscan}",
        made_by.rulebook,
        made_by.classifier or "未使用",
        made_by.ocr or "未使用",
        made_by.register or "未使用",
    )
    return zip(_MADE_BY, values, strict=True)


def _range(days: set[str]) -> str:
    if not days:
        return ""
    first, last = min(days), max(days)
    return first if first == last else f"{first} 至 {last}"
