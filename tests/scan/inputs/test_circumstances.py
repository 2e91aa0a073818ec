"""Day and medium as archives write them."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from adscan.errors import DamagedFile
from adscan.records.medium import MEDIA
from adscan.scan.inputs.circumstances import read_day, read_medium

DAY = date(2025, 3, 7)


@pytest.mark.parametrize(
    "written",
    [
        DAY,
        datetime(2025, 3, 7, 23, 59),
        "2025-03-07",
        "2025-3-7",
        "2025/3/7",
        "2025.03.07",
        "2025年3月7日",
        "2025 年 3 月 7 日",
        "20250307",
        20250307,
        20250307.0,
        "20250307101500",
        "2025-03-07T10:15:00",
        "2025-03-07 10:15:00.000",
        "2025/3/7 0:00",
        " 2025-03-07 ",
        1741276800,  # midnight in China
        "1741276800000",
    ],
)
def test_a_day_is_read_in_every_usual_form(written):
    assert read_day(written) == DAY


@pytest.mark.parametrize(
    "written",
    [
        "2025-03-06T16:00:00Z",
        "2025-03-06T16:00:00+00:00",
        datetime(2025, 3, 6, 16, tzinfo=timezone.utc),
    ],
)
def test_a_moment_elsewhere_is_the_day_that_it_was_in_china(written):
    assert read_day(written) == DAY


@pytest.mark.parametrize("written", [None, "", "  ", float("nan")])
def test_no_day_is_none(written):
    assert read_day(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "去年",
        "2025-13-01",
        "2025-02-30",
        "03/07/2025",
        "2025",
        "0001-01-01",
        date(1, 1, 1),
        "25-3-7",
    ],
)
def test_what_is_no_day_is_refused_because_the_law_hangs_on_it(written):
    with pytest.raises(DamagedFile, match="读不出，无法确定适用哪一天的法律"):
        read_day(written)


@pytest.mark.parametrize("medium", MEDIA)
def test_every_medium_is_known_by_id_and_by_chinese_name(medium):
    assert read_medium(medium) == medium
    assert read_medium(MEDIA[medium]) == medium


@pytest.mark.parametrize(
    ("words", "medium"),
    [
        ("微信公众号", "wechat_account"),
        ("抖音", "short_video"),
        ("小红书", "social_note"),
        ("报刊", "newspaper"),
        ("电视台", "television"),
        ("Web Page", "web_page"),
        ("QQ群", "chat_group"),
        ("APP", "app"),
    ],
)
def test_everyday_words_for_media_are_known(words, medium):
    assert read_medium(words) == medium


def test_other_words_are_no_medium():
    assert read_medium("地方小报") is None
