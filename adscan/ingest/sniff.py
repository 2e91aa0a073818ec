"""What a file is, by its content. Names are not looked at: they lie too often."""

from __future__ import annotations

import codecs
import re
import zipfile
from enum import Enum
from io import BytesIO
from typing import BinaryIO

import filetype

from adscan.errors import DamagedFile, UnsupportedFormat
from adscan.ingest.decode import decode_text, is_texty


class FileKind(str, Enum):
    """The kinds adscan reads: the last two hold advertisements, the others are one."""

    TEXT = "text"
    HTML = "html"
    MHTML = "mhtml"
    PDF = "pdf"
    WORD = "word"
    IMAGE = "image"
    ZIP = "zip"
    TAR = "tar"


CONTAINERS = (FileKind.ZIP, FileKind.TAR)
HEAD_BYTES = 8192  # enough for every signature below

_IMAGES = frozenset(
    f"image/{name}" for name in ("jpeg", "png", "apng", "webp", "bmp", "tiff", "gif", "avif")
)
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_TYPES = "[Content_Types].xml"
_WORD_TYPE = b"wordprocessingml.document.main+xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ARCHIVES = ("application/x-rar-compressed", "application/x-7z-compressed", "application/zip")

_TAGS = (
    "html|head|body|meta|title|link|base|script|style|div|p|span|section|article|main|header|footer"
    "|nav|table|center|font|h[1-6]|ul|ol|img|a|br|b|i|strong|em|form|iframe"
)
_HTML_START = re.compile(
    rf"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|(?:{_TAGS})[\s>/])",
    re.IGNORECASE | re.DOTALL,
)
_HTML_INSIDE = re.compile(r"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_XML_START = re.compile(r"\s*<(?:\?xml\s|svg[\s>])", re.IGNORECASE)
_MIME_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*:[^\n]*\n")
_MIME_PAGE = re.compile(r"^content-type:\s*(?:multipart/|text/html)", re.IGNORECASE | re.MULTILINE)
_MIME_VERSION = re.compile(r"^mime-version:", re.IGNORECASE | re.MULTILINE)


def sniff(data: bytes) -> FileKind:
    """The kind of a whole file. Raises UnsupportedFormat, or DamagedFile for a broken ZIP."""
    head = data[:HEAD_BYTES]
    if head.lstrip()[:5] == b"%PDF-":
        return FileKind.PDF
    if head.startswith(_ZIP_MARKS):
        return _zip_kind(BytesIO(data))
    if head.startswith(_OLE):
        raise _old_office(data)
    if _is_tar(BytesIO(data)):
        return FileKind.TAR
    if is_image(head):
        return FileKind.IMAGE
    return _text_kind(data)


def sniff_container(stream: BinaryIO) -> FileKind | None:
    """ZIP or TAR if the file holds files, None if it is one itself (a .docx too).

    `stream` is seekable. Raises DamagedFile if it should be a ZIP and is broken.
    """
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if head.startswith(_ZIP_MARKS):
        try:
            kind = _zip_kind(stream)
        except UnsupportedFormat:
            return None  # said when it is read
        return kind if kind in CONTAINERS else None
    return FileKind.TAR if _is_tar(stream) else None


def _zip_kind(stream: BinaryIO) -> FileKind:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            types = archive.read(_TYPES) if _TYPES in names else b""
    except Exception as error:  # zipfile raises many kinds on broken bytes
        raise DamagedFile("ZIP 压缩包已损坏或不完整", hint="请重新下载或重新打包") from error
    if _TYPES not in names:
        if "mimetype" in names and ("content.xml" in names or "META-INF/container.xml" in names):
            raise _unsupported("OpenDocument 或电子书文件", "请另存为 .docx 或 PDF")
        return FileKind.ZIP
    if _WORD_TYPE in types:
        return FileKind.WORD
    if any(name.startswith("word/") for name in names):
        raise _unsupported("含宏的 Word 文档或模板", "请另存为 .docx 或 PDF")
    raise _unsupported("Excel、PowerPoint 或其他 Office 文件", "请另存为 PDF 后再检查")


def _is_tar(stream: BinaryIO) -> bool:
    import tarfile  # noqa: PLC0415 - pulls in three decompressors

    head = stream.read(512)
    stream.seek(0)
    if head[257:262] == b"ustar":
        return True
    if not head.startswith(_COMPRESSED):
        return False
    try:
        with tarfile.open(fileobj=stream) as archive:
            return archive.next() is not None
    except Exception:  # a lone compressed file or rubbish: _text_kind says so
        return False
    finally:
        stream.seek(0)


def is_image(head: bytes) -> bool:
    """Whether a file that begins so is a picture adscan reads."""
    if head.startswith(b"BM"):  # two letters are no proof: the size of the header is
        return int.from_bytes(head[14:18], "little") in {12, 16, 40, 52, 56, 64, 108, 124}
    guess = filetype.guess(head)
    return guess is not None and guess.mime in _IMAGES


def _text_kind(data: bytes) -> FileKind:
    head = _head_text(data)
    if head.startswith("{\\rtf"):
        raise _unsupported("RTF 文件", "请另存为 .docx 或 PDF")
    if _is_mime(head):
        return FileKind.MHTML
    if looks_like_page(data):
        return FileKind.HTML
    if _XML_START.match(head):
        raise _unsupported("XML 或 SVG 文件", "图形请导出为 PNG，文档请另存为 .docx 或 PDF")
    _refuse_binary(data)
    return FileKind.TEXT


def looks_like_page(data: bytes) -> bool:
    """Whether it opens as HTML does; meant for what is no picture or archive."""
    head = _head_text(data)
    return bool(_HTML_START.match(head) or _HTML_INSIDE.search(head[:2048]))


def _head_text(data: bytes) -> str:
    head = data[:HEAD_BYTES]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="ignore")
    if head[1:2] == b"\x00" and head[3:4] == b"\x00":
        return head.decode("utf-16-le", errors="ignore")
    if head[:1] == b"\x00" and head[2:3] == b"\x00":
        return head.decode("utf-16-be", errors="ignore")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _is_mime(head: str) -> bool:
    """Whether it opens with the header lines of a saved page or mail that holds a page."""
    head = head.lstrip().replace("\r\n", "\n")
    if not _MIME_HEADER.match(head):
        return False
    header = head.split("\n\n", 1)[0]
    return bool(_MIME_VERSION.search(header) and _MIME_PAGE.search(header))


def _refuse_binary(data: bytes) -> None:
    try:
        if is_texty(decode_text(data).text):
            return
    except UnsupportedFormat:
        guess = filetype.guess(data[:HEAD_BYTES])
        if guess is None:
            raise
        if guess.mime in _ARCHIVES:
            raise _unsupported(f" {guess.extension} 压缩包", "请解压，或改存为 ZIP") from None
        hint = "支持纯文本、网页、PDF、DOCX、常见图片和 ZIP/TAR 压缩包，请转换后再检查"
        raise _unsupported(f" {guess.extension} 文件（{guess.mime}）", hint) from None
    raise _unsupported("二进制文件", "请转换为文本、PDF 或图片后再检查")


def _old_office(data: bytes) -> DamagedFile | UnsupportedFormat:
    if _OLE_ENCRYPTED in data:
        return DamagedFile("Office 文档设有打开密码", hint="请去掉密码后另存再检查")
    return _unsupported("旧版 Office 文件（.doc、.xls、.ppt）", "请另存为 .docx 或 PDF")


def _unsupported(what: str, hint: str) -> UnsupportedFormat:
    return UnsupportedFormat(f"不支持{what}", hint=hint)
