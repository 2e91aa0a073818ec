"""The page in a real browser: what no parser can tell."""

from __future__ import annotations

import shutil

import pytest

from adscan.overview.page import render_page
from tests.overview.archives import finding, flagged

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def browser():
    api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium here")
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Opens the page of a result folder; gives the tab and what it complained of or asked for."""

    def open_page(folder, width=1440):
        file = tmp_path / "report.html"
        file.write_text("".join(render_page(folder)), "utf-8")
        told = []
        tab = browser.new_page(viewport={"width": width, "height": 900})
        tab.on("console", lambda message: told.append(message.text))
        tab.on("pageerror", lambda error: told.append(str(error)))
        tab.on("request", lambda request: told.append(request.url))
        tab.goto(file.as_uri())
        return tab, told

    return open_page


@pytest.mark.parametrize("width", [390, 1440])
def test_page_fits_its_window_and_asks_for_nothing(opened, many, width):
    tab, told = opened(many(2_000), width)
    assert [line for line in told if not line.startswith(("file:", "data:"))] == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_filters_choose_findings_and_pages_turn(opened, many):
    tab, _ = opened(many(2_000))
    assert tab.locator("#rows > li").count() == 25
    assert "250 项" in tab.locator("#told").inner_text()
    first = tab.locator("#rows").inner_text()
    tab.get_by_role("button", name="下一页").click()
    assert tab.locator("#rows").inner_text() != first
    filters = tab.locator("#filters")
    filters.get_by_label("规则").select_option("=unlicensed-offer")
    assert "50 项，第 1 页，共 2 页" in tab.locator("#told").inner_text()
    assert set(tab.locator("#rows h3").all_inner_texts()) == {"无资质从事须许可的业务"}
    filters.get_by_label("文字").fill("POSTS.parquet#161 ")
    assert "1 项，第 1 页，共 1 页" in tab.locator("#told").inner_text()
    filters.get_by_label("文字").fill("没有这样的话")
    assert tab.locator("#told").inner_text() == "没有符合条件的问题。"
    tab.get_by_role("button", name="清除筛选").click()
    assert "250 项" in tab.locator("#told").inner_text()


def test_a_table_wider_than_a_telephone_says_that_it_can_be_moved(opened, many):
    folder = many(2_000)
    tab, _ = opened(folder, 390)
    tab.wait_for_selector(".scroll.wide")
    hint = tab.evaluate(
        "getComputedStyle(document.querySelector('.scroll.wide'), '::before').content"
    )
    assert "左右滑动" in hint
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.wait_for_selector(".scroll.wide", state="detached")


def test_findings_without_a_day_can_be_chosen(opened, results):
    ads = [flagged(0), flagged(1, published_given=False)]
    tab, _ = opened(results(ads=ads, findings=[finding(one) for one in ads]))
    months = tab.locator("#filters").get_by_label("月份")
    assert months.locator("option").all_inner_texts()[-1] == "未提供（1）"
    months.select_option("=")
    assert "1 项" in tab.locator("#told").inner_text()
    assert "未提供（按" in tab.locator("#rows").inner_text()


def test_paper_has_the_list_only_once_it_is_filtered(opened, many):
    tab, _ = opened(many(2_000))
    tab.emulate_media(media="print")
    assert not tab.locator("#rows").is_visible()
    assert not tab.locator("#filters").is_visible()
    assert tab.locator("#paper").is_visible()
    tab.emulate_media(media="screen")
    tab.locator("#filters").get_by_label("严重程度").select_option("=low")
    tab.emulate_media(media="print")
    assert tab.locator("#rows").is_visible()
    assert not tab.locator("#paper").is_visible()
