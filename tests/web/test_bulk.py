"""Bulk submission: each row of a table stands for itself."""

from __future__ import annotations

import io
import re
import threading
import zipfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from adscan.web.kept.clock import now
from adscan.web.kept.states import Purpose, State
from adscan.web.kept.tables import Submission, Version
from adscan.web.problems import BadInput
from adscan.web.submitting.bulk import MOST_ROWS
from adscan.web.submitting.bulk_table import read_table
from adscan.web.submitting.uploads import Upload
from tests.web.decided import poster
from tests.web.office import Office, settings_for

HEADINGS = "标题,广告主,产品,媒介,广告位,开始日期,结束日期,文字,文件,许可证明,说明"
PNG = (Path(__file__).parent.parent / "materials").rglob("*.png")
PICTURE = next(PNG).read_bytes()


def table(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\r\n".join((headings, *rows, "")).encode()


def row(title: str, text: str = "限时特惠，欢迎选购。", files: str = "", permits: str = "") -> str:
    return f"{title},江南日用品有限公司,洗衣液,报纸,A3 版,2026-11-25,2026-12-01,{text},{files},{permits},请尽快"


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def send(office: Office, *files: tuple[str, bytes], login: str = "shen"):
    return office.browser(login).act("/bulk", files=[("files", file) for file in files])


def count(office: Office) -> int:
    with office.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission))


def told(response) -> list[str]:
    """Row and result of each line of the page."""
    lines = re.findall(r"第 (\d+) 行.*?data-label=\"结果\">(.*?)</td>", response.text, re.DOTALL)
    return [f"{number} {re.sub('<[^>]+>', '', result)}" for number, result in lines]


def test_each_row_becomes_a_submission_with_its_files(either_office: Office):
    packed = zipped(
        {
            "送审/table.csv": table(
                row("春季", files="图/a.png；b.txt", permits="许可.png"), row("夏季", "清凉一夏。")
            ),
            "图/a.png": PICTURE,
            "文/b.txt": "买一送一".encode(),
            "许可.png": PICTURE,
        }
    )
    response = send(either_office, ("广告.zip", packed))
    assert response.status_code == 200
    assert "已送审 2 件" in response.text
    with either_office.database.reading() as session:
        first, second = session.scalars(select(Submission).order_by(Submission.id))
        assert (first.title, first.medium, first.slot) == ("春季", "newspaper", "A3 版")
        assert str(first.planned_until) == "2026-12-01"
        assert first.latest.note == "请尽快"
        assert [(file.name, file.purpose) for file in first.latest.files] == [
            ("a.png", Purpose.CREATIVE), ("b.txt", Purpose.CREATIVE), ("许可.png", Purpose.PERMIT),
        ]  # fmt: skip
        assert second.latest.text == "清凉一夏。"
    assert either_office.work() == 2


def test_a_broken_row_costs_only_itself(office: Office):
    rows = [
        row("好的"),
        row(""),
        row("没有这个文件", files="无.png"),
        row("媒介不对").replace("报纸", "烽火台"),
        row("日期不对").replace("2026-11-25", "明天"),
        row("日期没有").replace("2026-11-25", ""),
        row("倒过来").replace("2026-12-01", "2026-01-01"),
        row("什么都没有", ""),
        row("也好"),
    ]
    response = send(office, ("表.csv", table(*rows)))
    lines = told(response)
    assert [line.partition(" ")[0] for line in lines] == [str(n) for n in range(2, 11)]
    for line, reason in zip(
        lines,
        (
            "已送审",
            "标题",
            "没有文件“无.png”",
            "没有媒介“烽火台”",
            "开始日期",
            "开始日期",
            "不能早于",
            "没有广告内容",
            "已送审",
        ),
        strict=True,
    ):
        assert reason in line
    assert count(office) == 2
    assert "7 行有误" in response.text


def test_the_same_table_sent_twice_is_submitted_once(either_office: Office):
    packed = zipped(
        {"t.csv": table(row("春季", files="a.txt"), row("夏季")), "a.txt": "上新".encode()}
    )
    send(either_office, ("一.zip", packed))
    again = send(either_office, ("二.zip", packed))
    assert "跳过 2 件" in again.text
    assert all("没有重复送审" in line for line in told(again))
    assert count(either_office) == 2


def test_a_corrected_table_submits_only_what_was_missing(office: Office):
    send(office, ("t.csv", table(row("一"), row("二", files="缺.txt"))))
    response = send(office, ("t.csv", table(row("一"), row("二"))))
    assert "已送审 1 件，跳过 1 件" in response.text
    assert count(office) == 2


@pytest.mark.parametrize(
    "change",
    [
        ("春季", "秋季"),
        ("洗衣液", "香皂"),
        ("A3", "B1"),
        ("12-01", "12-02"),
        ("报纸", "杂志"),
        ("特惠", "优惠"),
        ("请尽快", "不急"),
        (",a.png,", ",b.png,"),
    ],
)
def test_a_row_that_differs_in_anything_is_another_submission(office: Office, change):
    one = row("春季", permits="a.png")
    packed = {"t.csv": table(one, one.replace(*change)), "a.png": PICTURE, "b.png": poster()}
    assert "已送审 2 件" in send(office, ("t.zip", zipped(packed))).text


@pytest.mark.parametrize(
    ("state", "is_sent_again"),
    [
        (State.AWAITING_PERSON, False),
        (State.APPROVED, False),
        (State.RETURNED, True),
        (State.REFUSED, True),
        (State.WITHDRAWN, True),
    ],
)
def test_a_row_may_be_sent_again_once_it_came_to_nothing(office: Office, state, is_sent_again):
    send(office, ("t.csv", table(row("春季"))))
    with office.database.writing() as session:
        session.scalars(select(Submission)).one().state = state
    again = send(office, ("t.csv", table(row("春季"))))
    assert ("已送审 1 件" in again.text) is is_sent_again
    assert count(office) == 1 + is_sent_again


def test_another_company_or_another_day_is_no_repeat(office: Office):
    send(office, ("t.csv", table(row("春季"))))
    send(office, ("t.csv", table(row("春季"))), login="sun")
    assert count(office) == 2
    with office.database.writing() as session:
        for one in session.scalars(select(Submission)):
            one.created_at = now() - timedelta(hours=25)
    send(office, ("t.csv", table(row("春季"))))
    assert count(office) == 3


def test_the_same_table_sent_twice_at_once_is_submitted_once(either_office: Office):
    data = table(*(row(f"第{n}件") for n in range(8)))
    browsers = [either_office.browser("shen") for _ in range(3)]
    threads = [
        threading.Thread(target=lambda b=b: b.act("/bulk", files=[("files", ("t.csv", data))]))
        for b in browsers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(either_office) == 8


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_tables_of_any_encoding_and_separator_are_read(office: Office, encoding: str, sign: str):
    data = table(row("春季推广")).decode().replace(",", sign).encode(encoding)
    assert "已送审 1 件" in send(office, ("表.csv", data)).text
    with office.database.reading() as session:
        assert session.scalars(select(Submission)).one().title == "春季推广"


def test_a_cell_of_many_lines_and_signs_stays_whole(office: Office):
    text = '<p>第一行;;;;;;;;;;;;;;</p>\n第二行, 还有""引号""'
    send(office, ("表.csv", table(row("春季", f'"{text}"'))))
    with office.database.reading() as session:
        version = session.scalars(select(Version)).one()
        assert version.text == text.replace('""', '"')


def test_workbook_with_dates_a_title_line_and_blank_rows_is_read(office: Office):
    book = Workbook()
    sheet = book.active
    sheet.append(["2026 年广告计划"])
    sheet.append(["序号", *HEADINGS.split(",")])
    sheet.append([1, "春季", "江南公司", None, "电视", None, datetime(2026, 11, 25), None, "上新"])
    sheet.append([])
    sheet.append([2, 2026, "江南公司", None, None, None, "2026年12月1日", None, "上新"])
    file = io.BytesIO()
    book.save(file)
    response = send(office, ("计划.xlsx", file.getvalue()))
    assert [line.partition(" ")[0] for line in told(response)] == ["3", "5"]
    with office.database.reading() as session:
        first, second = session.scalars(select(Submission).order_by(Submission.id))
        assert (str(first.planned_from), first.medium) == ("2026-11-25", "television")
        assert (str(second.planned_from), second.title) == ("2026-12-01", "2026")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_templates_are_downloads_that_the_service_itself_reads(office: Office, ending: str):
    response = office.browser("shen").get(f"/bulk/template.{ending}")
    assert response.headers["content-disposition"].startswith("attachment")
    assert "没有内容" in send(office, (f"t.{ending}", response.content)).text
    if ending == "xlsx":
        book = load_workbook(io.BytesIO(response.content))
        assert [cell.value for cell in book.worksheets[0][1]] == HEADINGS.split(",")
        assert book.worksheets[1].max_row == 12
    else:
        filled = response.content + row("春季").encode()
        assert "已送审 1 件" in send(office, ("t.csv", filled)).text


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([], "没有选择文件"),
        ([("a.txt", b"words")], "没有找到表头"),
        ([("a.png", PICTURE)], "没有找到表格"),
        ([("a.zip", zipped({"x.txt": b"1"}))], "没有找到表格"),
        ([("a.zip", b"PK\x03\x04broken")], "a.zip"),
        ([("a.xlsx", b"PK\x03\x04broken")], "已损坏"),
        ([("a.csv", "名称,日期\n一,二\n".encode())], "没有找到表头"),
        (
            [("a.csv", table(headings=HEADINGS.replace("产品", "标题")) + row("一").encode())],
            "两列都叫",
        ),
        ([("a.csv", table(row("一"))), ("b.csv", table(row("二")))], "2 个表格"),
        ([("a.zip", zipped({"a.csv": table(row("一")), "b.csv": table(row("二"))}))], "2 个表格"),
        ([("a.csv", b"\xff\xfe\x00")], "a.csv"),
        ([("a.csv", table(*(row(f"{n}") for n in range(MOST_ROWS + 1))))], f"超过 {MOST_ROWS} 行"),
    ],
)
def test_what_is_no_table_is_told(office: Office, files, reason: str):
    response = send(office, *files)
    assert response.status_code == 422
    assert reason in response.text
    assert count(office) == 0


def test_names_that_lead_out_of_the_archive_lead_nowhere(office: Office):
    packed = zipped(
        {
            "t.csv": table(row("一", files="/etc/passwd"), row("二", files="../../escape.txt")),
            "../../escape.txt": "上新".encode(),
        }
    )
    lines = told(send(office, ("a.zip", packed)))
    assert "没有文件“/etc/passwd”" in lines[0]
    assert "已送审" in lines[1]
    with office.database.reading() as session:
        assert session.scalars(select(Version)).one().files[0].name == "escape.txt"
    assert not list(office.settings.web.data_dir.parent.rglob("escape.txt"))


def test_a_zip_bomb_costs_its_row_only(office: Office):
    packed = zipped(
        {"t.csv": table(row("炸弹", files="big.txt"), row("好的")), "big.txt": b"0" * 60_000_000}
    )
    assert len(packed) < 100_000
    lines = told(send(office, ("a.zip", packed)))
    assert "压缩炸弹" in lines[0]
    assert "已送审" in lines[1]


def test_a_workbook_that_swells_is_refused(office: Office):
    packed = zipped({"[Content_Types].xml": b"", "xl/sheet.xml": b" " * 120_000_000})
    assert "解压后太大" in send(office, ("a.xlsx", packed)).text


def test_a_row_may_not_unpack_more_than_one_may_send(tmp_path):
    office = Office(settings_for(tmp_path / "service", max_upload_bytes=200_000))
    words = ("春" * 100 + "\n").encode() * 400
    packed = zipped(
        {"t.csv": table(row("一", files="a.txt;b.txt；c.txt")), **dict.fromkeys("abc", b""),
         **{f"{name}.txt": words for name in "abc"}}
    )  # fmt: skip
    assert "太多或太大" in told(send(office, ("a.zip", packed)))[0]
    office.close()


def test_a_name_that_two_files_bear_must_be_told_apart(office: Office):
    files = {"甲/a.txt": "甲".encode(), "乙/a.txt": "乙".encode()}
    packed = zipped(
        {"t.csv": table(row("一", files="a.txt"), row("二", files=r"甲\a.txt")), **files}
    )
    lines = told(send(office, ("a.zip", packed)))
    assert "2 个文件都叫" in lines[0]
    assert "已送审" in lines[1]


def test_names_in_gbk_inside_a_zip_are_found(office: Office):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        info = zipfile.ZipInfo("zzzz.txt")
        archive.writestr(info, "上新")
        archive.writestr("t.csv", table(row("一", files="海报.txt")))
    data = packed.getvalue().replace(b"zzzz.txt", "海报".encode("gbk") + b".txt")
    assert "已送审 1 件" in send(office, ("a.zip", data)).text


def test_files_may_be_chosen_beside_the_table_without_a_zip(office: Office):
    response = send(office, ("t.csv", table(row("一", files="海报.PNG"))), ("海报.png", PICTURE))
    assert "已送审 1 件" in response.text


def test_a_wrong_permit_is_told_with_its_row(office: Office):
    packed = zipped({"t.csv": table(row("一", permits="a.txt")), "a.txt": b"words"})
    assert "许可证明只收" in told(send(office, ("a.zip", packed)))[0]


def test_no_broken_workbook_is_a_fault_of_ours(office: Office):
    """Bytes overwritten anywhere: it is read, or refused with a word."""
    sound = office.browser("shen").get("/bulk/template.xlsx").content
    for place in range(0, len(sound) - 8, len(sound) // 40):
        broken = sound[:place] + b"\xff\x00<&>" + sound[place + 5 :]
        with suppress(BadInput):
            list(read_table(Upload("t.xlsx", broken), 10))
