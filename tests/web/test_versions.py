"""A new version: what is unchanged keeps its decision, what changed is judged anew."""

from __future__ import annotations

from adscan.web.kept.states import State, Verdict
from adscan.web.kept.tables import Submission
from adscan.web.people.access import take_submission
from adscan.web.submitting.submissions import Content, Intake, revise
from adscan.web.submitting.uploads import Upload
from tests.web.decided import poster

FIRST = "专家推荐，全国第一的理财品牌。\n公司地址在海州路一号。\n周一至周五营业。\n本产品保本保息，零风险。\n名额有限，欲购从速。"
SECOND = "专家推荐，全国第一的理财品牌。\n公司地址在海州路一号。\n周一至周五营业。\n本产品不保本，投资有风险。\n名额有限，欲购从速。"


def returned(office, text=FIRST, verdict=Verdict.DISMISSED, **more):
    number = office.submit("sun", text, **more)
    office.work()
    with office.database.writing() as session:
        submission = session.get_one(Submission, number)
        submission.state = State.RETURNED
        for finding in submission.latest.findings:
            finding.verdict, finding.reason = verdict, f"理由 {finding.rule}"
    return number


def sent_again(office, number, text, permits=()):
    content = Content(text, permits=permits)
    with office.database.writing() as session:
        identity = office.identity("sun")
        lock = session.get_one(Submission, number).lock
        submission = take_submission(session, identity, number, lock)
        revise(session, identity, submission, content, Intake(office.settings, office.files))
    office.work()


def test_decisions_on_unchanged_words_are_carried_over_and_say_from_where(either_office):
    number = returned(either_office, verdict=Verdict.CONFIRMED)
    sent_again(either_office, number, SECOND)
    with either_office.database.reading() as session:
        first, second = session.get_one(Submission, number).versions
        old = {finding.id: finding for finding in first.findings}
        carried = [finding for finding in second.findings if finding.carried_from_id]
        assert carried
        for finding in carried:
            before = old[finding.carried_from_id]
            assert (finding.rule, finding.reason) == (before.rule, before.reason)
            assert finding.verdict is Verdict.CONFIRMED


def test_what_was_dismissed_is_judged_anew_where_the_words_around_changed(office):
    number = returned(office)
    sent_again(office, number, SECOND)
    with office.database.reading() as session:
        latest = session.get_one(Submission, number).latest
        assert latest.findings
        for finding in latest.findings:
            assert finding.verdict is Verdict.OPEN
            assert (finding.reason, finding.carried_from_id) == ("", None)


def test_what_was_dismissed_for_its_permits_is_judged_anew_without_them(office):
    permit = ("permit.png", poster(), "image/png")
    number = returned(office, files=[("permits", permit)])
    sent_again(office, number, FIRST, (Upload(permit[0], permit[1]),))
    with office.database.writing() as session:
        submission = session.get_one(Submission, number)
        assert all(one.verdict is Verdict.DISMISSED for one in submission.latest.findings)
        submission.state = State.RETURNED
    sent_again(office, number, FIRST)
    with office.database.reading() as session:
        third = session.get_one(Submission, number).latest
        assert third.findings
        assert all(finding.verdict is Verdict.OPEN for finding in third.findings)


def test_the_same_words_again_carry_every_decision(office):
    number = returned(office)
    sent_again(office, number, FIRST)
    with office.database.reading() as session:
        second = session.get_one(Submission, number).latest
        assert second.findings
        assert all(finding.verdict is Verdict.DISMISSED for finding in second.findings)


def test_changed_words_are_judged_anew(office):
    number = returned(office)
    sent_again(office, number, "本产品保本保息，零风险，稳赚不赔，限时抢购。")
    with office.database.reading() as session:
        latest = session.get_one(Submission, number).latest
        (finding,) = [one for one in latest.findings if one.rule == "guaranteed-return"]
        assert finding.verdict is Verdict.OPEN
