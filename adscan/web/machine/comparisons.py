"""Comparisons kept: what was published against what was approved."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from adscan.records.ad import Pixels
from adscan.web.audit.log import SYSTEM, record
from adscan.web.comparing.fingerprint import fingerprint_of
from adscan.web.comparing.sides import Side
from adscan.web.kept.clock import now
from adscan.web.kept.numbers import row_id
from adscan.web.kept.states import JobKind, State
from adscan.web.kept.tables import Comparison, Submission, Version
from adscan.web.machine.reviewing import Reading
from adscan.web.people.identity import Identity
from adscan.web.problems import BadInput, NotFound
from adscan.web.store.files import FileStore
from adscan.web.store.queue import enqueue
from adscan.web.submitting.submissions import Content, Intake, clean, keep_all

Document = dict[str, Any]

RECENT = 20


def request_comparison(
    session: Session, identity: Identity, submission: Submission, content: Content, intake: Intake
) -> Comparison:
    """What was published, to be read by a worker and compared. Raises BadInput."""
    if submission.state is not State.APPROVED:
        raise BadInput(
            f"{submission.number} 没有通过，没有可比对的原件", number="请填写已通过的送审件的编号"
        )
    creatives, _ = keep_all(content, intake)
    comparison = Comparison(
        version_id=submission.latest.id,
        text=clean(content.text),
        files=[{"name": kept.name, "sha256": kept.sha256} for kept in creatives],
        created_by_id=identity.person_id,
        created_at=now(),
    )
    session.add(comparison)
    session.flush()
    enqueue(session, JobKind.COMPARE, comparison.id)
    record(
        session, identity.login, "comparison.requested", f"submission:{submission.id}",
        comparison=comparison.id, version=submission.latest.number,
        files=[kept.sha256 for kept in creatives],
    )  # fmt: skip
    return comparison


def sides(
    session: Session, comparison_id: int, reading: Reading, store: FileStore
) -> tuple[Side, Side]:
    """What was approved and what was published; to compare them no session is needed any more."""
    comparison = session.get_one(Comparison, comparison_id)
    approved = session.get_one(
        Version, comparison.version_id, options=[undefer(Version.review), undefer(Version.pictures)]
    )
    published = fingerprint_of(comparison.text, [file["sha256"] for file in comparison.files])
    return (
        version_side(approved, store),
        side_of(reading.review, reading.pictures, store, published),
    )


def finish_comparison(
    session: Session, comparison_id: int, reading: Reading, result: Document
) -> None:
    """Keep what came of it: `result` is what `compare` made of its two sides."""
    comparison = session.get_one(Comparison, comparison_id)
    comparison.outcome, comparison.result = result["outcome"], result
    comparison.pictures = reading.pictures
    record(
        session, SYSTEM, "comparison.finished", f"submission:{comparison.version.submission_id}",
        comparison=comparison.id, outcome=comparison.outcome,
    )  # fmt: skip


def version_side(version: Version, store: FileStore) -> Side:
    """A version as a side of a comparison."""
    if version.review is None:
        raise NotFound("这一版还没有机审结果")
    return side_of(version.review, version.pictures or {}, store, version.fingerprint)


def side_of(review: Document, pictures: Document, store: FileStore, fingerprint: str) -> Side:
    """A review with the pictures made of its parts."""

    def picture(part_id: str) -> Pixels | None:
        if part_id not in pictures:
            return None
        data = store.read(pictures[part_id]["sha256"])
        return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))

    units = {
        part_id: one["width"] / _width_px(store, one["sha256"]) for part_id, one in pictures.items()
    }
    return Side(
        parts=review["parts"],
        picture=picture,
        units_per_pixel=units,
        fingerprint=fingerprint,
        unread=list(dict.fromkeys(_unread(review))),
        hashes={part_id: one["sha256"] for part_id, one in pictures.items()},
    )


def _width_px(store: FileStore, sha256: str) -> int:
    with Image.open(store.path(sha256)) as image:
        return image.width


def _unread(review: Document) -> Iterator[str]:
    """What is not already told by a part of its own."""
    told = {part["id"] for part in review["parts"] if part.get("unread")}
    for one in (*review["errors"], *review.get("notices", ())):
        if one.get("part") not in told and one.get("unread", True):
            yield one["message"]


def find_comparison(session: Session, comparison_id: int) -> Comparison:
    """Raises NotFound."""
    known = 0 < comparison_id < 2**31
    found = session.get(Comparison, comparison_id) if known else None
    if found is None:
        raise NotFound("没有这次比对", hint="请检查编号")
    return found


def find_by_number(session: Session, typed: str) -> Submission:
    """The submission people call so: 2026-000012, or just 12. Raises BadInput."""
    number = row_id(typed.strip().rpartition("-")[2])
    found = session.get(Submission, number) if number is not None else None
    if found is None or ("-" in typed and typed.strip() != found.number):
        raise BadInput("没有这个编号的送审件", number="没有这个编号，请核对")
    return found


def recent_comparisons(session: Session) -> list[Comparison]:
    """The latest ones."""
    query = select(Comparison).order_by(Comparison.id.desc()).limit(RECENT)
    return list(session.scalars(query))
