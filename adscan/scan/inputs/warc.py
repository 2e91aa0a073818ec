"""WARC, as web crawlers write it: a page with its pictures is one ad, a PDF or Word file too.

Read twice: first every record's address and offset go into an index on disk, then each page is
parsed for what it refers to. Bodies are read again where they are needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta, timezone
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from adscan.errors import DamagedFile, InputError, SetupError
from adscan.ingest.locations import shown
from adscan.scan.entry import Entry
from adscan.scan.input import InputOptions, Place
from adscan.scan.inputs.crawl_index import Capture, CrawlIndex, Kind, key_of, resolved
from adscan.scan.inputs.crawled import Crawled
from adscan.scan.inputs.page_references import References, read_references, style_addresses
from adscan.scan.inputs.warc_end import end_of_record, is_blank_from

_CHINA = timezone(timedelta(hours=8))  # no daylight saving since 1991
_DOCUMENTS = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
_PAGES = ("text/html", "application/xhtml+xml")
_ANSWERS = (WarcRecordType.response, WarcRecordType.resource)


def read_warc(place: Place, options: InputOptions) -> Iterator[Entry]:
    """See Input.

    Redirects, errors (404 and the like), empty answers, scripts and data are no ads, nor are
    pictures that no page shows. An ad's day is the one that its page states, else the crawl's.
    """
    with CrawlIndex() as index:
        lost = _fill(index, place)
        if lost and not index.size:
            raise SetupError(f"{place.name}：{lost.message}", hint=lost.hint)
        for capture in index.ads():
            yield _entry(capture, index, place, options)
    if lost:
        yield Entry(place.name, trouble=lost)


def _fill(index: CrawlIndex, place: Place) -> DamagedFile | None:
    """Note every record; what was lost if the file ends too early or is broken."""
    last, fault = 0, ""
    with place.open() as stream:
        try:
            for number, record in enumerate(ArchiveIterator(stream, parse_http=True)):
                if number and record.stream_pos <= last:
                    raise _packed_as_a_whole(place)
                last = record.stream_pos
                _note(index, record)
        except OSError as error:  # what FastWARC raises on broken bytes
            fault = f"（{error}）"
        index.close()
        end = end_of_record(stream, last)
        if end is None:
            index.drop_last(last)
        good = last if end is None else end
        if is_blank_from(stream, good) and index.size:
            return None
        size = stream.seek(0, 2)
    return DamagedFile(
        f"WARC 文件在第 {good:,} 字节处中断或损坏，其后 {size - good:,} 字节的内容读不到{fault}",
        hint="请重新下载；读得到的网页已照常扫描" if index.size else "请重新下载或重新抓取",
    )


def _packed_as_a_whole(place: Place) -> SetupError:
    return SetupError(
        f"{place.name} 是整体压缩的，不能按条读取",
        hint="请解压成 .warc 再扫描，或用 warcio recompress 改为逐条压缩",
    )


def _note(index: CrawlIndex, record: WarcRecord) -> None:
    address = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    moment = record.record_date
    day: date | None = moment.astimezone(_CHINA).date() if moment else None
    kind, target = _kind(record, address)
    if address and kind:
        index.add(address, record.stream_pos, kind, target, day)


def _kind(record: WarcRecord, address: str) -> tuple[Kind | None, str]:
    """What a record holds, None if nothing of use; and the address that it points on to."""
    headers: Any = record.http_headers
    status = headers.status_code if headers else 200
    content_type = (record.http_content_type or record.headers.get("Content-Type") or "").lower()
    content_type = content_type.partition(";")[0].strip()
    if record.record_type == WarcRecordType.revisit:
        earlier = record.headers.get("WARC-Refers-To-Target-URI", "") or address
        kind = Kind.PAGE_AGAIN if content_type in _PAGES else Kind.RESOURCE_AGAIN
        return (kind if status == 200 else None), earlier
    if record.record_type not in _ANSWERS:
        return None, ""
    if headers and 300 <= status < 400 and headers.get("Location"):
        return Kind.REDIRECT, resolved(address, headers.get("Location"))
    if status not in (200, 203) or not record.content_length:
        return None, ""
    if content_type in _PAGES:
        return Kind.PAGE, ""
    return (Kind.DOCUMENT if content_type in _DOCUMENTS else Kind.RESOURCE), ""


def _entry(capture: Capture, index: CrawlIndex, place: Place, options: InputOptions) -> Entry:
    copy = f"@{capture.copy}" if capture.copy > 1 else ""
    name = f"{place.name}#{shown(capture.address)}{copy}"
    body = capture
    if capture.kind is Kind.PAGE_AGAIN:
        earlier = index.find(capture.target, capture.number)
        if earlier is None:
            said = "这一页与更早一次抓取相同，正文在另一个 WARC 文件里，这里读不到"
            return Entry(name, trouble=DamagedFile(said, hint="请连同那个文件一起扫描"))
        body = earlier
    crawled = Crawled(place, body.offset, name, options.limits)
    if body.kind is Kind.DOCUMENT:
        return Entry(name, (crawled.source(),), published=capture.day, url=capture.address)
    try:
        told = read_references(crawled.read(), body.address, options.limits)
    except InputError as error:
        return Entry(name, published=capture.day, url=capture.address, trouble=error)
    found = _resources(told, capture.number, index, place, options)
    page = Crawled(place, body.offset, name, options.limits, told.base, found)
    published = told.day or capture.day
    return Entry(name, (page.source(),), published=published, url=capture.address)


def _resources(
    told: References, near: int, index: CrawlIndex, place: Place, options: InputOptions
) -> dict[str, int]:
    """Where the files lie that a page and its style sheets refer to."""
    found: dict[str, int] = {}
    for written in told.addresses:
        whole = resolved(told.base, written)
        capture = index.find(whole, near)
        if capture is None:
            continue
        found[key_of(whole)] = capture.offset
        if not capture.address.partition("?")[0].lower().endswith(".css"):
            continue
        for inner, offset in _in_style(capture, near, index, place, options):
            # the reader knows no better than to take it from the page on
            found.setdefault(key_of(resolved(told.base, inner)), offset)
    return found


def _in_style(
    style: Capture, near: int, index: CrawlIndex, place: Place, options: InputOptions
) -> Iterator[tuple[str, int]]:
    try:
        data = Crawled(place, style.offset, style.address, options.limits).read()
    except InputError:
        return  # told as missing when the page is read
    for written in style_addresses(data):
        capture = index.find(resolved(style.address, written), near)
        if capture:
            yield written, capture.offset
