"""What programs send to the API. Fields that are not named here are refused: a typo is told."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from adscan.records.medium import MEDIA
from adscan.records.rule import Severity
from adscan.web.deciding.findings import LONGEST
from adscan.web.deciding.pointing import Pointed
from adscan.web.deciding.rulings import LONGEST_REASON
from adscan.web.kept.states import Verdict
from adscan.web.submitting.submissions import LONGEST_NOTE, LONGEST_TEXT

MOST_ID = 2**31 - 1  # PostgreSQL's integer


def without_nul(text: str) -> str:
    """NUL is in no database's text, and means nothing in ours."""
    return text.replace("\0", "")


def _iso_day(value: Any) -> Any:
    """Only 2026-11-25: no moments, no numbers of seconds."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return value
    raise PydanticCustomError("date_parsing", "a day such as 2026-11-25")


def _whole(value: Any) -> Any:
    """To JSON, 3.0 is the integer 3."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _medium(value: str) -> str:
    if value not in MEDIA:
        raise PydanticCustomError("enum", "an id of a medium")
    return value


Text = Annotated[str, AfterValidator(without_nul)]
Line = Annotated[Text, Field(max_length=200)]
Name = Annotated[Text, Field(min_length=1, max_length=200)]
Day = Annotated[date, BeforeValidator(_iso_day)]
Medium = Annotated[
    str, AfterValidator(_medium), Field(json_schema_extra={"enum": [*MEDIA]})
]  # fmt: skip
Id = Annotated[int, Field(strict=True, ge=1, le=MOST_ID), BeforeValidator(_whole)]
Lock = Annotated[Id, Field(description="送审件的 lock：您上次读到的值；已被别人改动则答 409")]
Offset = Annotated[int, Field(strict=True, ge=0, le=MOST_ID), BeforeValidator(_whole)]
Side = Annotated[float, Field(strict=True, ge=0, le=1_000_000)]
Reason = Annotated[Text, Field(max_length=LONGEST_REASON)]


class Sent(BaseModel):
    """What a program sends."""

    model_config = ConfigDict(extra="forbid")


class NewSubmission(Sent):
    """一件新的送审。"""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "title": "春季推广",
                "advertiser": "海州理财咨询有限公司",
                "product": "安心宝",
                "medium": "newspaper",
                "slot": "A3 版",
                "planned_from": "2026-11-25",
                "text": "本产品保本保息，年化 12%，零风险。",
            }
        }
    )

    title: Annotated[Name, Field(description="标题，便于日后查找")]
    advertiser: Annotated[Name, Field(description="广告主全称")]
    product: Annotated[Line, Field(description="商品或服务")] = ""
    medium: Annotated[Medium | None, Field(description="媒介")] = None
    slot: Annotated[Line, Field(description="版面、时段、广告位")] = ""
    planned_from: Annotated[Day, Field(description="计划发布日；按这一天的法律审查")]
    planned_until: Annotated[Day | None, Field(description="计划结束日，不早于发布日")] = None
    text: Annotated[Text, Field(max_length=LONGEST_TEXT, description="广告文字；有文件时可空")] = ""
    note: Annotated[Text, Field(max_length=LONGEST_NOTE, description="给审核员的说明")] = ""


class NewVersion(Sent):
    """退回修改之后的新版本。"""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"lock": 4, "text": "安心宝，投资有风险。", "note": "已删去保本承诺"}
        }
    )

    lock: Lock
    text: Annotated[Text, Field(max_length=LONGEST_TEXT, description="广告文字；有文件时可空")] = ""
    note: Annotated[Text, Field(max_length=LONGEST_NOTE, description="改了什么")] = ""
    keep: Annotated[
        list[Id], Field(max_length=1000, description="上一版中保留不变的文件的 id")
    ] = []  # fmt: skip


class Withdrawal(Sent):
    """撤回。"""

    lock: Lock


class Ruled(str, Enum):
    """What a reviewer does to a submission as a whole."""

    RETURN = "return"
    APPROVE = "approve"
    REFUSE = "refuse"


class NewDecision(Sent):
    """审核决定。"""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"step": "return", "reason": "请删去保本承诺", "lock": 3}
        }
    )  # fmt: skip

    step: Annotated[
        Ruled, Field(description="return 退回修改，approve 通过，refuse 不予发布")
    ]  # fmt: skip
    reason: Annotated[Reason, Field(description="理由；退回、不予发布时必填")] = ""
    lock: Lock


class SecondOpinion(Sent):
    """复核意见。"""

    agrees: Annotated[bool, Field(strict=True, description="是否同意通过")]
    reason: Annotated[Reason, Field(description="理由；不同意时必填")] = ""
    lock: Lock


class Place(Sent):
    """所指的位置：某一部分里的一段文字（start、end），或图上的一个框（box）。"""

    part: Annotated[str, Field(min_length=1, max_length=40, description="部分的 id，如 image:0")]
    start: Annotated[Offset | None, Field(description="码位，从 0 起")] = None
    end: Annotated[Offset | None, Field(description="码位，不含")] = None
    box: Annotated[
        list[Side] | None,
        Field(min_length=4, max_length=4, description="左、上、右、下，以该部分的单位计"),
    ] = None

    def pointed(self) -> Pointed:
        """As the domain takes it."""
        return Pointed(without_nul(self.part), self.start, self.end, tuple(self.box or ()))


class Judged(Sent):
    """对一项问题的认定。"""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"verdict": "dismissed", "reason": "引用的是监管警示", "seen": "open"}
        }
    )

    verdict: Annotated[
        Verdict, Field(description="confirmed 认定，dismissed 不认定，open 恢复为待处理")
    ]  # fmt: skip
    reason: Annotated[
        Text, Field(max_length=LONGEST, description="理由；不认定时必填")
    ] = ""  # fmt: skip
    seen: Annotated[Verdict, Field(description="您上次看到的认定；已被别人改动则答 409")]


class NewFinding(Sent):
    """审核员补充的一项问题。"""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "rule": "missing-risk-warning",
                "explanation": "没有风险提示",
                "place": {"part": "text:0", "start": 0, "end": 5},
            }
        }
    )

    rule: Annotated[
        Text, Field(min_length=1, max_length=80, description="规则的 id；都不合适时用 other")
    ]  # fmt: skip
    explanation: Annotated[
        Text, Field(max_length=LONGEST, description="为什么；空则用规则自己的说明")
    ] = ""  # fmt: skip
    remedy: Annotated[Text, Field(max_length=LONGEST, description="怎样改")] = ""
    severity: Annotated[Severity, Field(description="只用于 other")] = Severity.MEDIUM
    place: Annotated[Place | None, Field(description="空：针对整件")] = None


class NewComment(Sent):
    """批注。"""

    model_config = ConfigDict(
        json_schema_extra={"example": {"text": "请补充基金销售资格证明", "is_internal": False}}
    )

    text: Annotated[Text, Field(min_length=1, max_length=LONGEST)]
    is_internal: Annotated[bool, Field(strict=True, description="true：送审人看不到")] = False
    place: Annotated[Place | None, Field(description="空：针对整件")] = None


class NewComparison(Sent):
    """实际发布的内容。"""

    model_config = ConfigDict(
        json_schema_extra={"example": {"number": "2026-000012", "text": "安心宝，投资有风险。"}}
    )

    number: Annotated[
        Text, Field(min_length=1, max_length=40, description="已通过的送审件的编号，或其 id")
    ]  # fmt: skip
    text: Annotated[
        Text, Field(max_length=LONGEST_TEXT, description="发布的文字；有文件时可空")
    ] = ""  # fmt: skip
