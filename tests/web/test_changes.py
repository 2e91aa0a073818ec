"""Version against version: reckoned once, one at a time, and with no session open."""

from __future__ import annotations

import threading

import pytest

from adscan.web.kept.states import State
from adscan.web.kept.tables import Submission
from adscan.web.machine import changes
from adscan.web.people.access import take_submission
from adscan.web.store.files import FileStore
from adscan.web.submitting.submissions import Content, Intake, revise
from adscan.web.submitting.uploads import Upload
from tests.web.decided import poster

CLEAN = "新店开业，全场八折，欢迎光临海州路一号。"


class WatchedStore(FileStore):
    """Tells how often it was read, and how many sessions were open then."""

    def __init__(self, office):
        super().__init__(office.settings.web.data_dir / "files")
        self._pool = office.database.engine.pool
        self.sessions: list[int] = []
        self.is_read, self.may_go_on = threading.Event(), threading.Event()
        self.may_go_on.set()

    def read(self, sha256):
        self.sessions.append(self._pool.checkedout())
        self.is_read.set()
        assert self.may_go_on.wait(60)
        return super().read(sha256)


@pytest.fixture
def two_versions(office):
    """Of one submission, with a picture that changed; the path of the page."""
    number = office.submit("shen", CLEAN, files={"creatives": ("a.png", poster(), "image/png")})
    office.work()
    with office.database.writing() as session:
        session.get_one(Submission, number).state = State.RETURNED
    with office.database.writing() as session:
        identity = office.identity("shen")
        lock = session.get_one(Submission, number).lock
        submission = take_submission(session, identity, number, lock)
        content = Content(CLEAN.replace("八折", "九折"), (Upload("a.png", poster(height=1300)),))
        revise(session, identity, submission, content, Intake(office.settings, office.files))
    office.work()
    return f"/submissions/{number}/changes"


@pytest.fixture
def store(office):
    office.app.state.files = WatchedStore(office)
    return office.app.state.files


def test_pictures_are_compared_once_and_while_no_session_is_open(office, two_versions, store):
    browser = office.browser("shen")
    first = browser.get(two_versions)
    assert "改成" in first.text
    assert store.sessions
    assert not any(store.sessions)
    count = len(store.sessions)
    assert browser.get(two_versions).text == first.text
    assert len(store.sessions) == count


def test_a_kept_answer_is_still_only_for_those_who_may_see_it(office, two_versions):
    assert office.browser("shen").get(two_versions).status_code == 200
    assert office.browser("sun").get(two_versions).status_code == 404


def test_what_was_kept_is_reckoned_again_if_it_is_damaged_or_a_version_was_reviewed_anew(
    office, two_versions
):
    browser = office.browser("shen")
    first = browser.get(two_versions).text
    folder = office.settings.web.data_dir / "changes"
    (kept,) = folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:50])
    assert browser.get(two_versions).text == first
    number = int(two_versions.split("/")[2])
    with office.database.writing() as session:
        latest = session.get_one(Submission, number).latest
        latest.reviewed_at = latest.created_at
    assert browser.get(two_versions).status_code == 200
    assert len(list(folder.iterdir())) == 2


def test_who_asks_while_another_is_compared_is_told_to_come_back(
    office, two_versions, store, monkeypatch
):
    monkeypatch.setattr(changes, "WAIT_S", 0.1)
    store.may_go_on.clear()
    answers = []
    patient, other = office.browser("shen"), office.browser("wang")
    asking = threading.Thread(target=lambda: answers.append(patient.get(two_versions)))
    asking.start()
    try:
        assert store.is_read.wait(30)
        busy = other.get(two_versions)
    finally:
        store.may_go_on.set()
        asking.join(60)
    assert busy.status_code == 503
    assert int(busy.headers["Retry-After"]) > 0
    assert "正在比较，请稍后刷新" in busy.text
    assert answers[0].status_code == 200
    assert other.get(two_versions).status_code == 200


def test_a_folder_that_cannot_be_written_only_means_reckoning_again(office, two_versions):
    (office.settings.web.data_dir / "changes").write_text("not a folder")
    for _ in range(2):
        assert "改成" in office.browser("shen").get(two_versions).text
