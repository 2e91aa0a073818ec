"""The reviewer's workbench: what it shows, and what reviewers do with single findings."""

from __future__ import annotations

import re
from typing import Any

import pytest

from adscan.web.deciding.findings import (
    Judgement,
    Note,
    Remark,
    add_comment,
    add_finding,
    decide_finding,
)
from adscan.web.deciding.pointing import Pointed, evidence_at
from adscan.web.kept.states import State, Verdict
from adscan.web.kept.tables import AuditEntry, Comment, Submission, Version, VersionFinding
from adscan.web.problems import BadInput, Conflict, NotFound
from adscan.web.showing.workbench import workbench

TEXT = "𠮷祥理财：保本保息。\n请勿相信“稳赚不赔”的宣传。"
LINE = [[10, 10], [210, 10], [210, 50], [10, 50]]
LOWER = [[10, 60], [330, 60], [330, 100], [10, 100]]


def evidence(start: int, end: int, polygon: Any = ()) -> dict[str, Any]:
    return {
        "part": "image:0", "text": TEXT[start:end], "start": start, "end": end, "page": None,
        "polygon": list(polygon), "read_as": None,
    }  # fmt: skip


def finding(*places: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "rule": "guaranteed-return", "title": "承诺保本保收益", "category": "return_promise",
        "severity": "high", "confidence": 0.9, "origin": ["pattern"], "evidence": list(places),
        "legal_basis": [
            {"instrument": "ad-law", "title": "广告法", "article": "第二十五条", "gist": "不得保本",
             "ref": "ad-law#25", "checked": "recalled", "in_force_from": "2015-09-01",
             "in_force_until": None}
        ],
        "explanation": "不得保本。", "remedy": "删去。", "decision": "revise", "authority": "",
        **more,
    }  # fmt: skip


def review(**more: Any) -> dict[str, Any]:
    lines = TEXT.split("\n")
    return {
        "schema_version": "1",
        "ad": {"id": "a", "source": "a.png", "sha256": None, "title": None, "advertiser": None,
               "published": "2026-11-25", "medium": None, "kind": "image"},
        "decision": "revise", "risk": 0.5, "genre": {"label": "advertisement", "confidence": 1.0},
        "findings": [finding(evidence(5, 9, LINE))],
        "mentions": [{"rule": "guaranteed-return", "evidence": [evidence(16, 20, LOWER)],
                      "reason": "negated", "title": "承诺保本保收益"}],
        "not_checked": [{"rule": "r", "reason": "audience unknown", "title": "受众"}],
        "permit_check": {"status": "not_required", "advertiser": None, "activities": [],
                         "permits": [], "reason": ""},
        "parts": [{"id": "image:0", "kind": "image", "text": TEXT, "page": None, "hidden": False,
                   "unread": None, "lines": [
                       {"text": line, "confidence": 0.99, "polygon": place, "kind": "ocr",
                        "unsure": False}
                       for line, place in zip(lines, (LINE, LOWER), strict=True)]}],
        "provenance": {"adscan": "1", "rulebook": "1", "classifier": None, "ocr": None,
                       "register": None, "checked_at": "2026-11-25T00:00:00+00:00"},
        "errors": [], "notices": [],
        **more,
    }  # fmt: skip


PICTURES = {"image:0": {"sha256": "0" * 64, "width": 400, "height": 200, "units_per_pixel": 1}}


def rows(document: dict[str, Any]) -> list[VersionFinding]:
    return [
        VersionFinding(id=at, rule=one["rule"], document=one, verdict=Verdict.OPEN)
        for at, one in enumerate(document["findings"], 1)
    ]


def shown(document: dict[str, Any], comments: list[Comment] | None = None, **more: Any):
    return workbench(document, rows(document), comments or [], PICTURES, **more)


# --- what is shown ---
def test_findings_are_numbered_and_mentions_lettered():
    bench = shown(review())
    assert [view.label for view in bench.findings] == ["1"]
    assert [view.label for view in bench.mentions] == ["a"]
    badges = [badge.box.label for badge in bench.parts[0].picture.badges]
    assert sorted(badges) == ["1", "a"]


def test_the_marked_words_are_those_of_the_evidence_though_a_rare_character_stands_before():
    part = shown(review()).parts[0]
    marked = {run.keys: run.run.text for run in part.runs if run.keys}
    assert marked == {"f1": "保本保息", "m1": "稳赚不赔"}
    assert [run.start for run in part.runs if run.keys] == [5, 16]


def test_all_words_of_a_part_are_shown_whatever_is_marked():
    part = shown(review()).parts[0]
    assert "".join(run.run.text for run in part.runs) == TEXT


def test_a_comment_marks_its_words_and_a_finding_on_them_wins_the_colour():
    comment = Comment(part="image:0", start=5, end=12, text="看", is_internal=True, polygon=None)
    part = shown(review(), [comment]).parts[0]
    assert [(run.style, run.keys) for run in part.runs if run.keys][:2] == [
        ("high", "f1 c1"), ("comment", "c1"),
    ]  # fmt: skip


def test_what_could_not_be_read_is_named_once():
    notice = {"code": "not_read", "message": "第二张图打不开", "part": None, "unread": True}
    error = {"code": "damaged", "message": "第二张图打不开", "part": None}
    assert shown(review(notices=[notice], errors=[error])).gaps == ("第二张图打不开",)


def test_boxes_far_down_a_long_post_have_their_numbers_beside_them():
    low = [[10, 9_000], [210, 9_000], [210, 9_040], [10, 9_040]]
    document = review(findings=[finding(evidence(5, 9, low))], mentions=[])
    pictures = {"image:0": {**PICTURES["image:0"], "height": 10_000}}
    bench = workbench(document, rows(document), [], pictures)
    (badge,) = bench.parts[0].picture.badges
    assert abs(badge.y - 9_020) < 100


def test_a_box_around_no_words_still_leads_to_its_part():
    empty = {**evidence(0, 0, LINE), "text": ""}
    bench = shown(review(findings=[finding(empty)]))
    assert bench.findings[0].passages[0].place == "图片"


# --- where a person points ---
def version(**more: Any) -> Version:
    return Version(review=review(), pictures=PICTURES, **more)


def test_words_over_two_lines_give_a_place_for_each():
    places = evidence_at(version(), Pointed("image:0", 9, 20))
    assert [place.text for place in places] == [TEXT[9:10], TEXT[11:20]]
    assert all(place.polygon for place in places)


def test_a_box_takes_the_words_inside_it():
    (place,) = evidence_at(version(), Pointed("image:0", box=(0, 0, 399, 55)))
    assert place.text == TEXT.split("\n", maxsplit=1)[0]
    assert place.polygon[2] == (399, 55)


@pytest.mark.parametrize(
    "pointed",
    [
        Pointed("image:9", 0, 1),
        Pointed("image:0", 5, 5),
        Pointed("image:0", -1, 3),
        Pointed("image:0", 0, 10_000),
        Pointed("image:0", box=(0, 0, float("nan"), 9)),
        Pointed("image:0", box=(5, 5, 5.5, 90)),
        Pointed("image:0", box=(1, 2, 3)),
    ],
)
def test_an_impossible_place_is_refused(pointed):
    with pytest.raises(BadInput):
        evidence_at(version(), pointed)


@pytest.mark.parametrize("box", ["a,b,c,d", "1,2,3,x", ","])
def test_a_box_that_is_no_box_is_refused(box):
    with pytest.raises(BadInput):
        Pointed.read("image:0", "", "", box)


# --- verdicts ---
@pytest.fixture
def case(office) -> int:
    submission_id = office.submit()
    office.work()
    return submission_id


def judge(office, case: int, login: str, verdict: Verdict, reason: str = "", **more: Any):
    with office.database.writing() as session:
        submission = session.get(Submission, case)
        row = more.pop("row", submission.latest.findings[0].id)
        seen = more.pop("seen", Verdict.OPEN)
        return decide_finding(
            session, office.identity(login), submission, Judgement(row, verdict, reason, seen)
        )


def test_a_verdict_is_kept_with_who_and_why_and_recorded(office, case):
    judge(office, case, "wang", Verdict.DISMISSED, "引述法规原文")
    with office.database.reading() as session:
        row = session.get(Submission, case).latest.findings[0]
        assert (row.verdict, row.reason, row.decided_by.login) == (
            Verdict.DISMISSED, "引述法规原文", "wang",
        )  # fmt: skip
        entry = session.query(AuditEntry).filter_by(action="finding.dismissed").one()
        assert entry.actor == "wang" and entry.detail["reason"] == "引述法规原文"


def test_a_dismissal_needs_a_reason(office, case):
    with pytest.raises(BadInput) as caught:
        judge(office, case, "wang", Verdict.DISMISSED, "  ")
    assert "reason" in caught.value.fields


def test_the_second_of_two_reviewers_on_one_finding_is_told(office, case):
    judge(office, case, "wang", Verdict.CONFIRMED)
    with pytest.raises(Conflict, match="wang"):
        judge(office, case, "zhao", Verdict.DISMISSED, "不是宣传")


def test_a_verdict_makes_a_decision_on_the_old_view_a_conflict(office, case):
    browser = office.browser("wang")
    page = browser.get(f"/submissions/{case}").text
    lock = re.search(r'data-lock="(\d+)"', page).group(1)
    judge(office, case, "zhao", Verdict.CONFIRMED)
    form = {"step": "return", "reason": "改", "lock": lock}
    response = browser.act(f"/submissions/{case}/rulings", form)
    assert response.status_code == 409


def test_a_finding_of_another_version_is_not_found(office, case):
    with pytest.raises(NotFound):
        judge(office, case, "wang", Verdict.CONFIRMED, row=99_999)


def test_after_the_decision_no_verdict_changes(office, case):
    with office.database.writing() as session:
        session.get(Submission, case).state = State.RETURNED
    with pytest.raises(Conflict):
        judge(office, case, "wang", Verdict.CONFIRMED)


def test_while_a_second_person_is_awaited_no_verdict_changes(office, case):
    with office.database.writing() as session:
        submission = session.get(Submission, case)
        submission.proposed_by_id = office.identity("wang").person_id
    with pytest.raises(Conflict, match="复核"):
        judge(office, case, "wang", Verdict.CONFIRMED)


# --- adding ---
def test_an_added_finding_is_confirmed_and_cites_the_law_of_its_rule(office, case):
    with office.database.writing() as session:
        submission = session.get(Submission, case)
        row = add_finding(
            session, office.identity("wang"), submission,
            Remark("guaranteed-return"), Pointed("text:0", 0, 3),
        )  # fmt: skip
        assert row.verdict is Verdict.CONFIRMED
        assert row.document["legal_basis"] and row.document["remedy"]
        assert row.document["evidence"][0]["text"] == submission.latest.text[:3]


def test_a_problem_that_no_rule_covers_must_be_explained(office, case):
    with office.database.writing() as session:
        submission = session.get(Submission, case)
        with pytest.raises(BadInput) as caught:
            add_finding(session, office.identity("wang"), submission, Remark("other"), Pointed())
    assert "explanation" in caught.value.fields


def test_a_rule_that_does_not_exist_cannot_be_cited(office, case):
    with office.database.writing() as session, pytest.raises(BadInput):
        add_finding(
            session, office.identity("wang"), session.get(Submission, case),
            Remark("no-such-rule"), Pointed(),
        )  # fmt: skip


def comment(office, case: int, text: str, *, internal: bool) -> None:
    with office.database.writing() as session:
        add_comment(
            session, office.identity("wang"), session.get(Submission, case),
            Note(text, internal), Pointed("text:0", 0, 2),
        )  # fmt: skip


# --- the pages ---
def test_internal_comments_are_hidden_from_the_submitter_and_shown_to_the_auditor(office, case):
    comment(office, case, "内部：像是惯犯", internal=True)
    comment(office, case, "请补充批文号", internal=False)
    submitter = office.browser("shen").get(f"/submissions/{case}").text
    assert "请补充批文号" in submitter and "惯犯" not in submitter
    assert "惯犯" in office.browser("audit").get(f"/submissions/{case}").text


@pytest.mark.parametrize("login", ["shen", "audit"])
def test_who_only_reads_gets_nothing_to_press(office, case, login):
    page = office.browser(login).get(f"/submissions/{case}").text
    assert "承诺或暗示保本" in page
    assert "/verdict" not in page and "/rulings" not in page and "/comments" not in page


@pytest.mark.parametrize("login", ["shen", "audit", "admin"])
def test_who_does_not_review_cannot_do_it_by_hand_either(office, case, login):
    browser = office.browser(login)
    for path, form in (
        ("findings/1/verdict", {"verdict": "confirmed", "seen": "open"}),
        ("findings", {"rule": "other", "explanation": "x"}),
        ("comments", {"text": "x"}),
        ("rulings", {"step": "approve", "lock": "1"}),
        ("second", {"agrees": "yes", "lock": "1"}),
    ):
        assert browser.act(f"/submissions/{case}/{path}", form).status_code == 403


def test_another_company_does_not_see_it(office, case):
    assert office.browser("sun").get(f"/submissions/{case}").status_code == 404
    assert office.browser("sun").get(f"/submissions/{case}/versions/1").status_code == 404
    assert office.browser("sun").get(f"/submissions/{case}/progress").status_code == 404


def test_a_verdict_by_script_answers_with_that_finding_and_the_bar(office, case):
    browser = office.browser("wang")
    with office.database.reading() as session:
        row = session.get(Submission, case).latest.findings[0].id
    answer = browser.act(
        f"/submissions/{case}/findings/{row}/verdict",
        {"verdict": "confirmed", "seen": "open"},
        headers={"HX-Request": "true"},
    ).text
    assert f'id="finding-{row}"' in answer and 'hx-swap-oob="true"' in answer
    assert answer.count("data-finding ") == 1


def test_the_decision_waits_for_open_findings_and_says_so(office, case):
    page = office.browser("wang").get(f"/submissions/{case}").text
    assert re.search(r'data-dialog="ruling-approve" aria-disabled="true"', page)
    assert "项问题没有处理" in page


def test_a_page_waits_with_the_machine_and_loads_itself_again_once_it_is_done(office):
    case = office.submit()
    browser = office.browser("shen")
    assert f'hx-get="/submissions/{case}/progress"' in browser.get(f"/submissions/{case}").text
    assert "排队等候机审" in browser.get(f"/submissions/{case}/progress").text
    office.work()
    assert browser.get(f"/submissions/{case}/progress").headers["hx-refresh"] == "true"


def test_words_of_the_ad_are_never_markup(office):
    case = office.submit(text="保本保息<script>alert(1)</script><img src=x onerror=alert(1)>")
    office.work()
    page = office.browser("wang").get(f"/submissions/{case}").text
    assert "<script>alert" not in page and "<img" not in page and "&lt;script&gt;" in page


def test_no_page_has_inline_script_or_style(office, case):
    page = office.browser("wang").get(f"/submissions/{case}").text
    assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son\w+=|<script(?![^>]*\ssrc=)|<style", page)
