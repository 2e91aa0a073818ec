from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from adscan.overview import csv_tables
from adscan.overview.workbook import render_workbook
from adscan.report.workbook.lists import MAX_ROWS
from adscan.scan.results import open_results
from tests.overview import archives

UNREAD = [{"code": "damaged_file", "message": "图片不完整，请重新下载", "part": "image:0"}]


@pytest.fixture
def book(results):
    def made(max_rows: int = MAX_ROWS, **tables) -> Workbook:
        with open_results(results(**tables)) as connection:
            return load_workbook(io.BytesIO(b"".join(render_workbook(connection, max_rows))))

    return made


@pytest.fixture
def table(results):
    def made(**tables) -> list[dict[str, str]]:
        with open_results(results(**tables)) as connection:
            text = "".join(csv_tables.render_findings(connection))
        return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))

    return made


def column(workbook: Workbook, sheet: str, heading: str) -> list[object]:
    first, *rows = workbook[sheet].iter_rows(values_only=True)
    return [row[first.index(heading)] for row in rows]


def summary(workbook: Workbook, section: str) -> dict[object, dict[str, object]]:
    first, *rows = workbook["汇总"].iter_rows(values_only=True)
    told = [dict(zip(first, row, strict=True)) for row in rows]
    return {row["项目"]: row for row in told if row["分类"] == section}


def test_sheets_come_in_the_order_of_reading(book) -> None:
    assert book().sheetnames == [
        "汇总",
        "活动",
        "有问题的广告",
        "问题清单",
        "广告主",
        "词句命中、模型认为不构成",
        "未读",
        "说明",
    ]


def test_totals_and_unread_share_come_first(book) -> None:
    ads = [
        archives.flagged(0),
        archives.ad(1),
        archives.ad(2, unread=True),
        archives.ad(3, decision="error", unread=True, reading_id=None),
    ]
    made = book(ads=ads, findings=[archives.finding(ads[0])])
    first = next(made["汇总"].iter_rows(min_row=2, values_only=True))
    assert first[:5] == ("合计", "全部广告", 4, 2, 0.5)
    whole = summary(made, "合计")["全部广告"]
    assert (whole["不予发布"], whole["未发现问题"], whole["未能审查"]) == (1, 2, 1)


def test_summary_counts_by_rule_severity_medium_product_and_month(book) -> None:
    ads = [
        archives.flagged(0, medium="sms", activities=["fund_sales"], published=date(2026, 10, 3)),
        archives.flagged(
            1,
            decision="revise",
            severity="low",
            rules=["guaranteed-return", "missing-risk-warning"],
            activities=["fund_sales", "insurance"],
        ),
        archives.ad(2, medium="sms"),
    ]
    findings = [
        archives.finding(ads[0]),
        archives.finding(ads[1]),
        archives.finding(ads[1], "missing-risk-warning", 2),
    ]
    made = book(ads=ads, findings=findings)

    def counts(section: str) -> dict[object, object]:
        return {item: row["件数"] for item, row in summary(made, section).items()}

    assert counts("规则") == {"承诺保本保收益": 2, "没有风险提示": 1}
    assert counts("最重的问题") == {"严重": 1, "轻微": 1}
    assert counts("渠道") == {"短信": 2, "未提供": 1}
    assert set(counts("业务").values()) == {1, 2}
    assert "fund_sales" not in counts("业务")  # its Chinese name
    assert counts("月份") == {"2026-10": 1, "2026-11": 2}


def test_copies_are_one_row_of_findings_and_each_a_row_of_ads(book) -> None:
    first = archives.flagged(0)
    copy = archives.flagged(1, reading_id=first["reading_id"], review_id=first["review_id"])
    made = book(ads=[first, copy], findings=[archives.finding(first)])
    assert column(made, "问题清单", "件数") == [2]
    assert column(made, "有问题的广告", "材料") == [first["source"], copy["source"]]
    assert set(column(made, "有问题的广告", "审查编号")) == set(
        column(made, "问题清单", "审查编号")
    )


def test_finding_cites_the_law_and_says_what_to_change(book) -> None:
    one = archives.flagged(0)
    basis = [archives.LAW | {"checked": "recalled"}]
    disguised = archives.evidence("保*本保息", read_as="保本保息")
    made = book(
        ads=[one], findings=[archives.finding(one, legal_basis=basis, evidence=[disguised])]
    )
    (cited,) = column(made, "问题清单", "依据")
    assert str(cited).startswith("《中华人民共和国广告法》第二十五条第（一）项：不得对未来效果")
    assert str(cited).endswith("[待核原文]")
    assert column(made, "问题清单", "原文") == ["保*本保息（读作“保本保息”）"]
    assert column(made, "问题清单", "怎样改") == ["删去保本、保收益的表述，补上风险提示。"]


def test_gravest_findings_and_ads_come_first(book) -> None:
    mild = archives.flagged(0, severity="low", decision="revise")
    grave = archives.flagged(1)
    findings = [
        archives.finding(mild, severity="low", decision="revise"),
        archives.finding(grave),
    ]
    made = book(ads=[mild, grave], findings=findings)
    assert column(made, "问题清单", "严重程度") == ["严重", "轻微"]
    assert column(made, "有问题的广告", "结论") == ["不予发布", "修改后发布"]


def test_passes_have_no_row(book) -> None:
    made = book(ads=[archives.ad(n) for n in range(3)])
    assert [made[name].max_row for name in made.sheetnames[1:-1]] == [1] * 6


def test_unread_ads_are_listed_with_the_reason(book) -> None:
    ads = [
        archives.ad(n, decision="review", unread=True, errors=UNREAD * 2 * (n == 0))
        for n in range(4)
    ]
    notice = {"code": "not_read", "message": "视频没有读", "part": None, "unread": True}
    seen = {"code": "disguised", "message": "有变形写法", "part": None, "unread": False}
    parts = [
        archives.part(ads[1], "", unread="图片太小"),
        archives.part(ads[2], notices=[notice, seen]),
    ]
    told = column(book(ads=ads, parts=parts), "未读", "没有读出的内容")
    assert told == ["图片不完整，请重新下载", "图片太小", "视频没有读", "有内容没有读出"]


def test_campaigns_stand_with_their_rules_in_words(book) -> None:
    ads = [archives.flagged(0, title="澄湖理财"), archives.flagged(1)]
    row = archives.campaign("c1", ads, media=["sms"])
    quiet = archives.campaign("c2", [archives.ad(5, decision="review")])
    made = book(
        ads=ads,
        findings=[archives.finding(one) for one in ads],
        campaigns=[quiet, row],
        members=archives.members(row, ads),
    )
    assert column(made, "活动", "活动编号") == ["c1"]
    assert column(made, "活动", "问题") == ["承诺保本保收益"]
    assert column(made, "活动", "标题") == ["澄湖理财"]
    assert column(made, "有问题的广告", "活动编号") == ["c1", "c1"]


def test_advertisers_stand_with_their_permit_status(book) -> None:
    ads = [
        archives.flagged(0, advertiser="澄湖公司", permit_status="expired", permit_reason="已失效"),
        archives.ad(1, advertiser="澄湖公司", permit_status="covered"),
        archives.ad(2, advertiser="青榆公司", permit_status="covered"),
        archives.ad(3, advertiser="砚山公司", permit_status="not_in_register"),
    ]
    made = book(ads=ads, findings=[archives.finding(ads[0])])
    assert column(made, "广告主", "广告主") == ["澄湖公司", "砚山公司"]
    assert column(made, "广告主", "件数") == [2, 1]
    assert column(made, "广告主", "资质核验")[0] == "资质覆盖所宣传的业务\n许可在发布日已失效"


def test_advertiser_is_one_row_however_it_is_written(book) -> None:
    ads = [
        archives.flagged(0, advertiser="澄湖（北京）公司"),
        archives.flagged(1, permit_advertiser="澄湖(北京) 公司"),
        archives.flagged(2, permit_advertiser="青榆公司"),
    ]
    made = book(ads=ads, findings=[archives.finding(one) for one in ads])
    assert column(made, "广告主", "广告主") == ["澄湖（北京）公司", "青榆公司（据广告内容）"]
    assert column(made, "广告主", "件数") == [2, 1]


def test_permit_of_an_ad_that_was_not_reviewed_is_left_open(book, table) -> None:
    ads = [
        archives.flagged(0, advertiser="澄湖公司", permit_status="expired"),
        archives.ad(
            1, advertiser="澄湖公司", decision="error", unread=True, permit_status="no_register"
        ),
    ]
    tables = {"ads": ads, "findings": [archives.finding(ads[0])]}
    assert column(book(**tables), "广告主", "资质核验") == ["许可在发布日已失效"]
    assert [row["资质核验"] for row in table(**tables)] == ["许可在发布日已失效", "—"]


def test_ads_that_wait_for_a_person_are_listed_without_any_finding(book) -> None:
    waiting = archives.ad(0, decision="review", unread=True, errors=UNREAD)
    made = book(ads=[waiting, archives.ad(1)])
    assert column(made, "有问题的广告", "材料") == [waiting["source"]]
    assert column(made, "有问题的广告", "未读出的内容") == ["图片不完整，请重新下载"]


def test_day_that_nobody_gave_is_no_fact(book, table) -> None:
    ads = [archives.flagged(0), archives.flagged(1, published_given=False)]
    tables = {"ads": ads, "findings": [archives.finding(one) for one in ads]}
    told = "未提供（按 2026-11-03 的法律判断）"
    made = book(**tables)
    for sheet in ("有问题的广告", "问题清单"):
        assert column(made, sheet, "发布日") == [datetime(2026, 11, 3), told]
    assert [row["发布日"] for row in table(**tables)] == ["2026-11-03", told]


def test_campaign_without_any_day_says_so(book) -> None:
    ads = [archives.flagged(0, published_given=False)]
    row = archives.campaign("c1", ads, first_day=None, last_day=None)
    made = book(
        ads=ads,
        findings=[archives.finding(ads[0])],
        campaigns=[row],
        members=archives.members(row, ads),
    )
    assert column(made, "活动", "首见日") == ["未知"]


def test_days_and_shares_are_dates_and_numbers(book) -> None:
    one = archives.flagged(0)
    sheet = book(ads=[one], findings=[archives.finding(one)])["问题清单"]
    heads = [cell.value for cell in sheet[1]]
    day, sure, title = (sheet[2][heads.index(name)] for name in ("发布日", "置信度", "标题"))
    assert (day.value, day.number_format) == (datetime(2026, 11, 3), "yyyy-mm-dd")
    assert (sure.value, sure.number_format) == (0.98, "0%")
    assert title.value is None


def test_medium_that_is_not_known_stands_as_the_archive_writes_it(book) -> None:
    ads = [archives.flagged(0, medium_given="楼宇电视"), archives.flagged(1)]
    made = book(ads=ads, findings=[archives.finding(one) for one in ads])
    assert column(made, "有问题的广告", "渠道") == ["楼宇电视", "未提供"]


def test_every_list_bears_the_number_that_the_archive_gives(book, table) -> None:
    ads = [archives.flagged(0, record_id="A-17"), archives.ad(1, unread=True, record_id="A-18")]
    tables = {"ads": ads, "findings": [archives.finding(ads[0])]}
    made = book(**tables)
    assert column(made, "有问题的广告", "存档编号") == ["A-17"]
    assert column(made, "问题清单", "存档编号") == ["A-17"]
    assert column(made, "未读", "存档编号") == ["A-18"]
    assert [row["存档编号"] for row in table(**tables)] == ["A-17", "A-18"]


def test_places_of_the_words_are_told(book) -> None:
    one = archives.flagged(0)
    spans = [
        archives.evidence("保本"),
        archives.evidence("保息", 7),
        archives.evidence("零风险", 0, "image:2"),
        archives.evidence("稳赚", 0, "page:0", page=4),
    ]
    made = book(ads=[one], findings=[archives.finding(one, evidence=spans)])
    assert column(made, "问题清单", "位置") == ["正文；第 3 张图；第 4 页"]
    assert column(made, "问题清单", "原文") == ["保本保息；零风险；稳赚"]


def test_words_that_were_let_off_are_listed_with_the_number_of_copies(book) -> None:
    def mention(reason: str) -> dict[str, object]:
        spans = [archives.evidence("保本")]
        return {
            "rule": "guaranteed-return",
            "title": "承诺保本保收益",
            "reason": reason,
            "evidence": spans,
        }

    first = archives.ad(0, mentions=[mention("negated"), mention("exempt")])
    copy = archives.ad(
        1, review_id=first["review_id"], reading_id=first["reading_id"], mentions=first["mentions"]
    )
    caught = archives.flagged(2, mentions=[mention("exempt")])
    made = book(ads=[first, copy, caught], findings=[archives.finding(caught)])
    sheet = "词句命中、模型认为不构成"
    assert column(made, sheet, "材料") == [first["source"]]
    assert column(made, sheet, "存档编号") == ["0"]
    assert column(made, sheet, "规则") == ["承诺保本保收益"]
    assert column(made, sheet, "词句") == ["保本"]
    assert column(made, sheet, "件数") == [2]


def test_versions_are_those_that_judged_and_not_those_of_unread_ads(book) -> None:
    unread = archives.ad(1, decision="error", unread=True, rulebook="2026.10")
    told = dict(book(ads=[archives.ad(0), unread])["说明"].iter_rows(values_only=True))
    assert told["规则库"] == "2026.11"
    told = dict(book(ads=[unread])["说明"].iter_rows(values_only=True))
    assert told["规则库"] == "2026.10"


def test_notes_tell_versions_and_meanings(book) -> None:
    told = dict(book(ads=[archives.ad(0)])["说明"].iter_rows(values_only=True))
    assert told["程序"] == "0.1.0"
    assert told["规则库"] == "2026.11"
    assert told["文字识别"] == "未使用"
    assert told["扫描时间"] == "2026-11-25 09:30:00（UTC+08:00）"


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"])
def test_no_words_of_an_ad_become_a_formula(book, table, title) -> None:
    one = archives.flagged(0, title=title)
    rows = {"ads": [one], "findings": [archives.finding(one)]}
    sheet = book(**rows)["有问题的广告"]
    cell = sheet[2][[head.value for head in sheet[1]].index("标题")]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (title, "s", True)
    assert table(**rows)[0]["标题"] == f"'{title}"


def test_control_characters_are_shown_and_not_obeyed(book) -> None:
    one = archives.flagged(0, title="红\x1b[31m\x00\u202e倒")
    made = book(ads=[one], findings=[archives.finding(one)])
    assert column(made, "有问题的广告", "标题") == ["红␛[31m␀\ufffd倒"]


def test_list_longer_than_a_sheet_goes_on_in_another(book) -> None:
    made = book(3, ads=[archives.ad(n, unread=True, errors=UNREAD) for n in range(5)])
    assert [name for name in made.sheetnames if name.startswith("未读")] == [
        "未读",
        "未读（2）",
        "未读（3）",
    ]
    assert len(column(made, "未读（3）", "材料")) == 1


def test_folder_of_many_ads_adds_up(many) -> None:
    with open_results(many(2_000)) as connection:
        made = load_workbook(io.BytesIO(b"".join(render_workbook(connection))))
    cycles = 2_000 // archives.CYCLE
    unread = sum(kind[5] for kind in archives.KINDS) * cycles
    findings = [len(kind[2]) * cycles for kind in archives.KINDS]
    whole = summary(made, "合计")["全部广告"]
    assert (whole["件数"], whole["没有读全"]) == (2_000, unread)
    waiting = [
        kind[0] in ("review", "revise", "reject") or bool(kind[2]) for kind in archives.KINDS
    ]
    assert len(column(made, "有问题的广告", "材料")) == cycles * sum(waiting)
    assert sum(column(made, "问题清单", "件数")) == sum(findings)
    assert len(column(made, "未读", "材料")) == unread


def test_same_results_give_the_same_bytes(many) -> None:
    folder = many(500)
    files = []
    for _ in range(2):
        with open_results(folder) as connection:
            files.append(b"".join(render_workbook(connection)))
    assert files[0] == files[1]


def test_csv_has_a_row_a_finding_of_each_ad(table) -> None:
    first = archives.flagged(0)
    copy = archives.flagged(1, reading_id=first["reading_id"], review_id=first["review_id"])
    findings = [archives.finding(first), archives.finding(first, "missing-risk-warning", 2)]
    rows = table(ads=[first, copy], findings=findings)
    assert [(row["材料"], row["规则编号"]) for row in rows] == [
        (ad["source"], rule)
        for ad in (first, copy)
        for rule in ("guaranteed-return", "missing-risk-warning")
    ]


def test_csv_has_a_row_for_unread_ads_and_none_for_passes(table) -> None:
    ads = [archives.ad(0), archives.ad(1, decision="error", unread=True, errors=UNREAD)]
    (row,) = table(ads=ads)
    assert (row["材料"], row["规则"]) == (ads[1]["source"], "")
    assert row["未读出的内容"] == "图片不完整，请重新下载"
