"""`adscan names` as scripts see it: what it reads, what it writes, what it says when it cannot."""

import csv
import io
import json
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from adscan.permits.lists.intake import Entry, Intake
from adscan.permits.register_file import open_register
from adscan.records.permit import Snapshot

BAD, GOOD = "鑫源财富管理有限公司", "百川商贸有限公司"


@pytest.fixture(autouse=True)
def _no_register_of_this_machine(monkeypatch, tmp_path):
    monkeypatch.setenv("ADSCAN_REGISTER_PATH", str(tmp_path / "none.db"))


@pytest.fixture
def names(adscan, tmp_path):
    def run(content, *arguments, name="names.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return adscan("names", path, "--on", "2026-11-25", "--quiet", *arguments)

    return run


def hits(outcome):
    return [json.loads(line) for line in outcome.out.splitlines()]


def found(outcome):
    return [(hit["name"], hit["word"]) for hit in hits(outcome)]


def workbook(*sheets):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_jsonl_has_one_line_for_each_name_with_a_hit(names):
    outcome = names(f"企业名称\n{BAD}\n{GOOD}\n虚拟货币资产管理有限公司\n", "--format", "jsonl")
    assert outcome.code == 0
    assert outcome.err == ""
    one, other = hits(outcome)
    assert list(one)[:5] == ["name", "word", "tier", "provision", "reason"]
    assert (one["name"], one["word"], one["tier"]) == (BAD, "财富管理", "licensed_only")
    assert one["provision"] == "illegal-fundraising-regs-2021#9"
    assert "没有登记册" in one["reason"]
    assert (one["row"], one["also"]) == (2, [])
    assert other["word"] == "虚拟货币"
    assert [more["word"] for more in other["also"]] == ["资产管理"]


def test_the_terminal_shows_chinese_tiers_and_the_count_goes_to_standard_error(adscan, tmp_path):
    path = tmp_path / "names.txt"
    path.write_text(f"{BAD}\n{GOOD}\n", "utf-8")
    outcome = adscan("names", path)
    assert "持牌方可使用：财富管理" in outcome.out
    assert "\x1b" not in outcome.out
    assert "筛查 2 个名称，1 个有限制字样" in outcome.err


def test_csv_has_chinese_headings_and_no_formulas(names):
    outcome = names(f"企业名称\n=cmd()理财有限公司\n{BAD}\n", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(outcome.out.removeprefix("\ufeff"))))
    assert [row["档次"] for row in rows] == ["持牌方可使用", "持牌方可使用"]
    assert rows[0]["名称"] == "'=cmd()理财有限公司"
    assert rows[1]["字样"] == "财富管理"


def test_xlsx_is_a_workbook_that_opens(names, tmp_path):
    path = tmp_path / "hits.xlsx"
    outcome = names(f"企业名称\n{BAD}\n", "--format", "xlsx", "--output", path)
    assert outcome.out == ""
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    assert rows[0][:5] == ("工作表", "行", "名称", "字样", "档次")
    assert rows[1][2:5] == (BAD, "财富管理", "持牌方可使用")


def test_no_hit_gives_an_empty_but_valid_report(names):
    assert names(f"{GOOD}\n", "--format", "jsonl").out == ""
    assert names(f"{GOOD}\n", "--format", "csv").out.count("\n") == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", ["names.csv", "names.txt"])
def test_usual_encodings_are_read(names, encoding, name):
    content = f"企业名称\n{GOOD}\n温州市瓯海区景山街道面馆\n{BAD}\n".encode(encoding)
    outcome = names(content, "--format", "jsonl", name=name)
    assert (outcome.code, found(outcome)) == (0, [(BAD, "财富管理")])


def test_chinese_after_a_long_run_of_ascii_is_still_read(names):
    content = ("Foo Trading Ltd\n" * 5_000 + f"{BAD}\n").encode("gb18030")
    assert found(names(content, "--format", "jsonl", name="names.txt")) == [(BAD, "财富管理")]


@pytest.mark.parametrize(
    "heading", ["企业名称", "公司名称", "名称", "字号", "单位名称（全称）", "* 企业 名称："]
)
def test_headings_are_recognised(names, heading):
    outcome = names(f"序号,{heading},备注\n1,{BAD},理财\n", "--format", "jsonl")
    assert found(outcome) == [(BAD, "财富管理")]


def test_headings_may_stand_below_a_title(names):
    outcome = names(f"名单一览,\n,\n序号,企业名称\n1,{BAD}\n", "--format", "jsonl")
    assert found(outcome) == [(BAD, "财富管理")]


def test_scopes_and_accounts_stand_beside_the_name(names):
    table = f"企业名称\t经营范围\t账号名称\n{GOOD}\t企业管理；吸收公众存款\t老王谈理财\n"
    scope, account = hits(names(table, "--format", "jsonl"))
    assert (scope["name"], scope["word"], scope["field"]) == (GOOD, "吸收公众存款", "scope")
    assert (account["name"], account["word"], account["field"]) == ("老王谈理财", "理财", "online")
    assert account["provision"] == "fin-online-marketing-2026#18"


def test_the_standard_clause_of_a_scope_is_no_hit(names):
    scope = "企业管理（未经金融等监管部门批准，不得从事吸收存款、融资担保、代客理财等金融业务）"
    outcome = names(f"企业名称,经营范围\n{GOOD},{scope}\n", "--format", "jsonl")
    assert (outcome.code, outcome.out) == (0, "")


@pytest.mark.parametrize("column", ["法人单位", "2"])
def test_another_column_is_picked_by_heading_or_number(names, column):
    outcome = names(
        f"企业名称,法人单位\n{BAD},鸿运期货有限公司\n", "--format", "jsonl", "--column", column
    )
    assert found(outcome) == [("鸿运期货有限公司", "期货")]


def test_a_csv_without_headings_is_read_by_its_look(names):
    outcome = names(f"1,{GOOD},张三\n2,{BAD},李四\n", "--format", "jsonl")
    assert (outcome.code, found(outcome)) == (0, [(BAD, "财富管理")])


def test_a_single_column_needs_no_heading(names):
    outcome = names(f"{BAD}\n\n{GOOD}\n", "--format", "jsonl")
    assert found(outcome) == [(BAD, "财富管理")]


def test_a_line_of_text_may_be_a_scope(names):
    lines = f"{GOOD} 经营范围：商务咨询；理财\n一般项目：企业管理；发放贷款\n"
    one, other = hits(names(lines, "--format", "jsonl", name="names.txt"))
    assert (one["name"], one["word"], one["field"]) == (GOOD, "理财", "scope")
    assert (other["word"], other["field"]) == ("发放贷款", "scope")


def test_a_workbook_is_read_sheet_by_sheet(names):
    book = workbook(
        ("甲", [["名单"], ["序号", "企业名称"], [1, GOOD], [2, BAD]]),
        ("空", []),
        ("乙", [["公司名称"], ["鸿运期货有限公司"]]),
    )
    outcome = names(book, "--format", "jsonl", name="names.xlsx")
    assert outcome.code == 0
    assert [(hit["sheet"], hit["row"], hit["word"]) for hit in hits(outcome)] == [
        ("甲", 4, "财富管理"),
        ("乙", 2, "期货"),
    ]


def test_a_sheet_without_names_is_told_and_the_others_are_read(names):
    book = workbook(("甲", [["企业名称"], [BAD]]), ("乙", [["月份", "数量"], ["一月", 3]]))
    outcome = names(book, "--format", "jsonl", name="names.xlsx")
    assert (outcome.code, len(hits(outcome))) == (3, 1)
    assert "工作表“乙”" in outcome.err


def test_a_column_asked_for_need_not_be_in_every_sheet(names):
    book = workbook(("甲", [["企业名称", "法人单位"], [GOOD, BAD]]), ("乙", [["企业名称"], [BAD]]))
    outcome = names(book, "--column", "法人单位", "--format", "jsonl", name="names.xlsx")
    assert (outcome.code, found(outcome)) == (3, [(BAD, "财富管理")])
    assert "工作表“乙”：没有筛查" in outcome.err
    nowhere = names(book, "--column", "商号名", name="names.xlsx")
    assert (nowhere.code, len(nowhere.err.splitlines())) == (2, 1)


def test_the_register_clears_who_is_licensed(names, tmp_path):
    path = tmp_path / "own.db"
    register = open_register(path, create=True)
    with register.writing() as connection:
        types = frozenset({"wealth_company"})
        snapshot = Snapshot("试", date(2026, 11, 1), True, types, "", "l.csv", "0" * 64, 0)
        Intake(connection, snapshot).take([Entry(1, BAD, "wealth_company")])
    register.close()
    rows = f"企业名称\n{BAD}\n东瓯财富管理有限公司\n"
    (hit,) = hits(names(rows, "--format", "jsonl", "--register", path))
    assert hit["name"] == "东瓯财富管理有限公司"
    assert "登记册里查不到" in hit["reason"]


def test_a_register_that_is_not_there_is_wrong_usage(names, tmp_path):
    outcome = names(f"{BAD}\n", "--register", tmp_path / "missing.db")
    assert outcome.code == 2
    assert "没有登记册" in outcome.err


def test_the_law_is_that_of_the_day(adscan, tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("稳定币科技有限公司\n", "utf-8")
    eve = adscan("names", path, "--on", "2026-02-05", "--format", "jsonl")
    that_day = adscan("names", path, "--on", "2026-02-06", "--format", "jsonl")
    assert (eve.out, len(hits(that_day))) == ("", 1)


# What goes wrong


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "names.csv", "是空的"),
        (b" \n\n", "names.csv", "是空的"),
        ("企业名称\n".encode(), "names.csv", "里没有名称"),
        ("月份,数量\n一月,3\n".encode(), "names.csv", "--column"),
        (b"%PDF-1.7 \xe2\xe3", "names.csv", "另存为"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "names.xls", ".xlsx"),
        (b"PK\x03\x04 broken", "names.xlsx", "已损坏"),
        (bytes(range(128, 256)) * 40, "names.txt", "编码"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(names, content, name, said):
    outcome = names(content, "--format", "jsonl", name=name)
    assert (outcome.code, outcome.out) == (3, "")
    assert said in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_a_missing_file_is_an_error_of_that_input(adscan, tmp_path):
    outcome = adscan("names", tmp_path / "none.csv")
    assert outcome.code == 3
    assert "打不开" in outcome.err


def test_a_missing_column_names_those_that_are_there(names):
    outcome = names(f"企业名称,法人\n{BAD},张三\n", "--column", "商号名")
    assert outcome.code == 2
    assert "没有名为“商号名”的列" in outcome.err
    assert "企业名称、法人" in outcome.err


def test_windows_line_ends_and_blank_lines_are_no_trouble(names):
    outcome = names(f"企业名称\r\n\r\n{BAD}\r\n", "--format", "jsonl")
    assert [(hit["name"], hit["row"]) for hit in hits(outcome)] == [(BAD, 3)]


def test_a_broken_line_never_stops_the_rest(names):
    content = b"\xe4\xbc\x81\xe4\xb8\x9a\xe5\x90\x8d\xe7\xa7\xb0\n" + b"".join(
        [
            "百川\xff".encode("utf-8", "surrogateescape"),
            b"\xff\xfe\n",
            f"{BAD}\n".encode(),
            (GOOD * 30 + "\n").encode(),
        ]
    )
    outcome = names(content, "--format", "jsonl")
    assert (outcome.code, found(outcome)) == (3, [(BAD, "财富管理")])
    assert "第 2 行：有读不出的字符" in outcome.err


def test_a_stray_quotation_mark_costs_its_own_line_only(names):
    rows = f'企业名称,备注\n"断开的有限公司,甲\n{BAD},乙\n"引号，成对的{GOOD}",丙\n"理财\n有限公司",丁\n'
    outcome = names(rows, "--format", "jsonl")
    assert [hit["row"] for hit in hits(outcome)] == [3, 5]
    assert outcome.code == 3
    assert outcome.err.splitlines() == ["adscan：names.csv 第 2 行：引号没有配对"]


def test_a_row_with_too_many_cells_is_told_and_read(names):
    outcome = names(f"企业名称,备注\n{BAD},甲,乙,丙\n", "--format", "jsonl")
    assert (outcome.code, len(hits(outcome))) == (3, 1)
    assert "第 2 行：有 4 格" in outcome.err


def test_an_unknown_format_is_wrong_usage(names):
    outcome = names(f"{BAD}\n", "--format", "word")
    assert outcome.code == 2
    assert "jsonl" in outcome.err
