from __future__ import annotations

from adscan.records.part import Part, PartKind
from adscan.records.review import Evidence
from adscan.report.places import part_name, place, quotations


def text_part(text: str) -> tuple[Part, ...]:
    return (Part("text:0", PartKind.TEXT, text),)


def found(text: str, words: str, start: int = 0) -> Evidence:
    at = text.index(words, start)
    return Evidence("text:0", words, at, at + len(words))


def shown(text: str, *evidence: Evidence) -> list[str]:
    return [
        "".join(f"[{p.text}]" if p.evidence else p.text for p in quotation)
        for quotation in quotations(evidence, text_part(text))
    ]


def test_quotation_keeps_to_the_sentence() -> None:
    text = "前一句。今日保本发售！后一句。"
    assert shown(text, found(text, "保本")) == ["今日[保本]发售！"]


def test_long_surroundings_are_cut_with_dots() -> None:
    text = "一" * 40 + "保本" + "二" * 40
    assert shown(text, found(text, "保本")) == ["…" + "一" * 18 + "[保本]" + "二" * 18 + "…"]


def test_words_of_one_sentence_share_a_quotation() -> None:
    text = "零风险，稳赚不赔。"
    assert shown(text, found(text, "零风险"), found(text, "稳赚不赔")) == ["[零风险]，[稳赚不赔]。"]


def test_words_of_two_sentences_are_quoted_apart() -> None:
    text = "零风险。稳赚不赔。"
    assert shown(text, found(text, "零风险"), found(text, "稳赚不赔")) == [
        "[零风险]。",
        "[稳赚不赔]。",
    ]


def test_overlapping_words_are_quoted_apart() -> None:
    text = "保本保息"
    assert shown(text, found(text, "保本保"), found(text, "本保息")) == ["[保本保]息", "保[本保息]"]


def test_place_counts_lines_from_one() -> None:
    text = "甲\n乙保本"
    assert place(found(text, "保本"), text_part(text)) == "正文，第 2 行"


def test_parts_are_named_for_people() -> None:
    parts = (
        Part("image:0", PartKind.IMAGE, ""),
        Part("image:1", PartKind.IMAGE, ""),
        Part("page:4", PartKind.PAGE, "", page_number=5),
    )
    assert part_name("image:1", parts) == "第 2 张图"
    assert part_name("image:0", parts[:1]) == "图片"
    assert part_name("page:4", parts) == "第 5 页"
