import csv
import io
from datetime import date

import openpyxl
import pytest

from adscan.training.corpus import RULES
from adscan.training.corrections import read_corrections, samples_of
from adscan.web.deciding.search import Filters, matching
from adscan.web.kept.states import State, Step, Verdict
from adscan.web.kept.tables import AuditEntry, Submission
from adscan.web.showing.corrections import LONGEST, around, corrections, known_rules
from adscan.web.showing.exports import (
    EXPORTS,
    FINDING_COLUMNS,
    SUBMISSION_COLUMNS,
    paged,
    submission_rows,
)
from tests.web.decided import CLEAN, PROMISE, add_finding, decide, judge

FILLER = "本店位于中心城区交通便利停车方便欢迎新老顾客前来选购。"


def csv_of(office, name="submissions", query="", login="zhao"):
    response = office.browser(login).get(f"/exports/{name}.csv{query}")
    assert response.status_code == 200, response.text[:300]
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def sheet_of(office, name="submissions"):
    response = office.browser("zhao").get(f"/exports/{name}.xlsx")
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]


def refused(office, **more):
    submission_id = office.submit(**more)
    office.work()
    judge(office, submission_id, Verdict.CONFIRMED, "明确承诺保本")
    decide(office, submission_id, Step.REFUSE, "修改不能补救")
    return submission_id


def learnt(office, tmp_path, filters=None):
    lines = corrections(office.database, office.identity("zhao"), filters or Filters())
    path = tmp_path / "corrections.jsonl"
    path.write_text("".join(lines), "utf-8")
    return read_corrections(path)


def test_a_row_tells_a_submission_from_beginning_to_end(office):
    refused(office)
    (row,) = csv_of(office)
    assert row["编号"].endswith("-000001")
    assert row["广告主"] == "海州理财咨询有限公司" and row["送审单位"] == "江南日用品有限公司"
    assert row["媒介"] == "报纸" and row["计划开始"] == "2026-11-25" and row["计划结束"] == ""
    assert row["状态"] == "不予发布" and row["理由"] == "修改不能补救" and row["处理人"] == "wang"
    assert int(row["认定"]) == int(row["问题"]) > 0 and row["待处理"] == "0"
    assert len(row["广告指纹（SHA-256）"]) == 64


def test_the_workbook_has_the_same_rows_with_days_as_days(office):
    refused(office)
    headings, row = sheet_of(office).iter_rows(values_only=True)
    found = dict(zip(headings, row, strict=True))
    assert list(headings) == [column.heading for column in SUBMISSION_COLUMNS]
    assert found["计划开始"].date() == date(2026, 11, 25)
    assert found["状态"] == "不予发布" and isinstance(found["问题"], int)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝"])
def test_no_cell_is_a_formula(office, sign):
    office.submit(form={"title": f"{sign}cmd|' /C calc'!A0"})
    (row,) = csv_of(office)
    assert row["标题"] == f"'{sign}cmd|' /C calc'!A0"
    cell = sheet_of(office)["B2"]
    assert cell.data_type == "s" and cell.value.startswith(sign) and cell.quotePrefix


def test_a_finding_has_words_place_law_verdict_and_reason(office):
    refused(office)
    row = csv_of(office, "findings")[0]
    assert "保本保息" in row["原文"] and row["位置"] == "正文"
    assert "《中华人民共和国广告法》第二十五条" in row["依据"]
    assert row["人工意见"] == "认定" and row["意见理由"] == "明确承诺保本"
    assert row["审核人"] == "wang" and row["来源"] == "机审" and row["置信度"].endswith("%")
    assert list(row) == [column.heading for column in FINDING_COLUMNS]


def test_findings_that_persons_added_say_who(office):
    submission_id = office.submit()
    office.work()
    add_finding(office, submission_id, {"rule": "other", "title": "印章", "evidence": []})
    row = csv_of(office, "findings")[-1]
    assert row["来源"] == "人工补充（wang）" and row["置信度"] == ""
    assert row["原文"] == "针对整篇内容"


def test_filters_of_the_list_hold_for_exports(office):
    refused(office)
    office.submit(login="sun", form={"advertiser": "东湖教育科技有限公司"})
    assert len(csv_of(office)) == 2
    assert [r["状态"] for r in csv_of(office, query="?state=refused")] == ["不予发布"]
    assert csv_of(office, query="?advertiser=东湖")[0]["送审单位"] == "海州理财咨询有限公司"
    assert csv_of(office, query="?state=approved") == []


def test_pages_of_a_long_list_leave_nothing_out(office):
    for _ in range(5):
        office.submit(text=CLEAN)
    query = matching(office.identity("zhao"), Filters())
    assert [one.id for one in paged(office.database, query, 2)] == [5, 4, 3, 2, 1]
    rows = submission_rows(office.database, office.identity("zhao"), Filters())
    assert all(column.cell(row) is not None for row in rows for column in SUBMISSION_COLUMNS)


@pytest.mark.parametrize("login", ["shen", "admin"])
@pytest.mark.parametrize("what", ["submissions.csv", "findings.xlsx", "corrections.jsonl"])
def test_submitters_and_admins_take_nothing_away(office, login, what):
    office.submit()
    assert office.browser(login).get(f"/exports/{what}").status_code == 403


def test_other_lists_and_forms_are_not_there(office):
    browser = office.browser("zhao")
    for what in ("people.csv", "submissions.exe", "submissions"):
        assert browser.get(f"/exports/{what}").status_code in (404, 422)


def test_an_export_is_a_download_and_stands_in_the_log(office):
    response = office.browser("audit").get("/exports/submissions.csv?state=open")
    assert response.headers["content-disposition"].startswith("attachment;")
    with office.database.reading() as session:
        entry = session.query(AuditEntry).filter_by(action="exported").one()
    assert (entry.actor, entry.subject) == ("audit", "export:submissions.csv")


def test_exports_work_on_both_databases(either_office):
    refused(either_office)
    for name in EXPORTS:
        assert len(csv_of(either_office, name)) >= 1
        assert sheet_of(either_office, name).max_row >= 2


def test_training_reads_what_reviewers_said(office, tmp_path):
    refused(office)
    found = learnt(office, tmp_path)
    assert {one.rule for one in found} >= {"guaranteed-return"}
    assert all(one.finding and one.who == "wang" and "保本保息" in one.text for one in found)
    (sample,) = samples_of(found)
    assert "guaranteed-return" in sample.whole and sample.known >= sample.whole


def test_dismissals_teach_that_a_rule_is_not_broken(office, tmp_path):
    submission_id = office.submit()
    office.work()
    judge(office, submission_id, Verdict.DISMISSED, "引述他人")
    (sample,) = samples_of(learnt(office, tmp_path))
    assert not sample.whole and "guaranteed-return" in sample.known


def test_what_a_person_added_counts_as_confirmed(office, tmp_path):
    submission_id = office.submit(text=CLEAN)
    office.work()
    evidence = [{"part": "text:0", "text": "欢迎", "start": 5, "end": 7}]
    add_finding(office, submission_id, {"rule": "superlative", "evidence": evidence})
    (correction,) = learnt(office, tmp_path)
    assert (correction.rule, correction.finding, correction.text) == ("superlative", True, CLEAN)


def test_open_findings_and_rules_unknown_to_training_are_left_out(office, tmp_path):
    submission_id = office.submit()
    office.work()
    add_finding(office, submission_id, {"rule": "other", "title": "其他", "evidence": []})
    assert learnt(office, tmp_path) == []
    assert known_rules() == frozenset(RULES)


def test_a_box_without_words_teaches_nothing(office, tmp_path):
    submission_id = office.submit(text=CLEAN)
    office.work()
    box = [{"part": "text:0", "polygon": [[0, 0], [9, 0], [9, 9], [0, 9]]}]
    add_finding(office, submission_id, {"rule": "superlative", "evidence": box})
    assert learnt(office, tmp_path) == []


def test_a_dismissal_beside_a_confirmed_one_of_its_rule_is_left_out(office, tmp_path):
    submission_id = office.submit()
    office.work()
    judge(office, submission_id, Verdict.DISMISSED, "位置不对")
    evidence = [{"part": "text:0", "text": "零风险", "start": 15, "end": 18}]
    add_finding(office, submission_id, {"rule": "guaranteed-return", "evidence": evidence})
    said = [one.finding for one in learnt(office, tmp_path) if one.rule == "guaranteed-return"]
    assert said == [True]


def test_carried_verdicts_are_not_told_twice(office, tmp_path):
    refused(office)
    with office.database.writing() as session:
        submission = session.get_one(Submission, 1)
        for finding in submission.latest.findings:
            finding.carried_from_id = finding.id
    assert learnt(office, tmp_path) == []


def test_training_lines_follow_the_filters(office, tmp_path):
    refused(office)
    assert learnt(office, tmp_path, Filters(states=(State.APPROVED,))) == []


def test_a_long_text_is_cut_to_the_sentences_around_the_words(office, tmp_path):
    refused(office, text=FILLER * 30 + PROMISE + FILLER * 30)
    found = [one for one in learnt(office, tmp_path) if one.rule == "guaranteed-return"]
    (correction,) = found
    assert len(correction.text) <= LONGEST and PROMISE in correction.text
    assert correction.text.startswith("本店") and correction.text.endswith("。")


@pytest.mark.parametrize(("start", "end"), [(0, 4), (396, 400), (100, 380), (199, 200)])
def test_a_passage_always_holds_its_words(start, end):
    text = "字" * 400
    passage = around("text:0", text, start, end)
    assert passage.start <= start and end <= passage.end
    assert passage.text == text[passage.start : passage.end]


def test_the_download_is_what_training_reads(office, tmp_path):
    refused(office)
    response = office.browser("zhao").get("/exports/corrections.jsonl")
    path = tmp_path / "downloaded.jsonl"
    path.write_bytes(response.content)
    assert samples_of(read_corrections(path))
