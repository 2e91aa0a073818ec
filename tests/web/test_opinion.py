import json
from datetime import datetime, timezone

import pytest

from adscan.web.deciding.rulings import second
from adscan.web.kept.states import Step, Verdict
from adscan.web.kept.tables import AuditEntry, Comment, Person, Submission
from adscan.web.pages import load_templates
from adscan.web.problems import Conflict, NotFound
from adscan.web.showing.opinion import render_opinion
from adscan.web.showing.opinion_material import MOST_CHARACTERS
from tests.web.decided import (
    CLEAN,
    PROMISE,
    add_finding,
    agree,
    decide,
    judge,
    opinion,
    poster,
)

SEEN = {
    "rule": "other", "title": "画面像银行印章", "severity": "medium",
    "evidence": [{"part": "image:0", "polygon": [[100, 150], [800, 150], [800, 400], [100, 400]]}],
    "remedy": "去掉印章图案。",
}  # fmt: skip


def page(office, submission_id, number=None, back=""):
    return render_opinion(load_templates(), opinion(office, submission_id, number), back=back)


def refused(office, text=PROMISE, **more):
    submission_id = office.submit(text=text, **more)
    office.work()
    judge(office, submission_id, Verdict.CONFIRMED, "明确承诺保本")
    decide(office, submission_id, Step.REFUSE, "修改不能补救")
    return submission_id


def test_nothing_decided_gives_no_document(office):
    submission_id = office.submit()
    office.work()
    with pytest.raises(Conflict, match="还没有作出决定"):
        opinion(office, submission_id)


def test_a_version_that_is_not_there_is_not_found(office):
    with pytest.raises(NotFound):
        opinion(office, refused(office), 7)


def test_the_document_says_who_what_where_and_when(office):
    told = page(office, refused(office))
    for words in (
        "广告预审意见书", "2026-000001", "江南日用品有限公司", "海州理财咨询有限公司", "安心宝",
        "报纸，A3 版", "2026-11-25", "不予发布", "修改不能补救", "wang",
    ):  # fmt: skip
        assert words in told


def test_a_finding_has_words_place_verdict_reason_law_and_remedy(office):
    told = page(office, refused(office))
    for words in ("保本保息", "正文", "认定", "明确承诺保本", "《中华人民共和国广告法》第二十五条"):
        assert words in told
    assert "怎样改" in told and "施行" in told


def test_provisions_that_nobody_read_are_marked(office):
    submission_id = refused(office)
    with office.database.writing() as session:
        submission = session.get_one(Submission, submission_id)
        finding = submission.latest.findings[0]
        document = json.loads(json.dumps(finding.document))
        document["legal_basis"] = [
            {"instrument": "x", "title": "某办法", "article": "第三条", "gist": "不得这样",
             "checked": "recalled", "in_force_from": "2020-01-01", "in_force_until": None}
        ]  # fmt: skip
        finding.document = document
    told = page(office, submission_id)
    assert '《某办法》第三条</span> <span class="unproved">待核原文' in told


def test_dismissed_findings_stand_apart_without_a_remedy(office):
    submission_id = office.submit()
    office.work()
    judge(office, submission_id, Verdict.DISMISSED, "引述他人")
    decide(office, submission_id, Step.APPROVE)
    told = page(office, submission_id)
    assert "机审提示、人工不认定的问题" in told and "引述他人" in told
    assert "没有认定的问题" in told and "怎样改" not in told
    assert 'class="finding mention"' in told


def test_the_fingerprints_of_ad_and_files_are_there(office):
    submission_id = refused(office, files=[("creatives", ("海报.png", poster(), "image/png"))])
    with office.database.reading() as session:
        version = session.get_one(Submission, submission_id).latest
        wanted = [version.fingerprint, *(file.sha256 for file in version.files)]
    told = page(office, submission_id)
    assert len(wanted) == 2 and all(sha256 in told for sha256 in wanted)
    assert "海报.png" in told


def test_a_box_that_a_person_drew_is_on_the_picture(office):
    submission_id = office.submit(files=[("creatives", ("海报.png", poster(), "image/png"))])
    office.work()
    add_finding(office, submission_id, SEEN)
    judge(office, submission_id, Verdict.CONFIRMED, "看得见")
    decide(office, submission_id, Step.RETURN, "请改")
    found = opinion(office, submission_id)
    (picture,) = (part for part in found.material.parts if part.pieces)
    (frame,) = picture.pieces[0].frames
    assert frame.points == "100,150 800,150 800,400 100,400"
    assert picture.pieces[0].width == 900
    assert picture.pieces[0].numbers[0].label == found.findings[-1].view.label
    told = page(office, submission_id)
    assert "图中框出的位置" in told and "审核人员添加：wang" in told


def test_a_picture_that_is_lost_is_said(office):
    submission_id = refused(office, files=[("creatives", ("海报.png", poster(), "image/png"))])
    with office.database.reading() as session:
        pictures = session.get_one(Submission, submission_id).latest.pictures
    office.files.path(pictures["image:0"]["sha256"]).unlink()
    assert "保存的图片读不出来" in page(office, submission_id)


def test_what_was_not_read_is_told_before_the_findings(office):
    told = page(office, refused(office, files=[("creatives", ("海报.png", poster(), "image/png"))]))
    assert 0 < told.index("未读出的内容") < told.index("认定的问题")


def test_a_returned_one_is_no_final_document(office):
    submission_id = office.submit()
    office.work()
    judge(office, submission_id, Verdict.CONFIRMED, "承诺保本")
    decide(office, submission_id, Step.RETURN, "请删去保本")
    found = opinion(office, submission_id)
    assert not found.is_final
    told = page(office, submission_id)
    assert "广告预审修改意见" in told and "非最终意见" in told and "广告预审意见书" not in told


def test_earlier_versions_are_listed_with_their_outcome(office):
    submission_id = office.submit()
    office.work()
    judge(office, submission_id, Verdict.CONFIRMED, "承诺保本")
    decide(office, submission_id, Step.RETURN, "请删去保本")
    browser = office.browser("shen")
    with office.database.reading() as session:
        lock = session.get_one(Submission, submission_id).lock
    sent = browser.act(
        f"/submissions/{submission_id}/revise", {"text": CLEAN, "note": "已删", "lock": lock},
        follow_redirects=False,
    )  # fmt: skip
    assert sent.status_code == 303, sent.text[:500]
    office.work()
    judge(office, submission_id, Verdict.DISMISSED, "无")
    decide(office, submission_id, Step.APPROVE)
    found = opinion(office, submission_id)
    assert [one.number for one in found.versions] == [1, 2]
    assert found.versions[0].rulings[0].step is Step.RETURN
    told = page(office, submission_id)
    assert "请删去保本" in told and "已删" in told
    assert "修改意见" in page(office, submission_id, 1)


def test_two_persons_sign_where_two_decided(office):
    submission_id = office.submit()
    office.work()
    judge(office, submission_id, Verdict.DISMISSED, "语境不同")
    with office.database.writing() as session:
        submission = session.get_one(Submission, submission_id)
        submission.latest.decision = "reject"
    decide(office, submission_id, Step.APPROVE, "机审误判", two_person=True)
    agree(office, submission_id)
    signed = opinion(office, submission_id).signatures
    assert [(one.role, one.name) for one in signed] == [("审核人", "wang"), ("复核人", "zhao")]


def test_what_reviewers_say_to_each_other_is_not_in_the_document(office):
    submission_id = office.submit()
    office.work()
    judge(office, submission_id, Verdict.DISMISSED, "语境不同")
    with office.database.writing() as session:
        submission = session.get_one(Submission, submission_id)
        submission.latest.decision = "reject"
    decide(office, submission_id, Step.APPROVE, "大户，先放行", two_person=True)
    with office.database.writing() as session:
        submission = session.get_one(Submission, submission_id)
        second(session, office.identity("zhao"), submission, False, "该公司在被查")
    decide(office, submission_id, Step.RETURN, "请修改", two_person=True)
    for told in (
        page(office, submission_id),
        office.browser("shen").get(f"/submissions/{submission_id}/opinion").text,
    ):
        assert "请修改" in told
        for words in ("大户，先放行", "该公司在被查", "提请复核", "复核不同意"):
            assert words not in told


def test_a_signed_document_keeps_the_names_of_its_day(office):
    submission_id = refused(office)
    with office.database.writing() as session:
        submission = session.get_one(Submission, submission_id)
        submission.latest.comments.append(
            Comment(
                text="请补充备案号", is_internal=False, created_at=datetime.now(timezone.utc),
                author_id=office.identity("wang").person_id,
            )
        )  # fmt: skip
    before = page(office, submission_id)
    with office.database.writing() as session:
        for login in ("wang", "shen"):
            session.query(Person).filter_by(login=login).one().name = f"改名的{login}"
        session.get_one(Submission, submission_id).company.name = "改名的公司"
    assert page(office, submission_id) == before
    assert "江南日用品有限公司" in before and "改名" not in before


def test_a_decision_from_before_names_were_kept_bears_the_present_ones(office):
    submission_id = refused(office)
    with office.database.writing() as session:
        submission = session.get_one(Submission, submission_id)
        submission.rulings[-1].signed = None
        submission.company.name = "改名的公司"
    assert "改名的公司" in page(office, submission_id)


def test_internal_comments_stay_inside(office):
    submission_id = refused(office)
    with office.database.writing() as session:
        submission = session.get_one(Submission, submission_id)
        version = submission.latest
        for text, internal in (("请补充备案号", False), ("此客户常犯", True)):
            version.comments.append(
                Comment(
                    part="text:0", start=3, end=7, text=text, is_internal=internal,
                    author_id=office.identity("wang").person_id,
                    created_at=datetime.now(timezone.utc),
                )
            )  # fmt: skip
    told = page(office, submission_id)
    assert "请补充备案号" in told and "正文“保本保息”" in told
    assert "此客户常犯" not in told


def test_the_seal_is_that_of_the_decision(office):
    submission_id = refused(office)
    office.submit(login="sun")
    seal = opinion(office, submission_id).seal
    with office.database.reading() as session:
        entry = session.get_one(AuditEntry, seal.seq)
        assert (entry.action, entry.seal) == ("submission.refuse", seal.seal)
    assert seal.seal in page(office, submission_id)


def test_a_decision_without_machine_review_says_so(office):
    submission_id = refused(office)
    with office.database.writing() as session:
        submission = session.get_one(Submission, submission_id)
        submission.latest.review = None
    assert "机器没有审查这一版" in page(office, submission_id)


def test_very_long_words_are_cut_and_that_is_said(office):
    submission_id = refused(office, text=CLEAN * 2000 + PROMISE)
    found = opinion(office, submission_id)
    (part,) = found.material.parts
    assert sum(len(run.text) for run in part.words) == MOST_CHARACTERS
    assert f"以下 {part.left_out} 字从略" in page(office, submission_id)


def test_words_repeated_a_hundred_times_are_quoted_a_few_times(office):
    found = opinion(office, refused(office, text=PROMISE * 100))
    line = found.findings[0]
    assert sum(len(piece.text) for one in line.view.passages for piece in one.pieces) < 450
    assert line.left_out > 50
    assert f"另有 {line.left_out} 处" in page(office, 1)


def test_nothing_that_was_typed_becomes_markup(office):
    submission_id = office.submit(form={"title": "<script>alert(1)</script>"})
    office.work()
    judge(office, submission_id, Verdict.CONFIRMED, "<img src=x onerror=alert(2)>")
    decide(office, submission_id, Step.REFUSE, "<b>不行</b>")
    told = page(office, submission_id)
    assert "&lt;script&gt;" in told and "&lt;b&gt;不行" in told
    assert "<script" not in told and "<img" not in told and "<b>" not in told


def test_no_inline_style_and_no_script_on_the_page(office):
    told = page(office, refused(office), back="/submissions/1")
    assert "style=" not in told and "<script" not in told and "onclick" not in told
    assert 'href="/submissions/1/opinion.pdf?version=1"' in told


def test_the_document_is_read_and_taken_away_by_those_who_may(office):
    submission_id = refused(office)
    address = f"/submissions/{submission_id}/opinion"
    assert "不予发布" in office.browser("shen").get(address).text
    assert office.browser("sun").get(address).status_code == 404
    assert office.browser("admin").get(address).status_code == 403
    taken = office.browser("audit").get(f"{address}.pdf?version=1")
    assert (
        taken.content.startswith(b"%PDF") and "attachment" in taken.headers["content-disposition"]
    )


def test_before_a_decision_the_address_says_why_there_is_none(office):
    submission_id = office.submit()
    answer = office.browser("wang").get(f"/submissions/{submission_id}/opinion")
    assert answer.status_code == 409 and "还没有作出决定" in answer.text
