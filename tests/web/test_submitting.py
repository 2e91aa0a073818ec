"""A submitter's way: sign in, submit, see it reviewed by the machine."""

from __future__ import annotations

from adscan.web.kept.states import State
from adscan.web.kept.tables import Submission
from tests.web.office import Office


def test_pasted_words_are_reviewed_by_the_machine_and_wait_for_a_person(either_office: Office):
    number = either_office.submit("shen", "本产品保本保息，年化 12%，零风险。")
    assert either_office.work() == 1
    with either_office.database.reading() as session:
        submission = session.get_one(Submission, number)
        assert submission.state is State.AWAITING_PERSON
        assert submission.latest.decision in ("revise", "reject")
        assert "guaranteed-return" in [f.rule for f in submission.latest.findings]
