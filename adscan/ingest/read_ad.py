"""The first stage: one source to one advertisement in sheets."""

from __future__ import annotations

import hashlib

from adscan.errors import DamagedFile, UnsupportedFormat
from adscan.ingest import bounds
from adscan.ingest.readers import reader_for
from adscan.ingest.sniff import CONTAINERS, sniff
from adscan.records.ad import Ad, Placement, Source
from adscan.settings import Limits


def read_ad(source: Source, placement: Placement, limits: Limits) -> Ad:
    """The advertisement in `source`, its sheets ready to be transcribed.

    Raises InputError: UnsupportedFormat, DamagedFile (empty, broken, locked), TooLarge.
    """
    data = source.read()
    if not data:
        raise DamagedFile("文件是空的", hint="请确认文件已完整保存或下载")
    bounds.check("文件", len(data), "字节", limits, "max_file_bytes")
    kind = sniff(data)
    if kind in CONTAINERS:
        raise UnsupportedFormat(
            "这是压缩包，不是一件广告", hint="请作为文件或文件夹参数给出，包内文件会逐件检查"
        )
    content = reader_for(kind).read(data, source, limits)
    sha256 = hashlib.sha256(data).hexdigest()
    return Ad(
        id=sha256[:16],
        source=source.name,
        sha256=sha256,
        kind=content.kind,
        placement=placement,
        sheets=content.sheets,
        title=content.title,
        account=content.account,
        page_date=content.page_date,
        notices=content.notices,
    )
