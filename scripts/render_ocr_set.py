"""Render the OCR test set: tests/materials/ocr/*.webp, *.jpg, *.png and ground_truth.jsonl.

    python scripts/render_ocr_set.py [--out DIR] [--chromium PATH] [--long FILE]

`--long` writes only the 1080 x 20000 picture (over 1 MB, so not committed) to FILE, with its lines
in FILE.jsonl. Needs Chromium, and the fonts that tests/materials/ocr/README.md lists.
"""

from __future__ import annotations

import argparse
import html
import io
import json
import random
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from PIL import Image, ImageFilter

MATERIALS = Path(__file__).parents[1] / "tests/materials/ocr"
TEXTS: dict[str, Any] = yaml.safe_load((MATERIALS / "texts.yaml").read_text(encoding="utf-8"))
FONTS = ["Noto Sans CJK SC", "Noto Serif CJK SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei"]
SCHEMES = [  # background, heading, text
    ("linear-gradient(160deg,#c8102e,#7a0019)", "#ffe9a8", "#fff5f0"),
    ("linear-gradient(180deg,#0b3d91,#3f8efc)", "#ffffff", "#e6f0ff"),
    ("linear-gradient(135deg,#f7d774,#f2a65a)", "#8a1c0a", "#4a2a10"),
    ("#ffffff", "#c8102e", "#333333"),
    ("radial-gradient(circle at 30% 20%,#1f4037,#0c1f1a)", "#e8c468", "#dfe8e2"),
    ("linear-gradient(90deg,#fdfbfb,#ebedee)", "#0b3d91", "#444444"),
]


@dataclass
class Page:
    """A picture in the making: lines stand where they are put, and are its ground truth."""

    name: str
    kind: str
    width: int
    height: int
    background: str
    font: str
    quality: int = 82
    suffix: str = ".webp"
    turn: int = 0  # quarters clockwise, once rendered
    photo: int | None = None  # seed of a made-up photograph behind the text
    marks: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def box(self, x: float, y: float, width: float, height: float, css: str) -> None:
        """A shape without words."""
        self.marks.append(
            f"<div style='position:absolute;left:{x}px;top:{y}px;width:{width}px;"
            f"height:{height}px;{css}'></div>"
        )

    def line(  # noqa: PLR0913, PLR0917  (a pen has that many properties)
        self, text: str, x: float, y: float, size: float, colour: str, css: str = ""
    ) -> None:
        """One line of text; y is its top. x may be the middle: css `translateX(-50%)`."""
        self.lines.append(text)
        self.marks.append(
            f"<div style='position:absolute;left:{x}px;top:{y}px;font-size:{size}px;color:{colour};"
            f"white-space:nowrap;line-height:1.2;{css}'>{html.escape(text)}</div>"
        )

    def centred(self, text: str, y: float, size: float, colour: str, css: str = "") -> None:
        """A line in the middle."""
        self.line(text, self.width / 2, y, size, colour, f"transform:translateX(-50%);{css}")

    def markup(self, photo: Path | None) -> str:
        """The page for the browser."""
        behind = f"url({photo.name}) center/cover" if photo else self.background
        return (
            f"<meta charset=utf-8><body style='margin:0;width:{self.width}px;"
            f"height:{self.height}px;overflow:hidden;position:relative;background:{behind};"
            f'font-family:"{self.font}"\'>{"".join(self.marks)}'
        )


def wrapped(text: str, count: int) -> list[str]:
    """A paragraph in lines of so many characters."""
    return [text[i : i + count] for i in range(0, len(text), count)]


def pages() -> Iterator[Page]:
    """The whole set."""
    chance = random.Random(20261125)
    for make in (posters, long_posts, rate_tables, banners, pale_footers, upright, photos, turned):
        yield from make(chance)


def posters(chance: random.Random) -> Iterator[Page]:
    """From a thumbnail to print size."""
    sizes = [(1080, 1920), (750, 1334), (900, 1200), (1080, 1440), (600, 900), (2160, 3840)]
    for i, (width, height) in enumerate(sizes):
        page = Page(f"poster_{i}", "poster", width, height, SCHEMES[i][0], FONTS[i % 4])
        yield poster(page, chance, SCHEMES[i], small=0.018)


def poster(page: Page, chance: random.Random, scheme: tuple[str, str, str], small: float) -> Page:
    """Brand, heading, points in a card, small print at the foot."""
    _, strong, plain = scheme
    width, height = page.width, page.height
    unit = min(width, height * 0.72)
    page.line(chance.choice(TEXTS["brands"]), width * 0.06, height * 0.03, unit * 0.04, plain)
    heading = chance.choice(TEXTS["headings"])
    size = min(unit * 0.12, width * 0.9 / len(heading))
    page.centred(heading, height * 0.12, size, strong, "font-weight:900")
    page.centred(chance.choice(TEXTS["subheads"]), height * 0.24, unit * 0.05, plain)
    card = "background:rgba(255,255,255,.14);border-radius:24px"
    page.box(width * 0.06, height * 0.32, width * 0.88, height * 0.44, card)
    for i, point in enumerate(chance.sample(TEXTS["points"], 7)):
        page.line(point, width * 0.1, height * (0.34 + 0.058 * i), unit * 0.04, plain)
    for i, warning in enumerate(chance.sample(TEXTS["warnings"], 3)):
        top = height * 0.985 - (3 - i) * max(11, unit * small) * 1.6
        page.centred(warning, top, max(11, unit * small), plain, "opacity:.8")
    return page


def long_posts(chance: random.Random) -> Iterator[Page]:
    """Articles saved as one picture."""
    looks = [(750, 3600, 32), (1080, 4800, 40), (640, 3000, 26), (1080, 4200, 34)]
    for i, (width, height, size) in enumerate(looks):
        page = Page(f"long_post_{i}", "long_post", width, height, "#fbfaf7", FONTS[i], quality=70)
        yield long_post(page, chance, size)


def long_post(page: Page, chance: random.Random, size: int) -> Page:
    """A soft article as one long picture, with section titles and coloured boxes."""
    width, height = page.width, page.height
    y, count = 60.0, int((width - 120) // size)
    page.line(chance.choice(TEXTS["headings"]), 60, y, size * 1.5, "#222", "font-weight:700")
    y += size * 3
    while y < height - size * 10:
        for text in wrapped(chance.choice(TEXTS["paragraphs"]), count):
            page.line(text, 60, y, size, chance.choice(["#333", "#333", "#555", "#b3261e"]))
            y += size * 1.7
        y += size
        if chance.random() < 0.35:
            page.box(40, y, width - 80, size * 2.6, "background:#ffe8d6;border-radius:12px")
            page.centred(chance.choice(TEXTS["subheads"]), y + size * 0.6, size * 1.1, "#9c4a00")
            y += size * 4
    page.centred(chance.choice(TEXTS["warnings"]), height - size * 2, size * 0.6, "#a8a8a8")
    return page


def rate_tables(chance: random.Random) -> Iterator[Page]:
    """Ruled by colour alone, as on bank sites."""
    looks = [
        (1000, 640, 28, "#0b3d91"),
        (720, 420, 19, "#c8102e"),
        (1200, 560, 30, "#1f4037"),
        (560, 330, 14, "#555"),
        (900, 520, 22, "#8a1c0a"),
    ]
    for i, (width, height, size, colour) in enumerate(looks):
        table = TEXTS["tables"][i % 4]
        page = Page(
            f"table_{i}",
            "table",
            width,
            height,
            "#fff",
            FONTS[(i + 2) % 4],
            suffix=".png" if i % 2 else ".webp",
        )
        page.centred(table["title"], size * 0.8, size * 1.5, colour, "font-weight:700")
        columns, top, step = len(table["head"]), size * 3.4, size * 2.1
        page.box(20, top - size * 0.4, width - 40, step, f"background:{colour}")
        for row, cells in enumerate([table["head"], *table["rows"]]):
            if row and row % 2 == 0:
                page.box(20, top + row * step - size * 0.4, width - 40, step, "background:#f0f3f8")
            for column, cell in enumerate(cells):
                x = 20 + (width - 40) * (column + 0.5) / columns
                page.line(
                    str(cell),
                    x,
                    top + row * step,
                    size,
                    "#fff" if row == 0 else "#222",
                    "transform:translateX(-50%)",
                )
        page.line(chance.choice(TEXTS["warnings"]), 24, height - size * 1.6, size * 0.7, "#888")
        yield page


def banners(chance: random.Random) -> Iterator[Page]:
    """The sizes ad servers sell, with print as small as they bear."""
    sizes = [(728, 90), (468, 60), (300, 250), (640, 100), (320, 50), (1200, 200), (250, 250)]
    for i, (width, height) in enumerate(sizes):
        back, strong, plain = SCHEMES[i % len(SCHEMES)]
        page = Page(
            f"banner_{i}",
            "banner",
            width,
            height,
            back,
            FONTS[i % 4],
            suffix=".png" if height <= 100 else ".jpg",
        )
        heading, sub = chance.choice(TEXTS["headings"]), chance.choice(TEXTS["subheads"])
        warning = chance.choice(TEXTS["warnings"])
        if width > 2 * height:
            bold = "font-weight:700"
            page.line(heading, width * 0.03, height * 0.08, height * 0.34, strong, bold)
            page.line(sub, width * 0.03, height * 0.5, height * 0.2, plain)
            page.line(warning, width * 0.03, height * 0.78, max(9, height * 0.13), plain)
        else:
            page.centred(heading, height * 0.12, width * 0.9 / len(heading), strong)
            page.centred(sub, height * 0.4, width * 0.07, plain)
            page.centred(chance.choice(TEXTS["points"]), height * 0.58, width * 0.05, plain)
            page.centred(warning, height * 0.88, max(9, width * 0.037), plain)
        yield page


def pale_footers(chance: random.Random) -> Iterator[Page]:
    """Risk warnings meant not to be seen."""
    looks = [
        ("#ffffff", "#e6e6e6"),
        ("#ffffff", "#d8d8d8"),
        ("#f4efe6", "#e4dccd"),
        ("linear-gradient(180deg,#ffffff,#dfe9f5)", "#c9d6e6"),
        ("#c8102e", "#d23a52"),
        ("#12213d", "#26375a"),
    ]
    for i, (back, pale) in enumerate(looks):
        width, height = [(750, 1000), (1080, 1350), (600, 800)][i % 3]
        dark = i < 4
        page = Page(f"pale_{i}", "pale_footer", width, height, back, FONTS[i % 4], quality=85)
        plain = "#333" if dark else "#fff"
        page.centred(
            chance.choice(TEXTS["headings"]), height * 0.1, width * 0.075, plain, "font-weight:700"
        )
        for j, point in enumerate(chance.sample(TEXTS["points"], 4)):
            page.line(point, width * 0.12, height * (0.3 + 0.08 * j), width * 0.042, plain)
        for j, warning in enumerate(chance.sample(TEXTS["warnings"], 4)):
            page.centred(warning, height * (0.82 + 0.035 * j), width * 0.024, pale)
        yield page


def upright(chance: random.Random) -> Iterator[Page]:
    """Columns from right to left beside ordinary lines."""
    for i in range(5):
        back, strong, plain = SCHEMES[i]
        width, height = [(800, 1000), (600, 1100), (1000, 900)][i % 3]
        page = Page(f"upright_{i}", "upright", width, height, back, FONTS[(0, 1, 3)[i % 3]])
        size = width * [0.09, 0.05, 0.07, 0.04, 0.11][i]
        for j, words in enumerate(chance.sample(TEXTS["columns"], 2 + i % 3)):
            page.line(
                words,
                width * 0.82 - j * size * 1.6,
                height * 0.08,
                size,
                strong,
                "writing-mode:vertical-rl;letter-spacing:.15em",
            )
        page.line(chance.choice(TEXTS["brands"]), width * 0.06, height * 0.08, width * 0.05, plain)
        page.centred(chance.choice(TEXTS["warnings"]), height * 0.94, width * 0.025, plain)
        yield page


def photos(chance: random.Random) -> Iterator[Page]:
    """Text on unquiet ground, packed hard."""
    for i in range(5):
        width, height = [(900, 1200), (1080, 810), (640, 960)][i % 3]
        page = Page(f"photo_{i}", "photo", width, height, "#888", FONTS[i % 4])
        poster(page, chance, ("#888", "#fff", "#fff"), small=0.022)
        page.photo, page.quality, page.suffix = i, [70, 55, 45, 60, 35][i], ".jpg"
        shadow = "<style>div{text-shadow:0 0 6px rgba(0,0,0,.75),0 1px 2px rgba(0,0,0,.6)}</style>"
        page.marks.insert(0, shadow)
        yield page


def turned(chance: random.Random) -> Iterator[Page]:
    """Pictures saved lying on their side or upside down."""
    for i, turn in enumerate([1, 2, 3, 1]):
        width, height = [(750, 1000), (1000, 750)][i % 2]
        page = Page(f"turned_{i}", "turned", width, height, SCHEMES[i + 2][0], FONTS[i % 4])
        page.turn = turn
        yield poster(page, chance, SCHEMES[i + 2], small=0.024)


def made_up_photo(width: int, height: int, seed: int) -> Image.Image:
    """Blurred blobs, window-like blocks and grain: as unquiet as a photograph."""
    noise = np.random.default_rng(seed)
    small = (noise.integers(30, 170, (12, 9, 1)) + noise.integers(0, 50, (12, 9, 3))).astype(
        np.uint8
    )
    picture = np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))
    picture = picture.astype(np.int16)
    for _ in range(60):
        x, y = int(noise.integers(0, width)), int(noise.integers(height // 3, height))
        side = int(noise.integers(width // 60, width // 12))
        picture[y : y + side * 2, x : x + side] += int(noise.integers(-45, 45))
    picture += noise.normal(0, 7, picture.shape).astype(np.int16)
    done = Image.fromarray(picture.clip(0, 255).astype(np.uint8))
    return done.filter(ImageFilter.GaussianBlur(1.2))


def rendered(page: Page, chromium: str) -> Image.Image:
    """The page as pixels."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photo = None
        if page.photo is not None:
            photo = folder / "photo.png"
            made_up_photo(page.width, page.height, page.photo).save(photo)
        (folder / "page.html").write_text(page.markup(photo), encoding="utf-8")
        subprocess.run(
            [
                chromium,
                "--headless",
                "--no-sandbox",
                "--hide-scrollbars",
                "--disable-gpu",
                "--force-device-scale-factor=1",
                f"--window-size={page.width},{page.height}",
                f"--screenshot={folder / 'page.png'}",
                (folder / "page.html").as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        with Image.open(folder / "page.png") as picture:
            upright_picture = picture.convert("RGB").crop((0, 0, page.width, page.height))
    return upright_picture.rotate(-90 * page.turn, expand=True)


def packed(picture: Image.Image, page: Page) -> bytes:
    """The picture in the page's file format."""
    out = io.BytesIO()
    if page.suffix == ".png":
        picture.quantize(96, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    elif page.suffix == ".jpg":
        picture.save(out, "JPEG", quality=page.quality)
    else:
        picture.save(out, "WEBP", quality=page.quality, method=6)
    return out.getvalue()


def truth(page: Page, file: str) -> str:
    """The picture's line of the ground truth."""
    record = {"file": file, "kind": page.kind, "font": page.font, "lines": page.lines}
    return json.dumps(record, ensure_ascii=False) + "\n"


def write_long(file: Path, chromium: str) -> None:
    """The 1080 x 20000 picture: five pages joined, for browsers draw no such height at once."""
    chance = random.Random(20000)
    parts = [Page(f"part_{i}", "long_post", 1080, 4000, "#fbfaf7", FONTS[i % 4]) for i in range(5)]
    joined = Image.new("RGB", (1080, 20000))
    for i, part in enumerate(parts):
        long_post(part, chance, 36)
        joined.paste(rendered(part, chromium), (0, 4000 * i))
        parts[0].lines += part.lines if i else []
    joined.save(file)
    Path(f"{file}.jsonl").write_text(truth(parts[0], file.name), encoding="utf-8")


def main() -> None:
    """Read the arguments and render."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--out", type=Path, default=MATERIALS)
    arguments.add_argument("--chromium", default="chromium")
    arguments.add_argument("--long", type=Path)
    given = arguments.parse_args()
    if given.long:
        write_long(given.long, given.chromium)
        return
    records = []
    for page in pages():
        file = page.name + page.suffix
        (given.out / file).write_bytes(packed(rendered(page, given.chromium), page))
        records.append(truth(page, file))
    (given.out / "ground_truth.jsonl").write_text("".join(records), encoding="utf-8")
    print(f"{len(records)} pictures in {given.out}")


if __name__ == "__main__":
    main()
