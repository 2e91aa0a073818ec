from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from adscan.overview import csv_tables
from adscan.overview.alerts import find_runs
from adscan.overview.lead_sheets import render_leads
from adscan.overview.leads import NO_AUTHORITY, Lead, find_leads, find_shares, make_leads
from adscan.scan.results import open_results, read_manifest
from tests.overview import archives

MARKET, SECURITIES = "市场监督管理部门", "证券监督管理部门"


@pytest.fixture
def leads(results):
    """Writes the tables and gives the leads by authority."""

    def found(**tables) -> dict[str, list[Lead]]:
        with open_results(results(**tables)) as connection:
            make_leads(connection)
            names = [share.authority for share in find_shares(connection)]
            return {name: list(find_leads(connection, name)) for name in names}

    return found


@pytest.fixture
def book(results):
    def made(**tables) -> Workbook:
        folder = results(**tables)
        with open_results(folder) as connection:
            runs = find_runs(connection, read_manifest(folder))
            return load_workbook(io.BytesIO(b"".join(render_leads(connection, runs))))

    return made


def campaign(*ads):
    row = archives.campaign("c1", ads)
    return {"campaigns": [row], "members": archives.members(row, ads)}


def column(workbook: Workbook, sheet: str, heading: str) -> list[object]:
    first, *rows = workbook[sheet].iter_rows(values_only=True)
    return [row[first.index(heading)] for row in rows]


def test_campaign_is_one_lead_with_its_days_media_advertisers_and_size(leads) -> None:
    ads = [
        archives.flagged(0, advertiser="澄湖公司", medium="sms", published=date(2026, 11, 1)),
        archives.flagged(1, advertiser="青榆公司", medium="web_page", published=date(2026, 11, 9)),
        archives.flagged(2, advertiser="澄湖公司", medium="sms", published=date(2026, 11, 5)),
    ]
    found = leads(ads=ads, findings=[archives.finding(one) for one in ads], **campaign(*ads))
    (lead,) = found[MARKET]
    assert (lead.ads, lead.campaign) == (3, "c1")
    assert (lead.first_day, lead.last_day) == (date(2026, 11, 1), date(2026, 11, 9))
    assert lead.media == ("短信", "网页")
    assert [one.name for one in lead.advertisers] == ["澄湖公司", "青榆公司"]


def test_campaign_of_two_authorities_is_a_lead_of_both_with_their_own_findings(leads) -> None:
    one = archives.flagged(0)
    found = leads(
        ads=[one],
        findings=[
            archives.finding(one),
            archives.finding(one, "unlicensed-offer", 2, authority=SECURITIES),
        ],
        **campaign(one),
    )
    assert [lead.faults for lead in found[MARKET]] == [("承诺保本保收益",)]
    assert [lead.faults for lead in found[SECURITIES]] == [("无资质从事须许可的业务",)]


def test_finding_that_only_asks_for_review_makes_a_lead_that_is_not_firm(leads) -> None:
    one = archives.flagged(0)
    unsure = archives.finding(one, decision="review", authority=SECURITIES, number=2)
    found = leads(ads=[one], findings=[archives.finding(one), unsure])
    assert [lead.firm for lead in found[MARKET]] == [True]
    assert [lead.firm for lead in found[SECURITIES]] == [False]


def test_ad_whose_decision_is_review_is_never_a_firm_lead(leads) -> None:
    one = archives.flagged(0, decision="review")
    (lead,) = leads(ads=[one], findings=[archives.finding(one)])[MARKET]
    assert not lead.firm


def test_unsure_findings_of_a_firm_lead_stand_apart_and_do_not_count(leads) -> None:
    firm, unsure = archives.flagged(0), archives.flagged(1, decision="review")
    findings = [
        archives.finding(firm, severity="low", decision="revise"),
        archives.finding(unsure, "unlicensed-offer", decision="review"),
    ]
    (lead,) = leads(ads=[firm, unsure], findings=findings, **campaign(firm, unsure))[MARKET]
    assert (lead.faults, lead.unsure) == (("承诺保本保收益",), ("无资质从事须许可的业务",))
    assert (lead.ads, lead.severity) == (1, "轻微")


def test_passes_and_findings_that_do_not_hinder_are_no_leads(leads) -> None:
    harmless = archives.flagged(1)
    rows = [archives.ad(0), harmless]
    assert leads(ads=rows, findings=[archives.finding(harmless, decision="pass")]) == {}


def test_exact_copies_outside_campaigns_are_one_lead(leads) -> None:
    first = archives.flagged(0)
    copy = archives.flagged(1, reading_id=first["reading_id"], review_id=first["review_id"])
    (lead,) = leads(ads=[first, copy], findings=[archives.finding(first)])[MARKET]
    assert (lead.ads, lead.campaign) == (2, None)


def test_ad_with_two_findings_for_one_authority_counts_once(leads) -> None:
    one = archives.flagged(0)
    findings = [archives.finding(one), archives.finding(one, "missing-risk-warning", 2)]
    (lead,) = leads(ads=[one], findings=findings)[MARKET]
    assert lead.ads == 1


def test_best_evidence_is_the_gravest_then_the_surest(leads) -> None:
    ads = [archives.flagged(n, url=f"https://ads.example/{n}") for n in range(3)]
    findings = [
        archives.finding(ads[0], severity="medium", evidence=[archives.evidence("最佳")]),
        archives.finding(ads[1], confidence=0.7, evidence=[archives.evidence("保本")]),
        archives.finding(ads[2], confidence=0.9, evidence=[archives.evidence("零风险")]),
    ]
    (lead,) = leads(ads=ads, findings=findings, **campaign(*ads))[MARKET]
    assert (lead.charges[0].words, lead.url) == ("【零风险】", "https://ads.example/2")
    assert (lead.source, lead.record_id, lead.severity) == (ads[2]["source"], "2", "严重")


def test_leads_come_firm_first_then_gravest_then_largest(leads) -> None:
    mild, grave, unsure = (archives.flagged(n) for n in range(3))
    copies = [
        archives.flagged(3 + n, reading_id=mild["reading_id"], review_id=mild["review_id"])
        for n in range(4)
    ]
    small = archives.flagged(9)
    findings = [
        archives.finding(mild, severity="medium"),
        archives.finding(grave),
        archives.finding(unsure, decision="review"),
        archives.finding(small, severity="medium"),
    ]
    found = leads(ads=[mild, grave, unsure, small, *copies], findings=findings)[MARKET]
    told = [(lead.firm, lead.severity, lead.ads) for lead in found]
    assert told == [
        (True, "严重", 1),
        (True, "中等", 5),
        (True, "中等", 1),
        (False, "严重", 1),
    ]
    assert [lead.number for lead in found] == [1, 2, 3, 4]


def test_content_is_the_title_or_how_the_text_begins(leads) -> None:
    titled, bare = archives.flagged(0, title="澄湖理财"), archives.flagged(1)
    found = leads(
        ads=[titled, bare],
        findings=[archives.finding(titled), archives.finding(bare)],
        parts=[archives.part(titled), archives.part(bare, "保本保息，名额有限。" * 50)],
    )
    contents = {lead.content for lead in found[MARKET]}
    assert "澄湖理财" in contents
    (opening,) = contents - {"澄湖理财"}
    assert opening.startswith("保本保息，名额有限。")
    assert len(opening) <= 60


def test_workbook_has_a_sheet_an_authority_and_the_alerts(book) -> None:
    one = archives.flagged(0)
    other = archives.finding(one, "unlicensed-offer", 2, authority=SECURITIES)
    made = book(ads=[one], findings=[archives.finding(one), other])
    assert made.sheetnames == ["移送汇总", MARKET, SECURITIES, "涉及广告", "预警", "说明"]
    assert column(made, MARKET, "状态") == ["可移送"]
    (asked,) = column(made, SECURITIES, "请核查的事项")
    assert "无资质从事须许可的业务" in str(asked)


def test_lead_to_look_at_first_says_so(book) -> None:
    one = archives.flagged(0, decision="review")
    made = book(ads=[one], findings=[archives.finding(one, decision="review")])
    assert column(made, MARKET, "状态") == ["待人工复核"]
    assert str(column(made, MARKET, "请核查的事项")[0]).startswith("须先由人工复核")
    assert column(made, "移送汇总", "可移送线索") == [0]
    assert column(made, "移送汇总", "待人工复核线索") == [1]


def test_permits_that_differ_stand_beside_their_advertiser(book) -> None:
    ads = [
        archives.flagged(0, advertiser="澄湖公司", permit_status="expired"),
        archives.flagged(1, advertiser="青榆公司", permit_status="covered"),
    ]
    made = book(ads=ads, findings=[archives.finding(one) for one in ads], **campaign(*ads))
    (told,) = column(made, MARKET, "资质核验")
    assert told == "澄湖公司：许可在发布日已失效\n青榆公司：资质覆盖所宣传的业务"
    (asked,) = column(made, MARKET, "请核查的事项")
    assert str(asked).endswith("并请核对广告主的资质：许可在发布日已失效。")


def test_permit_in_order_is_no_matter_to_look_at(book) -> None:
    one = archives.flagged(0, advertiser="澄湖公司", permit_status="covered")
    made = book(ads=[one], findings=[archives.finding(one)])
    assert column(made, MARKET, "资质核验") == ["资质覆盖所宣传的业务"]
    assert column(made, MARKET, "请核查的事项") == ["请核查是否成立：承诺保本保收益。"]


def test_each_fault_is_a_line_of_words_and_first_laws_in_the_order_of_the_finding(book) -> None:
    one = archives.flagged(0)
    other = archives.LAW | {"title": "互联网广告管理办法", "article": "第九条"}
    third = archives.LAW | {"article": "第四条", "checked": "restated"}
    findings = [
        archives.finding(one, legal_basis=[other, third, archives.LAW]),
        archives.finding(one, "missing-risk-warning", 2, evidence=[], severity="low"),
    ]
    made = book(ads=[one], findings=findings, parts=[archives.part(one)])
    (told,) = column(made, MARKET, "问题｜词句｜依据")
    assert str(told).split("\n") == [
        "承诺保本保收益｜“澄湖理财，【保本保息】，名额有限。”（正文）｜"
        "《互联网广告管理办法》第九条、《中华人民共和国广告法》第四条[据转述，待核原文] 等 3 条",
        "没有风险提示｜针对整篇内容，没有具体词句｜《中华人民共和国广告法》第二十五条第（一）项",
    ]


def test_words_beside_each_other_are_one_quotation(leads) -> None:
    one = archives.flagged(0)
    spans = [archives.evidence("保本"), archives.evidence("保息", 7)]
    (lead,) = leads(
        ads=[one], findings=[archives.finding(one, evidence=spans)], parts=[archives.part(one)]
    )[MARKET]
    assert lead.charges[0].words == "澄湖理财，【保本保息】，名额有限。"


def test_fault_of_another_ad_of_the_campaign_names_that_ad(book) -> None:
    ads = [archives.flagged(0), archives.flagged(1)]
    findings = [
        archives.finding(ads[0]),
        archives.finding(ads[1], "missing-risk-warning", severity="low"),
    ]
    made = book(ads=ads, findings=findings, **campaign(*ads))
    first, second = str(column(made, MARKET, "问题｜词句｜依据")[0]).split("\n")
    assert ads[0]["source"] not in first
    assert f"（见 {ads[1]['source']}）" in second


def test_more_faults_than_a_cell_can_show_are_counted(book) -> None:
    one = archives.flagged(0)
    findings = [
        archives.finding(one, number=n) | {"rule": f"rule-{n}", "title": f"问题{n}"}
        for n in range(1, 12)
    ]
    (told,) = column(book(ads=[one], findings=findings), MARKET, "问题｜词句｜依据")
    lines = str(told).split("\n")
    assert len(lines) == 7
    assert lines[-1].startswith("另有 5 项")


def test_titles_of_faults_are_set_apart_and_stand_once(book) -> None:
    firm, unsure = archives.flagged(0), archives.flagged(1, decision="review")
    findings = [
        archives.finding(firm, decision="revise"),
        archives.finding(firm, "missing-risk-warning", 2, title="用语夸大、绝对"),
        archives.finding(unsure, decision="review"),
    ]
    made = book(ads=[firm, unsure], findings=findings, **campaign(firm, unsure))
    assert column(made, MARKET, "另有待复核的问题") == [None]
    (asked,) = column(made, MARKET, "请核查的事项")
    assert str(asked).startswith("请核查是否成立：承诺保本保收益；用语夸大、绝对。")


def test_advertiser_that_nobody_knows_is_to_be_found_out_first(book) -> None:
    one = archives.flagged(0, permit_status="covered")
    made = book(ads=[one], findings=[archives.finding(one)])
    assert str(column(made, MARKET, "请核查的事项")[0]).endswith("广告主未能确定，请先查明。")


def test_reason_of_the_permit_check_goes_with_the_lead(book) -> None:
    told = "登记册里查不到澄湖公司；但没有完整名录，不能断定没有许可"
    ads = [
        archives.flagged(n, permit_status="not_in_register", permit_reason=f"{told}{n}")
        for n in range(5)
    ]
    made = book(ads=ads, findings=[archives.finding(one) for one in ads], **campaign(*ads))
    (reasons,) = column(made, MARKET, "资质说明")
    assert str(reasons).split("\n") == [*(f"{told}{n}" for n in range(3)), "另有 2 种说明"]


def test_every_ad_of_a_lead_is_listed_with_what_identifies_it(book) -> None:
    first = archives.flagged(0, medium_given="楼宇电视")
    copy = archives.flagged(1, reading_id=first["reading_id"], review_id=first["review_id"])
    undated = archives.flagged(2, published=date(2026, 11, 25), published_given=False)
    findings = [archives.finding(first), archives.finding(undated, severity="low")]
    made = book(ads=[first, copy, undated], findings=findings)
    assert column(made, "涉及广告", "线索序号") == [1, 1, 2]
    assert column(made, "涉及广告", "材料") == [one["source"] for one in (first, copy, undated)]
    assert column(made, "涉及广告", "存档编号") == ["0", "1", "2"]
    assert column(made, "涉及广告", "渠道") == ["楼宇电视", "未提供", "未提供"]
    assert column(made, "涉及广告", "文件 SHA-256")[0] == first["sha256"]
    assert column(made, "涉及广告", "发布日") == [
        datetime(2026, 11, 3),
        datetime(2026, 11, 3),
        "未提供（按 2026-11-25 的法律判断）",
    ]


def test_lead_without_any_day_says_so(book) -> None:
    ads = [archives.flagged(0, published_given=False), archives.flagged(1)]
    made = book(ads=ads, findings=[archives.finding(one) for one in ads])
    assert set(column(made, MARKET, "首见日")) == {"未知", datetime(2026, 11, 3)}


def test_sheet_of_alerts_tells_why_it_is_empty(book) -> None:
    one = archives.flagged(0)
    made = book(ads=[one], findings=[archives.finding(one)])
    (told,) = column(made, "预警", "说明")
    assert str(told).startswith("这是第一次扫描")


def test_names_of_authorities_become_legal_names_of_sheets(book) -> None:
    one = archives.flagged(0)
    names = ["甲/乙[处]:?*\\", "长" * 40, "长" * 41, "预警", "", "'引'"]
    findings = [archives.finding(one, number=n, authority=name) for n, name in enumerate(names, 1)]
    made = book(ads=[one], findings=findings)
    titles = made.sheetnames
    assert len(titles) == len(names) + 4 == len({title.casefold() for title in titles})
    assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)
    assert not any(title.startswith("'") or title.endswith("'") for title in titles)
    assert NO_AUTHORITY in titles


def test_words_of_an_ad_are_never_a_formula_nor_steer_anything(book) -> None:
    one = archives.flagged(0, title='=HYPERLINK("https://ads.example")', advertiser="+\x1b[31m公司")
    made = book(ads=[one], findings=[archives.finding(one)])
    sheet = made[MARKET]
    heads = [cell.value for cell in sheet[1]]
    content, advertiser = sheet[2][heads.index("内容")], sheet[2][heads.index("广告主")]
    assert (content.data_type, content.quotePrefix) == ("s", True)
    assert advertiser.value == "+␛[31m公司"


def test_archive_without_findings_says_so(book) -> None:
    made = book(ads=[archives.ad(0)])
    assert made.sheetnames == ["移送汇总", "预警", "说明"]
    assert ("移送", "没有可以移送或待复核的线索。") in list(
        made["说明"].iter_rows(values_only=True)
    )


def test_csv_of_leads_is_one_table_of_all_authorities(results) -> None:
    one = archives.flagged(0)
    other = archives.finding(one, "unlicensed-offer", 2, authority=SECURITIES)
    folder = results(ads=[one], findings=[archives.finding(one), other])
    with open_results(folder) as connection:
        head, *rows = csv_tables.render_leads(connection)
    assert head.startswith("\ufeff牵头部门,")
    assert sorted(row.split(",")[0] for row in rows) == sorted([MARKET, SECURITIES])


def test_same_results_give_the_same_bytes(many) -> None:
    folder = many(500)
    files = []
    for _ in range(2):
        with open_results(folder) as connection:
            runs = find_runs(connection, read_manifest(folder))
            files.append(b"".join(render_leads(connection, runs)))
    assert files[0] == files[1]
