"""An ad, its advertiser and the register: the verdict, the findings, and what is set aside."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
from stdnum.cn import uscc

from adscan.ingest.sources import text_source
from adscan.permits.lists.intake import Entry, Intake
from adscan.permits.permits import Permits
from adscan.permits.register_file import open_register
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement, Source
from adscan.records.permit import NameKind, PermitState, PermitStatus, Snapshot
from adscan.records.rule import Decision
from adscan.records.verdict import OperatingPoint
from adscan.rulebook.loader import load_rulebook
from adscan.settings import Settings

DAY = date(2026, 11, 1)
LENDER = "温州沧溪小额贷款股份有限公司"
BANK = "浙江温州青屿农村商业银行股份有限公司"
CLOSED = "瑞安旧港小额贷款有限公司"
UNKNOWN = "温州万顷小额贷款有限公司"
LOAN = "小额贷款，年化利率12%起，审批以合同为准。"
NOW = datetime(2026, 11, 25, tzinfo=timezone.utc)


def credit_code(first_17):
    return first_17 + uscc.calc_check_digit(first_17)


LENDERS_CODE = credit_code("91330300000000001")


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    register = open_register(tmp_path_factory.mktemp("permits") / "register.db", create=True)
    take(
        register,
        ("小贷:浙江", ["microloan", "online_microloan"], "33"),
        Entry(
            1,
            LENDER,
            "microloan",
            LENDERS_CODE,
            region="浙江省",
            other_names=((NameKind.BRAND, "沧溪快贷"),),
        ),
        Entry(2, CLOSED, "microloan", state=PermitState.CANCELLED, state_since=date(2022, 3, 1)),
    )
    take(
        register,
        ("金融许可证", ["bank", "consumer_finance"], ""),
        Entry(
            1,
            BANK,
            "bank",
            number="B1234H233030001",
            other_names=((NameKind.SHORT, "青屿农商银行"),),
        ),
    )
    yield register
    register.close()


def take(register, source, *entries):
    name, types, region = source
    snapshot = Snapshot(name, DAY, True, frozenset(types), region, "名录.csv", name, len(entries))
    with register.writing() as connection:
        assert not Intake(connection, snapshot).take(entries).clashes


@pytest.fixture(scope="module")
def review(register):
    def review(ad, advertiser=None, day=DAY, point=OperatingPoint.PREREVIEW, held=register):
        reviewer = Reviewer(
            load_rulebook(), None, Settings(), NOW, point=point, permits=Permits(held)
        )
        source = text_source(ad) if isinstance(ad, str) else ad
        return reviewer.review(source, Placement(day, advertiser)).review

    return review


def found(review):
    return {finding.rule: finding for finding in review.findings}


def test_one_ad_and_three_advertisers_get_three_verdicts(review):
    licensed, closed, unknown = (review(LOAN, name) for name in (LENDER, CLOSED, UNKNOWN))
    assert licensed.permit_check.status is PermitStatus.COVERED
    assert not licensed.findings
    assert closed.permit_check.status is PermitStatus.EXPIRED
    assert "自2022-03-01起注销" in closed.permit_check.reason
    assert unknown.permit_check.status is PermitStatus.NOT_IN_REGISTER
    assert closed.decision is unknown.decision is Decision.REJECT


def test_a_finding_for_want_of_a_permit_shows_where_the_business_is_named(review):
    finding = found(review(LOAN, CLOSED))["unlicensed-promotion"]
    assert "小额贷款" in {evidence.text for evidence in finding.evidence}
    assert finding.legal_basis
    assert finding.explanation.endswith("注销。")


def test_absence_is_not_proven_on_a_day_without_a_complete_list(review):
    day_after = review(LOAN, UNKNOWN, day=date(2026, 11, 2))
    assert day_after.permit_check.status is PermitStatus.NOT_IN_REGISTER
    assert found(day_after)["unlicensed-promotion"].decision is Decision.REVIEW
    archive = review(LOAN, UNKNOWN, day=date(2026, 11, 2), point=OperatingPoint.ARCHIVE)
    assert "unlicensed-promotion" not in found(archive)


def test_a_list_that_may_be_some_days_old_is_a_setting(register):
    reviewer = Reviewer(
        load_rulebook(), None, Settings(), NOW, permits=Permits(register, within_days=7)
    )
    late = Placement(date(2026, 11, 5), UNKNOWN)
    review = reviewer.review(text_source(LOAN), late).review
    assert review.decision is Decision.REJECT


def test_a_permit_for_something_else_is_beyond_scope(review):
    deposit = review("一年期存款利率1.5%，欢迎来我司办理存款业务", LENDER)
    assert deposit.permit_check.status is PermitStatus.OUT_OF_SCOPE
    assert found(deposit)["beyond-permit-scope"].decision is Decision.REJECT


def test_the_advertiser_is_read_from_the_text(review):
    named = review(f"{LOAN}\n{LENDER}\n地址：温州市沧溪路8号 电话0577-88000000")
    assert named.permit_check.status is PermitStatus.COVERED
    assert named.permit_check.advertiser == LENDER


def test_a_short_name_leads_to_its_bank(review):
    named = review("【青屿农商银行】一年期存款利率1.5%，欢迎到网点办理。拒收请回复R")
    assert named.permit_check.status is PermitStatus.COVERED
    assert named.permit_check.checks[0].permits[0].holder == BANK


def test_a_brand_of_the_register_leads_to_its_owner(review):
    check = review("沧溪快贷，小额贷款年化利率12%起，额度以审批为准").permit_check
    assert check.status is PermitStatus.COVERED
    assert check.checks[0].permits[0].holder == LENDER


def test_the_account_of_a_page_goes_before_names_in_its_text(review):
    words = f"<p>一年期存款利率1.5%，欢迎到网点办理。</p><p>鸣谢{UNKNOWN}</p>"
    page = f'<html><meta name="author" content="{BANK}"><body>{words}</body></html>'
    source = Source("page.html", page.encode, lambda _: None)
    check = review(source).permit_check
    assert check.advertiser == BANK
    assert check.status is PermitStatus.COVERED


def test_the_provider_is_not_taken_for_the_promoter(review):
    text = f"温州云桥信息科技有限公司推荐：小额贷款由{LENDER}发放，年化利率12%起"
    check = review(text).permit_check
    assert check.advertiser == "温州云桥信息科技有限公司"
    assert check.status is PermitStatus.AMBIGUOUS
    assert LENDER in check.reason


def test_whoever_speaks_on_behalf_of_a_licensed_lender_is_covered_by_it(review):
    text = f"温州云桥信息科技有限公司受{LENDER}委托展示：小额贷款由{LENDER}发放，年化利率12%起"
    check = review(text).permit_check
    assert check.status is PermitStatus.COVERED
    assert "委托" in check.reason


def test_a_custodian_bank_is_neither(review):
    check = review(f"{UNKNOWN}小额贷款，年化利率12%起，资金由{BANK}存管").permit_check
    assert check.advertiser == UNKNOWN
    assert check.status is PermitStatus.NOT_IN_REGISTER


def test_two_firms_side_by_side_are_ambiguous(review):
    check = review(f"{UNKNOWN}、温州千帆小额贷款有限公司，小额贷款年化利率12%起").permit_check
    assert check.status is PermitStatus.AMBIGUOUS


def test_a_ban_needs_no_register(review):
    text = "比特币合约带单，扫码开户，老师手把手教"
    before, after = (
        review(text, day=day, held=None) for day in (date(2021, 9, 23), date(2021, 9, 24))
    )
    assert after.permit_check.status is PermitStatus.BANNED
    assert after.decision is Decision.REJECT
    assert not before.permit_check.checks[0].proven


def test_without_a_register_nothing_is_said_to_be_missing(review):
    plain = review(LOAN, UNKNOWN, held=None)
    assert plain.permit_check.status is PermitStatus.NO_REGISTER
    assert not plain.findings
    assert plain.provenance.register is None
    assert "needs the register" in {skipped.reason for skipped in plain.not_checked}


def test_a_review_names_the_lists_it_rests_on(review):
    covered = review(LOAN, LENDER)
    assert covered.provenance.register.startswith("sha256:")
    assert covered.permit_check.snapshots == {"小贷:浙江": DAY, "金融许可证": DAY}


def test_what_is_no_advertisement_has_no_permit_finding(review):
    news = f"本报讯 记者从市金融监管部门获悉，{CLOSED}的小额贷款经营许可已被注销，相关部门提醒市民注意风险。"
    assert "unlicensed-promotion" not in found(review(news))


def test_the_register_releases_words_that_looked_unlicensed(review):
    touting = "急用钱找我们！小额贷款当天放款，年化利率12%起，无抵押，电话138****0000"
    assert "unlicensed-promotion" in found(review(touting, held=None))
    released = review(touting, LENDER)
    assert "unlicensed-promotion" not in found(released)
    assert "unlicensed-promotion" in {mention.rule for mention in released.mentions}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{LOAN}\n{UNKNOWN}\n统一社会信用代码：{LENDERS_CODE}", f"登记在{LENDER}名下"),
        (f"{LOAN}\n{LENDER}\n统一社会信用代码：{LENDERS_CODE[:-1]}0", "校验位不对"),
        (f"{LOAN}\n{UNKNOWN}\n金融许可证机构编码：B1234H233030001", f"登记在{BANK}名下"),
    ],
)
def test_a_number_that_does_not_fit_is_a_finding_of_its_own(review, text, says):
    assert says in found(review(text))["false-or-misleading-claim"].explanation


def test_ones_own_number_is_no_fault(review):
    own = review(f"{LOAN}\n{LENDER}\n统一社会信用代码：{LENDERS_CODE}")
    assert "false-or-misleading-claim" not in found(own)


def test_a_provincial_permit_does_not_cover_the_whole_country(review):
    check = review(f"{LOAN}全国可办", LENDER).permit_check
    assert check.status is PermitStatus.OUT_OF_SCOPE
    assert "浙江省" in check.reason


def test_the_same_ad_and_register_give_the_same_review(review):
    assert review(LOAN, CLOSED) == review(LOAN, CLOSED)


def test_a_name_on_a_line_of_its_own_does_not_swallow_the_line_before(review):
    named = review(f"小额贷款年化利率12%起现可提前预约额度\n{LENDER[2:]}")
    assert named.permit_check.advertiser == LENDER[2:]


def test_a_business_that_only_a_name_speaks_of_is_not_asked_for(review):
    check = review("沧溪存款科技有限公司推荐：小额贷款年化利率12%起，以审批为准").permit_check
    assert [one.activity for one in check.checks] == ["microloan"]
