"""The Chinese words for every closed set that a report shows, and how a provision is cited."""

from __future__ import annotations

import re
from collections.abc import Iterator

from adscan.records.ad import AdKind
from adscan.records.circumstances import KNOWN_FROM
from adscan.records.hit import Origin
from adscan.records.medium import MEDIA
from adscan.records.part import LineKind, NoticeCode
from adscan.records.permit import PermitCheck, PermitStatus
from adscan.records.review import GenreLabel, Review
from adscan.records.rule import Checked, Decision, Level, MentionReason, Provision, Severity

DECISIONS = {
    Decision.REJECT: "不予发布",
    Decision.REVISE: "修改后发布",
    Decision.REVIEW: "需人工复核",
    Decision.PASS: "未发现问题",
    Decision.ERROR: "未能审查",
}

DECISION_MEANINGS = {
    Decision.REJECT: "含有修改措辞也不能补救的违法内容，或资质不符。",
    Decision.REVISE: "按下列意见改写或补充后可以发布。",
    Decision.REVIEW: "现有材料不足以下结论，须由人工判断。",
    Decision.PASS: "在已读出的内容和已启用的规则范围内未发现问题，不等于合法性保证。",
    Decision.ERROR: "内容没有读出来，不能视为没有问题。",
}

FINDING_DECISIONS = {
    Decision.REJECT: "不能发布",
    Decision.REVISE: "可以改",
    Decision.REVIEW: "待人工判断",
    Decision.PASS: "不影响发布",
    Decision.ERROR: "未能判断",
}

SEVERITIES = {Severity.HIGH: "严重", Severity.MEDIUM: "中等", Severity.LOW: "轻微"}

ORIGINS = {
    Origin.PATTERN: "词句规则",
    Origin.MODEL: "语义模型",
    Origin.PERMIT: "资质核验",
    Origin.LAYOUT: "版面检查",
}

MENTION_REASONS = {
    MentionReason.NEGATED: "否定表述",
    MentionReason.EDUCATION: "风险教育或警示",
    MentionReason.QUOTED: "引述他人",
    MentionReason.EXEMPT: "不构成（法律允许或模型认为不违规）",
    MentionReason.NOT_AN_ADVERTISEMENT: "不是广告内容",
}

PERMITS = {
    PermitStatus.COVERED: "资质覆盖所宣传的业务",
    PermitStatus.OUT_OF_SCOPE: "宣传的业务超出许可范围",
    PermitStatus.EXPIRED: "许可在发布日已失效",
    PermitStatus.SUSPENDED: "许可在发布日处于暂停状态",
    PermitStatus.NOT_IN_REGISTER: "登记册中查不到该主体",
    PermitStatus.AMBIGUOUS: "主体不能唯一确定",
    PermitStatus.BANNED: "该业务不得开展",
    PermitStatus.NO_PUBLIC_PROMOTION: "该业务不得公开宣传",
    PermitStatus.NO_REGISTER: "未核验（没有可用的名录）",
    PermitStatus.NOT_REQUIRED: "未涉及须许可的业务",
}

GENRES = {
    GenreLabel.ADVERTISEMENT: "广告",
    GenreLabel.SOFT_ARTICLE: "软文",
    GenreLabel.NEWS: "新闻报道",
    GenreLabel.EDUCATION: "科普教育",
    GenreLabel.LEGAL: "法律文本",
    GenreLabel.COMPLAINT: "投诉举报",
    GenreLabel.OTHER: "其他",
}

KINDS = {
    AdKind.TEXT: "文本",
    AdKind.IMAGE: "图片",
    AdKind.WEB_PAGE: "网页",
    AdKind.PDF: "PDF",
    AdKind.WORD: "Word 文档",
    AdKind.MIXED: "图文",
}

NOTICES = {
    NoticeCode.HIDDEN_TEXT: "隐藏文字",
    NoticeCode.UNSURE_TEXT: "识别存疑",
    NoticeCode.DISGUISED: "变形写法",
    NoticeCode.PICTURE_MISSING: "缺少图片",
    NoticeCode.NO_TEXT: "没有文字",
    NoticeCode.NOT_READ: "未读出",
    NoticeCode.PARTLY_READ: "未读全",
    NoticeCode.OTHER: "提示",
}

LINE_KINDS = {LineKind.OWN: "原有文字", LineKind.OCR: "识别文字", LineKind.BARCODE: "条码内容"}

CHECKED = {
    Checked.TEXT: "",
    Checked.RESTATED: "据转述，待核原文",
    Checked.RECALLED: "待核原文",
}

LEVELS = {
    Level.LAW: "法律",
    Level.REGULATION: "行政法规",
    Level.RULE: "部门规章",
    Level.NORMATIVE: "规范性文件",
    Level.INTERPRETATION: "解释",
    Level.LOCAL: "地方规定",
    Level.POLICY: "政策文件",
    Level.SELF_REGULATORY: "自律规则",
    Level.GUIDE: "执法指南",
}

NOT_CHECKED = {
    "audience unknown": "受众未知：需说明投放对象是否为不特定公众",
    "product unknown": "产品未知：需补充所宣传产品的类型和登记信息",
    "medium unknown": "发布渠道未知：用 --medium 说明投放渠道后再查",
    "needs the register": "需要登记册才能判断，请人工核对广告主的许可",
    "not visible in this kind of input": "这类材料看不出来：需提供原始版面或画面",
}

SOURCES = {"<text>": "直接输入的文字", "<stdin>": "标准输入的内容"}

RECOGNISED_NOTHING = "（没有读出文字）"

_EDITION = re.compile(r"（([^（）]*(?:\d{4}年|条文)[^（）]*)）$")


def kind_name(kind: str | None) -> str:
    """The Chinese name of an `AdSummary.kind`; the value itself if it is a new one."""
    if kind is None:
        return ""
    return KINDS[AdKind(kind)] if kind in {k.value for k in AdKind} else kind


def source_name(source: str) -> str:
    """The file's name, or words for what came in without one."""
    return SOURCES.get(source, source)


def medium(medium_id: str | None) -> str:
    """The Chinese name of a medium; the value itself if it is not in the table."""
    return "" if medium_id is None else MEDIA.get(medium_id, medium_id)


def moment(iso: str) -> str:
    """`2026-11-25T09:30:00+08:00` as `2026-11-25 09:30:00（UTC+08:00）`."""
    day, _, clock = iso.partition("T")
    time, sign, zone = clock.partition("+") if "+" in clock else clock.partition("-")
    return f"{day} {time}（UTC{sign}{zone}）" if zone else f"{day} {clock}".strip()


def not_checked_reason(reason: str) -> str:
    """What was missing, and what to do; a reason not in the contract is shown as it is."""
    return NOT_CHECKED.get(reason, reason)


def rules_not_checked(review: Review) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What was missing, in Chinese, and the titles of the rules that needed it."""
    by_reason: dict[str, list[str]] = {}
    for skipped in review.not_checked:
        by_reason.setdefault(skipped.reason, []).append(skipped.title or skipped.rule)
    for reason, rules in by_reason.items():
        yield not_checked_reason(reason), tuple(rules)


def cite(provision: Provision) -> str:
    """`《中华人民共和国广告法》第二十五条第（一）项`; the edition stays out of the title."""
    return f"《{_EDITION.sub('', provision.title)}》{provision.article}"


def edition(provision: Provision) -> str:
    """`2015年修订，2018、2021年修正`; empty if the title names none."""
    found = _EDITION.search(provision.title)
    return found.group(1) if found else ""


def business(check: PermitCheck) -> str:
    """The names of the activities the ad surely promotes, surest first; empty if none."""
    return "、".join(a.name for a in check.activities if a.confidence >= KNOWN_FROM)


def advertiser(review: Review) -> str:
    """Who advertises: as told, else as found in the ad itself; empty if nobody is."""
    if review.ad.advertiser:
        return review.ad.advertiser
    found = review.permit_check.advertiser
    return f"{found}（据广告内容）" if found else ""


def permit_verdicts(check: PermitCheck) -> list[tuple[str, str, str]]:
    """Of each activity that was checked against a register: its name, the status, the reason."""
    names = {activity.id: activity.name for activity in check.activities}
    if not check.snapshots:
        return []
    return [(names[one.activity], PERMITS[one.status], one.reason) for one in check.checks]


def permit_lists(check: PermitCheck) -> str:
    """The lists that the register holds, each with its day."""
    return "、".join(f"{source}（{day}）" for source, day in check.snapshots.items())


def percent(share: float) -> str:
    """0.976 as 98%; never 100% for what is not certain, nor 0% for what is not nought."""
    rounded = round(share * 100)
    if rounded >= 100 and share < 1:
        rounded = 99
    if rounded <= 0 and share > 0:
        rounded = 1
    return f"{rounded}%"
