"""What changed, in documents and Chinese sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adscan.web.comparing.pictures import Box
from adscan.web.comparing.texts import Stretch, TextChange

Document = dict[str, Any]

BEFORE, AFTER = "原件", "比对件"
LONGEST_QUOTE = 60


def text_change(
    change: TextChange, name: str, looks_same: bool, overlooked: bool = False
) -> Document:
    """Words that changed; `overlooked`: they may stand in what could not be read."""
    before, after = change.before, change.after
    line = before.line or after.line
    place = f"{name}第 {line} 行"
    if before.text and after.text:
        sentence = f"{place}：“{shortened(before.quote)}”改成“{shortened(after.quote)}”"
    elif overlooked:
        sentence = (
            f"{place}：{_not_found(bool(before.text))}“{shortened(before.text or after.text)}”"
        )
    elif before.text:
        sentence = f"{place}：删去了“{shortened(before.text)}”"
    else:
        sentence = f"{place}：增加了“{shortened(after.text)}”"
    unsure = change.unsure or looks_same or overlooked
    if overlooked:
        sentence += _unread_there(bool(before.text))
    elif looks_same:
        sentence += "（画面上看不出差别，可能是识别有误，请核对）"
    elif unsure:
        sentence += "（此处识别把握不大，请核对）"
    return {
        **change_document("text", sentence, unsure=unsure),
        "before": _stretch(before),
        "after": _stretch(after),
        "before_boxes": [list(box_around(polygon)) for polygon in before.polygons],
        "after_boxes": [list(box_around(polygon)) for polygon in after.polygons],
    }


def put_or_taken(name: str, text: str, *, is_gone: bool) -> Document:
    """A part that the later side lacks if `is_gone`, else the earlier one."""
    return change_document("part", f"{'删去' if is_gone else '增加'}了{name}{_quoted(text)}")


def not_found(name: str, text: str, *, is_gone: bool) -> Document:
    """As `put_or_taken`, but it may stand in what could not be read."""
    sentence = f"{_not_found(is_gone)}{name}{_quoted(text)}{_unread_there(is_gone)}"
    return change_document("unread", sentence, unsure=True)


def unmatched(name: str) -> Document:
    """A part of which it is not known what it was or became."""
    sentence = f"{name}没有读出来，不知是否就是另一方的某一部分，请核对"
    return change_document("unread", sentence, unsure=True)


def _quoted(text: str) -> str:
    return f"：“{shortened(text)}”" if text.strip() else ""


def _not_found(is_gone: bool) -> str:
    return f"{AFTER if is_gone else BEFORE}里没有找到"


def _unread_there(is_gone: bool) -> str:
    return f"（{AFTER if is_gone else BEFORE}有内容没有读出来，请核对）"


def _stretch(stretch: Stretch) -> Document | None:
    return stretch.document() if stretch.text else None


def change_document(
    kind: str,
    sentence: str,
    *,
    unsure: bool = False,
    before_boxes: Sequence[Sequence[float]] = (),
    after_boxes: Sequence[Sequence[float]] = (),
) -> Document:
    """Any change: its keys are in compare.py."""
    return {
        "kind": kind,
        "unsure": unsure,
        "sentence": sentence,
        "before": None,
        "after": None,
        "before_boxes": [[round(edge, 1) for edge in box] for box in before_boxes],
        "after_boxes": [[round(edge, 1) for edge in box] for box in after_boxes],
    }


def status_of(changes: Sequence[Document]) -> str:
    """Of a part with these changes."""
    if not changes:
        return "same"
    return "unsure" if all(change["unsure"] for change in changes) else "changed"


def summary_of(outcome: str, parts: Sequence[Document]) -> str:
    """A sentence on the whole."""
    changes = [change for part in parts for change in part["changes"]]
    sure = sum(not change["unsure"] for change in changes)
    unsure = len(changes) - sure
    match outcome:
        case "same":
            return "文字和画面都没有改动"
        case "changed":
            rest = f"，另有 {unsure} 处把握不大" if unsure else ""
            return f"有 {sure} 处改动{rest}"
        case _:
            told = f"有 {unsure} 处" if unsure else "有内容"
            return f"没有发现明确的改动，但{told}没有读出或把握不大，请人工核对"


def name_of(part: Document, parts: Sequence[Document]) -> str:
    """`第 2 页`, `第 3 张图`, `图片`, `正文`: as in reports."""
    kind, _, number = part["id"].partition(":")
    if part.get("page"):
        return f"第 {part['page']} 页"
    alone = sum(one["id"].partition(":")[0] == kind for one in parts) <= 1
    order = int(number) + 1 if number.isdigit() else number
    match kind:
        case "image":
            return "图片" if alone else f"第 {order} 张图"
        case "page":
            return f"第 {order} 页"
        case _:
            return "正文" if alone else f"正文第 {order} 部分"


def shortened(text: str) -> str:
    """On one line, and not too long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_QUOTE else f"{flat[:LONGEST_QUOTE]}…"


def box_around(polygon: Sequence[Sequence[float]]) -> Box:
    """The box around a polygon."""
    across, down = [x for x, _ in polygon], [y for _, y in polygon]
    return min(across), min(down), max(across), max(down)
