"""The law is that of the day of publication: every border of the timeline, the day before and the day."""

from datetime import date, datetime, timedelta, timezone

import pytest

from adscan.ingest.sources import text_source
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.records.rule import Checked, Decision, Level
from adscan.rulebook.loader import load_rulebook
from adscan.settings import Settings

RULEBOOK = load_rulebook()
COINS = "比特币合约带单，注册送USDT，扫码进群，老师带你开单"

# text, first day of the new law, rule, provision cited from that day and not before
BORDERS = [
    (
        "年化12%，保本保息，稳赚不赔，1万起投，欢迎来电",
        "2015-09-01",
        "guaranteed-return",
        "ad-law#25.1",
    ),
    (
        "首付贷当天放款，首付不够我们垫，买房无忧，欢迎来电",
        "2016-07-29",
        "home-purchase-leverage",
        "realestate-agency-2016#loan",
    ),
    ("项目代币ICO私募认购，百倍收益，名额有限", "2017-09-04", "banned-activity", "vc-ico-2017#2"),
    ("基金保本保收益，申购火热进行中", "2020-10-01", "guaranteed-return", "fund-promo-2020#15.2"),
    (COINS, "2021-09-24", "banned-activity", "vc-notice-2021#1"),
    (COINS, "2026-02-06", "banned-activity", "vc-notice-2026#vc"),
    (
        "本产品保本保息，年化10%，立即申购理财",
        "2026-09-30",
        "guaranteed-return",
        "fin-online-marketing-2026#10.3",
    ),
]
BORDER_DAYS = [
    "1995-02-01",
    "2015-08-31",
    "2015-09-01",
    "2016-07-29",
    "2016-08-10",
    "2016-08-17",
    "2017-09-04",
    "2017-12-01",
    "2018-03-28",
    "2018-04-27",
    "2020-03-01",
    "2020-10-01",
    "2020-11-27",
    "2021-01-15",
    "2021-03-31",
    "2021-04-29",
    "2021-05-01",
    "2021-09-24",
    "2021-12-31",
    "2023-09-01",
    "2024-05-01",
    "2025-10-09",
    "2025-10-15",
    "2026-02-06",
    "2026-06-12",
    "2026-08-01",
    "2026-09-01",
    "2026-09-30",
]
EVERY = 12  # of the rules' own examples, one in so many is tried on every border day


@pytest.fixture(scope="module")
def review():
    reviewer = Reviewer(RULEBOOK, None, Settings(), datetime(2026, 11, 25, tzinfo=timezone.utc))

    def review(text, day):
        return reviewer.review(text_source(text), Placement(day)).review

    return review


def cited(review, rule):
    return {p.ref for f in review.findings if f.rule == rule for p in f.legal_basis}


@pytest.mark.parametrize(("text", "first", "rule", "ref"), BORDERS)
def test_a_provision_is_cited_from_its_first_day(review, text, first, rule, ref):
    day = date.fromisoformat(first)
    assert ref in cited(review(text, day), rule)
    assert ref not in cited(review(text, day - timedelta(days=1)), rule)


def test_p2p_is_judged_by_its_own_rule_while_it_lived_and_is_banned_after(review):
    text = "P2P网贷平台，平台担保本息，投资人出借散标，年化14%，注册即送加息券"
    lived = {f.rule for f in review(text, date(2018, 5, 1)).findings}
    gone = {f.rule for f in review(text, date(2021, 6, 1)).findings}
    assert "p2p-misconduct" in lived
    assert "banned-activity" not in lived
    assert "banned-activity" in gone
    assert "p2p-misconduct" not in gone


def test_the_notice_that_was_replaced_is_no_longer_cited(review):
    assert "vc-notice-2021#1" not in cited(review(COINS, date(2026, 2, 6)), "banned-activity")


@pytest.mark.parametrize("day", [date.fromisoformat(day) for day in BORDER_DAYS])
def test_no_finding_cites_law_out_of_force_or_policy_alone(review, day):
    texts = [
        example.text
        for compiled in RULEBOOK.rules
        for outcome, example in compiled.examples()
        if outcome == "finding"
    ]
    for text in texts[::EVERY]:
        for finding in review(text, day).findings:
            assert all(provision.in_force(day) for provision in finding.legal_basis), text
            assert any(p.level is not Level.POLICY for p in finding.legal_basis), text
            if finding.decision is Decision.REJECT:
                assert any(p.checked is not Checked.RECALLED for p in finding.legal_basis), text
