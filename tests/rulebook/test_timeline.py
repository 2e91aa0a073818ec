"""The law is that of the day of publication: every border of the timeline, the day before and the day."""

from dataclasses import dataclass
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
BRIDGE = "首付贷当天放款，首付不够我们垫，买房无忧，欢迎来电"
P2P = "P2P网贷平台，投资人出借散标，平台担保本息，年化14%"
DIRECTED = "定向融资计划，年化9%，10万起投，政信项目，欢迎认购"
OLD_STOCK = "保本型理财产品，期限90天，火热发售中，立即购买"


@dataclass(frozen=True)
class Border:
    """A day on which the law changed for some text."""

    first: str  # the first day of the new law
    rule: str
    before: str | None  # the rule's decision the day before; "" for no finding, None: not asked
    after: str | None
    come: set[str]  # provisions cited from that day and not before
    go: set[str]  # provisions cited until the day before and no longer
    text: str


BORDERS = [
    Border("2015-09-01", "guaranteed-return", "revise", "revise", {"ad-law#25.1"}, set(), "年化12%，保本保息，稳赚不赔，1万起投，欢迎来电"),
    Border("2015-09-01", "missing-risk-warning", "revise", "revise", {"ad-law#25.0"}, set(), "年化12%，1万起投，欢迎来电"),
    Border("2016-07-29", "home-purchase-leverage", None, None, {"realestate-agency-2016#loan"}, set(), BRIDGE),
    Border("2016-08-10", "home-purchase-leverage", "reject", "reject", {"wenzhou-plan-2016#2.1.4"}, set(), BRIDGE),
    Border("2016-08-17", "p2p-misconduct", "", "reject", {"p2p-interim-2016#10.4"}, set(), "P2P网贷平台线下门店开业，投资人到店签约出借，年化12%，平台承诺保本保息"),
    Border("2017-09-04", "banned-activity", None, None, {"vc-ico-2017#2"}, set(), "项目代币ICO私募认购，百倍收益，名额有限"),
    Border("2017-12-01", "hidden-cost-terms", "", "revise", {"cash-loan-2017#1"}, set(), "小额贷款，放款前先收手续费300元，日息低至万分之五，借款额度5万"),
    Border("2018-03-28", "banned-activity", "", "review", {"internet-am-2018#1"}, set(), DIRECTED),
    Border("2018-04-27", "guaranteed-return", "revise", "revise", {"am-guidance-2018#2"}, set(), "银行理财产品，保本保收益，预期年化5%，火热认购中"),
    Border("2018-04-27", "guaranteed-return", "", "review", {"am-guidance-2018#2"}, set(), OLD_STOCK),
    Border("2020-03-01", "banned-activity", "review", "reject", {"securities-law#120.4"}, set(), "股票配资开户，十倍杠杆，低息配资，扫码开户"),
    Border("2020-10-01", "guaranteed-return", "revise", "revise", {"fund-promo-2020#15.2"}, set(), "基金保本保收益，申购火热进行中"),
    Border("2020-11-27", "banned-activity", "", "reject", {"illegal-finance-ban-1998#4-5"}, set(), P2P),
    Border("2020-11-27", "p2p-misconduct", "reject", "", set(), {"p2p-interim-2016#10.3"}, P2P),
    Border("2021-01-15", "banned-activity", "", "reject", {"internet-deposit-2021#platform"}, set(), "互联网平台代销银行存款，XX财富APP热卖民营银行定期存款，五年期4.8%"),
    Border("2021-01-15", "banned-activity", "", "reject", {"internet-deposit-2021#platform"}, set(), "上我们的平台买银行定期存款，五年期利率更高"),
    Border("2021-03-31", "hidden-cost-terms", "review", "revise", {"loan-apr-2021#1"}, {"cash-loan-2017#1"}, "信用贷款日息低至万二，最高借20万，立即申请"),
    Border("2021-04-29", "intrusive-delivery", None, None, {"ad-law#62"}, {"ad-law#old-63"}, "理财大礼等你拿，看完广告8秒后才能关闭"),
    Border("2021-05-01", "illegal-fundraising", "reject", "reject", {"illegal-fundraising-regs-2021#11.1"}, set(), "面向社会集资，月息2分，到期还本付息，人人可参与，欢迎来电"),
    Border("2021-05-01", "restricted-name-words", "", "review", {"illegal-fundraising-regs-2021#9"}, set(), "我们是财富管理公司，诚邀投资理财，欢迎来电"),
    Border("2021-05-01", "unlicensed-promotion", "review", "review", set(), {"illegal-finance-ban-1998#4-5"}, "我们是财富管理公司，诚邀投资理财，欢迎来电"),
    Border("2021-09-24", "banned-activity", None, None, {"vc-notice-2021#1"}, set(), COINS),
    Border("2022-01-01", "guaranteed-return", "review", "revise", set(), set(), OLD_STOCK),
    Border("2023-09-01", "private-offering-publicised", "reject", "reject", {"private-fund-regs-2023#20.1"}, set(), "私募基金火热发售，100万起，公开募集，欢迎认购"),
    Border("2024-05-01", "payment-misconduct", "reject", "reject", {"nonbank-payment-regs#6"}, set(), "无需支付牌照，我们的支付平台代收代付，余额生息年化5%，商户入驻"),
    Border("2024-05-01", "restricted-name-words", "", "review", {"nonbank-payment-regs#6"}, set(), "开心支付有限公司，专业代收代付，商户入驻"),
    Border("2025-10-09", "missing-risk-warning", "revise", "revise", {"futures-online-marketing-2025#label"}, set(), "期货开户返佣，居间人手把手带单，稳赚不赔，扫码进群"),
    Border("2025-10-09", "unauthorised-channel", "revise", "revise", {"futures-online-marketing-2025#review"}, set(), "期货客户经理小方，加我私人微信看每日操作建议，开户找我"),
    Border("2025-10-15", "excessive-yield-or-subsidy", "revise", "revise", {"aucl#11"}, {"aucl-2017#10"}, "购买理财即可参加抽奖，最高奖品价值十万元轿车一辆"),
    Border("2026-02-06", "banned-activity", "reject", "reject", {"vc-notice-2026#stable"}, set(), "稳定币认购名额开放，年化可观，立即预约"),
    Border("2026-02-06", "banned-activity", "", "reject", {"vc-notice-2026#rwa"}, set(), "RWA项目认购，百亩茶园上链，份额有限"),
    Border("2026-02-06", "banned-activity", "reject", "reject", {"vc-notice-2026#vc"}, {"vc-notice-2021#1"}, COINS),
    Border("2026-06-12", "unsourced-data", "revise", "revise", {"ad-citation-guide-2026#8"}, set(), "据统计，本平台投资者平均收益率达18%，行业第一，欢迎投资理财"),
    Border("2026-08-01", "hidden-cost-terms", "revise", "revise", {"loan-cost-2026#table"}, set(), "信用贷款零利息，最高借20万，借款免息，另收服务费，立即申请"),
    Border("2026-09-01", "performance-claim", "revise", "revise", {"am-disclosure-2025#bench"}, set(), "银行理财，业绩比较基准4%，近一月年化8%，火热认购"),
    Border("2026-09-01", "performance-claim", "revise", "revise", {"private-fund-disclosure-2026#ban"}, set(), "私募基金，业绩比较基准8%，近三个月收益30%，欢迎认购"),
    Border("2026-09-30", "banned-activity", "review", "reject", {"fin-online-marketing-2026#6.1"}, set(), "港美股开户，境外券商零佣金，内地居民在线开户，扫码"),
    Border("2026-09-30", "guaranteed-return", "revise", "revise", {"fin-online-marketing-2026#10.3"}, set(), "本产品保本保息，年化10%，立即申购理财"),
    Border("2026-09-30", "inducing-terms", "", "revise", {"fin-online-marketing-2026#10.7"}, set(), "信用贷款最后一天，错过不再有，零门槛秒到账，人人可贷，立即申请"),
]  # fmt: skip
OTHER_DAYS = ["1995-02-01", "2015-08-31", "2021-12-31"]
BORDER_DAYS = sorted({border.first for border in BORDERS} | set(OTHER_DAYS))
EVERY = 12  # of the rules' own examples, one in so many is tried on every border day


@pytest.fixture(scope="module")
def review():
    reviewer = Reviewer(RULEBOOK, None, Settings(), datetime(2026, 11, 25, tzinfo=timezone.utc))

    def review(text, day, medium=None):
        return reviewer.review(text_source(text), Placement(day, None, medium)).review

    return review


def judged(review, rule):
    findings = [finding for finding in review.findings if finding.rule == rule]
    refs = {p.ref for finding in findings for p in finding.legal_basis}
    return "+".join(sorted({finding.decision.value for finding in findings})), refs


@pytest.mark.parametrize("border", BORDERS, ids=[f"{b.first}-{b.rule}" for b in BORDERS])
def test_a_border_of_the_law_changes_verdict_and_citations(review, border):
    day = date.fromisoformat(border.first)
    was, then = judged(review(border.text, day - timedelta(days=1)), border.rule)
    now, since = judged(review(border.text, day), border.rule)
    if border.before is not None:
        assert (was, now) == (border.before, border.after)
    assert border.come <= since
    assert not border.come & then
    assert border.go <= then
    assert not border.go & since


def test_an_ad_before_the_2015_law_cites_none_of_its_articles(review):
    for compiled in RULEBOOK.rules:
        for outcome, example in compiled.examples():
            if outcome == "finding":
                for finding in review(example.text, date(2015, 8, 31)).findings:
                    assert not any(p.ref.startswith("ad-law#") for p in finding.legal_basis)


def test_directed_financing_is_not_grounded_on_the_law_of_coins(review):
    _, refs = judged(review(DIRECTED, date(2018, 3, 28)), "banned-activity")
    assert "vc-ico-2017#2" not in refs


def test_a_lending_platforms_down_payment_loan_cites_the_cash_loan_notice(review):
    text = "网贷平台首付贷，首付不够平台来凑，P2P撮合，立即申请买房"
    _, refs = judged(review(text, date(2017, 12, 1)), "home-purchase-leverage")
    assert "cash-loan-2017#1" in refs


def test_a_printed_ad_cites_no_law_of_the_internet(review):
    text = "本产品保本保息，年化10%，立即申购理财"
    _, unknown = judged(review(text, date(2026, 11, 25)), "guaranteed-return")
    _, printed = judged(review(text, date(2026, 11, 25), "newspaper"), "guaranteed-return")
    assert unknown - printed == {"fin-online-marketing-2026#10.3"}
    assert "ad-law#25.1" in printed


def test_words_that_only_the_online_measures_forbid_are_free_on_paper(review):
    text = "学习群里每天推荐三只优质基金"
    online = judged(review(text, date(2026, 11, 25), "chat_group"), "unauthorised-channel")
    printed = judged(review(text, date(2026, 11, 25), "leaflet"), "unauthorised-channel")
    assert online[0]
    assert printed == ("", set())


def test_only_a_live_stream_cites_the_duties_of_its_hosts(review):
    text = "家人们，姐自己也定投这只基金两年了，你们放心跟"
    _, live = judged(review(text, date(2026, 11, 25), "live_stream"), "prohibited-endorsement")
    _, note = judged(review(text, date(2026, 11, 25), "social_note"), "prohibited-endorsement")
    assert "internet-ad-measures-2023#19" in live - note


def test_p2p_is_judged_by_its_own_rule_while_it_lived_and_is_banned_after(review):
    text = "P2P网贷平台，平台担保本息，投资人出借散标，年化14%，注册即送加息券"
    lived = {f.rule for f in review(text, date(2018, 5, 1)).findings}
    gone = {f.rule for f in review(text, date(2021, 6, 1)).findings}
    assert "p2p-misconduct" in lived
    assert "banned-activity" not in lived
    assert "banned-activity" in gone
    assert "p2p-misconduct" not in gone


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
