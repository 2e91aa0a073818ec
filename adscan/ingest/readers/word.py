"""DOCX: what stands on its pages, text boxes and notes included, and its pictures."""

from __future__ import annotations

import zipfile
from functools import partial
from io import BytesIO

import docx
from docx.document import Document

from adscan.errors import DamagedFile, InputError, UnsupportedFormat
from adscan.ingest import bounds
from adscan.ingest.blank import is_blank, visible_length
from adscan.ingest.docx_words import DocumentWords, read_document
from adscan.ingest.pictures import check_picture, picture_sheets
from adscan.ingest.reader import Content, Reader
from adscan.ingest.sniff import HEAD_BYTES, is_image
from adscan.records.ad import AdKind, Sheet, Source
from adscan.records.part import Notice, NoticeCode, PartKind
from adscan.settings import Limits


class WordReader:
    """One sheet of words, one of hidden words if any, one for each picture."""

    def read(self, data: bytes, source: Source, limits: Limits) -> Content:
        """See Reader."""
        words = self._words(data, limits)
        sheets = _text_sheets(words)
        pictures, notices = _pictures(words, source, limits)
        if not sheets and not pictures and not notices:
            raise DamagedFile("文档里没有文字，也没有图片", hint="请确认选对了文件")
        if words.hidden:
            length = visible_length(words.hidden)
            message = f"文档中有 {length:,} 个字设为隐藏，读者看不到，已单独列出"
            notices.append(Notice(NoticeCode.HIDDEN_TEXT, message, sheets[-1].id))
        return Content(AdKind.WORD, (*sheets, *pictures), notices=tuple(notices))

    def _words(self, data: bytes, limits: Limits) -> DocumentWords:
        try:
            _check_unpacked(data, limits)
            return read_document(_opened(data))
        except (InputError, MemoryError):
            raise
        except Exception as error:  # python-docx raises nearly anything on broken packages
            raise DamagedFile(
                "DOCX 文档已损坏或不完整，无法打开", hint="请用 Word 或 WPS 打开后重新保存"
            ) from error


def _opened(data: bytes) -> Document:
    return docx.Document(BytesIO(data))


def _check_unpacked(data: bytes, limits: Limits) -> None:
    """A package that unpacks to more than a file may have is refused before it does."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        unpacked = sum(info.file_size for info in package.infolist())
        words = sum(info.file_size for info in package.infolist() if info.filename.endswith(".xml"))
    bounds.check("文档解压后", unpacked, "字节", limits, "max_archive_bytes")
    bounds.check("文档正文", words, "字节", limits, "max_file_bytes")


def _text_sheets(words: DocumentWords) -> list[Sheet]:
    texts = [(words.visible, False), (words.hidden, True)]
    return [
        Sheet(f"text:{index}", PartKind.TEXT, text=text, hidden=is_hidden)
        for index, (text, is_hidden) in enumerate(pair for pair in texts if not is_blank(pair[0]))
    ]


def _pictures(
    words: DocumentWords, source: Source, limits: Limits
) -> tuple[list[Sheet], list[Notice]]:
    bounds.check("文档", len(words.pictures), "张图片", limits, "max_page_images")
    sheets: list[Sheet] = []
    notices: list[Notice] = []
    for name, blob in words.pictures:
        try:
            if not is_image(blob[:HEAD_BYTES]):
                raise UnsupportedFormat("是 EMF、WMF 等矢量图")
            picture = check_picture(blob, limits)
        except InputError as error:
            reason = f"文档中的图片 {name} 读不出来：{error.message}；请另存为 PNG 或 JPEG"
            sheet = Sheet(f"image:{len(sheets)}", PartKind.IMAGE, name=name, unread=reason)
            sheets.append(sheet)
            continue
        read = partial(_picture_in, source, name)
        got, said = picture_sheets(picture, read, name, len(sheets), limits)
        sheets += got
        notices += said
    if words.missing_pictures:
        message = f"文档中有 {words.missing_pictures} 张图片只是外部链接，没有内容；请嵌入后再检查"
        notices.append(Notice(NoticeCode.PICTURE_MISSING, message, unread=True))
    if words.drawings:
        message = f"文档中有 {words.drawings} 处图表或嵌入对象没有读；请另存为 PDF 再检查"
        notices.append(Notice(NoticeCode.PARTLY_READ, message, unread=True))
    return sheets, notices


def _picture_in(source: Source, name: str) -> bytes | None:
    """A picture out of the package again, by its name there."""
    try:
        with zipfile.ZipFile(BytesIO(source.read())) as package:
            return package.read(name)
    except (KeyError, zipfile.BadZipFile):
        return None


READER: Reader = WordReader()
