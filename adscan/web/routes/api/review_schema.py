"""The contract's review as a schema, for the API's description. Reviews themselves go out as kept.

What the contract promises is required here; what we add to it is named, and more may come.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Point = Annotated[list[float], Field(min_length=2, max_length=2)]
Polygon = list[Point]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
PageNumber = Annotated[int, Field(ge=1)]
DecisionWord = Literal["pass", "review", "revise", "reject", "error"]


class _Object(BaseModel):
    """An object of the contract; later versions may add members."""

    model_config = ConfigDict(extra="allow")


class ReviewedAd(_Object):
    """送审材料。"""

    id: str
    source: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None
    title: str | None
    advertiser: str | None
    published: Day
    medium: str | None
    kind: Literal["text", "image", "web_page", "pdf", "word"] | None


class ReviewedGenre(_Object):
    """体裁。"""

    label: Literal[
        "advertisement", "soft_article", "news", "education", "legal", "complaint", "other"
    ]
    confidence: Share


class ReviewEvidence(_Object):
    """依据的文字和位置：`start`、`end` 是该部分 `text` 中的码位。"""

    part: str
    text: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    page: PageNumber | None
    polygon: Polygon
    read_as: str | None = None


class ReviewProvision(_Object):
    """法条。"""

    instrument: str
    title: str
    article: str
    gist: str
    ref: str = ""
    checked: Literal["text", "restated", "recalled"] = "recalled"
    in_force_from: str = ""
    in_force_until: str | None = None


class ReviewFinding(_Object):
    """机审发现的一项问题。"""

    rule: str
    title: str
    category: str
    severity: Literal["high", "medium", "low"]
    confidence: Share
    origin: Annotated[
        list[Literal["pattern", "model", "permit", "layout"]], Field(min_length=1)
    ]  # fmt: skip
    evidence: list[ReviewEvidence]
    legal_basis: list[ReviewProvision]
    explanation: str
    remedy: str
    decision: DecisionWord = "revise"
    authority: str = ""


class ReviewMention(_Object):
    """提到了但不算问题。"""

    rule: str
    evidence: list[ReviewEvidence]
    reason: Literal["negated", "education", "quoted", "exempt", "not_an_advertisement"]
    title: str = ""


class ReviewSkipped(_Object):
    """没有检查的规则。"""

    rule: str
    reason: Literal[
        "audience unknown", "product unknown", "medium unknown", "needs the register",
        "not visible in this kind of input",
    ]  # fmt: skip
    title: str = ""


class ReviewedActivity(_Object):
    """广告推介的金融活动。"""

    id: str
    confidence: Share
    name: str = ""


class ReviewPermitCheck(_Object):
    """许可核对。"""

    status: Literal[
        "covered", "out_of_scope", "expired", "suspended", "not_in_register", "ambiguous",
        "banned", "no_public_promotion", "no_register", "not_required",
    ]  # fmt: skip
    advertiser: str | None
    activities: list[ReviewedActivity]
    permits: list[dict[str, object]]


class ReviewedLine(_Object):
    """一行文字。"""

    text: str
    confidence: Share
    polygon: Polygon
    kind: Literal["own", "ocr", "barcode"] = "own"
    unsure: bool = False


class ReviewedPart(_Object):
    """材料的一部分：文字、图片或页面。"""

    id: str
    kind: Literal["text", "image", "page"]
    text: str
    lines: list[ReviewedLine]
    page: PageNumber | None = None
    hidden: bool = False
    unread: str | None = None


class ReviewProvenance(_Object):
    """由什么版本的规则、模型和名录审出。"""

    adscan: str
    rulebook: str
    classifier: str | None
    ocr: str | None
    register_: Annotated[str | None, Field(alias="register")]
    checked_at: str


class ReviewFault(_Object):
    """没能读出的部分。"""

    code: str
    message: str
    part: str | None


class ReviewNotice(_Object):
    """读取时的提醒。"""

    code: str
    message: str
    part: str | None
    unread: bool


class Review(_Object):
    """机审结果，即 `adscan check --format json` 的输出。"""

    schema_version: Literal["1"]
    ad: ReviewedAd
    decision: DecisionWord
    risk: Share
    genre: ReviewedGenre
    findings: list[ReviewFinding]
    mentions: list[ReviewMention]
    not_checked: list[ReviewSkipped]
    permit_check: ReviewPermitCheck
    parts: list[ReviewedPart]
    provenance: ReviewProvenance
    errors: list[ReviewFault]
    notices: list[ReviewNotice] = []
