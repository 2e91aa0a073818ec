"""The permit verdict, one behaviour at a time; the wide table is test_matrix.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from adscan.permits.advertiser import AdvertiserFinder
from adscan.permits.check import PermitChecker, Question, Who, gravest
from adscan.permits.lists.intake import Entry, Intake
from adscan.permits.permit_weight import CHANGING_DAYS
from adscan.permits.places import NATION
from adscan.permits.register import Register
from adscan.permits.register_file import open_register
from adscan.records.permit import ActivityCheck, NameKind, PermitState, PermitStatus, Snapshot

DAY = date(2026, 11, 1)
ONE_DAY = timedelta(days=1)
BANK = "温州檀溪银行股份有限公司"
BRANCH = "温州檀溪银行股份有限公司望潮支行"
LENDER = "温州砚池小额贷款有限公司"
STRANGER = "温州鸥鹭小额贷款有限公司"
PAYER = "杭州青蚨支付有限公司"
REACH = {  # of a permit for 浙江 and 上海
    "33": PermitStatus.COVERED,
    "3301": PermitStatus.COVERED,
    "31": PermitStatus.COVERED,
    "51": PermitStatus.OUT_OF_SCOPE,
    NATION: PermitStatus.OUT_OF_SCOPE,
}

Take = Callable[..., Register]


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    register = open_register(tmp_path / "register.db", create=True)
    yield register
    register.close()


@pytest.fixture
def take(register: Register) -> Take:
    """Imports one list: its day, its types, its entries; complete and of the whole country."""

    def take(
        taken: date,
        types: set[str],
        *entries: Entry,
        complete: bool = True,
        region: str = NATION,
        source: str = "list",
    ) -> Register:
        digest = f"{source} {taken} {len(entries)}"
        snapshot = Snapshot(
            source, taken, complete, frozenset(types), region, "list.csv", digest, len(entries)
        )
        with register.writing() as connection:
            Intake(connection, snapshot).take(entries)
        return register

    return take


def ask(
    register: Register | None,
    name: str,
    activity: str,
    day: date = DAY,
    region: str | None = None,
    within_days: int = 0,
) -> ActivityCheck:
    who = AdvertiserFinder(register).who(name, day) if name else Who("", ())
    return PermitChecker(register, within_days).check(Question(who, activity, day, region))


def answer(status: PermitStatus, *, proven: bool = True) -> ActivityCheck:
    return ActivityCheck("deposit", status, "理由", (), proven)


def test_several_companies_in_one_ad_are_ambiguous(take: Take):
    register = take(DAY, {"bank"}, Entry(1, BANK, "bank"))
    known = AdvertiserFinder(register).who(BANK, DAY).institutions
    who = Who(f"{BANK}、{STRANGER}", known, several=True)
    told = PermitChecker(register).check(Question(who, "deposit", DAY))
    assert (told.status, told.proven) == (PermitStatus.AMBIGUOUS, False)
    assert STRANGER in told.reason


def test_a_ban_needs_no_register_and_no_name():
    told = ask(None, "", "virtual_asset")
    assert (told.status, told.proven) == (PermitStatus.BANNED, True)


def test_a_ban_goes_before_the_permit(take: Take):
    register = take(DAY, {"bank"}, Entry(1, BANK, "bank"))
    assert ask(register, BANK, "p2p_lending").status is PermitStatus.BANNED


def test_a_turn_that_leaves_room_is_for_a_person_to_judge():
    told = ask(None, BANK, "overseas_finance", date(2024, 1, 1))
    assert (told.status, told.proven) == (PermitStatus.BANNED, False)


def test_without_a_register_nobody_is_missing_from_it():
    told = ask(None, STRANGER, "microloan")
    assert (told.status, told.proven) == (PermitStatus.NO_REGISTER, False)


def test_an_empty_register_is_no_register(register: Register):
    told = ask(register, STRANGER, "microloan")
    assert (told.status, told.proven) == (PermitStatus.NO_REGISTER, False)


def test_pawnshops_have_no_register_until_a_list_of_them_is_imported(take: Take):
    name = "温州霜鸿典当有限公司"
    register = take(DAY, {"bank"}, Entry(1, BANK, "bank"))
    assert ask(register, name, "pawn").status is PermitStatus.NO_REGISTER
    take(DAY, {"pawn"}, Entry(1, "温州银杏典当有限公司", "pawn"), region="33", source="pawn")
    told = ask(register, name, "pawn")
    assert (told.status, told.proven) == (PermitStatus.NOT_IN_REGISTER, True)


def test_absence_is_proven_by_the_list_of_the_day_only(take: Take):
    register = take(DAY, {"microloan", "online_microloan"}, Entry(1, LENDER, "microloan"))
    assert ask(register, STRANGER, "microloan", DAY).proven
    assert not ask(register, STRANGER, "microloan", DAY - ONE_DAY).proven
    assert not ask(register, STRANGER, "microloan", DAY + ONE_DAY).proven


def test_a_list_that_lacks_one_of_the_types_does_not_prove_absence(take: Take):
    register = take(DAY, {"microloan"}, Entry(1, LENDER, "microloan"))
    told = ask(register, STRANGER, "microloan")
    assert (told.status, told.proven) == (PermitStatus.NOT_IN_REGISTER, False)
    assert "网络小额贷款" in told.reason


def test_how_far_from_the_day_a_list_counts_can_be_set(take: Take):
    register = take(DAY, {"microloan", "online_microloan"}, Entry(1, LENDER, "microloan"))
    week = timedelta(days=7)
    assert ask(register, STRANGER, "microloan", DAY + week, within_days=7).proven
    assert not ask(register, STRANGER, "microloan", DAY + week + ONE_DAY, within_days=7).proven


def test_no_reason_speaks_of_a_complete_list_that_was_not_imported(take: Take):
    register = take(DAY, {"bank"}, Entry(1, BANK, "bank"), complete=False)
    told = ask(register, "温州苇岸网络科技有限公司", "deposit")
    assert told.status is PermitStatus.NOT_IN_REGISTER
    assert "的完整名录里没有" not in told.reason


def test_a_list_of_the_very_day_is_not_called_old(take: Take):
    take(date(2020, 1, 1), {"bank"}, Entry(1, BANK, "bank"))
    told = ask(take(DAY, {"bank"}, Entry(1, BANK, "bank")), BANK, "deposit")
    assert told.status is PermitStatus.COVERED
    assert "相隔较远" not in told.reason


def test_a_list_of_long_ago_is_called_old(take: Take):
    register = take(date(2020, 1, 1), {"bank"}, Entry(1, BANK, "bank"))
    told = ask(register, BANK, "deposit")
    assert told.status is PermitStatus.COVERED
    assert "2020-01-01" in told.reason


def test_a_permit_that_ended_lately_may_be_in_renewal(take: Take):
    last = DAY - timedelta(days=CHANGING_DAYS)
    register = take(DAY, {"payment"}, Entry(1, PAYER, "payment", valid_to=last))
    told = ask(register, PAYER, "payment")
    assert (told.status, told.proven) == (PermitStatus.EXPIRED, False)
    assert "换证" in told.reason


def test_a_permit_that_a_later_list_still_shows_as_ended_is_expired(take: Take):
    last = DAY - timedelta(days=CHANGING_DAYS + 1)
    register = take(DAY, {"payment"}, Entry(1, PAYER, "payment", valid_to=last))
    told = ask(register, PAYER, "payment")
    assert (told.status, told.proven) == (PermitStatus.EXPIRED, True)


def test_the_last_day_of_a_permit_belongs_to_it(take: Take):
    register = take(DAY, {"payment"}, Entry(1, PAYER, "payment", valid_from=DAY, valid_to=DAY))
    assert ask(register, PAYER, "payment").status is PermitStatus.COVERED
    assert ask(register, PAYER, "payment", DAY + ONE_DAY).status is PermitStatus.EXPIRED
    assert ask(register, PAYER, "payment", DAY - ONE_DAY).status is PermitStatus.NOT_IN_REGISTER


def test_what_a_later_list_dates_back_holds_on_the_earlier_day(take: Take):
    suspended_on = date(2026, 5, 10)
    take(date(2026, 1, 1), {"payment"}, Entry(1, PAYER, "payment"))
    register = take(
        DAY,
        {"payment"},
        Entry(1, PAYER, "payment", state=PermitState.SUSPENDED, state_since=suspended_on),
    )
    assert ask(register, PAYER, "payment", suspended_on - ONE_DAY).status is PermitStatus.COVERED
    assert ask(register, PAYER, "payment", suspended_on).status is PermitStatus.SUSPENDED


def test_a_lifted_suspension_holds_no_longer(take: Take):
    take(
        date(2026, 1, 1),
        {"payment"},
        Entry(1, PAYER, "payment", state=PermitState.SUSPENDED, state_since=date(2025, 12, 1)),
    )
    register = take(DAY, {"payment"}, Entry(1, PAYER, "payment"))
    assert ask(register, PAYER, "payment", date(2026, 1, 1)).status is PermitStatus.SUSPENDED
    assert ask(register, PAYER, "payment").status is PermitStatus.COVERED


def test_of_two_permits_the_one_that_still_holds_speaks(take: Take):
    register = take(
        DAY,
        {"payment"},
        Entry(1, PAYER, "payment", number="Z2999933000011", state=PermitState.CANCELLED),
        Entry(2, PAYER, "payment", number="Z2999933000029"),
    )
    told = ask(register, PAYER, "payment")
    assert told.status is PermitStatus.COVERED
    assert "Z2999933000029" in told.reason
    assert len(told.permits) == 2


def test_two_institutions_of_one_full_name_are_ambiguous(take: Take):
    register = take(
        DAY,
        {"microloan"},
        Entry(1, LENDER, "microloan", credit_code="91330300XATEMM0097"),
        Entry(2, LENDER, "microloan", credit_code="91330300XATEMM0098"),
    )
    assert ask(register, LENDER, "microloan").status is PermitStatus.AMBIGUOUS


def test_a_name_given_up_and_taken_by_another_is_that_of_its_bearer_of_the_day(take: Take):
    first, second = "91330300XATEMM0011", "91330300XATEMM0012"
    take(date(2022, 1, 1), {"microloan"}, Entry(1, LENDER, "microloan", credit_code=first))
    register = take(
        DAY,
        {"microloan"},
        Entry(1, "温州霜鸿小额贷款有限公司", "microloan", credit_code=first),
        Entry(2, LENDER, "microloan", credit_code=second, state=PermitState.REVOKED),
    )
    assert ask(register, LENDER, "microloan").status is PermitStatus.EXPIRED


def test_a_branch_that_no_list_has_stands_for_its_legal_person(take: Take):
    register = take(DAY, {"bank"}, Entry(1, BANK, "bank"))
    told = ask(register, BRANCH, "deposit")
    assert (told.status, told.permits[0].holder) == (PermitStatus.COVERED, BANK)


def test_a_listed_branch_does_not_make_its_legal_person_ambiguous(take: Take):
    register = take(DAY, {"bank"}, Entry(1, BANK, "bank"), Entry(2, BRANCH, "bank", head=BANK))
    told = ask(register, "温州檀溪银行有限责任公司", "deposit")
    assert (told.status, told.permits[0].holder) == (PermitStatus.COVERED, BANK)


def test_a_branch_whose_legal_person_lost_its_permit_has_none(take: Take):
    revoked = {"state": PermitState.REVOKED, "state_since": date(2026, 1, 1)}
    register = take(
        DAY, {"bank"}, Entry(1, BANK, "bank", **revoked), Entry(2, BRANCH, "", head=BANK)
    )
    assert ask(register, BRANCH, "deposit").status is PermitStatus.EXPIRED


def test_a_brand_leads_to_its_holder_and_a_shared_one_to_nobody(take: Take):
    brand = ((NameKind.BRAND, "霜鸿钱包"),)
    register = take(DAY, {"payment"}, Entry(1, PAYER, "payment", other_names=brand))
    assert ask(register, "霜鸿钱包", "payment").status is PermitStatus.COVERED
    other = Entry(1, "宁波贝阙支付有限公司", "payment", other_names=brand)
    take(DAY, {"payment"}, other, complete=False, source="other")
    assert ask(register, "霜鸿钱包", "payment").status is PermitStatus.AMBIGUOUS


def test_a_region_that_is_not_known_is_not_held_against_the_ad(take: Take):
    register = take(DAY, {"payment"}, Entry(1, PAYER, "payment", region="浙江省"))
    assert ask(register, PAYER, "payment", region=None).status is PermitStatus.COVERED
    assert ask(register, PAYER, "payment", region=NATION).status is PermitStatus.OUT_OF_SCOPE


@pytest.mark.parametrize(
    "printed", ["浙江省、上海市", "浙江省，上海市", "浙江、上海", "浙江省 上海市"]
)
def test_a_permit_for_several_provinces_holds_in_each_and_nowhere_else(take: Take, printed: str):
    register = take(DAY, {"payment"}, Entry(1, PAYER, "payment", region=printed))
    statuses = {region: ask(register, PAYER, "payment", region=region).status for region in REACH}
    assert statuses == REACH


def test_small_loans_beyond_the_province_are_for_a_person_to_judge(take: Take):
    register = take(DAY, {"microloan"}, Entry(1, LENDER, "microloan", region="浙江省"))
    told = ask(register, LENDER, "microloan", region=NATION)
    assert (told.status, told.proven) == (PermitStatus.OUT_OF_SCOPE, False)


def test_a_scope_that_is_not_printed_is_neither_there_nor_missing(take: Take):
    register = take(
        DAY, {"securities_company"}, Entry(1, "浙江鲸汐证券有限公司", "securities_company")
    )
    told = ask(register, "浙江鲸汐证券有限公司", "securities_brokerage")
    assert (told.status, told.proven) == (PermitStatus.AMBIGUOUS, False)


def test_a_printed_scope_that_lacks_the_business_leaves_a_second_permit_possible(take: Take):
    told = ask(
        take(DAY, {"bank"}, Entry(1, BANK, "bank", scope=("吸收公众存款",))), BANK, "fund_sales"
    )
    assert (told.status, told.proven) == (PermitStatus.OUT_OF_SCOPE, False)


def test_the_order_of_import_does_not_matter(take: Take):
    newer = Entry(1, LENDER, "microloan")
    register = take(DAY, {"microloan"}, newer)
    take(date(2024, 1, 1), {"microloan"}, newer, Entry(2, STRANGER, "microloan"))
    told = ask(register, STRANGER, "microloan")
    assert told.status is PermitStatus.EXPIRED
    assert ask(register, STRANGER, "microloan", date(2024, 1, 1)).status is PermitStatus.COVERED


def test_the_gravest_answer_speaks_and_a_proven_one_goes_first():
    covered, banned = answer(PermitStatus.COVERED), answer(PermitStatus.BANNED)
    doubtful = answer(PermitStatus.NOT_IN_REGISTER, proven=False)
    missing = answer(PermitStatus.NOT_IN_REGISTER)
    assert gravest([covered, banned]) is banned
    assert gravest([doubtful, missing, covered]) is missing
    assert gravest([covered, doubtful]) is doubtful
    assert gravest([]) is None
