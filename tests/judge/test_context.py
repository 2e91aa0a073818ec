"""One rule's words, in their surroundings: a finding, a mention with its reason, or nothing at all."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from adscan.ingest.sources import text_source
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.rulebook.loader import load_rulebook
from adscan.settings import Settings

DAY = Placement(date(2026, 11, 25))


@pytest.fixture(scope="module")
def review():
    reviewer = Reviewer(
        load_rulebook(), None, Settings(), datetime(2026, 11, 25, tzinfo=timezone.utc)
    )
    return lambda text: reviewer.review(text_source(text), DAY).review


def found(review, rule):
    return any(finding.rule == rule for finding in review.findings)


G, P, F, S = "guaranteed-return", "performance-claim", "illegal-fundraising", "superlative"

# What the ad itself promises, whatever it denies elsewhere.
PROMISED = [
    # Small print that denies a headline
    (G, "保本保息，年化8%\n扫码开户\n\n\n*本产品不承诺保本，投资有风险"),
    (G, "【零风险】稳健增值计划，5万起投\n\n注：以上不构成收益承诺，投资须谨慎"),
    (G, "稳赚不赔的好项目\n来电咨询\n（理财非存款，产品有风险）"),
    (G, "到期100%兑付，绝不拖延，欢迎认购\n\n免责声明：本材料不作为收益保证"),
    (G, "本金安全有保障，收益写进合同。风险提示：投资可能损失本金。欢迎预约"),
    # A concession taken back
    (G, "虽不保本，但从未亏过，欢迎认购本产品"),
    (G, "虽然合同写着非保本，其实稳赚不赔，放心买"),
    (G, "理财当然有风险，不过我们这款零风险，欢迎来电"),
    (G, "别家不保本，我们保本保息，立即认购"),
    (G, "我不敢说保本，但是亏了算我的，跟着我做"),
    # A question that answers itself
    (G, "谁说理财不能保本？我们这款就能，欢迎来电"),
    (G, "难道还有比这更稳赚不赔的项目吗？立即加入"),
    (G, "保本保息，何乐而不为？立即认购"),
    (G, "零风险还有高收益，你为什么不来？扫码加入"),
    # Double negation
    (G, "没有理由不赚钱，稳赚不赔，扫码加入"),
    (G, "不可能不保本，放心认购"),
    (G, "跟着老师做没有不赚钱的，稳赚不赔，加微信"),
    # A warning against others, then one's own promise
    (G, "谨防高收益骗局！选择我们，保本保息，年化8%，欢迎来电"),
    (G, "远离P2P，别再踩雷，我司产品稳赚不赔，欢迎认购"),
    (G, "市面上保本的都是骗人的，只有我们真正保本保息，立即咨询"),
    # Quotation that sells
    (G, "客户都说“稳赚不赔”，扫码加入"),
    (G, "媒体报道：本项目“保本保息”，欢迎投资"),
    (G, "老师常说：“零风险才是真本事。”加群领取名单"),
    # A negation of something else in the same sentence
    (G, "不收管理费，保本保息，欢迎认购"),
    (G, "无需排队，零风险理财等您来"),
    (G, "未来三年稳赚不赔，名额有限"),
    (G, "不限金额，保本付息，扫码办理"),
    # A soft article
    (
        F,
        "【养老知识】如何安度晚年？我们的养老床位，存五万元每年返利五千元，到期退还本金，欢迎来电138****0000",
    ),
    (G, "【理财小课堂】什么是稳健投资？比如本平台的稳盈计划，保本保息，年化9%，扫码购买"),
]

# Words that promise nothing.
RELEASED = [
    (G, "本产品不保本，可能损失全部本金，请谨慎投资"),
    (G, "管理人不保证基金一定盈利，也不保证最低收益"),
    (G, "我行从不承诺保本保收益"),
    (G, "理财产品已无刚性兑付，投资者应自负盈亏"),
    (G, "请勿相信“保本高息”的宣传"),
    (G, "谨防以保本高收益为名的骗局，发现线索请拨打110"),
    (G, "所谓稳赚不赔，不过是骗局"),
    (G, "凡是承诺保本高收益的都是骗局"),
    (G, "切勿轻信零风险高回报，天上不会掉馅饼"),
    (G, "投资有风险，世上没有稳赚不赔的买卖"),
    (G, "任何机构不得承诺保本保收益"),
    (G, "该公司以“保本保息”为诱饵，吸收资金三千万元，主犯被判刑"),
    (G, "市场监管局查明，当事人在传单上印有“稳赚不赔”字样，罚款十万元"),
    (G, "法院认为，被告人谎称零风险骗取被害人钱款，构成诈骗罪"),
    (G, "下列说法正确的是：A.基金保本保收益 B.基金有风险"),
    (G, "单选题：销售人员能否向客户承诺零风险？"),
    (G, "第八条 销售机构不得违规承诺保本、保收益"),
    (G, "当初业务员跟我说保本保息，现在钱取不出来了，我要投诉"),
    (G, "他们骗我说零风险，结果亏了八万，求大家帮帮我维权"),
    (G, "不要因为对方说稳赚不赔就转账"),
    (G, "结构性存款保本浮动收益型，利率区间1.2%至2.1%"),
    (G, "储蓄国债由国家按期保本付息"),
    (G, "无风险利率下行，债券价格上升"),
    (S, "我们始终把客户第一放在心上"),
    (S, "最近的网点在人民路"),
    (S, "请在第一时间联系客服"),
    (S, "最后申购日为12月31日"),
]

# Words inside other words or names: not even a mention.
NOTHING = [
    (G, "为确保本次活动顺利进行，请提前到场"),
    (G, "为环保本地企业捐款"),
    (G, "抢红包赚积分"),
    (S, "中国人民财产保险股份有限公司"),
    (S, "中国第一汽车集团"),
    (F, "购买保险箱，送货上门"),
    ("restricted-name-words", "基金会捐赠热线已开通"),
    ("restricted-name-words", "双方完成交易所有权同时转移"),
]

# What the law makes people write.
STATUTORY = [
    "中国证监会对本基金的注册，并不表明其对本基金的投资价值作出实质性判断或保证，也不表明投资于本基金没有风险。",
    "本基金为混合型基金，其预期风险与预期收益高于债券型基金和货币市场基金，低于股票型基金。",
    "基金管理人承诺以诚实信用、勤勉尽责的原则管理和运用基金资产，但不保证基金一定盈利，也不保证最低收益。",
    "基金的过往业绩并不预示其未来表现，基金管理人管理的其他基金的业绩并不构成本基金业绩表现的保证。",
    "业绩比较基准不是预期收益率，不代表产品的未来表现和实际收益，不构成对产品收益的承诺。",
    "本理财产品为非保本浮动收益型，不保证本金和收益，您的本金可能遭受损失。",
    "本产品风险等级为R2（中低风险），适合稳健型及以上投资者。",
    "私募基金管理人登记和基金备案不构成对管理人投资能力的认可，不作为对基金财产安全的保证。",
    "分红型保险的红利水平是不保证的，在某些年度红利可能为零。",
    "万能账户最低保证利率为年利率1.0%，最低保证利率之上的投资收益是不确定的。",
    "《中华人民共和国广告法》第二十五条规定，招商等有投资回报预期的商品或者服务广告，不得对未来效果、收益作出保证性承诺，不得明示或者暗示保本、无风险或者保收益。",
    "货币市场基金不等同于存款，不保证基金一定盈利，也不保证最低收益。",
]


@pytest.mark.parametrize(("rule", "text"), PROMISED)
def test_a_promise_stays_a_finding(review, rule, text):
    assert found(review(text), rule)


@pytest.mark.parametrize(("rule", "text"), RELEASED)
def test_words_without_a_promise_are_no_finding(review, rule, text):
    assert not found(review(text), rule)


@pytest.mark.parametrize(("rule", "text"), NOTHING)
def test_words_that_only_look_alike_are_not_listed(review, rule, text):
    judged = review(text)
    assert rule not in {item.rule for item in (*judged.findings, *judged.mentions)}


@pytest.mark.parametrize("text", STATUTORY)
def test_statutory_wording_is_clean(review, text):
    assert not review(text).findings


def test_one_released_place_releases_no_other(review):
    judged = review("本产品不保本。\n\n但老客户都知道：稳赚不赔，扫码认购")
    (finding,) = [f for f in judged.findings if f.rule == G]
    assert "稳赚不赔" in {place.text for place in finding.evidence}
    assert any(mention.rule == G for mention in judged.mentions)


@pytest.mark.parametrize(
    "text", ["保本保息，年化12%，1万起投，欢迎来电", "谁说理财不能保本？我们就能，欢迎来电"]
)
def test_more_text_takes_no_finding_away(review, text):
    padded = f"公司年会将在下周举行。\n\n{text}\n\n今天天气晴，最高气温二十度。"
    assert {f.rule for f in review(text).findings} <= {f.rule for f in review(padded).findings}


# Two things that belong together: near each other nothing is missing, far apart it is.
FILLER = "本行网点遍布全市，工作日上午九点到下午五点营业，欢迎莅临。" * 6
TOGETHER = [
    (
        "hidden-cost-terms",
        "信用贷款日息低至万二，最高借20万，立即申请。",
        "年化利率（单利）7.2%起，以审批为准。",
    ),
    (
        "hidden-cost-terms",
        "现金分期每期手续费低至0.3%，马上办理。",
        "折合年化利率（单利）6.5%，以审批为准。",
    ),
    (
        "unsourced-data",
        "调查显示，超过九成用户首选本平台。",
        "数据来源：瓯江研究院《2026年用户调查报告》，样本2,000人，2026年3月。",
    ),
]


@pytest.mark.parametrize(("rule", "claim", "statement"), TOGETHER)
def test_what_belongs_together_must_stand_near(review, rule, claim, statement):
    assert not found(review(claim + statement), rule)
    assert found(review(f"{claim}\n\n{FILLER}\n\n{FILLER}\n\n{statement}"), rule)
    assert found(review(claim), rule)


def test_results_without_their_benchmark_beside_them_are_a_finding(review):
    results = "某某成长混合基金2024年1月1日至2025年12月31日净值增长率23.1%"
    benchmark = "同期业绩比较基准收益率为15.2%，数据来源：基金定期报告，过往业绩不预示未来表现。"
    assert not found(review(f"{results}，{benchmark}"), P)
    assert found(review(f"{results}，欢迎申购。\n\n{FILLER}\n\n{FILLER}\n\n{benchmark}"), P)
