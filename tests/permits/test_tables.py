"""List files of every kind give rows with their positions, or one clear sentence."""

import codecs
import json
from datetime import date

import pytest
from openpyxl import Workbook

from adscan.errors import ListError
from adscan.permits.lists import tables
from adscan.permits.lists.tables import open_list


def rows_of(path):
    with open_list(path) as file:
        return [[(row.number, list(row.cells)) for row in table.rows()] for table in file.tables]


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("gb18030", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
    ],
)
def test_a_csv_is_read_in_its_encoding(tmp_path, encoding, mark):
    path = write(tmp_path / "a.csv", mark + "机构名称,编号\n禾麓银行,1\n".encode(encoding))
    assert rows_of(path) == [[(1, ["机构名称", "编号"]), (2, ["禾麓银行", "1"])]]


def test_big5_is_guessed(tmp_path):
    text = "機構名稱,許可證編號\n" + "虛構的證券投資信託股份有限公司,一\n" * 50
    path = write(tmp_path / "a.csv", text.encode("big5"))
    with open_list(path) as file:  # GB 18030 may read the bytes as well; never is it an error
        assert file.tables


@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(tmp_path, sign):
    path = write(tmp_path / "a.csv", f"甲的名录\n机构名称{sign}编号{sign}备注\n甲{sign}1{sign}无\n")
    assert rows_of(path)[0][1] == (2, ["机构名称", "编号", "备注"])


def test_a_row_over_several_lines_has_the_number_of_its_first(tmp_path):
    path = write(tmp_path / "a.csv", '名称,备注\n甲,"一\n二"\n乙,三\n')
    assert [number for number, _ in rows_of(path)[0]] == [1, 2, 4]


def test_a_quotation_mark_that_never_closes_is_told(tmp_path):
    path = write(tmp_path / "a.csv", '名称,备注\n"甲,1\n' + "乙,2\n" * 40)
    with open_list(path) as file:
        *_, last = file.tables[0].rows()
    assert "引号" in last.fault


def test_broken_utf8_names_the_line(tmp_path):
    path = write(
        tmp_path / "a.csv", "机构名称,编号\n这里有很多很多汉字,1\n甲".encode() + b"\xff\xfe,2\n"
    )
    with pytest.raises(ListError, match="第 3 行"):
        rows_of(path)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    with pytest.raises(ListError, match="读不出"):
        rows_of(write(tmp_path / "a.csv", b"\x00\x01\x02" * 100))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "xls"),
        (b"%PDF-1.7", "PDF"),
        ("\ufeff<html><table>".encode(), "网页"),
        (b" \n", "空文件"),
        (b"PK\x03\x04broken", "工作簿"),
        (b'{"data": {"a": {}}}', "没有名录"),
        (b'[{"a": 1},', "完整的 JSON"),
    ],
)
def test_what_cannot_be_a_list_is_refused_in_words(tmp_path, content, word):
    with pytest.raises(ListError, match=word):
        rows_of(write(tmp_path / "a.dat", content))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ListError, match="打不开"):
        rows_of(tmp_path / "none.csv")


OBJECTS = [
    {"机构名称": "甲", "分支": ["子一", "子二"]},
    {"机构名称": "乙", "互联网": True, "编号": 3},
]
EXPECTED = [
    (0, ["机构名称", "分支", "互联网", "编号"]),
    (1, ["甲", "子一；子二", None, None]),
    (2, ["乙", None, "是", 3]),
]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(OBJECTS),
        json.dumps(OBJECTS, indent=1),
        json.dumps({"code": 0, "data": OBJECTS}),
        json.dumps({"data": {"total": 2, "list": OBJECTS}}),
        "\n".join(map(json.dumps, OBJECTS)) + "\n",
    ],
)
def test_json_in_its_usual_shapes(tmp_path, text):
    assert rows_of(write(tmp_path / "a.json", text)) == [EXPECTED]


def test_a_line_that_is_no_json_is_a_fault_of_that_row(tmp_path):
    path = write(tmp_path / "a.jsonl", '{"机构名称": "甲"}\n{"机构名称": \n[1]\n')
    with open_list(path) as file:
        faults = [row.fault for row in file.tables[0].rows()]
    assert faults[:2] == ["", ""]
    assert "JSON" in faults[2]
    assert "对象" in faults[3]


@pytest.fixture
def book(tmp_path):
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "名单"
    sheet.append(["某省名单", None, None])
    sheet.merge_cells("A1:C1")
    sheet.append(["类别", "机构名称", "编号"])
    sheet.append(["小额贷款", "甲", 378])
    sheet["C3"].number_format = "000000000"
    sheet.append([None, "乙", date(2024, 2, 28)])
    sheet.merge_cells("A3:A4")
    sheet.append(["典当", "丙", True])
    workbook.create_sheet("空的")
    workbook.create_sheet("旧的").sheet_state = "hidden"
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    return path


def test_cells_merged_over_rows_are_filled_down_but_titles_not_across(book):
    assert rows_of(book)[0] == [
        (1, ["某省名单", None, None]),
        (2, ["类别", "机构名称", "编号"]),
        (3, ["小额贷款", "甲", "000000378"]),
        (4, ["小额贷款", "乙", date(2024, 2, 28)]),
        (5, ["典当", "丙", "是"]),
    ]


def test_hidden_sheets_are_told_and_left(book):
    with open_list(book) as file:
        assert [table.name for table in file.tables] == ["名单", "空的"]
        assert "旧的" in file.notes[0]


def test_a_large_workbook_is_streamed_and_says_what_it_lacks(book, monkeypatch):
    monkeypatch.setattr(tables, "WHOLE_BOOK_BYTES", 10)
    with open_list(book) as file:
        assert "合并单元格" in file.notes[0]
        rows = list(file.tables[0].rows())
        assert [row.cells[1] for row in rows[1:]] == ["机构名称", "甲", "乙", "丙"]
        assert len(list(file.tables[0].rows())) == 5  # once more from the start
