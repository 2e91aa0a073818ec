"""Remake the files in examples/ads from their sources: Chromium draws, Pillow packs.

Run it from anywhere: `python examples/sources/render.py`. It needs the extra `dev`, a Chromium
and the Debian packages fonts-noto-cjk and fonts-wqy-microhei.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import numpy as np
import zxingcpp
from docx import Document
from docx.shared import Pt
from PIL import Image, ImageFilter
from playwright.sync_api import Page, sync_playwright

SOURCES = Path(__file__).parent
ADS = SOURCES.parent / "ads"
LINKS = {"qr-wealth": "https://wealth.example.com/wx3", "qr-long": "https://group.example.com/46"}
SCAN_SEED = 7


def main() -> None:
    """Draw every sample."""
    for name, link in LINKS.items():
        code = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        Image.fromarray(np.array(code.to_image(scale=8))).save(SOURCES / f"{name}.png")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page()
        draw(page, "wealth-poster").save(ADS / "01-wealth-poster.jpg", quality=82)
        draw(page, "long-post").save(ADS / "02-long-post.webp", quality=72, method=6)
        folder = ADS / "03-soft-article_files"
        folder.mkdir(exist_ok=True)
        draw(page, "article-picture").save(folder / "640.jpg", quality=84)
        scanned = [scan(draw(page, f"leaflet-{n}"), tilt) for n, tilt in ((1, 0.7), (2, -0.5))]
        draw(page, "deposit").save(ADS / "06-deposit.jpg", quality=82)
        draw(page, "anti-fraud").save(ADS / "07-anti-fraud.jpg", quality=82)
        flat = draw(page, "fund").quantize(48, dither=Image.Dither.NONE)
        flat.save(ADS / "09-fund.png", optimize=True)
        browser.close()
    scanned[0].save(
        ADS / "04-leaflet-scan.pdf",
        save_all=True,
        append_images=scanned[1:],
        resolution=150,
        quality=60,
    )
    news = (SOURCES / "news.html").read_text("utf-8")
    (ADS / "08-news.html").write_bytes(news.encode("gb18030"))
    write_docx(ADS / "10-home-leverage.docx", (SOURCES / "home-leverage.txt").read_text("utf-8"))


def draw(page: Page, name: str) -> Image.Image:
    """The page `name`.html at its own width and full height."""
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto((SOURCES / f"{name}.html").as_uri())
    size = page.evaluate("({width: document.body.offsetWidth, height: document.body.offsetHeight})")
    page.set_viewport_size(size)
    return Image.open(io.BytesIO(page.screenshot(clip={"x": 0, "y": 0, **size}))).convert("RGB")


def scan(image: Image.Image, tilt: float) -> Image.Image:
    """The page as an office scanner gives it: grey, a little crooked, soft and noisy."""
    turned = image.convert("L").rotate(tilt, Image.Resampling.BICUBIC, fillcolor=255)
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.float32)
    noise = np.random.default_rng(SCAN_SEED).normal(0, 5, soft.shape)
    return Image.fromarray(np.clip(soft * 0.93 + 8 + noise, 0, 255).astype(np.uint8))


def write_docx(path: Path, text: str) -> None:
    """A Word file: `# ` starts a heading, `|` separates the cells of a table row."""
    document = Document()
    document.styles["Normal"].font.size = Pt(12)
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
            for row in rows:
                for cell, words in zip(table.add_row().cells, row, strict=True):
                    cell.text = words
            rows = []
        if line.startswith("# "):
            document.add_heading(line[2:], level=1)
        elif line.strip():
            document.add_paragraph(line)
    document.save(str(path))


if __name__ == "__main__":
    main()
