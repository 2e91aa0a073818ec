"""Plain text and Markdown: judged as it stands."""

from __future__ import annotations

from adscan.errors import DamagedFile
from adscan.ingest import bounds
from adscan.ingest.blank import is_blank
from adscan.ingest.decode import decode_text
from adscan.ingest.reader import Content, Reader
from adscan.records.ad import AdKind, Sheet, Source
from adscan.records.part import Notice, NoticeCode, PartKind
from adscan.settings import Limits


class TextReader:
    """One sheet with the text exactly as given, line ends included."""

    def read(self, data: bytes, source: Source, limits: Limits) -> Content:
        """See Reader. A text of nothing but white space is DamagedFile."""
        bounds.check("文本", len(data), "字节", limits, "max_text_bytes")
        decoded = decode_text(data)
        if is_blank(decoded.text):
            raise DamagedFile("文件里只有空白，没有文字", hint="请确认选对了文件")
        notices: tuple[Notice, ...] = ()
        if decoded.lost:
            notices = (
                Notice(
                    NoticeCode.PARTLY_READ,
                    f"文本中有 {decoded.lost} 个字符已损坏，读不出来；请提供完整的原文件",
                    "text:0",
                    unread=True,
                ),
            )
        sheet = Sheet("text:0", PartKind.TEXT, text=decoded.text)
        return Content(AdKind.TEXT, (sheet,), notices=notices)


READER: Reader = TextReader()
