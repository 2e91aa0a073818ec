from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from adscan.overview import csv_tables
from adscan.overview.alerts import Alert, Kind, find_alerts, find_runs, render_lines
from adscan.overview.chances import at_least, interval
from adscan.overview.lead_sheets import render_alerts
from adscan.scan.results import open_results, read_manifest
from tests.overview import archives

RUNS = [archives.RUN | {"number": 1}, archives.RUN | {"number": 2}]
DAY = date(2026, 11, 1)


@pytest.fixture
def alerts(results):
    """Writes the tables with two runs and gives the alerts."""

    def found(*, runs=RUNS, **tables) -> list[Alert]:
        folder = results(runs=runs, **tables)
        with open_results(folder) as connection:
            return list(find_alerts(connection, find_runs(connection, read_manifest(folder))))

    return found


@pytest.fixture
def lines(results):
    def told(*, runs=RUNS, **tables) -> str:
        folder = results(runs=runs, **tables)
        with open_results(folder) as connection:
            found = find_runs(connection, read_manifest(folder))
            return "".join(render_lines(found, find_alerts(connection, found)))

    return told


def grouped(*groups):
    """Rows of all tables for groups of flagged ads, each a campaign."""
    campaigns = [archives.campaign(f"c{n}", ads) for n, ads in enumerate(groups)]
    return {
        "campaigns": campaigns,
        "members": [
            row
            for one, ads in zip(campaigns, groups, strict=True)
            for row in archives.members(one, ads)
        ],
        "findings": [archives.finding(one) for ads in groups for one in ads],
    }


def posts(first: int, count: int, run: int, *, bad: bool = True, **changes):
    make = archives.flagged if bad else archives.ad
    return [
        make(first + n, run=run, published=DAY + timedelta(n % 5), **changes) for n in range(count)
    ]


def of(kind: Kind, found: list[Alert]) -> list[Alert]:
    return [alert for alert in found if alert.kind is kind]


def test_first_run_says_that_there_is_nothing_to_compare(lines) -> None:
    ads = posts(0, 3, 1)
    told = lines(runs=RUNS[:1], ads=ads, **grouped(ads))
    assert told == "这是第一次扫描，没有以前的结果可以比较，所以没有预警。\n"


def test_empty_archive_has_no_alert(alerts) -> None:
    assert alerts(runs=[]) == []


def test_run_without_new_ads_says_so(lines) -> None:
    ads = posts(0, 3, 1)
    assert "第 2 次扫描没有收到新的广告" in lines(ads=ads, **grouped(ads))


def test_campaign_of_the_newest_run_only_is_new(alerts) -> None:
    old, new = posts(0, 3, 1), posts(10, 2, 2, title="新的一波")
    (alert,) = of(Kind.CAMPAIGN, alerts(ads=[*old, *new], **grouped(old, new)))
    assert (alert.subject, alert.new_ads, alert.campaign) == ("新的一波", 2, "c1")
    assert (alert.first_day, alert.last_day) == (DAY, DAY + timedelta(1))


def test_single_new_ad_is_no_new_campaign(alerts) -> None:
    old, new = posts(0, 3, 1), posts(10, 1, 2)
    assert of(Kind.CAMPAIGN, alerts(ads=[*old, *new], **grouped(old, new))) == []


def test_campaign_whose_share_jumped_grew_suddenly(alerts) -> None:
    before, after = posts(0, 2, 1), posts(10, 12, 2)
    rest = [*posts(100, 98, 1, bad=False), *posts(300, 88, 2, bad=False)]
    (alert,) = of(Kind.GROWTH, alerts(ads=[*before, *after, *rest], **grouped([*before, *after])))
    assert alert.new_ads == 12
    assert "是以前的 6.0 倍" in alert.told
    assert "每 100 件广告里约有它 2 件，本次约有 12 件" in alert.told
    assert "（以前 100 件中 2 件，本次 100 件中 12 件）" in alert.told


def test_campaign_without_days_is_compared_with_the_whole_archive(alerts) -> None:
    before, after = (
        posts(0, 2, 1, published_given=False),
        posts(10, 12, 2, published_given=False),
    )
    rest = [*posts(100, 98, 1, bad=False), *posts(300, 88, 2, bad=False)]
    (alert,) = of(Kind.GROWTH, alerts(ads=[*before, *after, *rest], **grouped([*before, *after])))
    assert "（以前 100 件中 2 件，本次 100 件中 12 件）" in alert.told
    assert (alert.first_day, alert.last_day) == (None, None)


def test_ads_without_a_day_count_beside_a_dated_campaign(alerts) -> None:
    before, after = posts(0, 2, 1), posts(10, 12, 2)
    rest = [
        *posts(100, 98, 1, bad=False, published_given=False),
        *posts(300, 88, 2, bad=False, published_given=False),
    ]
    (alert,) = of(Kind.GROWTH, alerts(ads=[*before, *after, *rest], **grouped([*before, *after])))
    assert "（以前 100 件中 2 件，本次 100 件中 12 件）" in alert.told


def test_unknown_days_are_called_unknown(lines) -> None:
    old = posts(0, 1, 1)
    new = posts(10, 2, 2, published_given=False)
    told = lines(ads=[*old, *new], **grouped(old, new))
    assert "此前没有见过，本次 2 件；发布日未知\n" in told
    assert "None" not in told


def test_larger_crawl_alone_is_no_growth(alerts) -> None:
    before, after = posts(0, 2, 1), posts(10, 20, 2)
    rest = [*posts(100, 48, 1, bad=False), *posts(300, 480, 2, bad=False)]
    found = alerts(ads=[*before, *after, *rest], **grouped([*before, *after]))
    assert of(Kind.GROWTH, found) == []


def test_old_archive_does_not_make_a_young_campaign_look_as_if_it_grew(alerts) -> None:
    before, after = posts(0, 10, 1), posts(20, 10, 2)
    ancient = [archives.ad(100 + n, published=date(2020, 1, 1)) for n in range(400)]
    found = alerts(ads=[*before, *after, *ancient], **grouped([*before, *after]))
    assert of(Kind.GROWTH, found) == []


def test_few_new_ads_are_no_growth(alerts) -> None:
    before, after = posts(0, 1, 1), posts(10, 4, 2)
    rest = posts(100, 400, 1, bad=False)
    found = alerts(ads=[*before, *after, *rest], **grouped([*before, *after]))
    assert of(Kind.GROWTH, found) == []


def test_advertiser_never_seen_before_is_told_of(alerts) -> None:
    old = [archives.ad(0, run=1, advertiser="青榆公司")]
    new = [
        archives.flagged(1, run=2, advertiser="澄湖公司"),
        archives.flagged(2, run=2, advertiser="青榆公司"),
        archives.ad(3, run=2, advertiser="砚山公司"),
        archives.flagged(4, run=2, permit_advertiser="溪口公司"),
    ]
    found = alerts(ads=[*old, *new], findings=[archives.finding(one) for one in new[:2]])
    named = {alert.subject for alert in of(Kind.ADVERTISER, found)}
    assert named == {"澄湖公司", "溪口公司（据广告内容）"}


def test_brackets_and_blanks_do_not_make_a_new_advertiser(alerts) -> None:
    old = archives.ad(0, run=1, advertiser="澄湖（温州）公司")
    new = archives.flagged(1, run=2, advertiser="澄湖 (温州) 公司")
    found = alerts(ads=[old, new], findings=[archives.finding(new)])
    assert of(Kind.ADVERTISER, found) == []


def test_lines_are_harmless_and_name_an_example(lines) -> None:
    old = posts(0, 1, 1)
    new = posts(10, 2, 2, title="红\x1b[31m字\n第二行", url="https://ads.example/7")
    told = lines(ads=[*old, *new], **grouped(old, new))
    assert "新活动（严重）：红␛[31m字 第二行\n" in told
    assert "posts.jsonl#11 https://ads.example/7" in told


def test_nothing_new_to_tell_is_told(lines) -> None:
    ads = [archives.ad(0, run=1), archives.ad(1, run=2)]
    assert lines(ads=ads).endswith("\n没有预警。\n")


def test_workbook_and_table_hold_the_same_alerts(results) -> None:
    old, new = posts(0, 3, 1), posts(10, 2, 2)
    folder = results(runs=RUNS, ads=[*old, *new], **grouped(old, new))
    with open_results(folder) as connection:
        runs = find_runs(connection, read_manifest(folder))
        book = load_workbook(io.BytesIO(b"".join(render_alerts(connection, runs))))
        _, row = csv_tables.render_alerts(connection, runs)
    assert book.sheetnames == ["预警", "说明"]
    (cells,) = book["预警"].iter_rows(min_row=2, values_only=True)
    assert cells[:2] == ("新活动", "严重")
    assert row.startswith("新活动,严重,")


def test_chance_of_a_count_is_exact() -> None:
    assert at_least(1, 3, 0.5) == pytest.approx(7 / 8)
    assert at_least(3, 3, 0.1) == pytest.approx(0.001)


@pytest.mark.parametrize(
    ("seen", "of_all", "low", "high"),
    [
        (0, 100, 0.0, 1 - 0.025 ** (1 / 100)),
        (100, 100, 0.025 ** (1 / 100), 1.0),
        (10, 100, 0.0490, 0.1762),  # Clopper and Pearson, as tables have it
    ],
)
def test_interval_is_that_of_clopper_and_pearson(seen, of_all, low, high) -> None:
    assert interval(seen, of_all) == pytest.approx((low, high), abs=5e-5)
