"""What was approved held against what was published, or one version against another.

The document that `compare` gives, ready for JSON:

    outcome   same | changed | unsure: some of it could not be read or compared surely
    summary   a Chinese sentence
    identical whether the words and files are the same to the byte
    parts     [{before, after: part id or null; name, kind; status: same | changed | unsure |
               added | removed; moved: stands elsewhere among the parts;
               runs: [{text, kind: same | removed | added, change: index or null}];
               picture: same | changed | different | null if not both have one;
               changes: [...]}]
    changes   of a part: [{kind: text | picture | part | unread; unsure; sentence in Chinese;
               before, after: {text, start, end, line, polygons} or null;
               before_boxes, after_boxes: [[left, top, right, bottom], ...] in the part's units}]

What could not be read on either side is never called the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adscan.records.ad import Pixels
from adscan.scan.likeness import picture_hash
from adscan.web.comparing.pairing import Pair, pair_parts
from adscan.web.comparing.pictures import (
    Box,
    PictureDifference,
    Sameness,
    compare_pictures,
)
from adscan.web.comparing.telling import (
    box_around,
    change_document,
    name_of,
    shortened,
    status_of,
    summary_of,
    text_change,
)
from adscan.web.comparing.texts import TextChange, compare_texts

Document = dict[str, Any]

HASH_BITS = 64


def _no_picture(_: str) -> Pixels | None:
    return None


@dataclass(frozen=True)
class Side:
    """One state of an ad."""

    parts: Sequence[Document]  # the contract's
    picture: Callable[[str], Pixels | None] = _no_picture  # by part id
    # Units of polygons for one pixel of `picture`, by part id; 1 if not given.
    units_per_pixel: Mapping[str, float] = field(default_factory=dict)
    fingerprint: str = ""  # of words and files; empty: unknown
    unread: Sequence[str] = ()  # what the review says could not be read, in Chinese
    hashes: Mapping[str, str] = field(default_factory=dict)  # SHA-256 of the picture by part id


def compare(before: Side, after: Side) -> Document:
    """See the module."""
    if before.fingerprint and before.fingerprint == after.fingerprint:
        return _document("same", "与原件逐字节相同", [], identical=True)
    comparer = _Comparer(before, after)
    parts = [comparer.part(pair) for pair in comparer.pairs()]
    unread = list(_unread(before, after))
    statuses = {part["status"] for part in parts}
    if statuses & {"changed", "added", "removed"}:
        outcome = "changed"
    else:
        outcome = "unsure" if unread or "unsure" in statuses or not parts else "same"
    if unread:
        parts.append(_general(unread))
    return _document(outcome, summary_of(outcome, parts), parts)


class _Comparer:
    """Both sides, with each picture read once."""

    def __init__(self, before: Side, after: Side) -> None:
        self._before, self._after = before, after
        self._old, self._new = _Pictures(before), _Pictures(after)

    def pairs(self) -> list[Pair]:
        return pair_parts(self._before.parts, self._after.parts, self._likeness)

    def part(self, pair: Pair) -> Document:
        """One pair, compared."""
        if pair.before is None or pair.after is None:
            return self._alone(pair)
        one, two = self._before.parts[pair.before], self._after.parts[pair.after]
        name = name_of(two, self._after.parts)
        pictures = self._pictures(one, two)
        difference = compare_texts(one, two)
        changes = [
            text_change(change, name, self._looks_same(pictures, change, one))
            for change in difference.changes
        ]
        if pictures is not None:
            changes += list(self._picture_changes(pictures, one, two, name, changes))
        if one.get("unread") or two.get("unread"):
            side = "原件" if one.get("unread") else "比对件"
            changes.append(
                change_document("unread", f"{name}：{side}没有读出来，不能算相同", unsure=True)
            )
        elif pictures is None and one["kind"] == two["kind"] != "text" and self._lacks(one, two):
            changes.append(
                change_document("unread", f"{name}：有一方没有图，图没有比对", unsure=True)
            )
        if pair.moved:
            was = name_of(one, self._before.parts)
            changes.append(change_document("part", f"{was}移到了别处，现为{name}"))
        return {
            "before": one["id"], "after": two["id"], "name": name, "kind": two["kind"],
            "status": status_of(changes), "moved": pair.moved, "runs": list(difference.runs),
            "picture": pictures.sameness.value if pictures else None, "changes": changes,
        }  # fmt: skip

    def _alone(self, pair: Pair) -> Document:
        side, at = (self._before, pair.before) if pair.after is None else (self._after, pair.after)
        assert at is not None
        part = side.parts[at]
        name, kind = name_of(part, side.parts), "removed" if pair.after is None else "added"
        quote = f"：“{shortened(part['text'])}”" if part["text"].strip() else ""
        sentence = f"删去了{name}{quote}" if kind == "removed" else f"增加了{name}{quote}"
        runs = [{"text": part["text"], "kind": kind, "change": 0}] if part["text"] else []
        return {
            "before": part["id"] if kind == "removed" else None,
            "after": part["id"] if kind == "added" else None,
            "name": name, "kind": part["kind"], "status": kind, "moved": False, "runs": runs,
            "picture": None, "changes": [change_document("part", sentence)],
        }  # fmt: skip

    def _likeness(self, i: int, j: int) -> float | None:
        one = self._old.hash(self._before.parts[i]["id"])
        two = self._new.hash(self._after.parts[j]["id"])
        if one is None or two is None:
            return None
        apart = bin(int(one, 16) ^ int(two, 16)).count("1")
        return max(0.0, 1 - 2 * apart / HASH_BITS)

    def _pictures(self, one: Document, two: Document) -> PictureDifference | None:
        known = self._before.hashes.get(one["id"])
        if known and known == self._after.hashes.get(two["id"]):
            return PictureDifference(Sameness.SAME)
        old, new = self._old.pixels(one["id"]), self._new.pixels(two["id"])
        return None if old is None or new is None else compare_pictures(old, new)

    def _lacks(self, one: Document, two: Document) -> bool:
        return (self._old.pixels(one["id"]) is None) != (self._new.pixels(two["id"]) is None)

    def _looks_same(
        self, pictures: PictureDifference | None, change: TextChange, one: Document
    ) -> bool:
        """Whether the pictures show no difference where the words were read differently."""
        if (
            pictures is None
            or pictures.sameness is Sameness.DIFFERENT
            or not change.before.polygons
        ):
            return False
        units = self._before.units_per_pixel.get(one["id"], 1.0)
        boxes = [_times(d.before, units) for d in pictures.differences if d.before]
        places = [box_around(polygon) for polygon in change.before.polygons]
        return not any(_overlap(box, place) for box in boxes for place in places)

    def _picture_changes(
        self,
        pictures: PictureDifference,
        one: Document,
        two: Document,
        name: str,
        told: Sequence[Document],
    ) -> Iterator[Document]:
        """Places that differ; where words are told already, they only lend their boxes."""
        if pictures.sameness is Sameness.DIFFERENT:
            yield change_document("picture", f"{name}：换成了另一张图，或改动太大，无法逐处比对")
            return
        old_units = self._before.units_per_pixel.get(one["id"], 1.0)
        new_units = self._after.units_per_pixel.get(two["id"], 1.0)
        for difference in pictures.differences:
            old = _times(difference.before, old_units) if difference.before else None
            new = _times(difference.after, new_units) if difference.after else None
            if old is None:
                sentence = f"{name}：四周多出了内容"
            elif new is None:
                sentence = f"{name}：边上的内容被裁掉了"
            elif _lend(old, new, told):
                continue
            else:
                sentence = f"{name}：{_where(old, one, pictures, self._old, old_units)}的画面有改动"
            yield change_document(
                "picture", sentence,
                before_boxes=[list(old)] if old else [], after_boxes=[list(new)] if new else [],
            )  # fmt: skip


class _Pictures:
    """A side's pictures and their hashes."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._hashes: dict[str, str | None] = {}

    def pixels(self, part_id: str) -> Pixels | None:
        """Read anew each time: long ads have many, and memory is short."""
        return self._side.picture(part_id)

    def hash(self, part_id: str) -> str | None:
        if part_id not in self._hashes:
            pixels = self.pixels(part_id)
            self._hashes[part_id] = None if pixels is None else picture_hash(pixels)
        return self._hashes[part_id]


def _unread(before: Side, after: Side) -> Iterator[str]:
    for side, name in ((before, "原件"), (after, "比对件")):
        for fault in side.unread:
            yield f"{name}：{fault}"


def _general(unread: Sequence[str]) -> Document:
    """What concerns no single part."""
    return {
        "before": None, "after": None, "name": "未能读取的内容", "kind": "none",
        "status": "unsure", "moved": False, "runs": [], "picture": None,
        "changes": [change_document("unread", fault, unsure=True) for fault in unread],
    }  # fmt: skip


def _document(
    outcome: str, summary: str, parts: Sequence[Document], *, identical: bool = False
) -> Document:
    return {"outcome": outcome, "summary": summary, "identical": identical, "parts": list(parts)}


def _where(
    box: Box, part: Document, pictures: PictureDifference, side: _Pictures, units: float
) -> str:
    """左上, 中部, 右下 …"""
    pixels = side.pixels(part["id"])
    if pixels is None:
        return "某处"
    height, width = pixels.shape[0] * units, pixels.shape[1] * units
    across = int(min(2, 3 * (box[0] + box[2]) / 2 / width))
    down = int(min(2, 3 * (box[1] + box[3]) / 2 / height))
    return (
        ("左上方", "上方", "右上方"), ("左侧", "中部", "右侧"), ("左下方", "下方", "右下方")
    )[down][across]  # fmt: skip


def _lend(old: Box, new: Box, told: Sequence[Document]) -> bool:
    """Whether a change in words explains it; the side without words learns the place."""
    found = False
    for change in told:
        if any(_overlap(old, place) for place in _places(change, "before_boxes")):
            found = True
            if not change["after"]:
                change["after_boxes"].append([round(edge, 1) for edge in new])
        elif any(_overlap(new, place) for place in _places(change, "after_boxes")):
            found = True
            if not change["before"]:
                change["before_boxes"].append([round(edge, 1) for edge in old])
    return found


def _places(change: Document, side: str) -> Iterator[Box]:
    yield from (tuple(box) for box in list(change[side]))


def _times(box: Box, factor: float) -> Box:
    left, top, right, bottom = box
    return left * factor, top * factor, right * factor, bottom * factor


def _overlap(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def given_up(why: str) -> Document:
    """The result of a comparison that the machine did not finish: nothing is claimed."""
    return _document("unsure", f"{why}，请人工比对", [], identical=False)
