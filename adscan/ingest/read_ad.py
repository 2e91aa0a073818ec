"""The first stage: the files of one advertisement to its sheets."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from adscan.errors import DamagedFile, InputError, UnsupportedFormat
from adscan.ingest import bounds
from adscan.ingest.compose import compose, unread_picture
from adscan.ingest.reader import Content
from adscan.ingest.readers import reader_for
from adscan.ingest.sniff import CONTAINERS, sniff
from adscan.records.ad import Ad, Placement, Source
from adscan.settings import Limits


def read_ad(
    sources: Sequence[Source], placement: Placement, limits: Limits, title: str | None = None
) -> Ad:
    """The advertisement in one or more files, its sheets ready to be transcribed.

    `title` is a heading that stands in none of them. Of several files, one that cannot be read
    becomes an unread sheet.

    Raises InputError if none can: UnsupportedFormat, DamagedFile (empty, broken, locked), TooLarge.
    """
    if len(sources) == 1:
        digest, content = _read(sources[0], limits)
    else:
        digest, content = _read_all(sources, limits)
    if title:
        content = compose([content], title)
    return Ad(
        id=digest[:16],
        source=sources[0].name,
        sha256=digest,
        kind=content.kind,
        placement=placement,
        sheets=content.sheets,
        title=content.title,
        account=content.account,
        page_date=content.page_date,
        notices=content.notices,
    )


def _read_all(sources: Sequence[Source], limits: Limits) -> tuple[str, Content]:
    """The digest over the files' own digests, and what they hold."""
    digests, contents, faults = [], [], []
    for source in sources:
        try:
            digest, content = _read(source, limits)
        except InputError as error:
            faults.append(error)
            digest, content = "", unread_picture(source.name, str(error))
        digests.append(digest)
        contents.append(content)
    if len(faults) == len(sources):
        raise faults[0]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest(), compose(contents)


def _read(source: Source, limits: Limits) -> tuple[str, Content]:
    """SHA-256 and content of one file."""
    data = source.read()
    if not data:
        raise DamagedFile("文件是空的", hint="请确认文件已完整保存或下载")
    bounds.check("文件", len(data), "字节", limits, "max_file_bytes")
    kind = sniff(data)
    if kind in CONTAINERS:
        raise UnsupportedFormat(
            "这是压缩包，不是一件广告", hint="请作为文件或文件夹参数给出，包内文件会逐件检查"
        )
    return hashlib.sha256(data).hexdigest(), reader_for(kind).read(data, source, limits)
