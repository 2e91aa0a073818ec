"""The readers, one for each kind of file that is an advertisement."""

from __future__ import annotations

from importlib import import_module

from adscan.ingest.reader import Reader
from adscan.ingest.sniff import FileKind

# Module names, so that a library is loaded when its kind of file comes.
_READERS = {
    FileKind.TEXT: "text",
    FileKind.HTML: "web_page",
    FileKind.MHTML: "mhtml",
    FileKind.PDF: "pdf",
    FileKind.WORD: "word",
    FileKind.IMAGE: "image",
}

READABLE = tuple(_READERS)


def reader_for(kind: FileKind) -> Reader:
    """The reader of `kind`; containers have none."""
    reader: Reader = import_module(f"{__name__}.{_READERS[kind]}").READER
    return reader
