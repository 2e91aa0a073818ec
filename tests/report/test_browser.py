"""The page in a real browser: what no parser can tell."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from adscan.report.formats import load_format
from tests.report import cases

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("width", [390, 1280])
def test_page_fits_its_window_and_asks_for_nothing(tmp_path: Path, width: int) -> None:
    api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium here")
    file = tmp_path / "report.html"
    file.write_text("".join(load_format("html").render(cases.every_case())), "utf-8")
    told: list[str] = []
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": width, "height": 900})
        tab.on("console", lambda message: told.append(message.text))
        tab.on("request", lambda request: told.append(request.url))
        tab.goto(file.as_uri())
        wide = tab.evaluate("document.documentElement.scrollWidth")
        browser.close()
    asked = [line for line in told if not line.startswith(("file:", "data:"))]
    assert asked == []
    assert wide <= width
