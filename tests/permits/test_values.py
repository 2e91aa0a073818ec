"""Cells become days, codes and items, in all the ways that clerks write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some
from stdnum.cn import uscc

from adscan.permits.lists.values import (
    ValueFault,
    check_digit,
    first_day,
    place_of,
    read_credit_code,
    read_day,
    read_end,
    read_former,
    read_items,
    read_name,
    read_names,
    read_registration,
    read_text,
    read_validity,
    read_yes,
)

LEAP = date(2024, 2, 28)
GOOD = "91330300MA0000000"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    "cell",
    ["2024-02-28", "2024/2/28", "2024.2.28", "20240228", 20240228, "2024年2月28日", "２０２４年２月２８日",
     "2024-02-28 00:00:00", "2024-02-28T08:00:00Z", LEAP, datetime(2024, 2, 28, 9, 30), 45350, 45350.5, "45350"],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(cell):
    assert read_day(cell) == LEAP


@pytest.mark.parametrize(
    "cell", ["2024.02.30", "20240230", "2023-02-29", "2024年13月1日", "2024/0/3"]
)
def test_a_day_that_does_not_exist_is_a_fault(cell):
    with pytest.raises(ValueFault, match="不存在"):
        read_day(cell)


@pytest.mark.parametrize(
    "cell", ["明年", "2024年2月", "2024", "1024-01-01", "2024-02-28x", "3000000"]
)
def test_what_is_no_day_is_a_fault(cell):
    with pytest.raises(ValueFault):
        read_day(cell)


@given(
    some.dates(date(1900, 1, 1), date(2100, 12, 31)),
    some.sampled_from(["-", "/", ".", "年月日", ""]),
)
def test_every_day_is_read_back(day, sign):
    match sign:
        case "年月日":
            text = f"{day.year}年{day.month}月{day.day}日"
        case "":
            text = f"{day:%Y%m%d}"
        case _:
            text = f"{day.year}{sign}{day.month}{sign}{day.day}"
    assert read_day(text) == day


@given(some.dates(date(1930, 1, 1), date(2099, 12, 31)))
def test_excel_numbers_are_days(day):
    assert read_day((day - date(1899, 12, 30)).days) == day


@pytest.mark.parametrize(
    "cell", ["长期", "长期有效", "无固定期限", "9999-12-31", "2999年12月31日", "", None, "—", "无"]
)
def test_without_end_is_no_day(cell):
    assert read_end(cell) is None


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("2020-01-01至2025-01-01", (date(2020, 1, 1), date(2025, 1, 1))),
        ("2020年1月1日－2025年1月1日", (date(2020, 1, 1), date(2025, 1, 1))),
        ("20200101-20250101", (date(2020, 1, 1), date(2025, 1, 1))),
        ("自2020.1.1起至2025.1.1止", (date(2020, 1, 1), date(2025, 1, 1))),
        ("2020-01-01至长期", (date(2020, 1, 1), None)),
        ("2025-01-01", (None, date(2025, 1, 1))),
        ("有效期至2025年1月1日", (None, date(2025, 1, 1))),
        ("长期", (None, None)),
        ("", (None, None)),
    ],
)
def test_a_validity_may_be_one_cell(cell, days):
    assert read_validity(cell) == days


@pytest.mark.parametrize("cell", ["三年", "2020-01-01至2020-02-30", "2020-01-01至明年"])
def test_a_validity_that_cannot_be_meant_is_a_fault(cell):
    with pytest.raises(ValueFault):
        read_validity(cell)


@given(some.text(ALPHABET, min_size=17, max_size=17))
def test_the_check_digit_is_the_library_s(number):
    assert check_digit(number) == uscc.calc_check_digit(number)


@given(some.text(ALPHABET, min_size=17, max_size=17), some.sampled_from(ALPHABET))
def test_a_code_with_another_check_digit_is_a_fault(number, digit):
    code = number + digit
    if digit == check_digit(number):
        assert read_credit_code(code) == code
    else:
        with pytest.raises(ValueFault, match="校验位"):
            read_credit_code(code)


def test_small_letters_full_width_and_blanks_in_a_code_do_not_matter():
    code = GOOD + check_digit(GOOD)
    assert read_credit_code(f" {code[:8].lower()} {code[8:]}　") == code
    assert read_credit_code("") is None


@pytest.mark.parametrize("cell", [9.1330300123456789e17, "9.13303E+17", 913303001234567890])
def test_a_code_that_became_a_number_says_so(cell):
    with pytest.raises(ValueFault, match="数值"):
        read_credit_code(cell)


@pytest.mark.parametrize("cell", ["9133030", "91330300MI0000000O", "浙江省"])
def test_what_is_no_code_is_a_fault(cell):
    with pytest.raises(ValueFault, match="18 位"):
        read_credit_code(cell)


@pytest.mark.parametrize("cell", ["12345678-9", "12345678X", "330300000012345"])
def test_older_numbers_tell_nobody_apart(cell):
    assert read_registration(cell) is None


def test_items_are_parted_outside_brackets():
    scope = "（一）储值账户运营Ⅰ类（原互联网支付、移动电话支付）；支付交易处理Ⅰ类、银行卡收单。"
    assert read_items(scope) == (
        "储值账户运营Ⅰ类（原互联网支付、移动电话支付）",
        "支付交易处理Ⅰ类",
        "银行卡收单",
    )
    assert read_items("1.证券经纪；2、证券投资咨询；\n3）基金销售") == (
        "证券经纪",
        "证券投资咨询",
        "基金销售",
    )
    assert read_items("证券经纪") == ("证券经纪",)
    assert read_items(None) == ()


@given(some.lists(some.text("证券经纪基金销售（、）;,1.一", max_size=12), max_size=4))
def test_items_joined_again_are_the_same_items(items):
    once = read_items("；".join(items))
    assert read_items("；".join(once)) == once


def test_a_comma_is_part_of_a_name():
    assert read_names("甲公司；Acme Co., Ltd.") == ("甲公司", "Acme Co., Ltd.")


def test_a_former_name_may_tell_its_last_day():
    assert read_former("甲公司（至2024-05-01）、某某（中国）有限公司") == (
        ("甲公司", date(2024, 5, 1)),
        ("某某（中国）有限公司", None),
    )


@pytest.mark.parametrize("cell", ["", " ", "-", "——", "/", "无", "NULL", "N/A", None])
def test_signs_for_nothing_are_nothing(cell):
    assert read_text(cell) == ""


def test_what_a_spreadsheet_protects_from_being_a_formula_is_text():
    assert read_text("'=甲") == "=甲"
    assert read_text("'甲") == "'甲"


def test_a_line_break_inside_a_name_goes():
    assert read_name("禾麓农村商业银行\n股份有限公司") == "禾麓农村商业银行股份有限公司"
    assert read_name("Acme  Asset Management") == "Acme Asset Management"


def test_yes_and_no():
    assert read_yes("是")
    assert not read_yes("否")
    assert not read_yes("")
    with pytest.raises(ValueFault):
        read_yes("也许")


def test_the_first_day_of_a_remark():
    assert first_day("已于2023年5月12日注销") == date(2023, 5, 12)
    assert first_day("2023年2月30日，2023-03-01起") == date(2023, 3, 1)
    assert first_day("注销") is None


def test_the_place_of_an_address():
    assert place_of("浙江省温州市鹿城区车站大道1号") == "330302"
    assert place_of("某地") == ""
