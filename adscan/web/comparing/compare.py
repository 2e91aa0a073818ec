"""What was approved held against what was published, or one version against another.

The document that `compare` gives, ready for JSON:

    outcome   same | changed | unsure: some of it could not be read or compared surely
    summary   a Chinese sentence
    identical whether the words and files are the same to the byte
    parts     [{before, after: part id or null; name, kind; status: same | changed | unsure |
               added | removed; moved: stands elsewhere among the parts;
               runs: [{text, kind: same | removed | added | unsure, change: index or null}];
               picture: same | changed | different | null if not both have one;
               changes: [...]}]
    changes   of a part: [{kind: text | picture | part | unread; unsure; sentence in Chinese;
               before, after: {text, start, end, line, polygons} or null;
               before_boxes, after_boxes: [[left, top, right, bottom], ...] in the part's units}]

What could not be read on either side is never called the same, nor is what a side lacks called
removed or added while that side has something unread: it may stand there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from adscan.web.comparing.boxes import lend, overlap, times, where
from adscan.web.comparing.pairing import Pair, pair_parts
from adscan.web.comparing.pictures import PictureDifference, Sameness, compare_pictures
from adscan.web.comparing.sides import Pictures, Side, likeness
from adscan.web.comparing.telling import (
    AFTER,
    BEFORE,
    box_around,
    change_document,
    name_of,
    not_found,
    put_or_taken,
    status_of,
    summary_of,
    text_change,
    unmatched,
)
from adscan.web.comparing.texts import TextChange, compare_texts

Document = dict[str, Any]


def compare(before: Side, after: Side) -> Document:
    """See the module."""
    if before.fingerprint and before.fingerprint == after.fingerprint:
        return _document("same", "与原件逐字节相同", [], identical=True)
    unread = list(_unread(before, after))
    comparer = _Comparer(before, after)
    nothing = any(side.unread and not side.parts for side in (before, after))
    parts = [] if nothing else comparer.parts()
    statuses = {part["status"] for part in parts}
    if statuses & {"changed", "added", "removed"}:
        outcome = "changed"
    else:
        outcome = "unsure" if unread or "unsure" in statuses or not parts else "same"
    if unread:
        parts.append(_general(unread))
    return _document(outcome, summary_of(outcome, parts), parts)


def given_up(why: str) -> Document:
    """Of a comparison that the machine did not finish: nothing is claimed. `why` is Chinese."""
    return _document("unsure", f"机器没有审完，请人工比对：{why}", [])


class _Comparer:
    """Both sides, with each picture read once."""

    def __init__(self, before: Side, after: Side) -> None:
        self._before, self._after = before, after
        self._old, self._new = Pictures(before), Pictures(after)

    def parts(self) -> list[Document]:
        """All parts of both sides."""
        pairs = pair_parts(self._before.parts, self._after.parts, self._likeness)
        is_either = len({p.before is None for p in pairs if None in (p.before, p.after)}) > 1
        return [
            self._alone(pair, is_either) if None in (pair.before, pair.after) else self._both(pair)
            for pair in pairs
        ]

    def _both(self, pair: Pair) -> Document:
        assert pair.before is not None and pair.after is not None
        one, two = self._before.parts[pair.before], self._after.parts[pair.after]
        name = name_of(two, self._after.parts)
        pictures = self._pictures(one, two)
        difference = compare_texts(one, two)
        changes = [
            text_change(
                change, name, self._looks_same(pictures, change, one), self._overlooked(change)
            )
            for change in difference.changes
        ]
        runs = [
            {**run, "kind": "unsure"}
            if run["change"] is not None and self._overlooked(difference.changes[run["change"]])
            else run
            for run in difference.runs
        ]
        if pictures is not None:
            changes += list(self._picture_changes(pictures, one, two, name, changes))
        if one.get("unread") or two.get("unread"):
            side = BEFORE if one.get("unread") else AFTER
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
            "status": status_of(changes), "moved": pair.moved, "runs": runs,
            "picture": pictures.sameness.value if pictures else None, "changes": changes,
        }  # fmt: skip

    def _alone(self, pair: Pair, is_either: bool) -> Document:
        """What the other side lacks; `is_either`: each side has such parts."""
        is_gone = pair.after is None
        side, other = (self._before, self._after) if is_gone else (self._after, self._before)
        at = pair.before if is_gone else pair.after
        assert at is not None
        part = side.parts[at]
        name = name_of(part, side.parts)
        if part.get("unread") and is_either:  # it may well be what the other side has alone
            kind, change = "unsure", unmatched(name)
        elif other.may_hold_more:
            kind, change = "unsure", not_found(name, part["text"], is_gone=is_gone)
        else:
            kind = "removed" if is_gone else "added"
            change = put_or_taken(name, part["text"], is_gone=is_gone)
        return {
            "before": part["id"] if is_gone else None, "after": None if is_gone else part["id"],
            "name": name, "kind": part["kind"], "status": kind, "moved": False,
            "runs": [{"text": part["text"], "kind": kind, "change": 0}] if part["text"] else [],
            "picture": None, "changes": [change],
        }  # fmt: skip

    def _overlooked(self, change: TextChange) -> bool:
        """Whether words are lacking on a side of which not all could be read."""
        return (not change.after.text and self._after.may_hold_more) or (
            not change.before.text and self._before.may_hold_more
        )

    def _likeness(self, i: int, j: int) -> float | None:
        return likeness(
            self._old.hash(self._before.parts[i]["id"]), self._new.hash(self._after.parts[j]["id"])
        )

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
        boxes = [times(d.before, units) for d in pictures.differences if d.before]
        places = [box_around(polygon) for polygon in change.before.polygons]
        return not any(overlap(box, place) for box in boxes for place in places)

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
            old = times(difference.before, old_units) if difference.before else None
            new = times(difference.after, new_units) if difference.after else None
            if old is None:
                sentence = f"{name}：四周多出了内容"
            elif new is None:
                sentence = f"{name}：边上的内容被裁掉了"
            elif lend(old, new, told):
                continue
            else:
                sentence = (
                    f"{name}：{where(old, self._old.pixels(one['id']), old_units)}的画面有改动"
                )
            yield change_document(
                "picture", sentence,
                before_boxes=[list(old)] if old else [], after_boxes=[list(new)] if new else [],
            )  # fmt: skip


def _unread(before: Side, after: Side) -> Iterator[str]:
    for side, name in ((before, BEFORE), (after, AFTER)):
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
