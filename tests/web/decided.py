"""Submissions brought to an end, for tests of what is made of them."""

from __future__ import annotations

import io
from datetime import datetime, timezone

from PIL import Image, ImageDraw

from adscan.web.deciding import rulings
from adscan.web.kept.states import Step, Verdict
from adscan.web.kept.tables import Submission, VersionFinding
from adscan.web.showing.opinion import Opinion, find_opinion
from tests.web.office import Office

PROMISE = "本产品保本保息，年化 12%，零风险。"
CLEAN = "新店开业，欢迎光临。"


def poster(width: int = 900, height: int = 1200) -> bytes:
    """A picture with something on it."""
    picture = Image.new("RGB", (width, height), "#f4ead2")
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((100, 150, width - 100, 400), fill="#b33a2b")
    drawing.ellipse((250, 600, width - 250, 900), fill="#2b5fb3")
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def judge(
    office: Office, submission_id: int, verdict: Verdict, reason: str = "", by: str = "wang"
) -> None:
    """The same verdict on every finding of the latest version."""
    person = office.identity(by).person_id
    with office.database.writing() as session:
        submission = session.get_one(Submission, submission_id)
        for finding in submission.latest.findings:
            finding.verdict, finding.reason = verdict, reason
            finding.decided_by_id, finding.decided_at = person, datetime.now(timezone.utc)


def add_finding(office: Office, submission_id: int, document: dict, by: str = "wang") -> None:
    """A finding that a person saw and the machine did not."""
    person = office.identity(by).person_id
    with office.database.writing() as session:
        submission = session.get_one(Submission, submission_id)
        submission.latest.findings.append(
            VersionFinding(
                rule=document["rule"], added_by_id=person, document=document,
                verdict=Verdict.CONFIRMED, reason="人工补充", decided_by_id=person,
                decided_at=datetime.now(timezone.utc),
            )
        )  # fmt: skip


def decide(
    office: Office,
    submission_id: int,
    step: Step,
    reason: str = "",
    by: str = "wang",
    two_person: bool = False,
) -> None:
    with office.database.writing() as session:
        submission = session.get_one(Submission, submission_id)
        identity = office.identity(by)
        rulings.decide(session, identity, submission, step, reason, two_person=two_person)


def agree(office: Office, submission_id: int, by: str = "zhao", reason: str = "") -> None:
    with office.database.writing() as session:
        submission = session.get_one(Submission, submission_id)
        rulings.second(session, office.identity(by), submission, True, reason)


def opinion(office: Office, submission_id: int, number: int | None = None) -> Opinion:
    with office.database.reading() as session:
        submission = session.get_one(Submission, submission_id)
        return find_opinion(session, submission, office.files.read, number)
