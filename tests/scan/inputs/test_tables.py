"""Tables: columns, and what is wrong with rows."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adscan.errors import DamagedFile, SetupError
from tests.scan.inputs.archives import PICTURES, contents, read, write_files, write_parquet

RED = PICTURES["red.png"]


def table(folder, name, content):
    data = content if isinstance(content, bytes) else content.encode()
    return write_files(folder, {name: data}) / name


def lines(folder, *rows):
    return table(folder, "ads.jsonl", "".join(json.dumps(row) + "\n" for row in rows))


def troubles(entries):
    return [str(entry.trouble) if entry.trouble else None for entry in entries]


# Columns


@pytest.mark.parametrize("name", ["ads.csv", "ads.jsonl", "ads.parquet"])
def test_a_table_without_text_or_picture_names_its_columns_and_the_option(name, tmp_path):
    if name == "ads.csv":
        source = table(tmp_path, name, "甲,乙\n1,2\n")
    elif name == "ads.jsonl":
        source = lines(tmp_path, {"甲": 1, "乙": 2})
    else:
        source = tmp_path / name
        pq.write_table(pa.table({"甲": [1], "乙": [2]}), source)
    with pytest.raises(SetupError, match="它的列是：甲、乙") as error:
        read(source)
    assert "--columns text=" in error.value.hint


def test_columns_can_be_told(tmp_path):
    source = table(tmp_path, "ads.csv", "甲,乙,text\n广告,2025-03-07,别的\n")
    (entry,) = read(source, columns={"text": "甲", "published": "乙"})
    assert contents(entry) == ["广告".encode()]
    assert entry.published == date(2025, 3, 7)


def test_a_column_that_is_not_there_stops_the_run(tmp_path):
    source = table(tmp_path, "ads.csv", "text,date\n广告,2025-03-07\n")
    with pytest.raises(SetupError, match="没有 --columns 所说的“日期”列；它的列是：text、date"):
        read(source, columns={"published": "日期"})


def test_a_field_that_no_ad_has_stops_the_run(tmp_path):
    with pytest.raises(SetupError, match="“colour”不是 adscan 的字段"):
        read(table(tmp_path, "ads.csv", "text\na\n"), columns={"colour": "text"})


def test_of_two_usual_headings_the_surer_one_counts(tmp_path):
    (entry,) = read(table(tmp_path, "ads.csv", "内容,正文\n摘要,全文\n"))
    assert contents(entry) == ["全文".encode()]


def test_lines_of_json_may_have_different_keys(tmp_path):
    first, second = read(lines(tmp_path, {"text": "甲"}, {"正文": "乙", "日期": "2025年3月7日"}))
    assert contents(first) == ["甲".encode()]
    assert contents(second) == ["乙".encode()]
    assert second.published == date(2025, 3, 7)


# Rows


def test_a_row_with_too_few_cells_costs_only_itself(tmp_path):
    entries = read(table(tmp_path, "ads.csv", "text,date\n甲,2025-03-07\n乙\n丙,\n"))
    assert troubles(entries) == [
        None,
        "第 3 行有 1 格，表头有 2 格；请在原表中改正这一行（引号、分隔符、编码）",
        None,
    ]
    assert [entry.name.rpartition("#")[2] for entry in entries] == ["1", "2", "3"]


def test_bytes_that_are_no_characters_cost_only_their_row(tmp_path):
    good = "\n".join(["稳健理财产品,2025-03-07"] * 30).encode()
    source = table(
        tmp_path, "ads.csv", b"text,date\n" + good + b"\n\xff\xfe\xfa,2025-03-07\n" + good
    )
    found = troubles(read(source))
    assert len(found) == 61
    assert [number for number, said in enumerate(found) if said] == [30]
    assert "读不出的字节" in found[30]


def test_a_quote_left_open_says_which_lines_it_swallowed(tmp_path):
    entries = read(table(tmp_path, "ads.csv", 'text,date\n"甲,2025-03-07\n乙,2025-03-07\n'))
    assert "第 2 至 3 行" in str(entries[0].trouble)


def test_a_cell_may_be_longer_than_pythons_usual_limit(tmp_path):
    (entry,) = read(table(tmp_path, "ads.csv", "text,date\n" + "字" * 200_000 + ",2025-03-07\n"))
    assert contents(entry) == [("字" * 200_000).encode()]


def test_a_cell_over_the_limit_costs_only_its_row(tmp_path):
    source = table(tmp_path, "ads.csv", "text\n" + "字" * 2000 + "\n好\n")
    assert [bool(entry.trouble) for entry in read(source, max_text_bytes=1000)] == [True, False]


def test_a_csv_without_a_heading_stops_the_run(tmp_path):
    with pytest.raises(SetupError, match="没有可读的表头"):
        read(table(tmp_path, "ads.csv", ""))


@pytest.mark.parametrize(
    "broken", ['{"text": ', "[1, 2]", '"text"', "[" * 100_000, '{"text": "\\ud83d"}x']
)
def test_a_line_that_is_no_json_object_costs_only_itself(broken, tmp_path):
    good = '{"text": "好"}\n'
    entries = read(table(tmp_path, "ads.jsonl", f"{good}{broken}\n\n{good}"))
    assert [bool(entry.trouble) for entry in entries] == [False, True, False]
    assert "第 2 行" in str(entries[1].trouble)
    assert entries[2].name.endswith("#4")  # by line, whether or not lines are empty


def test_a_line_over_the_limit_costs_only_itself(tmp_path):
    source = lines(tmp_path, {"text": "a"}, {"text": "a" * 5000}, {"text": "b"})
    entries = read(source, max_file_bytes=1000)
    assert [bool(entry.trouble) for entry in entries] == [False, True, False]
    assert "超过上限" in str(entries[1].trouble)


@pytest.mark.parametrize("indent", [None, 2])
def test_a_small_json_file_may_hold_one_ad_or_a_list(indent, tmp_path):
    rows = [{"text": "甲"}, 7, {"text": "乙"}]
    (one,) = read(table(tmp_path, "one.json", json.dumps(rows[0], indent=indent)))
    first, broken, last = read(table(tmp_path, "many.json", json.dumps(rows, indent=indent)))
    assert contents(one) == contents(first) == ["甲".encode()]
    assert isinstance(broken.trouble, DamagedFile)
    assert last.name.endswith("many.json#3")


def test_a_long_list_comes_once(tmp_path):
    rows = [{"text": str(number)} for number in range(500)]
    assert len(read(table(tmp_path, "many.json", json.dumps(rows, indent=2)))) == 500


def test_a_json_file_without_objects_stops_the_run(tmp_path):
    with pytest.raises(SetupError, match="没有一行是 JSON 对象"):
        read(table(tmp_path, "ads.json", "[\n1,\n2\n"))


def test_half_an_emoji_does_not_stop_a_row(tmp_path):
    (entry,) = read(table(tmp_path, "ads.jsonl", '{"text": "好\\ud83d"}\n'))
    assert contents(entry) == ["好?".encode()]


@pytest.mark.parametrize("name", ["ads.csv.gz", "ads.jsonl.gz"])
def test_a_packed_table_that_is_cut_off_says_so_after_its_last_row(name, tmp_path):
    rows = [f"text{number}" for number in range(20_000)]
    written = (
        "text\n" + "\n".join(rows)
        if "csv" in name
        else "\n".join(json.dumps({"text": r}) for r in rows)
    )
    packed = gzip.compress(written.encode())
    entries = read(table(tmp_path, name, packed[: len(packed) // 2]))
    assert len(entries) > 100
    assert "文件不完整" in str(entries[-1].trouble)
    assert not any(entry.trouble for entry in entries[:-1])


def test_a_parquet_that_is_cut_off_stops_the_run(tmp_path):
    source = write_parquet(tmp_path / "ads.parquet", True)
    source.write_bytes(source.read_bytes()[:-50])
    with pytest.raises(SetupError, match="不是完整的 Parquet 文件"):
        read(source)


def test_a_broken_row_group_says_which_rows_are_lost_and_the_others_come(tmp_path):
    source = tmp_path / "ads.parquet"
    rows = [{"text": f"广告{number}" * 50} for number in range(2000)]
    pq.write_table(
        pa.Table.from_pylist(rows),
        source,
        row_group_size=500,
        compression="zstd",
        use_dictionary=False,
    )
    data = bytearray(source.read_bytes())
    at = pq.ParquetFile(source).metadata.row_group(2).column(0).data_page_offset
    data[at + 10 : at + 200] = bytes(190)
    source.write_bytes(data)
    entries = read(source)
    assert len(entries) == 1501
    assert [number for number, entry in enumerate(entries) if entry.trouble] == [1000]
    assert "第 1,001 至 1,500 行读不出" in str(entries[1000].trouble)
    assert entries[-1].name.endswith("#2000")


def test_nanoseconds_and_dictionaries_of_parquet_are_read(tmp_path):
    source = tmp_path / "ads.parquet"
    days = pa.array([datetime(2025, 3, 7)], pa.timestamp("ns"))
    words = pa.array(["抖音"]).dictionary_encode()
    pq.write_table(pa.table({"text": ["a"], "date": days, "medium": words}), source)
    (entry,) = read(source)
    assert (entry.published, entry.medium) == (date(2025, 3, 7), "short_video")


def test_a_day_that_cannot_be_read_is_the_rows_trouble(tmp_path):
    bad, good = read(table(tmp_path, "ads.csv", "text,date,媒介\n甲,春节前,抖音\n乙,,\n"))
    assert isinstance(bad.trouble, DamagedFile)
    assert bad.sources == ()
    assert bad.medium == "short_video"
    assert good.published is None and good.trouble is None


def test_a_row_with_nothing_in_it_is_its_own_trouble(tmp_path):
    (entry,) = read(lines(tmp_path, {"text": " \u200b", "image": ""}))
    assert "没有文字，也没有图片" in str(entry.trouble)


def test_a_row_with_a_title_only_is_an_ad_of_that_title(tmp_path):
    (entry,) = read(lines(tmp_path, {"text": "", "title": "保本理财"}))
    assert contents(entry) == ["保本理财".encode()]
    assert entry.title is None


# Pictures


def test_a_picture_that_is_missing_leaves_its_text_to_be_reviewed(tmp_path):
    (entry,) = read(lines(tmp_path, {"text": "文字", "image": "nowhere.png"}))
    text, picture = entry.sources
    assert entry.trouble is None
    assert text.read() == "文字".encode()
    with pytest.raises(DamagedFile, match="找不到这个文件"):
        picture.read()


@pytest.mark.parametrize(
    "path", ["../secret.png", "/etc/hostname", "a/../../secret.png", "C:\\x.png", ".."]
)
def test_a_picture_path_never_leads_out_of_its_folder(path, tmp_path):
    write_files(tmp_path, {"secret.png": RED})
    (tmp_path / "t").mkdir()
    (entry,) = read(lines(tmp_path / "t", {"image": path}))
    with pytest.raises(DamagedFile, match="之外"):
        entry.sources[0].read()


def test_an_address_is_not_fetched(tmp_path):
    (entry,) = read(lines(tmp_path, {"text": "a", "image": "https://a.example/1.png"}))
    with pytest.raises(DamagedFile, match="不联网下载"):
        entry.sources[1].read()


@pytest.mark.parametrize(
    "cell",
    [
        "red.png;blue.png",
        " red.png ； blue.png ",
        '["red.png", "blue.png"]',
        ["red.png", "blue.png"],
        ["red.png", "data:image/png;base64," + base64.b64encode(PICTURES["blue.png"]).decode()],
        "./red.png\nsub\\..\\blue.png",
    ],
)
def test_several_pictures_come_in_order(cell, tmp_path):
    write_files(tmp_path, PICTURES)
    (entry,) = read(lines(tmp_path, {"image": cell}))
    assert contents(entry) == [RED, PICTURES["blue.png"]]


def test_picture_paths_begin_at_the_image_root(tmp_path):
    write_files(tmp_path / "pictures", PICTURES)
    source = lines(tmp_path, {"image": "red.png"}, {"image": str(tmp_path / "pictures/red.png")})
    for entry in read(source, image_root=tmp_path / "pictures"):
        assert contents(entry) == [RED]


def test_a_picture_cell_of_another_kind_says_so(tmp_path):
    (entry,) = read(lines(tmp_path, {"text": "a", "image": 7}))
    with pytest.raises(DamagedFile, match="图片列里是 int"):
        entry.sources[1].read()
