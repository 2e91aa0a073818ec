"""MHTML: a page and its files in one MIME message; mails with a page are read the same way."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from adscan.errors import DamagedFile
from adscan.ingest.page.page import read_page
from adscan.ingest.page.resources import MhtmlParts
from adscan.ingest.reader import Content, Reader
from adscan.records.ad import Source
from adscan.records.part import Notice, NoticeCode
from adscan.settings import Limits


class MhtmlReader:
    """The first HTML part, with the other parts as its files."""

    def read(self, data: bytes, source: Source, limits: Limits) -> Content:
        """See Reader."""
        message = message_from_bytes(data)
        pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
        page = _bytes_of(pages[0]) if pages else b""
        if not page.strip():
            raise DamagedFile("MHTML 里没有网页正文", hint="请重新保存网页")
        parts = MhtmlParts(_by_address(message), _address(pages[0]))
        content = read_page(page, pages[0].get_content_charset(), parts, limits)
        if not _is_cut(message, data):
            return content
        said = "MHTML 文件不完整（结尾被截断），可能缺少内容；请重新保存网页"
        cut = Notice(NoticeCode.PARTLY_READ, said, unread=True)
        return replace(content, notices=(*content.notices, cut))


def _by_address(message: Message) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for part in message.walk():
        if part.is_multipart():
            continue
        names = [_address(part)]
        identity = str(part.get("Content-ID", "")).strip().strip("<>")
        if identity:
            names.append(f"cid:{identity}")
        for name in filter(None, names):
            found.setdefault(name, _bytes_of(part))
    return found


def _address(part: Message) -> str:
    return re.sub(r"\s", "", str(part.get("Content-Location", "")))


def _bytes_of(part: Message) -> bytes:
    """A part decoded from base64 or quoted-printable."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _is_cut(message: Message, data: bytes) -> bool:
    boundary = message.get_boundary()
    return bool(boundary) and f"--{boundary}--".encode() not in data


READER: Reader = MhtmlReader()
