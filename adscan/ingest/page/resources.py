"""Files a page refers to: inside its own text, beside it on disk, or in the same MHTML."""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import unquote, unquote_to_bytes, urldefrag, urljoin, urlsplit

from adscan.errors import InputError
from adscan.ingest.saved_pages import support_folder_names
from adscan.records.ad import Source

_DATA = re.compile(r"data:([^,]*),(.*)", re.IGNORECASE | re.DOTALL)
_LONGEST_NAME = 1024
# A remote picture is only taken for a local file of the same name if the name is its own.
_OWN_NAME = re.compile(r"[^/]{8,}|[^/]+\.(?:jpe?g|png|gif|webp|bmp|avif)", re.IGNORECASE)


class Resources(Protocol):
    """Where a page's pictures and styles are looked up."""

    def find(self, address: str) -> bytes | None:
        """The bytes behind an address as written in the page; None if they are not there."""
        ...


@dataclass(frozen=True)
class Beside:
    """Files in the page's folder or its support folder, and data: addresses."""

    source: Source

    def find(self, address: str) -> bytes | None:
        """See Resources. A file over the limits counts as not there."""
        if address[:5].lower() == "data:":
            return data_of(address)
        for name in self._names(address):
            try:
                data = self.source.beside(name)
            except InputError:
                continue  # too large or not ours to open: told as a missing picture
            if data is not None:
                return data
        return None

    def _names(self, address: str) -> Iterator[str]:
        address = address.strip()
        if 0 < len(address) <= _LONGEST_NAME:
            yield address  # crawls know their files by it, and a saved file's name may have a %
        try:
            parts = urlsplit(urldefrag(address)[0])
        except ValueError:
            return
        path = unquote(parts.path)
        name = posixpath.basename(path)
        if not name or len(path) > _LONGEST_NAME:
            return
        is_local = not parts.scheme and not parts.netloc
        if is_local:
            yield path.lstrip("/") if path.startswith("/") else path
        if is_local or _OWN_NAME.fullmatch(name):
            page = re.split(r"[/\\]", self.source.name)[-1]
            yield from (f"{folder}/{name}" for folder in support_folder_names(page))
            yield name


@dataclass(frozen=True)
class MhtmlParts:
    """Parts of one MHTML file by Content-Location and Content-ID."""

    by_address: dict[str, bytes] = field(repr=False)
    base: str = ""

    def find(self, address: str) -> bytes | None:
        """See Resources."""
        if address[:5].lower() == "data:":
            return data_of(address)
        for name in self._names(address.strip()):
            if address.strip() and name in self.by_address:
                return self.by_address[name]
        return None

    def _names(self, address: str) -> Iterator[str]:
        yield address
        try:
            yield urljoin(self.base, address)
            yield unquote(urldefrag(address)[0])
        except ValueError:
            return


def data_of(address: str) -> bytes | None:
    """The bytes a data: address carries; None if it is broken."""
    found = _DATA.fullmatch(address.strip())
    if not found:
        return None
    head, body = found.groups()
    if not head.lower().replace(" ", "").endswith(";base64"):
        return unquote_to_bytes(body)
    packed = re.sub(rb"\s", b"", unquote_to_bytes(body))
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        return None
