from __future__ import annotations

from adscan.report.visible import one_line, spelled_out, visible


def test_escape_becomes_its_picture() -> None:
    assert visible("\x1b[31m红") == "␛[31m红"


def test_direction_overrides_are_taken_out() -> None:
    assert visible("安全\u202e本保") == "安全\ufffd本保"


def test_length_never_changes() -> None:
    text = "保\u200b本\x00\x7f\u2028\ud800👨‍👩‍👧\r\n"
    assert len(visible(text)) == len(text)


def test_plain_text_is_left_alone() -> None:
    assert visible("第一行\n第二行\t甲") == "第一行\n第二行\t甲"


def test_split_by_nothing_is_shown() -> None:
    assert spelled_out("保\u200b本") == "保[零宽]本"


def test_one_line_has_no_line_ends() -> None:
    assert one_line("甲\n 乙\x07") == "甲 乙␇"
