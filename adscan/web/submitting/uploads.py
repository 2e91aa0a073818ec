"""What people upload: checked by content, kept under its SHA-256, read again as sources."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import filetype

from adscan.errors import InputError
from adscan.ingest.sniff import FileKind, sniff
from adscan.ingest.sources import Refused, expand
from adscan.records.ad import Source
from adscan.settings import Limits
from adscan.web.problems import BadInput
from adscan.web.store.files import FileStore

MEDIA_TYPES = {
    FileKind.TEXT: "text/plain",
    FileKind.HTML: "text/html",
    FileKind.MHTML: "multipart/related",
    FileKind.PDF: "application/pdf",
    FileKind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.ZIP: "application/zip",
    FileKind.TAR: "application/x-tar",
}
PERMIT_KINDS = (FileKind.PDF, FileKind.IMAGE, FileKind.WORD)


@dataclass(frozen=True)
class Upload:
    """A file as it was sent."""

    name: str  # without any folder
    data: bytes


@dataclass(frozen=True)
class Kept:
    """A file that was taken."""

    name: str
    sha256: str
    size: int
    media_type: str


def bare_name(name: str | None) -> str:
    """The last part of whatever the sender calls it, fit to be shown; never used as a path."""
    last = posixpath.basename((name or "").replace("\\", "/"))
    shown = "".join(c for c in last if c.isprintable() and not 0xD800 <= ord(c) < 0xE000).strip()
    return shown[-200:] or "未命名"


def keep(store: FileStore, upload: Upload, limits: Limits, only: Sequence[FileKind] = ()) -> Kept:
    """Take a file. Raises BadInput, naming it, if adscan cannot read such a thing."""
    if not upload.data:
        raise BadInput(f"{upload.name}：文件是空的", hint="请确认文件已完整保存")
    if len(upload.data) > limits.max_file_bytes:
        most = limits.max_file_bytes // 1_000_000
        raise BadInput(f"{upload.name}：超过 {most} MB", hint="请压缩后再传")
    try:
        kind = sniff(upload.data)
    except InputError as error:
        raise BadInput(f"{upload.name}：{error.message}", hint=error.hint) from error
    if only and kind not in only:
        raise BadInput(f"{upload.name}：许可证明只收 PDF、图片或 Word 文件", hint="请转换后再传")
    guess = filetype.guess(upload.data[:8192]) if kind is FileKind.IMAGE else None
    media_type = MEDIA_TYPES.get(kind) or (guess.mime if guess else "application/octet-stream")
    return Kept(upload.name, store.put(upload.data), len(upload.data), media_type)


def sources(
    files: Sequence[tuple[str, str]], text: str, store: FileStore, limits: Limits
) -> Iterator[Source | Refused]:
    """The words, then the files as (name, sha256); archives come as the files inside."""
    if text:
        yield _source("正文", text.encode("utf-8"), lambda _: None)
    by_name = dict(files)

    def beside(name: str) -> bytes | None:
        sha256 = by_name.get(posixpath.basename(name))
        return store.read(sha256) if sha256 else None

    for name, sha256 in files:
        for source in expand(store.read(sha256), limits, name):
            if isinstance(source, Source) and source.name == name:
                yield Source(name, source.read, beside)
            else:
                yield source


def _source(name: str, data: bytes, beside: Callable[[str], bytes | None]) -> Source:
    return Source(name, lambda: data, beside)
