from __future__ import annotations

from enum import Enum

import pytest

from adscan.records.ad import AdKind
from adscan.records.hit import Origin
from adscan.records.part import LineKind, NoticeCode
from adscan.records.permit import PermitStatus
from adscan.records.review import GenreLabel
from adscan.records.rule import Checked, Decision, Level, MentionReason, Severity
from adscan.report import wording
from tests.report import cases


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (wording.DECISIONS, Decision),
        (wording.DECISION_MEANINGS, Decision),
        (wording.FINDING_DECISIONS, Decision),
        (wording.SEVERITIES, Severity),
        (wording.ORIGINS, Origin),
        (wording.MENTION_REASONS, MentionReason),
        (wording.PERMITS, PermitStatus),
        (wording.GENRES, GenreLabel),
        (wording.KINDS, AdKind),
        (wording.NOTICES, NoticeCode),
        (wording.LINE_KINDS, LineKind),
        (wording.CHECKED, Checked),
        (wording.LEVELS, Level),
    ],
)
def test_every_value_has_its_word(words: dict[Enum, str], values: type[Enum]) -> None:
    assert set(words) == set(values)


def test_edition_stays_outside_the_title() -> None:
    assert wording.cite(cases.ADVICE_LAW) == "《中华人民共和国广告法》第二十五条第（一）项"
    assert wording.edition(cases.ADVICE_LAW) == "2015年修订，2018、2021年修正"


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2026-11-25T09:30:00+08:00", "2026-11-25 09:30:00（UTC+08:00）"),
        ("2026-11-25T09:30:00-05:00", "2026-11-25 09:30:00（UTC-05:00）"),
        ("2026-11-25T09:30:00", "2026-11-25 09:30:00"),
        ("2026-11-25", "2026-11-25"),
    ],
)
def test_moment_reads_like_a_clock(iso: str, words: str) -> None:
    assert wording.moment(iso) == words


def test_input_without_a_name_gets_words() -> None:
    assert wording.source_name("<stdin>") == "标准输入的内容"
    assert wording.source_name("海报.png") == "海报.png"


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0%"), (0.001, "1%"), (0.5, "50%"), (0.999, "99%"), (1, "100%")]
)
def test_percent_never_rounds_to_certainty(share: float, words: str) -> None:
    assert wording.percent(share) == words
