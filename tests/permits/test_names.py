"""Restricted words in names and scopes: tiers, dates, false friends, negative clauses, licences."""

import re
from datetime import date, timedelta

import pytest

from adscan.permits.lists.intake import Entry, Intake
from adscan.permits.permit_type import load_permit_types
from adscan.permits.register_file import open_register
from adscan.permits.restricted_names.licences import Licences
from adscan.permits.restricted_names.restricted_words import load_restricted_words
from adscan.permits.restricted_names.screening import Screener, affirmed
from adscan.records.permit import NameKind, PermitState, Snapshot
from adscan.records.restricted_name import Field, Subject, Tier
from adscan.rulebook.loader import HERE as RULEBOOK
from adscan.rulebook.loader import load_provisions

DAY = date(2026, 11, 25)
FORBIDDEN, LICENSED_ONLY, WATCHED = Tier

WORDS = [
    ("星链虚拟货币科技有限公司", "虚拟货币", FORBIDDEN),
    ("链盟加密资产管理有限公司", "加密资产", FORBIDDEN),
    ("环球稳定币科技有限公司", "稳定币", FORBIDDEN),
    ("海蓝ＲＷＡ咨询有限公司", "RWA", FORBIDDEN),
    ("现实世界资产代币化研究有限公司", "现实世界资产代币化", FORBIDDEN),
    ("鑫民网络借贷信息中介有限公司", "网络借贷", FORBIDDEN),
    ("温州网贷之家科技有限公司", "网贷", FORBIDDEN),
    ("聚财p2p平台有限公司", "P2P", FORBIDDEN),
    ("民间银行投资有限公司", "银行", LICENSED_ONLY),
    ("速达支付科技有限公司", "支付", LICENSED_ONLY),
    ("养老基金咨询有限公司", "基金", LICENSED_ONLY),
    ("瓯江基金管理有限公司", "基金管理", LICENSED_ONLY),
    ("瓯江私募基金管理有限公司", "私募基金管理", LICENSED_ONLY),
    ("瓯江股权投资基金管理有限公司", "股权投资基金管理", LICENSED_ONLY),
    ("鸿运期货信息咨询有限公司", "期货", LICENSED_ONLY),
    ("鸿运期权科技有限公司", "期权", LICENSED_ONLY),
    ("东瓯融资担保有限公司", "融资担保", LICENSED_ONLY),
    ("东瓯融资性担保有限公司", "融资性担保", LICENSED_ONLY),
    ("华夏通金融信息服务有限公司", "金融信息服务", LICENSED_ONLY),
    ("某某消费金融股份有限公司", "消费金融", LICENSED_ONLY),
    ("沉香交易中心有限公司", "交易中心", LICENSED_ONLY),
    ("沉香交易所有限公司", "交易所", LICENSED_ONLY),
    ("某某理财咨询有限公司", "理财", LICENSED_ONLY),
    ("代理理财服务有限公司", "理财", LICENSED_ONLY),
    ("鑫源财富管理有限公司", "财富管理", LICENSED_ONLY),
    ("鑫 源 财·富·管·理有限公司", "财富管理", LICENSED_ONLY),
    ("鑫源財富管理有限公司", "财富管理", LICENSED_ONLY),
    ("鑫源财\u200b富管理有限公司", "财富管理", LICENSED_ONLY),
    ("聚宝股权众筹平台有限公司", "股权众筹", LICENSED_ONLY),
    ("安心互联网保险科技有限公司", "互联网保险", LICENSED_ONLY),
    ("大地理财咨询有限公司", "理财", LICENSED_ONLY),
    ("发现金融服务有限公司", "金融服务", LICENSED_ONLY),
    ("金融学院路理财咨询有限公司", "理财", LICENSED_ONLY),
    ("创富资产管理有限公司", "资产管理", WATCHED),
    ("创富投资管理有限公司", "投资管理", WATCHED),
    ("东瓯股权投资基金合伙企业（有限合伙）", "股权投资基金", WATCHED),
    ("快易贷款咨询有限公司", "贷款", WATCHED),
    ("鹿城小额贷款股份有限公司", "小额贷款", WATCHED),
    ("安平保险代理有限公司", "保险", WATCHED),
    ("中诚信托有限责任公司", "信托", WATCHED),
    ("海通证券股份有限公司", "证券", WATCHED),
    ("诚信征信有限公司", "征信", WATCHED),
    ("上海外汇咨询有限公司", "外汇", WATCHED),
    ("智汇投资顾问有限公司", "投资顾问", WATCHED),
    ("浙江产权交易所有限公司", "产权交易所", WATCHED),
]

FALSE_FRIENDS = [
    "爱心基金会",
    "温州市慈善基金会有限公司",
    "北京金融街物业管理有限公司",
    "瓯海金融大厦餐饮店",
    "上海环球金融中心有限公司",
    "温州市金融城停车服务有限公司",
    "大家乐面馆（金融中心大厦店）",
    "永固保险箱制造有限公司",
    "永固保险柜有限公司",
    "乐清保险丝厂",
    "瑞安市保险杠有限公司",
    "平阳保险带厂",
    "支付宝（中国）网络技术有限公司",
    "数据服务交易所有权研究有限公司",
    "基金额度咨询有限公司",
    "浙江省银行业协会",
    "中国证券投资基金业协会",
    "中国证券报有限公司",
    "证券日报社",
    "温州银行学校",
    "浙江金融学院",
    "浙江保险学院有限公司",
    "中国人民银行温州市分行",
    "企业管理财务咨询有限公司",
    "代理财税服务有限公司",
    "资产管理财务软件学校",
    "近期货运代理有限公司",
    "长期权益维护服务有限公司",
    "诚信托管服务有限公司",
    "守信托育有限公司",
    "特征信息技术有限公司",
    "白银行情分析有限公司",
    "资金融通研究会",
    "互联网贷动科技有限公司",
    "时间银行志愿服务中心",
    "瓯海区公共资源交易中心",
    "温州市二手车交易中心有限公司",
    "东瓯非融资担保有限公司",
    "理财与生活频道",
    "Forward Trading Co., Ltd",
    "温州市百川商贸有限公司",
]

NEGATIVE_SCOPES = [
    "投资咨询（未经金融等行业监管部门批准，不得从事向公众融资存款、融资担保、代客理财等金融服务）",
    "企业管理咨询（未经批准不得从事吸收存款、融资担保、代客理财等金融业务）。",
    "未经金融等监管部门批准，不得从事吸收存款、融资担保、代客理财等金融业务；企业管理",
    "投资咨询（不含金融、证券、期货、理财）",
    "投资咨询,不含金融业务,软件开发",
    "商务咨询（金融、证券、保险业务除外）",
    "商务咨询，金融业务除外",
    "除理财、融资担保外的商务咨询",
    "1、不得以公开方式募集资金；2、不得公开交易证券类产品和金融衍生品；3、不得发放贷款",
    "非融资担保服务；非金融咨询",
    "接受金融机构委托从事金融信息技术外包服务；接受金融机构委托从事金融业务流程外包服务",
    "银行卡制作；金融机具销售；支付终端设备销售",
    "黄金交易；产权交易；企业管理财务咨询",
    "销售保险箱、保险柜；代理财产登记",
    "严禁吸收公众存款，禁止发放贷款",
]

POSITIVE_SCOPES = [
    ("企业管理；吸收公众存款；商务咨询", "吸收公众存款", LICENSED_ONLY),
    ("发放贷款", "发放贷款", LICENSED_ONLY),
    ("投资咨询（不含金融、证券），理财服务", "理财", LICENSED_ONLY),
    ("投资咨询，不含金融，财富管理", "财富管理", LICENSED_ONLY),
    ("国家禁止的除外，理财咨询", "理财", LICENSED_ONLY),
    ("法律法规规定不得经营的除外，理财咨询", "理财", LICENSED_ONLY),
    ("不得从事吸收存款；理财咨询", "理财", LICENSED_ONLY),
    ("房屋拆除、理财、外墙清洗", "理财", LICENSED_ONLY),
    ("非金融机构支付服务", "支付服务", LICENSED_ONLY),
    ("网络借贷信息中介", "网络借贷", FORBIDDEN),
    ("虚拟货币挖矿", "虚拟货币", FORBIDDEN),
    ("私募基金管理（未经批准不得吸收存款）", "私募基金管理", LICENSED_ONLY),
]

TURNS = [
    ("虚拟货币科技有限公司", date(2021, 9, 24), None, FORBIDDEN, "vc-notice-2021#reg"),
    ("虚拟货币科技有限公司", date(2026, 2, 6), FORBIDDEN, FORBIDDEN, "vc-notice-2026#name"),
    ("稳定币科技有限公司", date(2026, 2, 6), None, FORBIDDEN, "vc-notice-2026#name"),
    ("网贷科技有限公司", date(2016, 8, 10), None, FORBIDDEN, "wenzhou-plan-2016#4.1"),
    ("速达支付有限公司", date(2024, 5, 1), WATCHED, LICENSED_ONLY, "nonbank-payment-regs#6"),
    ("财富管理有限公司", date(2021, 5, 1), WATCHED, LICENSED_ONLY, "illegal-fundraising-regs-2021#9"),
    ("交易中心有限公司", date(2021, 5, 1), WATCHED, LICENSED_ONLY, "illegal-fundraising-regs-2021#9"),
    ("沉香交易所有限公司", date(2011, 11, 11), None, LICENSED_ONLY, "exchanges-2011#core"),
    ("鸿运期货有限公司", date(2022, 8, 1), None, LICENSED_ONLY, "futures-law#63.3"),
    ("融资担保有限公司", date(2017, 10, 1), None, LICENSED_ONLY, "financing-guarantee-regs#6"),
    ("东瓯基金管理有限公司", date(2023, 9, 1), LICENSED_ONLY, LICENSED_ONLY, "private-fund-regs-2023#10.4"),
    ("资产管理有限公司", date(2016, 8, 10), None, WATCHED, "wenzhou-plan-2016#4.1"),
    ("贷款咨询有限公司", date(2026, 9, 30), None, WATCHED, "fin-online-marketing-2026#18"),
]  # fmt: skip


@pytest.fixture(scope="module")
def screener():
    return Screener(DAY)


def first(screener, name="", **fields):
    hit = screener.screen(Subject(1, name, **fields))
    return hit.words[0] if hit else None


@pytest.mark.parametrize(("name", "word", "tier"), WORDS)
def test_a_restricted_word_in_a_name_is_a_hit(screener, name: str, word: str, tier: Tier):
    hit = first(screener, name)
    assert (hit.word, hit.tier) == (word, tier)


@pytest.mark.parametrize("name", FALSE_FRIENDS)
def test_a_word_that_means_something_else_is_no_hit(screener, name: str):
    assert screener.screen(Subject(1, name)) is None


@pytest.mark.parametrize("scope", NEGATIVE_SCOPES)
def test_what_a_scope_rules_out_is_no_hit(screener, scope: str):
    assert screener.screen(Subject(1, "百川商贸有限公司", scope=scope)) is None


@pytest.mark.parametrize(("scope", "word", "tier"), POSITIVE_SCOPES)
def test_an_activity_outside_such_clauses_is_a_hit(screener, scope: str, word: str, tier: Tier):
    hit = first(screener, "百川商贸有限公司", scope=scope)
    assert (hit.word, hit.tier, hit.field) == (word, tier, Field.SCOPE)


@pytest.mark.parametrize(("name", "turn", "before", "after", "provision"), TURNS)
def test_a_word_is_restricted_from_its_day_on(name, turn, before, after, provision):
    eve = first(Screener(turn - timedelta(days=1)), name)
    assert (eve.tier if eve else None) == before
    that_day = first(Screener(turn), name)
    assert (that_day.tier, that_day.provision) == (after, provision)


def test_before_a_longer_word_is_restricted_the_shorter_one_counts():
    eve = first(Screener(date(2021, 9, 23)), "海蓝虚拟资产管理有限公司")
    assert (eve.word, eve.tier) == ("资产管理", WATCHED)
    that_day = first(Screener(date(2021, 9, 24)), "海蓝虚拟资产管理有限公司")
    assert (that_day.word, that_day.tier) == ("虚拟资产", FORBIDDEN)


def test_of_several_words_the_gravest_comes_first(screener):
    hit = screener.screen(Subject(1, "资产管理与理财及虚拟货币有限公司"))
    assert [(word.word, word.tier) for word in hit.words] == [
        ("虚拟货币", FORBIDDEN),
        ("理财", LICENSED_ONLY),
        ("资产管理", WATCHED),
    ]


def test_a_word_in_name_and_scope_is_told_once(screener):
    hit = screener.screen(Subject(1, "鑫源理财有限公司", scope="理财；理财"))
    assert [(word.word, word.field) for word in hit.words] == [("理财", Field.NAME)]


def test_a_school_is_still_told_of_forbidden_words(screener):
    assert first(screener, "虚拟货币学院").word == "虚拟货币"


def test_every_reason_is_one_sentence_with_the_law(screener):
    for name, word, _ in WORDS:
        reason = first(screener, name).reason
        assert re.fullmatch(r"[^。]+。", reason)
        assert word in reason
        assert "《" in reason


@pytest.mark.parametrize(
    ("name", "word"), [("老王谈理财", "理财"), ("马上贷款App", "贷款"), ("阿珍基金日记", "基金")]
)
def test_an_account_needs_a_qualification_from_the_end_of_september_2026(screener, name, word):
    hit = first(screener, name, field=Field.ONLINE)
    assert (hit.word, hit.tier) == (word, LICENSED_ONLY)
    assert hit.provision == "fin-online-marketing-2026#18"
    assert first(Screener(date(2026, 9, 29)), name, field=Field.ONLINE) is None


def test_a_trademark_falls_under_its_own_article(screener):
    hit = first(screener, "钱袋子理财", field=Field.TRADEMARK)
    assert hit.provision == "fin-online-marketing-2026#19"


def test_a_scope_that_would_tie_up_a_backtracking_matcher_is_screened_fast(screener):
    screener.screen(Subject(1, "某公司", scope="理财" + "未经(不含" * 5_000))


def test_what_is_affirmed_keeps_its_length():
    scope = "理财(不含金融,证券);咨询,金融除外"
    assert len(affirmed(scope)) == len(scope)
    assert affirmed(scope).startswith("理财(")


# The register


HOLDERS = [
    Entry(1, "东瓯财富有限公司", "wealth_company", valid_from=date(2024, 1, 1)),
    Entry(2, "东瓯财富管理有限公司", "wealth_company", valid_from=date(2024, 1, 1)),
    Entry(3, "速达支付有限公司", "payment", valid_to=date(2026, 6, 30)),
    Entry(4, "宏图支付有限公司", "payment", state=PermitState.CANCELLED, state_since=date(2026, 3, 1)),
    Entry(5, "鹿城银行股份有限公司", "bank", other_names=((NameKind.APP, "鹿城银行手机银行"),)),
    Entry(6, "鑫源理财有限公司", "microloan"),
    Entry(7, "虚拟货币银行股份有限公司", "bank"),
]  # fmt: skip


@pytest.fixture
def register(tmp_path):
    register = open_register(tmp_path / "register.db", create=True)
    types = frozenset(entry.type for entry in HOLDERS)
    snapshot = Snapshot("试", date(2026, 1, 1), True, types, "", "list.csv", "0" * 64, 0)
    with register.writing() as connection:
        Intake(connection, snapshot).take(HOLDERS)
    yield register
    register.close()


@pytest.fixture
def licensed(register):
    return Screener(DAY, Licences(register, DAY))


def test_a_licence_in_force_clears_the_word(licensed):
    assert licensed.screen(Subject(1, "东瓯财富管理有限公司")) is None


def test_a_branch_has_the_licence_of_its_bank(licensed):
    assert licensed.screen(Subject(1, "鹿城银行股份有限公司温州分行")) is None


def test_an_app_of_a_licensed_institution_is_cleared(licensed):
    assert licensed.screen(Subject(1, "鹿城银行手机银行", Field.ONLINE)) is None
    by_holder = Subject(1, "鹿城理财", Field.ONLINE, holder="鹿城银行股份有限公司")
    assert licensed.screen(by_holder) is None


def test_an_unknown_name_says_that_the_register_has_none(licensed):
    hit = first(licensed, "鑫源财富管理有限公司")
    assert hit.tier is LICENSED_ONLY
    assert "登记册里查不到" in hit.reason


def test_a_licence_of_another_type_does_not_clear(licensed):
    hit = first(licensed, "鑫源理财有限公司")
    assert "没有持有2026-11-25当日有效的相应许可" in hit.reason


def test_an_expired_licence_clears_up_to_its_last_day(register):
    last = date(2026, 6, 30)
    name = "速达支付有限公司"
    assert first(Screener(last, Licences(register, last)), name) is None
    after = last + timedelta(days=1)
    assert first(Screener(after, Licences(register, after)), name).word == "支付"


def test_a_cancelled_licence_clears_up_to_the_day_before(register):
    day, name = date(2026, 3, 1), "宏图支付有限公司"
    eve = day - timedelta(days=1)
    assert first(Screener(eve, Licences(register, eve)), name) is None
    assert first(Screener(day, Licences(register, day)), name).word == "支付"


def test_no_licence_clears_a_forbidden_word(licensed):
    hit = licensed.screen(Subject(1, "虚拟货币银行股份有限公司"))
    assert [word.word for word in hit.words] == ["虚拟货币"]


def test_without_a_register_the_reason_says_so(screener):
    assert "没有登记册，未能核对许可" in first(screener, "东瓯财富管理有限公司").reason


def test_a_scope_is_cleared_by_the_licence_of_its_company(licensed):
    assert (
        licensed.screen(Subject(1, "鹿城银行股份有限公司", scope="吸收公众存款；发放贷款")) is None
    )
    assert first(licensed, "", scope="吸收公众存款").word == "吸收公众存款"


# The table


def test_every_provision_is_in_the_rulebook_under_its_citation():
    provisions = load_provisions(RULEBOOK / "instruments")
    table = load_restricted_words()
    used = {days.provision for entry in table.words for days in entry.days}
    assert used == set(table.citations)
    for ref, citation in table.citations.items():
        title = re.sub(r"（\d{4}年.{2}）$", "", provisions[ref].title)
        assert citation.startswith(f"《{title}》"), ref
        article = citation.removeprefix(f"《{title}》")
        assert article == provisions[ref].article or not article, ref


def test_every_provision_is_in_force_while_its_word_is_restricted():
    provisions = load_provisions(RULEBOOK / "instruments")
    for entry in load_restricted_words().words:
        for days in entry.days:
            provision = provisions[days.provision]
            assert provision.in_force_from <= days.since, days
            assert (days.until or date.max) <= (provision.in_force_until or date.max), days


def test_every_permit_type_that_clears_exists():
    known = set(load_permit_types())
    for entry in load_restricted_words().words:
        assert set(entry.cleared_by) <= known, entry.words


def test_no_word_is_restricted_twice_in_one_field_on_one_day():
    table = load_restricted_words()
    for day in (date(2016, 12, 1), date(2021, 12, 1), date(2025, 1, 1), DAY):
        for field in Field:
            words = [
                word
                for entry in table.words
                if field in entry.fields and entry.on(day)
                for word in entry.words
            ]
            assert len(words) == len(set(words)), (day, field)


def test_every_false_friend_holds_a_restricted_word():
    table = load_restricted_words()
    words = {word for entry in table.words for word in entry.words}
    for friend in (*table.friends.phrases, *table.friends.scope_phrases):
        assert any(word in friend and word != friend for word in words), friend
