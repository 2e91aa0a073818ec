"""One file into the register: all good rows with the bad ones told, or nothing at all."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from adscan.errors import ListError, RegisterError
from adscan.permits.check import PermitChecker, Question, Who
from adscan.permits.lists import importing
from adscan.permits.lists.exporting import export_rows, headings
from adscan.permits.lists.importing import Order, import_list
from adscan.permits.lists.values import check_digit
from adscan.permits.register_file import open_register
from adscan.records.permit import PermitState
from adscan.report.permit_lists import render_rows

TODAY = date(2026, 11, 25)
EXAMPLES = Path(__file__).parents[2] / "examples" / "permits"


def code(number: int) -> str:
    body = f"91000000{number:09d}"
    return body + check_digit(body)


def good(number: int, name: str = "", **over: str) -> list[str]:
    row = {"name": name or f"甲{number}典当有限公司", "code": code(number), "type": "典当行",
           "number": f"9999{number}", "begin": "2020-01-01", "end": "长期", "state": "正常"}  # fmt: skip
    return list((row | over).values())


BAD = [
    ({"name": ""}, "机构名称", "没有机构名称"),
    ({"code": code(1)[:-1] + ("0" if code(1)[-1] != "0" else "1")}, "统一社会信用代码", "校验位"),
    ({"begin": "2024.02.30"}, "有效期起", "不存在"),
    ({"begin": "20240230"}, "有效期起", "不存在"),
    ({"end": "2019-12-31"}, "有效期止", "早于"),
    ({"type": "许愿证"}, "许可类型", "没有“许愿证”"),
    ({"type": ""}, "许可类型", "看不出"),
    ({"state": "很好"}, "状态", "没有“很好”"),
]


@pytest.mark.parametrize(("over", "column", "reason"), BAD)
def test_a_bad_row_is_told_and_the_good_ones_go_in(take, register, over, column, reason):
    row = good(1, **over) if "name" not in over else [over["name"], *good(1)[1:]]
    done = take([good(2), row, good(3)])
    (fault,) = done.faults
    assert (fault.row, fault.column) == (3, column)
    assert reason in fault.reason
    assert register.count() == (2, 2)
    assert (done.left_out, done.rows) == (1, 3)


def test_all_faults_of_a_row_are_told(take):
    done = take([good(2), good(1, begin="2024-02-30", state="很好")])
    assert [fault.column for fault in done.faults] == ["有效期起", "状态"]
    assert done.left_out == 1


def test_two_institutions_with_one_code_clash(take, register):
    done = take([good(1, "甲典当有限公司"), good(1, "乙典当有限公司")])
    (fault,) = done.faults
    assert "已属于“甲典当有限公司”" in fault.reason
    assert register.count() == (1, 1)


def test_two_rows_of_one_permit_that_differ_clash(take):
    done = take([good(1), good(1), good(1, state="注销")])
    (fault,) = done.faults
    assert fault.row == 4
    assert "第 2 行" in fault.reason


def test_a_list_of_bad_rows_only_leaves_the_register_alone(take, register):
    done = take([good(1, state="很好")])
    assert done.left_out == done.rows == 1
    assert register.snapshots() == []


def test_remarks_blank_rows_and_a_second_header_are_no_faults(take):
    header = ["机构名称", "许可类型"]
    rows = [
        ["甲典当行", "典当行"],
        [],
        ["机构名称", "许可类型"],
        ["乙典当行", "典当行"],
        ["注：以上为全部", ""],
    ]
    done = take(rows, header=header)
    assert (done.rows, done.faults) == (2, [])


def test_an_error_in_the_middle_leaves_nothing(take, register, monkeypatch):
    taken = importing._take_row
    rows = iter(range(10))

    def interrupted(*arguments):
        if next(rows) == 2:
            raise KeyboardInterrupt
        return taken(*arguments)

    monkeypatch.setattr(importing, "_take_row", interrupted)
    with pytest.raises(KeyboardInterrupt):
        take([good(number) for number in range(5)])
    assert register.count() == (0, 0)
    assert register.snapshots() == []
    monkeypatch.undo()
    take([good(1)])
    assert register.count() == (1, 1)


def test_the_same_file_again_changes_nothing(register, tmp_path):
    path = EXAMPLES / "invented-payment.csv"
    first = import_list(path, register, Order(TODAY))
    version = register.version
    again = import_list(path, register, Order(TODAY))
    assert first.changed
    assert again.known
    assert not again.changed
    assert register.version == version


def test_a_file_without_a_day_is_known_again_tomorrow(register, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("机构名称,许可类型\n甲典当行,典当行\n", "utf-8")
    assert import_list(path, register, Order(TODAY)).taken == TODAY
    again = import_list(path, register, Order(date(2026, 12, 1)))
    assert (again.known, again.taken) == (True, TODAY)


def test_the_day_is_told_by_the_title_or_the_file_name(register, tmp_path):
    titled = tmp_path / "a.csv"
    titled.write_text(
        "典当行名单（截至2026年10月31日）\n机构名称,许可类型\n甲典当行,典当行\n", "utf-8"
    )
    assert import_list(titled, register, Order(TODAY)).taken == date(2026, 10, 31)
    named = tmp_path / "典当行20260930.csv"
    named.write_text("机构名称,许可类型\n甲典当行,典当行\n", "utf-8")
    assert import_list(named, register, Order(TODAY)).taken == date(2026, 9, 30)
    assert import_list(named, register, Order(TODAY, snapshot=date(2026, 9, 1))).taken == date(
        2026, 9, 1
    )


def test_a_newer_complete_list_closes_what_has_vanished(take, register):
    take([good(1), good(2)], date(2026, 1, 1), complete=True)
    done = take([good(1)], date(2026, 2, 1), complete=True)
    assert done.outcome.closed == 1
    (gone,) = register.named("甲2典当有限公司")
    (line,) = register.permits(gone.institution, date(2026, 3, 1))
    assert line.listed_until == date(2026, 2, 1)


def test_a_complete_list_with_a_bad_row_closes_nothing_and_counts_as_incomplete(take, register):
    take([good(1), good(2)], date(2026, 1, 1), complete=True)
    done = take([good(1), good(2, state="很好")], date(2026, 2, 1), complete=True)
    assert done.outcome.closed == 0
    assert not register.snapshots()[0].complete
    assert any("不能算完整" in note for note in done.notes)


def test_a_complete_list_of_one_type_leaves_the_others_of_its_source(take):
    take([good(1), good(2, type="小额贷款公司")], date(2026, 1, 1))
    assert take([good(1)], date(2026, 2, 1), complete=True).outcome.closed == 0


def test_a_province_s_complete_list_must_name_the_province(register, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("企业名称,注册地,许可证编号\n苒溪小额贷款有限公司,温州市,1\n", "utf-8")
    with pytest.raises(ListError, match="--region"):
        import_list(path, register, Order(TODAY, complete=True))
    done = import_list(path, register, Order(TODAY, complete=True, region="33"))
    assert done.source == "地方金融组织名单（浙江省）"
    (snapshot,) = register.snapshots()
    assert (snapshot.region, snapshot.complete, snapshot.types) == ("33", True, {"microloan"})


def test_all_sheets_with_the_header_are_read_and_faults_name_the_sheet(register, tmp_path):
    book = Workbook()
    for number, title in enumerate(("一", "说明", "二")):
        sheet = book.create_sheet(title)
        if title == "说明":
            sheet.append(["本表由某某整理"])
            continue
        sheet.append(["典当行名单"])
        sheet.append(["机构名称", "许可类型", "有效期起"])
        sheet.append([f"甲{number}典当行", "典当行", date(2020, 1, 1)])
        sheet.append([f"乙{number}典当行", "典当行", "2020-02-30"])
    del book["Sheet"]
    path = tmp_path / "a.xlsx"
    book.save(path)
    done = import_list(path, register, Order(TODAY))
    assert register.count() == (2, 2)
    assert [(fault.table, fault.row) for fault in done.faults] == [("一", 4), ("二", 4)]


def test_a_list_without_rows_is_refused(take):
    with pytest.raises(ListError, match="一个机构也没有"):
        take([])


def test_a_locked_register_says_so(take, register, tmp_path):
    other = open_register(register.path)
    other.connection.execute("BEGIN IMMEDIATE")
    register.connection.execute("PRAGMA busy_timeout = 20")
    with pytest.raises(RegisterError, match="正被另一个程序写入"):
        take([good(1)])
    other.connection.rollback()
    other.close()


@pytest.fixture
def demo(register):
    for name in ("payment", "private-funds", "general"):
        done = import_list(
            EXAMPLES / f"invented-{name}.csv", register, Order(TODAY, complete=name == "payment")
        )
        assert done.faults == []
    return register


def test_the_demo_lists_go_in_whole(demo):
    institutions, permits = demo.count()
    assert institutions >= 40
    assert permits >= 45
    states = {line.state for _, _, line in demo.all_permits(TODAY)}
    assert states == set(PermitState)


def answers(register, day: date) -> dict:
    checker = PermitChecker(register, within_days=60)
    told = {}
    for institution in register.institutions():
        names = sorted((n.text, n.kind.value, n.until) for n in institution.names)
        verdicts = [
            (check.status, check.reason, check.proven)
            for activity in ("payment", "fund_sales", "deposit", "microloan", "insurance")
            for check in [
                checker.check(Question(Who(institution.name, (institution,)), activity, day))
            ]
        ]
        facts = (institution.credit_code, institution.head, institution.region)
        told[institution.name] = (names, facts, register.permits(institution, day), verdicts)
    return told


@pytest.mark.parametrize("format_name", ["csv", "xlsx", "jsonl"])
def test_an_export_gives_the_same_answers_elsewhere(demo, take, tmp_path, format_name):
    take([good(1, "新的典当有限公司"), good(2)], date(2026, 6, 1), complete=True)
    take([good(1, "新的典当有限公司", state="注销")], date(2026, 11, 20), complete=True)
    rows = export_rows(demo, TODAY)
    path = tmp_path / f"export.{format_name}"
    pieces = render_rows(tuple(headings().values()), rows, format_name, "登记册")
    path.write_bytes(b"".join(p if isinstance(p, bytes) else p.encode() for p in pieces))
    other = open_register(tmp_path / "other.db", create=True)
    done = import_list(path, other, Order(TODAY))
    assert (done.faults, done.profile.id) == ([], "general")
    for day in (TODAY, date(2027, 1, 1)):
        assert answers(other, day) == answers(demo, day)
    assert other.version == demo.version
    assert [s.rows for s in other.snapshots()] == [s.rows for s in demo.snapshots()]
    assert not import_list(path, other, Order(TODAY)).changed
    other.close()
