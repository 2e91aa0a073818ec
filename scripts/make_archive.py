"""Write an archive of made-up advertisements of any size, and what is known of each.

    python scripts/make_archive.py OUT --texts 100000 --posters 200 --pages 50 --format jsonl

OUT gets `ads.FORMAT` (jsonl, csv, parquet, sqlite or zip), or one file an ad in `ads/` (folder),
and truth.jsonl: id, kind, violates, rules (at least one is to be found), family (ads that are
copies or variants of one another), relation (original, copy, near), and the lines of a poster.
Tables name their posters in the column `image`, under OUT/posters; pages lie in OUT/pages, for
they are no rows. In a folder or ZIP, all are files, named after their ids.

The same arguments give the same archive. Posters need a CJK font (fonts-noto-cjk).
"""

from __future__ import annotations

import argparse
import csv
import html
import io
import json
import random
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import cache
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from archive_ads import Ad, Writer
from PIL import Image, ImageDraw, ImageFont

COLUMNS = ("id", "text", "image", "advertiser", "published", "medium")
MEDIA = ("short_video", "wechat_account", "outdoor", "newspaper", "social_note", "app", "web_page")
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
WIDTH_PX, HEIGHT_PX = 720, 1280  # higher if the lines need it
SCHEMES = [  # paper, ink, shapes
    ("#c8102e", "#fff5f0", "#a80d26"),
    ("#0b3d91", "#e6f0ff", "#164ba6"),
    ("#f7d774", "#4a2a10", "#fbe59b"),
    ("#fdfbfb", "#333333", "#ececec"),
    ("#1f4037", "#f0e8c4", "#2a5247"),
    ("#ffe4e1", "#7a0019", "#ffd2cd"),
]
GROUP = 20_000  # rows of a table written at once


def draw_poster(ad: Ad) -> bytes:
    """The poster as a JPEG: the first line large, the others below, wrapped."""
    rng = random.Random(ad.look)
    paper, ink, shade = rng.choice(SCHEMES)
    top, rows = rng.randint(60, 140), []
    for number, line in enumerate(ad.lines):
        height = 52 if number == 0 else 32
        for start in range(0, len(line), 600 // height):
            rows.append((top, line[start : start + 600 // height], height))
            top += height * 3 // 2
        top += height // 2
    width, height = WIDTH_PX, max(HEIGHT_PX, top + 40)
    image = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(image)
    for _ in range(6):  # faint shapes in the background: what tells one layout from another
        x, y, across = rng.randint(-100, width), rng.randint(-100, height), rng.randint(100, 500)
        draw.ellipse((x, y, x + across, y + across), fill=shade)
    for top, piece, height in rows:
        draw.text((56, top), piece, ink, font(height))
    if ad.relation == "near":
        image = image.resize((round(width * ad.size), round(image.height * ad.size)))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=70 if ad.relation == "near" else 85)
    return stream.getvalue()


@cache
def font(height: int) -> ImageFont.FreeTypeFont:
    """The CJK font, so many pixels high."""
    return ImageFont.truetype(FONT, height)


def write_page(ad: Ad) -> bytes:
    """The ad as a web page with the clutter of one."""
    title, *rest = (html.escape(line) for line in ad.lines)
    body = "".join(f"<p>{line}</p>" for line in rest)
    head = f"<meta charset=utf-8><title>{title}</title>"
    around = "<nav><a href=/>首页</a> <a href=/about>关于我们</a></nav>{}<footer>联系我们</footer>"
    main = f"<main><h1>{title}</h1>{body}</main>"
    return f"<!doctype html><html><head>{head}</head><body>{around.format(main)}".encode()


Row = dict[str, str | None]


def rows_of(ads: Iterator[Ad], rng: random.Random, out: Path) -> Iterator[Row]:
    """A table's rows; posters are written on the way."""
    for ad in ads:
        image = None
        if ad.kind == "poster":
            image = f"posters/{ad.id[:-4]}/{ad.id}.jpg"
            (out / image).parent.mkdir(parents=True, exist_ok=True)
            (out / image).write_bytes(draw_poster(ad))
        text = None if ad.kind == "poster" else "".join(ad.lines)
        day = date(2026, 1, 1) + timedelta(rng.randrange(300))
        values = (ad.id, text, image, ad.advertiser, day.isoformat(), rng.choice(MEDIA))
        yield dict(zip(COLUMNS, values, strict=True))


def write_jsonl(rows: Iterator[Row], path: Path) -> None:
    """One object a line."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_csv(rows: Iterator[Row], path: Path) -> None:
    """UTF-8 with a heading."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def write_parquet(rows: Iterator[Row], path: Path) -> None:
    """Group by group."""
    schema = pa.schema([(name, pa.string()) for name in COLUMNS])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while group := list(islice(rows, GROUP)):
            writer.write_table(pa.Table.from_pylist(group, schema))


def write_sqlite(rows: Iterator[Row], path: Path) -> None:
    """A table `ads`."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(f"CREATE TABLE ads ({', '.join(COLUMNS)})")
        places = ", ".join(f":{name}" for name in COLUMNS)
        base.executemany(f"INSERT INTO ads VALUES ({places})", rows)


TABLES: dict[str, Callable[[Iterator[Row], Path], None]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "parquet": write_parquet,
    "sqlite": write_sqlite,
}


def write_files(ads: Iterator[Ad], put: Callable[[str, bytes], object]) -> None:
    """One file an ad, ten thousand to a folder."""
    for ad in ads:
        if ad.kind == "poster":
            suffix, content = "jpg", draw_poster(ad)
        elif ad.kind == "page":
            suffix, content = "html", write_page(ad)
        else:
            suffix, content = "txt", "".join(ad.lines).encode()
        put(f"{ad.id[:-4]}/{ad.id}.{suffix}", content)


def put_in(folder: Path) -> Callable[[str, bytes], object]:
    """What writes files into a folder."""

    def put(name: str, content: bytes) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    return put


def make_archive(out: Path, writer: Writer, counts: dict[str, int], form: str) -> None:
    """Write the archive and truth.jsonl."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "truth.jsonl").open("w", encoding="utf-8") as truth:

        def told(*kinds: str) -> Iterator[Ad]:
            for kind in kinds:
                for ad in writer.ads(kind, counts[kind]):
                    truth.write(json.dumps(ad.truth, ensure_ascii=False) + "\n")
                    yield ad

        if form == "folder":
            write_files(told(*counts), put_in(out / "ads"))
        elif form == "zip":
            with zipfile.ZipFile(out / "ads.zip", "w", zipfile.ZIP_DEFLATED) as packed:
                write_files(
                    told(*counts),
                    lambda name, content: packed.writestr(
                        zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED
                    ),
                )
        else:
            rows = rows_of(told("text", "poster"), writer.rng, out)
            TABLES[form](rows, out / f"ads.{form}")
            write_files(told("page"), put_in(out / "pages"))


def main() -> None:
    """Read the arguments."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("out", type=Path)
    for kind in ("text", "poster", "page"):
        arguments.add_argument(f"--{kind}s", type=int, default=0, dest=kind)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--violations", type=float, default=0.05, help="share of the originals")
    arguments.add_argument("--copies", type=float, default=0.1, help="share of all")
    arguments.add_argument("--near", type=float, default=0.1, help="share of all")
    arguments.add_argument("--format", choices=[*TABLES, "folder", "zip"], default="jsonl")
    given = arguments.parse_args()
    writer = Writer(given.seed, given.violations, given.copies, given.near)
    counts = {kind: getattr(given, kind) for kind in ("text", "poster", "page")}
    make_archive(given.out, writer, counts, given.format)


if __name__ == "__main__":
    main()
