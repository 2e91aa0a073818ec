"""Hand-built cases for the report tests: every sentence is our own."""

from __future__ import annotations

from datetime import date

import numpy as np

from adscan.records.ad import Ad, AdKind, Pixels, Placement, Sheet
from adscan.records.hit import Origin
from adscan.records.part import Line, LineKind, Notice, NoticeCode, Part, PartKind, Polygon
from adscan.records.permit import Activity, PermitCheck, PermitStatus
from adscan.records.review import (
    AdSummary,
    Case,
    Evidence,
    Finding,
    Genre,
    GenreLabel,
    Mention,
    NotChecked,
    Provenance,
    Review,
    ReviewError,
)
from adscan.records.rule import Checked, Decision, Level, MentionReason, Provision, Severity
from adscan.records.text import Span

DAY = date(2026, 11, 25)
SHA = "9f2c" * 16

MADE_BY = Provenance(
    adscan="0.1.0",
    rulebook="2026.11",
    classifier=None,
    ocr="PP-OCRv6-small（rapidocr 3.10.0）",
    register=None,
    checked_at="2026-11-25T09:30:00+08:00",
)

ADVICE_LAW = Provision(
    ref="ad-law#25.1",
    instrument="ad-law",
    title="中华人民共和国广告法（2015年修订，2018、2021年修正）",
    article="第二十五条第（一）项",
    gist="招商等有投资回报预期的广告，不得对未来效果、收益作保证性承诺，不得明示或者暗示保本、无风险。",
    level=Level.LAW,
    in_force_from=date(2015, 9, 1),
    in_force_until=None,
    checked=Checked.TEXT,
    penalty="第五十八条：广告费用一倍以上三倍以下罚款。",
)
NOTICE_LAW = Provision(
    ref="fin-marketing-316#3.2",
    instrument="fin-marketing-316",
    title="关于进一步规范金融营销宣传行为的通知",
    article="第三条第（二）项",
    gist="金融营销宣传不得以欺诈或者引人误解的方式进行。",
    level=Level.NORMATIVE,
    in_force_from=date(2020, 1, 25),
    in_force_until=None,
    checked=Checked.RECALLED,
)
SUPERLATIVE_LAW = Provision(
    ref="ad-law#9.3",
    instrument="ad-law",
    title="中华人民共和国广告法（2015年修订，2018、2021年修正）",
    article="第九条第（三）项",
    gist="不得使用最高级的绝对化用语。",
    level=Level.LAW,
    in_force_from=date(2015, 9, 1),
    in_force_until=None,
    checked=Checked.TEXT,
)
WARNING_LAW = Provision(
    ref="ad-law#25",
    instrument="ad-law",
    title="中华人民共和国广告法（2015年修订，2018、2021年修正）",
    article="第二十五条",
    gist="有投资回报预期的广告，应当对可能存在的风险以及风险责任承担有合理提示或者警示。",
    level=Level.LAW,
    in_force_from=date(2015, 9, 1),
    in_force_until=None,
    checked=Checked.RESTATED,
)


def box(left: float, top: float, right: float, bottom: float) -> Polygon:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def text_of(lines: list[tuple[str, Polygon, float]]) -> tuple[str, tuple[Line, ...]]:
    """The joined text and its lines, each where it begins."""
    found, start = [], 0
    for words, polygon, confidence in lines:
        span = Span(start, start + len(words))
        found.append(Line(words, span, confidence, polygon, LineKind.OCR, confidence < 0.6))
        start += len(words) + 1
    return "\n".join(words for words, _, _ in lines), tuple(found)


def evidence(
    part: Part, words: str, *, polygon: Polygon = (), read_as: str | None = None
) -> Evidence:
    start = part.text.index(words)
    return Evidence(part.id, words, start, start + len(words), part.page_number, polygon, read_as)


def poster_pixels() -> Pixels:
    """A picture of 800 x 600: a band of colour and stripes where lines would stand."""
    pixels = np.full((600, 800, 3), 250, dtype=np.uint8)
    pixels[:120] = (160, 28, 28)
    for top in (170, 250, 330, 540):
        pixels[top : top + 40, 60:700] = (90, 90, 90)
    return pixels


_POSTER_TEXT, _POSTER_LINES = text_of(
    [
        ("稳利丰年 第七期", box(60, 40, 740, 100), 0.99),
        ("零风险，稳赚不赔，保*本保*息", box(60, 170, 700, 210), 0.97),
        ("国内最佳理财之选，年化 12%", box(60, 250, 700, 290), 0.98),
        ("名额仅剩最后十席，今日截止", box(60, 330, 700, 370), 0.96),
        ("本公司郑重提醒：不要相信“稳赚不赔”的私下承诺", box(60, 540, 700, 580), 0.52),
    ]
)
POSTER_PART = Part("image:0", PartKind.IMAGE, _POSTER_TEXT, _POSTER_LINES)

GUARANTEE = Finding(
    rule="guaranteed-return",
    title="承诺保本保收益",
    category="return_promise",
    severity=Severity.HIGH,
    decision=Decision.REJECT,
    confidence=0.976,
    origin=(Origin.PATTERN, Origin.MODEL),
    evidence=(
        evidence(POSTER_PART, "零风险", polygon=box(60, 170, 200, 210)),
        evidence(POSTER_PART, "稳赚不赔", polygon=box(245, 170, 430, 210)),
        evidence(POSTER_PART, "保*本保*息", polygon=box(475, 170, 700, 210), read_as="保本保息"),
    ),
    legal_basis=(ADVICE_LAW, NOTICE_LAW),
    explanation="广告向公众承诺本金和收益都有保障，收益并无法律或合同上的保证，投资人容易因此低估风险。",
    remedy="删去“零风险”“稳赚不赔”“保本保息”，并在显著位置写明“投资有风险，本产品不保证本金和收益”。",
    authority="证券监督管理部门",
)
SUPERLATIVE = Finding(
    rule="superlative",
    title="绝对化用语",
    category="comparison",
    severity=Severity.MEDIUM,
    decision=Decision.REVISE,
    confidence=0.91,
    origin=(Origin.PATTERN,),
    evidence=(evidence(POSTER_PART, "国内最佳", polygon=box(60, 250, 260, 290)),),
    legal_basis=(SUPERLATIVE_LAW,),
    explanation="“最佳”没有可以核实的比较范围和依据。",
    remedy="改为可以核实的事实描述，例如注明评比机构、年份和范围的奖项。",
    authority="市场监督管理部门",
)
NO_WARNING = Finding(
    rule="missing-risk-warning",
    title="缺少风险提示",
    category="disclosure",
    severity=Severity.MEDIUM,
    decision=Decision.REVISE,
    confidence=0.83,
    origin=(Origin.PATTERN, Origin.LAYOUT),
    evidence=(evidence(POSTER_PART, "年化 12%", polygon=box(470, 250, 700, 290)),),
    legal_basis=(WARNING_LAW, ADVICE_LAW),
    explanation="写了收益率，却没有提示可能亏损和由谁承担风险。",
    remedy="在收益率旁边以同样清楚的字体补上风险提示。",
)


def review(
    source: str,
    decision: Decision,
    parts: tuple[Part, ...],
    *,
    kind: str | None = "image",
    findings: tuple[Finding, ...] = (),
    mentions: tuple[Mention, ...] = (),
    not_checked: tuple[NotChecked, ...] = (),
    errors: tuple[ReviewError, ...] = (),
    notices: tuple[Notice, ...] = (),
    advertiser: str | None = None,
    activities: tuple[Activity, ...] = (),
    title: str | None = None,
    genre: GenreLabel = GenreLabel.ADVERTISEMENT,
    risk: float = 0.0,
) -> Review:
    return Review(
        ad=AdSummary(
            id="ad-1",
            source=source,
            sha256=None if decision is Decision.ERROR else SHA,
            title=title,
            advertiser=advertiser,
            published=DAY.isoformat(),
            medium=None,
            kind=kind,
        ),
        decision=decision,
        risk=risk,
        genre=Genre(genre, 0.98),
        findings=findings,
        mentions=mentions,
        not_checked=not_checked,
        permit_check=PermitCheck(PermitStatus.NO_REGISTER, advertiser, activities),
        parts=parts,
        provenance=MADE_BY,
        errors=errors,
        notices=notices,
    )


def poster() -> Case:
    """A poster with three findings, a disguise, a mention and an unsure line."""
    mention = Mention(
        "guaranteed-return",
        (
            Evidence(
                "image:0",
                "稳赚不赔",
                _POSTER_TEXT.rindex("稳赚不赔"),
                _POSTER_TEXT.rindex("稳赚不赔") + 4,
                polygon=box(330, 540, 470, 580),
            ),
        ),
        MentionReason.NEGATED,
        title="承诺保本保收益",
    )
    verdict = review(
        "海报/稳利丰年.png",
        Decision.REJECT,
        (POSTER_PART,),
        findings=(GUARANTEE, SUPERLATIVE, NO_WARNING),
        mentions=(mention,),
        not_checked=(
            NotChecked("unlicensed-promotion", "needs the register", "无资质宣传金融业务"),
            NotChecked("private-offering-publicised", "audience unknown"),
        ),
        notices=(
            Notice(NoticeCode.UNSURE_TEXT, "有 1 行文字识别不清，请对照图片核对", "image:0"),
            Notice(NoticeCode.DISGUISED, "“保*本保*息”是变形写法，读作“保本保息”", "image:0"),
        ),
        advertiser="云岫财富信息咨询有限公司",
        activities=(
            Activity("private_fund", "私募基金", 0.8, ()),
            Activity("fund_sales", "基金销售", 0.35, ()),
        ),
        risk=0.974,
    )
    sheet = Sheet("image:0", PartKind.IMAGE, pixels=poster_pixels, read_pixels=True)
    return Case(verdict, _ad(verdict, AdKind.IMAGE, (sheet,)))


def pdf_page() -> Case:
    """A PDF whose second page was rendered at two pixels a point."""
    lines = [
        ("季度推介", box(40, 40, 200, 70), 1.0),
        ("稳赚不赔的选择", box(40, 100, 240, 130), 1.0),
    ]
    text, found = text_of(lines)
    first = Part("page:0", PartKind.PAGE, "封面", page_number=1)
    second = Part("page:1", PartKind.PAGE, text, found, page_number=2)
    place = evidence(second, "稳赚不赔", polygon=box(40, 100, 150, 130))
    finding = Finding(**{**GUARANTEE.__dict__, "evidence": (place,), "origin": (Origin.PATTERN,)})
    verdict = review(
        "推介.pdf", Decision.REJECT, (first, second), kind="pdf", findings=(finding,), risk=0.95
    )
    sheets = (
        Sheet("page:0", PartKind.PAGE, text="封面", page_number=1),
        Sheet(
            "page:1",
            PartKind.PAGE,
            text=text,
            lines=found,
            pixels=lambda: np.full((400, 600, 3), 255, dtype=np.uint8),
            units_per_pixel=0.5,
            page_number=2,
        ),
    )
    return Case(verdict, _ad(verdict, AdKind.PDF, sheets))


def hostile_text() -> Case:
    """Words that would be markup, script or terminal control if they were let through."""
    part = Part(
        "text:0",
        PartKind.TEXT,
        "<script>alert(1)</script> \x1b[31m保\u200b本\x1b[0m & <img src=http://evil.example/x>\n第二段",
    )
    place = evidence(part, "保\u200b本", read_as="保本")
    finding = Finding(**{**GUARANTEE.__dict__, "evidence": (place,)})
    verdict = review(
        "<b>坏名字</b>.txt",
        Decision.REJECT,
        (part,),
        kind="text",
        findings=(finding,),
        title="<i>标题</i>",
        risk=0.9,
    )
    sheet = Sheet("text:0", PartKind.TEXT, text=part.text)
    return Case(verdict, _ad(verdict, AdKind.TEXT, (sheet,)))


def clean_text() -> Case:
    """A notice in which nothing is wrong."""
    part = Part("text:0", PartKind.TEXT, "存款利率以网点公示为准。依照条例，存款受存款保险保护。")
    return Case(
        review(
            "告示.txt", Decision.PASS, (part,), kind="text", genre=GenreLabel.EDUCATION, risk=0.02
        ),
        None,
    )


def partly_read() -> Case:
    """A web page one of whose pictures is not there."""
    part = Part("text:0", PartKind.TEXT, "详情见下图")
    unread = Part("image:0", PartKind.IMAGE, "", unread="图片不在网页旁边，请放入后重新审查")
    return Case(
        review(
            "推文.html",
            Decision.REVIEW,
            (part, unread),
            kind="web_page",
            errors=(ReviewError("picture_missing", unread.unread, "image:0"),),
            notices=(Notice(NoticeCode.PICTURE_MISSING, unread.unread, "image:0", unread=True),),
            risk=0.4,
        ),
        None,
    )


def unreadable() -> Case:
    """A file that could not be opened at all."""
    return Case(
        review(
            "坏图.jpg",
            Decision.ERROR,
            (),
            kind=None,
            errors=(ReviewError("damaged_file", "图片不完整，请重新下载或导出后再试"),),
            genre=GenreLabel.OTHER,
        ),
        None,
    )


def odd_name() -> Case:
    """A file whose name is not valid in any encoding, holding half a character."""
    part = Part("text:0", PartKind.TEXT, "半个字\ud83d。")
    return Case(review("坏\udcff名.txt", Decision.PASS, (part,), kind="text"), None)


def every_case() -> list[Case]:
    return [poster(), pdf_page(), hostile_text(), clean_text(), partly_read(), unreadable()]


def _ad(verdict: Review, kind: AdKind, sheets: tuple[Sheet, ...]) -> Ad:
    placement = Placement(DAY, verdict.ad.advertiser)
    return Ad("ad-1", verdict.ad.source, SHA, kind, placement, sheets, verdict.ad.title)
