import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from adscan.overview import embedded, page, shortlist
from adscan.overview.page import render_page, share
from adscan.scan.results import ResultsError
from tests.overview.archives import (
    LAW,
    RUN,
    ad,
    campaign,
    evidence,
    finding,
    flagged,
    members,
    mention,
    part,
    picture,
)

HOSTILE = "</script><img src=x onerror=alert(1)>\u202e\x1b[31m<!--"


class Elements(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.attributes = []
        self.words = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]

    def handle_data(self, data):
        self.words.append(data)


def rendered(folder):
    return "".join(render_page(folder))


def listed(text):
    """The findings in the page, as its script sees them."""
    held = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    data = json.loads(held.group(1))
    rows = [dict(zip(data["columns"], row, strict=True)) for row in data["rows"]]
    for row in rows:
        row |= {name: data["texts"][row[name]] for name in data["textColumns"]}
        row["laws"] = [data["texts"][place] for place in row["laws"]]
    return rows


def one_campaign(**changes):
    """Tables with one campaign of two ads, and a picture."""
    ads = [flagged(0, advertiser="澄湖理财"), flagged(1, advertiser="青榆财富", medium="sms")]
    made = campaign("c1", ads, **changes)
    return {
        "ads": ads,
        "findings": [finding(one) for one in ads],
        "parts": [part(ads[0], preview=picture()), part(ads[1])],
        "campaigns": [made],
        "members": members(made, ads),
    }


def test_unread_share_stands_right_after_the_number_of_ads(many):
    text = rendered(many(1_000))
    assert re.search(r"<dt>广告</dt><dd>1,000</dd>.*?没有读全</dt><dd>150<span>15.0%", text, re.S)


def test_unread_ads_are_listed_and_never_called_clean(results):
    told = [{"code": "damaged_file", "message": "图片打不开", "part": "image:0"}]
    broken = ad(0, decision="error", unread=True, errors=told, source="海报.png")
    text = rendered(results(ads=[broken]))
    row = re.search(r"<tr><th scope=\"row\">海报.png.*?</tr>", text, re.S).group()
    assert "未能审查" in row
    assert "图片打不开" in row
    assert "不能视为没有问题" in text
    assert re.search(r"未发现问题</span></th><td class=\"n\">0</td>", text)


def test_a_pass_is_never_sold_as_a_guarantee(results):
    text = rendered(results(ads=[ad(0)]))
    assert "不等于合法性保证" in text
    assert "没有问题的广告" not in text


def test_campaign_shows_picture_words_law_and_days(results):
    text = rendered(results(**one_campaign()))
    article = re.search(r'<article class="campaign pictured".*?</article>', text, re.S).group()
    assert f"data:image/jpeg;base64,{base64.b64encode(picture()).decode()}" in article
    assert '澄湖理财，<b class="high">保本保息</b>，名额有限。' in article
    assert "《中华人民共和国广告法》第二十五条第（一）项" in article
    assert "2 件" in article
    assert "2 种内容" in article
    assert "2026-11-03" in article
    assert "澄湖理财、青榆财富" in article
    assert "短信" in article


def test_campaign_tells_whose_permits_stand_how_if_they_differ(results):
    tables = one_campaign()
    tables["ads"][1]["permit_status"] = "not_in_register"
    text = rendered(results(**tables))
    assert "<p>未涉及须许可的业务：澄湖理财</p>" in text
    assert "<p>登记册中查不到该主体：青榆财富</p>" in text


def test_campaign_whose_permits_are_alike_says_it_once(results):
    text = rendered(results(**one_campaign()))
    assert "<dt>资质核验</dt><dd><p>未涉及须许可的业务</p></dd>" in text


def test_campaign_without_days_or_known_media_says_so(results):
    ads = [flagged(0, published_given=False, medium_given="电梯屏")]
    made = campaign("c1", ads)
    text = rendered(results(ads=ads, campaigns=[made], members=members(made, ads)))
    article = re.search(r"<article.*?</article>", text, re.S).group()
    assert "发布日未知" in article
    assert "<dt>渠道</dt><dd>电梯屏</dd>" in article


def test_a_day_that_nobody_gave_is_not_told_as_a_fact(results):
    one = flagged(0, published_given=False, medium_given="电梯屏")
    day = one["published"]
    (row,) = listed(rendered(results(ads=[one], findings=[finding(one)])))
    assert row["day"] == f"未提供（按 {day} 的法律判断）"
    assert row["medium"] == "电梯屏"


def test_released_words_are_counted_and_the_way_to_more_is_told(results):
    text = rendered(results(ads=[ad(0, mentions=[mention()]), ad(1)]))
    assert "<strong>1 件</strong>含有规则认得的词句" in text
    assert "--operating-point prereview" in text
    assert "含有规则认得的词句" not in rendered(results(ads=[ad(0), ad(1)]))


def test_campaign_prefers_words_to_none_among_the_gravest(results):
    tables = one_campaign()
    first, second = tables["ads"]
    tables["findings"] = [
        finding(first, "missing-risk-warning", 1, evidence=[]),
        finding(first, "guaranteed-return", 2),
        finding(second),
    ]
    assert '<b class="high">保本保息</b>' in rendered(results(**tables))


def test_campaigns_without_problems_are_not_listed(results):
    ads = [ad(0), ad(1)]
    made = campaign("c1", ads)
    text = rendered(results(ads=ads, campaigns=[made], members=members(made, ads)))
    assert "<article" not in text
    assert "没有发现带问题的活动" in text


def test_pictures_stop_when_their_room_is_used_up(results, monkeypatch):
    monkeypatch.setattr(page, "PICTURE_BYTES", len(picture()) - 1)
    assert "data:image" not in rendered(results(**one_campaign())).split("</head>")[1]


def test_findings_carry_all_that_a_reviewer_needs(results):
    (first, _) = listed(rendered(results(**one_campaign())))
    assert first["quotes"] == [["澄湖理财，", "保本保息", "，名额有限。"]]
    assert first["laws"] == [f"《中华人民共和国广告法》{LAW['article']}：{LAW['gist']}"]
    assert first["remedy"] == "删去保本、保收益的表述，补上风险提示。"
    assert first["authority"] == "市场监督管理部门"
    assert (first["ads"], first["campaign_ads"]) == (1, 2)


def test_law_that_nobody_read_says_so(results):
    one = flagged(0)
    law = LAW | {"checked": "recalled"}
    text = rendered(results(ads=[one], findings=[finding(one, legal_basis=[law])]))
    assert listed(text)[0]["laws"][0].startswith(
        "《中华人民共和国广告法》第二十五条第（一）项（待核原文）"
    )


def test_words_far_into_a_long_text_keep_their_place(results):
    one = flagged(0)
    before = "凉爽的🙂秋天。" * 3_000
    long = part(one, f"{before}澄湖理财，保本保息，名额有限。")
    found = finding(one, evidence=[evidence(start=len(before) + 5)])
    (row,) = listed(rendered(results(ads=[one], findings=[found], parts=[long])))
    assert row["quotes"] == [["澄湖理财，", "保本保息", "，名额有限。"]]


def test_disguised_words_are_spelled_out(results):
    one = flagged(0)
    found = finding(one, evidence=[evidence("保\u200b本", 0, read_as="保本")])
    text = part(one, "保\u200b本有望。")
    (row,) = listed(rendered(results(ads=[one], findings=[found], parts=[text])))
    assert row["quotes"][0][1] == "保[零宽]本"
    assert row["disguises"] == ["写作“保[零宽]本”，读作“保本”"]


def test_worst_come_first_and_one_of_a_campaign_before_its_copies(results):
    ads = [flagged(n) for n in range(3)]
    mild = flagged(3, decision="review", severity="low")
    alone = flagged(4)
    made = campaign("c1", ads)
    found = [finding(one, confidence=0.9) for one in (*ads, alone)]
    found.append(finding(mild, severity="low", decision="review"))
    folder = results(
        ads=[*ads, mild, alone], findings=found, campaigns=[made], members=members(made, ads)
    )
    rows = listed(rendered(folder))
    assert [row["source"] for row in rows] == [
        "posts.jsonl#1",
        "posts.jsonl#5",
        "posts.jsonl#4",
        "posts.jsonl#2",
        "posts.jsonl#3",
    ]


def test_the_page_says_how_many_findings_it_leaves_out_and_where_they_are(many, monkeypatch):
    monkeypatch.setattr(shortlist, "FINDINGS", 10)
    text = rendered(many(1_000))
    assert len(listed(text)) == 10
    assert "另有 115 项没有列出" in text
    assert "--format xlsx" in text


def test_a_list_ends_where_its_room_ends(many):
    folder = many(1_000)
    whole = listed(rendered(folder))
    with page.open_results(folder) as opened:
        shortlist.make_shortlist(opened)
        held = embedded.embed(shortlist.listed_findings(opened), most_bytes=20_000)
    assert 0 < held.rows < len(whole)
    assert len(held.document.encode()) < 22_000
    assert len(json.loads(held.document)["rows"]) == held.rows


def test_text_that_grows_when_escaped_keeps_within_the_room(results):
    ads = [flagged(n, title=f"{n}" + "<" * 300) for n in range(30)]
    with page.open_results(results(ads=ads, findings=[finding(one) for one in ads])) as opened:
        shortlist.make_shortlist(opened)
        held = embedded.embed(shortlist.listed_findings(opened), most_bytes=20_000)
    assert 0 < held.rows < 20
    assert len(held.document) < 22_000


def test_campaign_without_a_title_is_known_by_its_words(results):
    assert "澄湖理财，保本保息，名额有限。</h3>" in rendered(results(**one_campaign()))


def test_hostile_text_stays_text(results):
    one = flagged(
        0,
        source=HOSTILE,
        title=HOSTILE,
        url=f"javascript:{HOSTILE}",
        advertiser=HOSTILE,
        medium=HOSTILE,
        permit_reason=HOSTILE,
    )
    broken = ad(
        1,
        source=HOSTILE,
        decision="error",
        errors=[{"code": HOSTILE, "message": HOSTILE, "part": HOSTILE}],
    )
    made = campaign("c1", [one])
    found = finding(
        one,
        title=HOSTILE,
        authority=HOSTILE,
        explanation=HOSTILE,
        remedy=HOSTILE,
        evidence=[evidence(HOSTILE, 3, read_as=HOSTILE)],
        legal_basis=[LAW | {"title": HOSTILE, "article": HOSTILE, "gist": HOSTILE}],
    )
    text = rendered(
        results(
            ads=[one, broken],
            findings=[found],
            parts=[part(one, f"甲乙丙{HOSTILE}")],
            campaigns=[made],
            members=members(made, [one]),
        )
    )
    elements = Elements(text)
    assert elements.tags.count("script") == 2
    assert "img" not in elements.tags
    assert not [name for _, name, _ in elements.attributes if name.startswith("on")]
    assert not [
        value for _, name, value in elements.attributes if name == "href" and value[0] != "#"
    ]
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert listed(text)[0]["url"].startswith("javascript:</script>")  # as text; nothing links to it


def test_the_policy_names_exactly_the_style_and_script_of_the_page(many):
    text = rendered(many(100))

    def named(tag):
        body = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        assert len(body) == 1
        return base64.b64encode(hashlib.sha256(body[0].encode()).digest()).decode()

    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text).group(1)
    assert f"style-src 'sha256-{named('style')}'" in policy
    assert f"script-src 'sha256-{named('script')}'" in policy
    assert "default-src 'none'" in policy


def test_nothing_is_loaded_from_anywhere(many):
    elements = Elements(rendered(many(100)))
    loaded = [v for _, name, v in elements.attributes if name in ("src", "href", "style", "action")]
    assert [one for one in loaded if not one.startswith(("#", "data:image/jpeg;base64,"))] == []


def test_headings_have_no_gaps_and_tables_have_headers(many):
    elements = Elements(rendered(many(1_000)))
    levels = [int(tag[1]) for tag in elements.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    scopes = [name for tag, name, _ in elements.attributes if tag == "th" and name == "scope"]
    assert len(scopes) == elements.tags.count("th")


def test_empty_archive_says_what_to_do(results):
    text = rendered(results())
    assert "没有广告" in text
    assert "重新运行 adscan scan" in text


def test_versions_and_runs_are_told(results):
    runs = [
        {
            "number": 1,
            "started": "2026-11-24T09:30:00+08:00",
            "finished": "2026-11-24T10:00:00+08:00",
            "ads": 12_345,
            "copies": 17,
            "errors": 3,
        }
    ]
    text = rendered(results(ads=[ad(0, ocr="PP-OCRv5 mobile")], runs=runs))
    assert "PP-OCRv5 mobile" in text
    assert "2026.11" in text
    assert re.search(r"第 1 次.*12,345.*17.*3", text)
    assert "不是同一版本" not in text


def test_results_of_several_rulebooks_are_pointed_out(results):
    text = rendered(results(ads=[ad(0), ad(1, rulebook="2026.12")]))
    assert "2026.11；2026.12" in text
    assert "不是同一版本" in text


def test_unread_ads_keep_their_old_rulebook_without_a_warning(results):
    ads = [ad(0, rulebook="2026.12"), ad(1, decision="error", unread=True)]
    text = rendered(results(ads=ads))
    assert "不是同一版本" not in text
    assert "2026.11" not in text.split('id="made"')[1]


def test_a_run_that_only_judged_again_is_called_so(results):
    runs = [
        RUN | {"read": 5, "judged_again": 1},
        RUN | {"number": 2, "read": 0, "judged_again": 6},
    ]
    text = rendered(results(ads=[ad(0)], runs=runs))
    assert "第 1 次扫描" in text
    assert "第 2 次重判" in text
    assert "最近一次重判" in text


def test_a_folder_without_results_is_an_error(tmp_path):
    with pytest.raises(ResultsError):
        rendered(tmp_path)


def test_the_same_results_give_the_same_page(many):
    folder = many(1_000)
    assert rendered(folder) == rendered(folder)


@pytest.mark.parametrize(
    ("part_", "whole", "told"),
    [
        (0, 0, "—"),
        (0, 9, "0.0%"),
        (1, 1_000_000, "不足 0.1%"),
        (123, 1_000, "12.3%"),
        (999_999, 1_000_000, "超过 99.9%"),
        (5, 5, "100.0%"),
    ],
)
def test_shares_never_round_away_what_is_there(part_, whole, told):
    assert share(part_, whole) == told
