from datetime import date

from adscan.overview import figures
from adscan.records.rule import Decision
from adscan.scan.results import open_results
from tests.overview.archives import LAW, ad, campaign, finding, flagged, mention


def counted(table):
    return {group.name: group.ads for group in table.groups}


def test_totals_of_many_ads_are_the_known_ones(many):
    with open_results(many(2_000)) as results:
        totals = figures.find_totals(results)
    assert totals.everything.ads == 2_000
    assert totals.everything.decisions == {
        Decision.REJECT: 200,
        Decision.REVISE: 100,
        Decision.REVIEW: 200,
        Decision.ERROR: 100,
        Decision.PASS: 1_400,
    }
    assert totals.everything.unread == 300
    assert totals.everything.grave == 200
    assert totals.everything.problems == 500
    assert (totals.contents, totals.campaigns) == (1_000, 8)


def test_campaigns_without_findings_are_not_counted(results):
    ads = [flagged(0), ad(1, decision="review")]
    with open_results(
        results(ads=ads, campaigns=[campaign(str(n), [ads[n]]) for n in (0, 1)])
    ) as opened:
        assert figures.find_totals(opened).campaigns == 1


def test_passes_with_released_words_are_counted(results):
    ads = [
        ad(0, mentions=[mention("negated"), mention("exempt"), mention("exempt")]),
        ad(1, mentions=[mention("negated")]),
        flagged(2, mentions=[mention("exempt")]),
        ad(3),
    ]
    with open_results(results(ads=ads)) as opened:
        assert figures.find_totals(opened).released == 1


def test_an_error_counts_as_unread_even_if_not_marked_so(results):
    with open_results(results(ads=[ad(0, decision="error"), ad(1)])) as opened:
        assert figures.find_totals(opened).everything.unread == 1


def test_no_ads_give_noughts_and_empty_tables(results):
    with open_results(results()) as opened:
        totals = figures.find_totals(opened)
        tables = [
            figures.by_rule(opened),
            figures.by_severity(opened),
            figures.by_month(opened),
            figures.by_advertiser(opened),
        ]
    assert (totals.everything.ads, totals.first_day, totals.reasons) == (0, None, [])
    assert [table.groups for table in tables] == [[], [], [], []]


def test_reasons_for_unread_are_told_in_chinese_and_summed_up(results):
    def unread(number, code):
        told = [{"code": code, "message": "读不出", "part": None}]
        return ad(number, decision="review", unread=True, errors=told)

    ads = [unread(0, "damaged_file"), unread(1, "one"), unread(2, "another")]
    with open_results(results(ads=ads)) as opened:
        assert figures.find_totals(opened).reasons == [
            ("其他原因", 2),
            ("文件损坏、缺失或打不开", 1),
        ]


def test_an_ad_counts_under_each_rule_that_it_breaks(results):
    both = flagged(0, rules=["guaranteed-return", "missing-risk-warning"], finding_count=2)
    found = [
        finding(both),
        finding(both, "missing-risk-warning", 2, legal_basis=[]),
    ]
    with open_results(results(ads=[both, flagged(1)], findings=found)) as opened:
        groups = figures.by_rule(opened).groups
    assert [(g.name, g.ads, g.note) for g in groups] == [
        ("承诺保本保收益", 2, "《中华人民共和国广告法》第二十五条第（一）项"),
        ("没有风险提示", 1, ""),
    ]


def test_a_rule_is_noted_with_what_most_of_its_findings_cite_first(results):
    ads = [flagged(n) for n in range(4)]
    rare = LAW | {"article": "第八条"}
    found = [
        *(finding(one, legal_basis=[LAW, rare]) for one in ads[:2]),
        finding(ads[2], legal_basis=[rare, LAW]),
        finding(ads[3], legal_basis=[]),
    ]
    with open_results(results(ads=ads, findings=found)) as opened:
        assert figures.by_rule(opened).groups[0].note.endswith("第二十五条第（一）项")


def test_a_rule_most_of_whose_findings_cite_nothing_has_no_note(results):
    ads = [flagged(n) for n in range(3)]
    found = [finding(one, legal_basis=[LAW] if one is ads[0] else []) for one in ads]
    with open_results(results(ads=ads, findings=found)) as opened:
        assert figures.by_rule(opened).groups[0].note == ""


def test_severities_stand_gravest_first(many):
    with open_results(many(100)) as results:
        assert counted(figures.by_severity(results)) == {"严重": 10, "中等": 5, "轻微": 5}


def test_unknown_medium_is_a_row_of_its_own(results):
    with open_results(results(ads=[ad(0, medium="sms"), ad(1), ad(2)])) as opened:
        assert counted(figures.by_medium(opened)) == {"短信": 1, "未提供": 2}


def test_a_medium_that_no_table_knows_is_called_as_the_archive_calls_it(results):
    ads = [ad(0, medium_given="电梯屏"), ad(1, medium="sms", medium_given="短信群发"), ad(2)]
    with open_results(results(ads=ads)) as opened:
        assert counted(figures.by_medium(opened)) == {"电梯屏": 1, "短信": 1, "未提供": 1}


def test_activities_have_their_chinese_names(results):
    with open_results(results(ads=[ad(0, activities=["fund_sales"])])) as opened:
        assert counted(figures.by_activity(opened)) == {"基金销售": 1}


def test_months_leave_out_ads_that_have_no_day_of_their_own(results):
    ads = [
        ad(0, published=date(2026, 10, 31)),
        ad(1, published=date(2026, 11, 1)),
        ad(2, published=date(2026, 11, 25), published_given=False),
    ]
    with open_results(results(ads=ads)) as opened:
        assert counted(figures.by_month(opened)) == {"2026-10": 1, "2026-11": 1}
        assert figures.find_totals(opened).undated == 1


def test_months_long_ago_are_one_row(results):
    ads = [ad(n, published=date(2020 + n // 12, n % 12 + 1, 1)) for n in range(40)]
    with open_results(results(ads=ads)) as opened:
        groups = figures.by_month(opened).groups
    assert (groups[0].name, groups[0].ads) == ("更早", 40 - figures.MONTHS)
    assert (groups[1].name, groups[-1].name) == ("2020-05", "2023-04")


def test_advertisers_with_grave_problems_come_first_with_their_permits(results):
    ads = [
        *(ad(n, advertiser="青榆面馆", decision="review") for n in range(3)),
        flagged(3, permit_advertiser="澄湖理财", permit_status="not_in_register"),
        flagged(4, permit_advertiser="澄湖理财", permit_status="covered", severity="low"),
    ]
    with open_results(results(ads=ads)) as opened:
        groups = figures.by_advertiser(opened).groups
    assert [(g.name, g.ads, g.note) for g in groups] == [
        ("澄湖理财（据广告内容）", 2, "资质覆盖所宣传的业务、登记册中查不到该主体"),
        ("青榆面馆", 3, "未涉及须许可的业务"),
    ]


def test_a_firm_is_one_row_however_its_name_is_written(results):
    ads = [
        flagged(0, permit_advertiser="澄湖（温州）公司"),
        flagged(1, advertiser="澄湖 (温州) 公司", permit_advertiser="澄湖（温州）公司"),
        flagged(2, advertiser=" ", permit_advertiser="澄湖(温州)公司"),
    ]
    with open_results(results(ads=ads)) as opened:
        groups = figures.by_advertiser(opened).groups
    assert [(g.name, g.ads) for g in groups] == [("澄湖 (温州) 公司", 3)]


def test_advertisers_without_problems_are_left_out(results):
    ads = [
        ad(0, advertiser="青榆面馆"),
        ad(1, advertiser="砚山茶行", decision="error", unread=True),
        flagged(2, advertiser="澄湖理财"),
    ]
    with open_results(results(ads=ads)) as opened:
        table = figures.by_advertiser(opened)
    assert [g.name for g in table.groups] == ["澄湖理财", "砚山茶行"]
    assert table.left_out == 0


def test_advertisers_beyond_the_table_are_counted(many):
    with open_results(many(2_000, advertisers=200)) as results:
        table = figures.by_advertiser(results)
    wanted = 200 * 6 // 20  # six of twenty kinds have problems or are unread
    assert (len(table.groups), table.left_out) == (
        figures.ADVERTISERS,
        wanted - figures.ADVERTISERS,
    )


def test_unread_ads_have_no_permit_status_and_no_genre(results):
    with open_results(results(ads=[ad(0, decision="error"), ad(1)])) as opened:
        assert counted(figures.by_permit(opened)) == {"未涉及须许可的业务": 1}
        assert counted(figures.by_genre(opened)) == {"广告": 1}
