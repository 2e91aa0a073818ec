"""The register answers as of a day, in whatever order its lists came; bad files are told apart."""

import sqlite3
from datetime import date, timedelta
from itertools import permutations

import pytest

from adscan.errors import RegisterError
from adscan.permits.dossier import find, open_dossier
from adscan.permits.lists.values import check_digit
from adscan.permits.register_file import open_register
from adscan.permits.register_schema import MIGRATIONS
from adscan.records.permit import NameKind, PermitState

JAN, MAR, MAY, JUL, SEP = (date(2026, month, 1) for month in (1, 3, 5, 7, 9))
CODE = "91000000000000700"
CODE += check_digit(CODE)


def row(name: str = "禾汀典当有限公司", state: str = "正常", code: str = CODE) -> list[str]:
    return [name, code, "典当行", "9", "2020-01-01", "长期", state]


OTHER = row("别的典当有限公司", code="")


def only(register, name="禾汀典当有限公司"):
    (match,) = register.named(name)
    return match.institution


def states(register, *days: date) -> list[PermitState]:
    institution = only(register)
    return [line.state for day in days for line in register.permits(institution, day)]


def gone(register, *days: date) -> list[bool]:
    """Whether on each day the permit had vanished from the lists."""
    institution = only(register)
    lines = [line for day in days for line in register.permits(institution, day)]
    return [
        bool(line.listed_until and line.listed_until <= day)
        for line, day in zip(lines, days, strict=True)
    ]


def test_a_permit_is_told_as_it_was_known_on_the_day(take, register):
    take([row()], JAN)
    take([row(state="暂停")], MAR)
    take([row(state="注销")], MAY)
    day = timedelta(1)
    found = states(register, JAN, MAR - day, MAR, MAY - day, MAY, SEP)
    active, suspended = PermitState.ACTIVE, PermitState.SUSPENDED
    assert found == [active, active, suspended, suspended, *[PermitState.CANCELLED] * 2]


def test_before_all_lists_the_oldest_one_speaks(take, register):
    take([row(state="暂停")], MAR)
    take([row()], MAY)
    assert states(register, JAN) == [PermitState.SUSPENDED]


def test_an_unchanged_permit_is_dated_by_the_newest_list_of_the_day(take, register):
    for day in (JAN, MAR, MAY):
        take([row(), row("别的典当有限公司", code="")] if day == MAR else [row()], day)
    institution = only(register)
    (before,) = register.permits(institution, MAR)
    (after,) = register.permits(institution, JUL)
    assert (before.snapshot, after.snapshot) == (MAR, MAY)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_vanished_and_listed_again_in_whatever_order_the_lists_come(take, register, order):
    lists = [(JAN, [row(), OTHER]), (MAR, [OTHER]), (MAY, [row(), OTHER]), (JUL, [OTHER])]
    for at in order:
        day, rows = lists[at]
        take(rows, day, complete=True)
    days = (JAN, MAR - timedelta(1), MAR, MAY - timedelta(1), MAY, JUL - timedelta(1), JUL, SEP)
    assert gone(register, *days) == [False, False, True, True, False, False, True, True]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_versions_are_the_same_in_whatever_order_the_lists_come(take, register, order):
    lists = [(JAN, "正常"), (MAR, "暂停"), (MAY, "正常")]
    for at in order:
        day, state = lists[at]
        take([row(state=state)], day)
    active, suspended = PermitState.ACTIVE, PermitState.SUSPENDED
    assert states(register, JAN, MAR, MAY) == [active, suspended, active]


def test_an_older_list_imported_later_does_not_undo_a_newer_one(take, register):
    take([row(), OTHER], JAN, complete=True)
    take([row(), OTHER], MAY, complete=True)
    take([OTHER], MAR, complete=True)
    assert gone(register, JAN, MAR, MAY, SEP) == [False, True, False, False]


def test_an_incomplete_list_closes_nothing(take, register):
    take([row(), OTHER], JAN, complete=True)
    take([OTHER], MAR)
    assert gone(register, SEP) == [False]


def test_a_renamed_institution_is_one_and_found_by_both_names(take, register):
    take([row("旧名典当有限公司")], JAN)
    take([row("新名典当有限公司")], MAR)
    institution = only(register, "新名典当有限公司")
    assert only(register, "旧名典当有限公司").id == institution.id
    assert register.count()[0] == 1
    (former,) = [name for name in institution.names if name.kind is NameKind.FORMER]
    assert (former.text, former.until) == ("旧名典当有限公司", MAR - timedelta(1))
    assert register.named("旧名典当有限公司", MAY) == []


def test_an_older_list_with_the_former_name_does_not_rename_back(take, register):
    take([row("旧名典当有限公司")], JAN)
    take([row("新名典当有限公司")], MAY)
    take([row("旧名典当有限公司")], MAR)
    assert only(register, "旧名典当有限公司").name == "新名典当有限公司"


def test_institutions_without_a_code_are_told_apart_by_name(take, register):
    take([row("甲典当有限公司", code=""), row("乙典当有限公司", code="")], JAN)
    take([row("甲典当有限公司", code="")], MAR)
    assert register.count() == (2, 2)


def test_a_code_that_comes_later_stays_with_the_name(take, register):
    take([row(code="")], JAN)
    take([row()], MAR)
    assert only(register).credit_code == CODE
    assert register.count() == (1, 1)


def test_a_branch_belongs_to_its_head_even_if_listed_first(take, register):
    header = ["机构名称", "许可类型", "法人机构"]
    take([["禾麓银行溪口支行", "银行", "禾麓银行"], ["禾麓银行", "银行", ""]], JAN, header=header)
    branch = only(register, "禾麓银行溪口支行")
    head = register.head_of(branch)
    assert (branch.head, head.name) == ("禾麓银行", "禾麓银行")
    dossier = open_dossier(register, head, MAR)
    assert [one.name for one in dossier.branches] == ["禾麓银行溪口支行"]
    assert len(open_dossier(register, branch, MAR).permits) == 2


def test_names_are_found_exactly_then_alike_then_by_sound(take, register):
    header = ["机构名称", "许可类型", "品牌", "许可证编号"]
    take([["浙江禾汀典当有限责任公司", "典当行", "禾汀宝", "A1"]], JAN, header=header)
    for asked, how in (
        ("浙江禾汀典当有限责任公司", "全称"),
        ("禾汀宝", "品牌"),
        ("A1", "许可证编号"),
        ("禾汀典当", "相近"),
        ("heting", "读音"),
        ("河汀", "读音"),
    ):
        (found,) = find(register, asked, MAR)
        assert how in found.how, asked
    assert find(register, "全无此名", MAR) == []


def test_the_history_lists_every_version_and_the_end(take, register):
    take([row(), OTHER], JAN, complete=True)
    take([row(state="暂停"), OTHER], MAR, complete=True)
    take([OTHER], MAY, complete=True)
    dossier = open_dossier(register, only(register), SEP)
    assert [(line.snapshot, line.state.value) for line in dossier.history] == [
        (JAN, "active"),
        (MAR, "suspended"),
    ]
    assert [(one.since, one.last, one.until) for one in dossier.stretches] == [(JAN, MAR, MAY)]


def test_a_missing_register_says_how_to_make_one(tmp_path):
    with pytest.raises(RegisterError, match="permits import"):
        open_register(tmp_path / "none.db")


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "register.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(RegisterError, match="已损坏或不是数据库"):
        open_register(path)


def test_a_damaged_register_is_told_when_it_is_read(take, register):
    take([row(f"甲{number}典当有限公司", code="") for number in range(300)], JAN)
    register.close()
    whole = register.path.read_bytes()
    register.path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises((RegisterError, sqlite3.DatabaseError)):
        open_register(register.path).snapshots()


def test_another_program_s_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE t (a)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(RegisterError, match="不是 adscan 的登记册"):
        open_register(path, create=True)
    assert path.read_bytes() == before


def test_a_newer_register_is_refused(register):
    register.connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(RegisterError, match="更新版本"):
        open_register(register.path)


def test_an_error_inside_a_transaction_is_told_as_a_register_error(register):
    with pytest.raises(RegisterError), register.writing() as connection:
        connection.execute("INSERT INTO institution (id, name) VALUES (1, 'a')")
        raise sqlite3.OperationalError("database or disk is full")
    assert register.count() == (0, 0)
