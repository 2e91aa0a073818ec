"""A worker's trouble: with the ad, with the machine, with itself."""

from __future__ import annotations

import errno
import io

import pytest
from PIL import Image
from sqlalchemy import select, update

from adscan.web.kept.clock import now
from adscan.web.kept.states import JobKind, JobState, State, Verdict
from adscan.web.kept.tables import Comparison, Job, Submission, Version
from adscan.web.machine.comparisons import request_comparison
from adscan.web.store.queue import claim, enqueue
from adscan.web.submitting.submissions import Content, Intake, Upload

CLEAN = "春季新品上市，全场八折，欢迎选购。"


def jobs(office):
    with office.database.reading() as session:
        return list(session.scalars(select(Job).order_by(Job.id)))


def hurry(office):
    with office.database.writing() as session:
        session.execute(update(Job).values(run_after=now()))


def one_try(office):
    worker = office._worker = office._worker or office.worker()
    worker._do(claim(office.database, worker._name, 30))


def test_an_ad_that_always_takes_the_worker_along_ends_with_a_person(office):
    number = office.submit("shen", CLEAN)
    with office.database.writing() as session:
        session.execute(update(Job).values(attempts=office.settings.web.review_attempts))
    one_try(office)
    with office.database.reading() as session:
        submission = session.get_one(Submission, number)
        assert (submission.latest.decision, submission.state) == ("error", State.AWAITING_PERSON)
        assert "未能审完" in submission.latest.review["errors"][0]["message"]
    assert [job.state for job in jobs(office)] == [JobState.FAILED]


def test_an_ad_that_fails_inside_is_tried_again_and_then_given_to_a_person(office):
    number = office.submit("shen", "", files={"creatives": ("a.txt", CLEAN.encode(), "text/plain")})
    with office.database.reading() as session:
        (file,) = session.get_one(Submission, number).latest.files
        office.files.path(file.sha256).unlink()
    for attempt in range(1, office.settings.web.review_attempts + 1):
        hurry(office)
        one_try(office)
        assert [job.attempts for job in jobs(office)] == [attempt]
    with office.database.reading() as session:
        assert session.get_one(Submission, number).latest.decision == "error"


class FullDisk:
    """A file store on a disk without room."""

    def __init__(self, store):
        self._store = store

    def put(self, _data):
        raise OSError(errno.ENOSPC, "No space left on device")

    def read(self, sha256):
        return self._store.read(sha256)


def test_a_full_disk_is_not_the_ads_fault(office):
    picture = open_picture()
    number = office.submit("shen", "", files={"creatives": ("a.png", picture, "image/png")})
    worker = office._worker = office.worker()
    worker._files = FullDisk(office.files)
    for _ in range(5):
        hurry(office)
        one_try(office)
    (job,) = jobs(office)
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    worker._files = office.files
    hurry(office)
    one_try(office)
    with office.database.reading() as session:
        assert session.get_one(Submission, number).state is State.AWAITING_PERSON


def open_picture(colour="white") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (200, 100), colour).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_comparison_that_cannot_be_done_claims_nothing_and_ends(office):
    number = office.submit("shen", "", files={"creatives": ("a.png", open_picture(), "image/png")})
    office.work()
    with office.database.writing() as session:
        submission = session.get_one(Submission, number)
        submission.state = State.APPROVED
        for picture in submission.latest.pictures.values():
            office.files.path(picture["sha256"]).unlink()
        request_comparison(
            session, office.identity("wang"), submission,
            Content("别的文字", (Upload("b.png", open_picture("black")),)),
            Intake(office.settings, office.files),
        )  # fmt: skip
    for _ in range(office.settings.web.review_attempts):
        hurry(office)
        one_try(office)
    with office.database.reading() as session:
        (comparison,) = session.scalars(select(Comparison))
        assert comparison.outcome == "unsure"
    assert jobs(office)[-1].state is JobState.FAILED
    hurry(office)
    assert claim(office.database, "other", 30) is None


@pytest.mark.parametrize("decision", ["reject", "error"])
def test_what_the_machine_rejects_or_cannot_read_is_not_approved_by_one(office, decision):
    number = office.submit("shen", CLEAN)
    office.work()
    with office.database.writing() as session:
        submission = session.get_one(Submission, number)
        submission.latest.decision = decision
        lock = submission.lock
        for finding in submission.latest.findings:
            finding.verdict = Verdict.DISMISSED
    wang = office.browser("wang")
    form = {"step": "approve", "reason": "", "lock": lock}
    assert wang.act(f"/submissions/{number}/rulings", form).status_code == 422
    wang.act(f"/submissions/{number}/rulings", {**form, "reason": "看过原件"})
    with office.database.reading() as session:
        submission = session.get_one(Submission, number)
        assert submission.state is State.AWAITING_PERSON
        assert submission.proposed_by.login == "wang"


def test_unread_parts_are_approved_only_with_a_word_about_them(office):
    number = office.submit(
        "shen", CLEAN, files={"creatives": ("a.png", open_picture()[:60], "image/png")}
    )
    office.work()
    with office.database.writing() as session:
        submission = session.get_one(Submission, number)
        assert submission.latest.review["errors"]
        submission.latest.decision = "review"
        for finding in submission.latest.findings:
            finding.verdict = Verdict.DISMISSED
    with office.database.reading() as session:
        lock = session.get_one(Submission, number).lock
    wang = office.browser("wang")
    form = {"step": "approve", "reason": "", "lock": lock}
    assert wang.act(f"/submissions/{number}/rulings", form).status_code == 422
    done = wang.act(f"/submissions/{number}/rulings", {**form, "reason": "图片已打开看过"})
    assert done.status_code == 200
    with office.database.reading() as session:
        assert session.get_one(Submission, number).state is State.APPROVED


def test_a_flood_of_json_is_refused_before_it_is_parsed(office):
    browser = office.browser()
    answer = browser.post(
        "/api/v1/submissions",
        content=b"[" * 6_000_000,
        headers={
            "Authorization": f"Bearer {office.token('shen')}",
            "Content-Type": "application/json",
        },
    )
    assert answer.status_code == 413


def test_a_version_reviewed_twice_has_its_findings_once(office):
    number = office.submit("shen", "本产品保本保息，零风险。")
    with office.database.writing() as session:
        version = session.get_one(Submission, number).latest
        enqueue(session, JobKind.REVIEW, version.id)
    assert office.work() == 2
    with office.database.reading() as session:
        rules = [finding.rule for finding in session.get_one(Version, version.id).findings]
        assert rules and len(rules) == len(set(rules))
