"""The same five ads as every kind of archive. All names are invented."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from adscan.scan.entry import Entry
from adscan.scan.input import InputOptions
from adscan.scan.inputs import read_entries
from adscan.settings import Limits

FIELDS = ("id", "text", "image", "title", "advertiser", "published", "medium", "url")


def picture(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "PNG")
    return stream.getvalue()


PICTURES = {"red.png": picture("red"), "green.png": picture("green"), "blue.png": picture("blue")}
ADS: tuple[dict[str, Any], ...] = (
    {
        "id": "1",
        "text": "稳健理财，欢迎咨询。",
        "image": ["red.png"],
        "title": "松柏理财",
        "advertiser": "松柏虚构财富有限公司",
        "published": date(2025, 3, 7),
        "medium": "抖音",
        "url": "https://ads.example/1",
    },
    {"id": "2", "text": '只有文字，\n有“引号”和"双引号"；还有,逗号', "published": date(2016, 4, 1)},
    {"id": "3", "image": ["blue.png"], "medium": "newspaper", "advertiser": "云杉虚构银行"},
    {"id": "4", "text": "两张图", "image": ["green.png", "red.png"], "medium": "地方小报"},
    {"id": "5", "text": "存款产品，利率以网点公示为准。", "title": "存款", "medium": "公众号"},
)
SAID = (  # id, title, advertiser, published, medium, medium_given, url
    ("1", "松柏理财", "松柏虚构财富有限公司", date(2025, 3, 7), "short_video", "抖音",
     "https://ads.example/1"),
    ("2", None, None, date(2016, 4, 1), None, None, None),
    ("3", None, "云杉虚构银行", None, "newspaper", "newspaper", None),
    ("4", None, None, None, None, "地方小报", None),
    ("5", "存款", None, None, "wechat_account", "公众号", None),
)  # fmt: skip


def read(*sources: object, columns: Mapping[str, str] = {}, **settings: Any) -> list[Entry]:
    root = settings.pop("image_root", None)
    options = InputOptions(Limits(**settings), columns, root)
    return list(read_entries([str(source) for source in sources], options))


def said(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.record_id,
        entry.title,
        entry.advertiser,
        entry.published,
        entry.medium,
        entry.medium_given,
        entry.url,
    )


def contents(entry: Entry) -> list[bytes]:
    return [source.read() for source in entry.sources]


def expected_contents(ad: Mapping[str, Any]) -> list[bytes]:
    text = [ad["text"].encode()] if "text" in ad else []
    return text + [PICTURES[name] for name in ad.get("image", ())]


# Archives


def write_files(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def folders_of_ads() -> dict[str, bytes]:
    """A folder an ad; the metadata file comes after, before and among the pictures."""
    files = {}
    for ad, name in zip(
        ADS, ("ad.json", "meta.json", "metadata.json", "ad.json", "ad.yaml"), strict=True
    ):
        folder = f"ads/{ad['id']}"
        files |= {f"{folder}/{one}": PICTURES[one] for one in ad.get("image", ())}
        files[f"{folder}/{name}"] = json.dumps(ad, ensure_ascii=False, default=str).encode()
    return files


def zipped(path: Path, files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, files: Iterable[tuple[str, bytes]], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def cells(ad: Mapping[str, Any]) -> dict[str, str]:
    flat = {**ad, "image": ";".join(ad.get("image", ()))}
    return {field: str(flat.get(field) or "") for field in FIELDS}


CHINESE = {
    "id": "编号", "text": "正文", "image": "图片", "title": "标题", "advertiser": "广告主",
    "published": "发布日期", "medium": "媒介", "url": "链接",
}  # fmt: skip


def csv_bytes(delimiter: str = ",", encoding: str = "utf-8", chinese: bool = False) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow([CHINESE[field] if chinese else field for field in FIELDS])
    writer.writerows([list(cells(ad).values()) for ad in ADS])
    return stream.getvalue().encode(encoding)


def json_lines() -> bytes:
    return b"".join(json.dumps(ad, default=str).encode() + b"\n" for ad in ADS)


def write_parquet(path: Path, held: bool) -> Path:
    """Pictures as paths, or as bytes in the way data sets keep them."""
    rows = [
        {
            **{field: ad.get(field) for field in FIELDS},
            "image": [
                {"bytes": PICTURES[n], "path": n} if held else n for n in ad.get("image", ())
            ],
        }
        for ad in ADS
    ]
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=2)
    return path


def write_sqlite(path: Path, held: bool = False) -> Path:
    with sqlite3.connect(path) as base:
        base.execute(f"CREATE TABLE posts ({', '.join(FIELDS)}, PRIMARY KEY (id))")
        for ad in reversed(ADS):
            row: dict[str, Any] = dict(cells(ad))
            base.execute(f"INSERT INTO posts VALUES ({', '.join('?' * 8)})", list(row.values()))
    base.close()
    return path


Build = Callable[[Path], object]  # writes the archive into a folder, gives the source

BUILDS: dict[str, Build] = {
    "folder": lambda at: write_files(at, folders_of_ads()) / "ads",
    "zip": lambda at: zipped(at / "ads.zip", folders_of_ads()),
    "zip stored": lambda at: zipped(at / "ads.zip", folders_of_ads(), zipfile.ZIP_STORED),
    "zip bzip2": lambda at: zipped(at / "ads.zip", folders_of_ads(), zipfile.ZIP_BZIP2),
    "zip in zip": lambda at: zipped(at / "o.zip", {"i.zip": zipped(at / "ads.zip", folders_of_ads()).read_bytes()}),
    "tar": lambda at: tarred(at / "ads.tar", folders_of_ads().items()),
    "tar.gz": lambda at: tarred(at / "ads.tar.gz", folders_of_ads().items(), "w:gz"),
    "tar.xz": lambda at: tarred(at / "ads.tar.xz", folders_of_ads().items(), "w:xz"),
    "csv": lambda at: _beside(at, "ads.csv", csv_bytes()),
    "csv with BOM": lambda at: _beside(at, "ads.csv", csv_bytes(encoding="utf-8-sig", chinese=True)),
    "csv in GB18030": lambda at: _beside(at, "ads.csv", csv_bytes(";", "gb18030", chinese=True)),
    "csv in UTF-16": lambda at: _beside(at, "ads.csv", csv_bytes(encoding="utf-16")),
    "tsv": lambda at: _beside(at, "ads.tsv", csv_bytes("\t")),
    "csv.gz": lambda at: _beside(at, "ads.csv.gz", gzip.compress(csv_bytes())),
    "json lines": lambda at: _beside(at, "ads.jsonl", json_lines()),
    "json lines.gz": lambda at: _beside(at, "ads.jsonl.gz", gzip.compress(json_lines())),
    "parquet with paths": lambda at: (write_files(at, PICTURES), write_parquet(at / "ads.parquet", False))[1],
    "parquet with bytes": lambda at: write_parquet(at / "ads.parquet", True),
    "sqlite": lambda at: (write_files(at, PICTURES), f"sqlite:///{write_sqlite(at / 'ads.db')}#posts")[1],
    "sqlite file": lambda at: (write_files(at, PICTURES), write_sqlite(at / "ads.db"))[1],
    "csv in zip": lambda at: zipped(at / "t.zip", {"t/ads.csv": csv_bytes(), **{f"t/{n}": d for n, d in PICTURES.items()}}),
}  # fmt: skip


def _beside(at: Path, name: str, table: bytes) -> Path:
    return write_files(at, {**PICTURES, name: table}) / name


# WARC

Answer = tuple[str, str, str, bytes]  # address, status, content type, body

PAGE = "<html><head>{head}</head><body><p>稳健理财产品，欢迎到网点咨询。</p>{body}</body></html>"
CRAWL: tuple[Answer, ...] = (
    ("https://a.example/1", "200 OK", "text/html; charset=utf-8", PAGE.format(head="", body="<img src=/red.png>").encode()),
    ("https://a.example/red.png", "200 OK", "image/png", PICTURES["red.png"]),
    ("https://a.example/blue.png", "200 OK", "image/png", PICTURES["blue.png"]),
    ("https://a.example/2", "200 OK", "text/html", PAGE.format(head="", body="").encode()),
    ("https://a.example/brochure.pdf", "200 OK", "application/pdf", b"%PDF-1.4 "),
)  # fmt: skip


def record(address: str, kind: str, http: bytes, more: str = "") -> bytes:
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\n"
        f"WARC-Date: 2025-03-01T20:00:00Z\r\n{more}"  # the 2nd in China
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def answered(answer: Answer, more: str = "") -> bytes:
    """The record of a server's answer; `more`: HTTP header lines."""
    address, status, kind, body = answer
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}\r\n"
    return record(address, "response", head.encode() + body)


def write_warc(path: Path, answers: Iterable[Answer | bytes]) -> Path:
    """Each record packed by itself if the path ends in .gz."""
    records = [one if isinstance(one, bytes) else answered(one) for one in answers]
    packed = [gzip.compress(one) if path.suffix == ".gz" else one for one in records]
    path.write_bytes(b"".join(packed))
    return path
