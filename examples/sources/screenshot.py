"""Picture the top of an HTML report, for the README.

    adscan check examples/ads/01-wealth-poster.jpg --published 2026-11-25 \\
      --format html --output out/poster.html
    python examples/sources/screenshot.py out/poster.html docs/images/report.png
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

WIDTH, HEIGHT, SCALE = 1280, 1200, 1.5  # the whole poster beside the first finding
COLOURS = 255


def main(report: Path, picture: Path) -> None:
    """Write the report's first screen to `picture`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE
        )
        page.goto(report.resolve().as_uri())
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        browser.close()
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(picture, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
