"""Of a version that is being weighed, submitters learn nothing by any way; staff see it all."""

from __future__ import annotations

import pytest

from adscan.web.kept.states import State, Step, Verdict
from adscan.web.kept.tables import Submission
from tests.web.decided import PROMISE, add_finding, decide, judge
from tests.web.office import Office

RULE = "guaranteed-return"
SEEN = {"rule": "other", "title": "内部怀疑", "severity": "medium", "evidence": []}


def weigh(office: Office) -> int:
    """Every finding of the machine dismissed, one of a person's own added, nothing decided."""
    submission_id = office.submit(text=PROMISE)
    office.work()
    judge(office, submission_id, Verdict.DISMISSED, "引述他人")
    add_finding(office, submission_id, SEEN)
    with office.database.writing() as session:
        submission = session.get_one(Submission, submission_id)
        submission.reviewer_id = submission.proposed_by_id = office.identity("wang").person_id
    return submission_id


def asked(office: Office, login: str, query: str) -> bool:
    """Whether the list finds anything; the page and the API say the same."""
    token = {"authorization": f"Bearer {office.token(login)}"}
    found = office.browser().get(f"/api/v1/submissions?{query}", headers=token).json()["items"]
    page = office.browser(login).get(f"/?state=all&{query}").text
    assert ("2026-000001" in page) is bool(found)
    return bool(found)


def test_filters_tell_nothing_of_verdicts_until_it_is_decided(either_office: Office):
    office, submission_id = either_office, weigh(either_office)
    reviewer = office.identity("zhao").person_id
    assert asked(office, "shen", f"rule={RULE}") and not asked(office, "shen", "rule=other")
    assert not asked(office, "wang", f"rule={RULE}") and asked(office, "wang", "rule=other")
    assert asked(office, "shen", f"reviewer={reviewer}")
    assert not asked(office, "wang", f"reviewer={reviewer}")
    with office.database.writing() as session:
        session.get_one(Submission, submission_id).proposed_by_id = None
    decide(office, submission_id, Step.RETURN, "请修改")
    assert not asked(office, "shen", f"rule={RULE}") and asked(office, "shen", "rule=other")


def test_neither_list_nor_api_tells_who_reviews_or_that_a_second_is_asked(office: Office):
    submission_id = weigh(office)
    token = {"authorization": f"Bearer {office.token('shen')}"}
    address = f"/api/v1/submissions/{submission_id}"
    assert "待复核" not in office.browser("shen").get("/?state=all").text
    assert "待复核" in office.browser("wang").get("/?state=all").text
    told = office.browser().get(address, headers=token).json()
    assert told["reviewer"] is None and told["proposed_by"] is None
    with office.database.writing() as session:
        session.get_one(Submission, submission_id).proposed_by_id = None
    decide(office, submission_id, Step.RETURN, "请修改")
    assert office.browser().get(address, headers=token).json()["reviewer"]["name"] == "wang"


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_page_and_api_hide_half_done_verdicts_even_after_withdrawal(office: Office, is_withdrawn):
    submission_id = weigh(office)
    shen, address = office.browser("shen"), f"/submissions/{submission_id}"
    if is_withdrawn:
        with office.database.reading() as session:
            lock = session.get_one(Submission, submission_id).lock
        shen.act(f"{address}/withdraw", {"lock": lock})
        with office.database.reading() as session:
            assert session.get_one(Submission, submission_id).state is State.WITHDRAWN
    page = shen.get(address).text
    assert "引述他人" not in page and "内部怀疑" not in page and "保本" in page
    token = {"authorization": f"Bearer {office.token('shen')}"}
    listed = office.browser().get(f"/api/v1{address}/versions/1/findings", headers=token).json()
    assert {one["verdict"] for one in listed["items"]} == {"open"}
    assert "other" not in {one["rule"] for one in listed["items"]}
    for_staff = office.browser("audit").get(address).text
    assert "引述他人" in for_staff and "内部怀疑" in for_staff
