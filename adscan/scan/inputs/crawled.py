"""Files of a crawl, each read again from its record's place in the WARC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastwarc.warc import ArchiveIterator, WarcRecord

from adscan.errors import DamagedFile
from adscan.ingest import bounds
from adscan.records.ad import Source
from adscan.scan.input import Place
from adscan.scan.inputs.crawl_index import key_of, resolved
from adscan.settings import Limits


@dataclass(frozen=True)
class Crawled:
    """One record's body; a page knows where the files lie that it refers to."""

    place: Place
    offset: int
    name: str
    limits: Limits
    base: str = ""  # what the page's addresses are relative to
    resources: Mapping[str, int] = field(default_factory=dict, repr=False)  # offsets by key

    def read(self) -> bytes:
        """The body, unpacked. Raises DamagedFile, TooLarge."""
        return _body_at(self.place, self.offset, self.limits)

    def beside(self, name: str) -> bytes | None:
        """The file behind an address as written in the page; None if the crawl has none."""
        offset = self.resources.get(key_of(resolved(self.base, name)))
        return None if offset is None else _body_at(self.place, offset, self.limits)

    def source(self) -> Source:
        """The record of it."""
        return Source(self.name, self.read, self.beside)


def _body_at(place: Place, offset: int, limits: Limits) -> bytes:
    """A record's body. Crawlers that undo chunks and leave the header that announces them are
    common: then the body is taken as it is.
    """
    for decoded in ("all", "content"):
        with place.open() as stream:
            try:
                stream.seek(offset)
                record: WarcRecord = next(
                    iter(ArchiveIterator(stream, parse_http=True, auto_decode=decoded))
                )
                bounds.check("文件", record.content_length, "字节", limits, "max_file_bytes")
                data: bytes = record.reader.read(limits.max_file_bytes + 1)
            except (OSError, StopIteration):
                continue
        bounds.check("文件", len(data), "字节", limits, "max_file_bytes")
        return data
    raise DamagedFile("WARC 里的这一条已损坏，读不出", hint="请重新下载或重新抓取")
