"""Decisions on a whole submission: what stands in the way, who may, and who was first."""

from __future__ import annotations

import threading

import pytest

from adscan.web.deciding.rulings import decide, second
from adscan.web.kept.states import State, Step, Verdict
from adscan.web.kept.tables import Submission
from adscan.web.people.access import take_submission
from adscan.web.problems import BadInput, Conflict, Forbidden

CLEAN = "春季新品上市，全场八折，欢迎选购。"
BAD = "本产品保本保息，零风险。"


def judged(office, text, verdict=None):
    """A submission the machine has read; every finding with this verdict."""
    number = office.submit("shen", text)
    office.work()
    if verdict:
        with office.database.writing() as session:
            for finding in session.get_one(Submission, number).latest.findings:
                finding.verdict = verdict
    return number


def lock_of(office, number):
    with office.database.reading() as session:
        return session.get_one(Submission, number).lock


def rule(office, login, number, step, reason="", lock=None, two_person=True):
    lock = lock_of(office, number) if lock is None else lock
    with office.database.writing() as session:
        identity = office.identity(login)
        submission = take_submission(session, identity, number, lock)
        return decide(session, identity, submission, step, reason, two_person=two_person).step


def state(office, number):
    with office.database.reading() as session:
        return session.get_one(Submission, number).state


def rejected(office, number):
    with office.database.writing() as session:
        session.get_one(Submission, number).latest.decision = "reject"


def test_a_clean_ad_is_approved(either_office):
    number = judged(either_office, CLEAN)
    assert rule(either_office, "wang", number, Step.APPROVE) is Step.APPROVE
    assert state(either_office, number) is State.APPROVED


def test_nothing_is_decided_while_findings_are_open(office):
    number = judged(office, BAD)
    for step in (Step.APPROVE, Step.RETURN, Step.REFUSE):
        with pytest.raises(Conflict, match="没有处理"):
            rule(office, "wang", number, step, "理由")


def test_confirmed_findings_forbid_approval(office):
    number = judged(office, BAD, Verdict.CONFIRMED)
    with pytest.raises(Conflict, match="已认定"):
        rule(office, "wang", number, Step.APPROVE)
    assert rule(office, "wang", number, Step.REFUSE, "承诺保本") is Step.REFUSE
    assert state(office, number) is State.REFUSED


def test_returning_and_refusing_need_a_reason(office):
    number = judged(office, CLEAN)
    for step in (Step.RETURN, Step.REFUSE):
        with pytest.raises(BadInput, match="理由"):
            rule(office, "wang", number, step, "  ")


def test_approval_against_a_reject_waits_for_a_second_person(either_office):
    office = either_office
    number = judged(office, BAD, Verdict.DISMISSED)
    rejected(office, number)
    with pytest.raises(BadInput, match="理由"):
        rule(office, "zhao", number, Step.APPROVE)
    assert rule(office, "zhao", number, Step.APPROVE, "是引用") is Step.PROPOSE
    assert state(office, number) is State.AWAITING_PERSON
    for login, trouble in (("wang", "审核主管"), ("zhao", "不能自己复核")):
        with pytest.raises(Forbidden, match=trouble):
            agree(office, login, number, True)
    assert agree(office, "qian", number, True) is Step.APPROVE
    assert state(office, number) is State.APPROVED


def agree(office, login, number, agrees, reason=""):
    with office.database.writing() as session:
        identity = office.identity(login)
        submission = take_submission(session, identity, number, lock_of(office, number))
        return second(session, identity, submission, agrees, reason).step


def test_a_declined_proposal_is_open_again(office):
    number = judged(office, BAD, Verdict.DISMISSED)
    rejected(office, number)
    rule(office, "wang", number, Step.APPROVE, "是引用")
    assert agree(office, "qian", number, False, "不是引用") is Step.DECLINE
    assert rule(office, "wang", number, Step.REFUSE, "保本承诺") is Step.REFUSE


def test_without_the_two_person_rule_one_is_enough(office):
    number = judged(office, BAD, Verdict.DISMISSED)
    rejected(office, number)
    assert rule(office, "wang", number, Step.APPROVE, "是引用", two_person=False) is Step.APPROVE


def test_of_two_who_decide_at_once_the_second_is_told(either_office):
    office = either_office
    number = judged(office, CLEAN)
    seen = lock_of(office, number)
    said = []
    start = threading.Barrier(2)

    def act(login, step):
        start.wait()
        try:
            said.append(rule(office, login, number, step, "理由", lock=seen))
        except Conflict as problem:
            said.append(problem)

    threads = [
        threading.Thread(target=act, args=("wang", Step.APPROVE)),
        threading.Thread(target=act, args=("zhao", Step.REFUSE)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (problem,) = (one for one in said if isinstance(one, Conflict))
    assert "别人改动了" in str(problem)
    assert state(office, number) in (State.APPROVED, State.REFUSED)


def test_what_is_withdrawn_is_not_decided(office):
    number = judged(office, CLEAN)
    form = {"lock": lock_of(office, number)}
    response = office.browser("shen").act(f"/submissions/{number}/withdraw", form)
    assert response.status_code in (200, 404)
    with pytest.raises(Conflict, match="不在人审阶段"):
        rule(office, "wang", number, Step.APPROVE)
