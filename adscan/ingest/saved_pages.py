"""Folders that a browser or Word puts beside a saved page: parts of it, not advertisements."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

_PAGE_ENDINGS = (".html", ".htm", ".xhtml", ".mhtml", ".mht")
_FOLDER_ENDINGS = ("_files", ".files", "_file", "-dateien")
_SYSTEM_FILES = frozenset((".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db"))
_SYSTEM_FOLDERS = frozenset(("__macosx",))


def page_folders(file_names: Iterable[str]) -> frozenset[str]:
    """The support folders of the pages among these files, lower case, '/' between folders."""
    pages = [PurePosixPath(name.lower()) for name in file_names]
    return frozenset(
        str(page.with_name(page.stem + ending))
        for page in pages
        if page.suffix in _PAGE_ENDINGS
        for ending in _FOLDER_ENDINGS
    )


def support_folder_names(page_name: str) -> tuple[str, ...]:
    """Names that the support folder of one page may have."""
    stem = PurePosixPath(page_name).stem
    return tuple(stem + ending for ending in _FOLDER_ENDINGS)


def in_page_folder(name: str, folders: frozenset[str]) -> bool:
    """Whether a file lies in one of `folders`, at any depth."""
    return any(str(parent) in folders for parent in PurePosixPath(name.lower()).parents)


def is_system_file(name: str) -> bool:
    """What operating systems leave in folders without anyone asking."""
    parts = PurePosixPath(name.lower()).parts
    if not parts:
        return False
    return (
        parts[-1] in _SYSTEM_FILES
        or parts[-1].startswith("._")
        or any(part in _SYSTEM_FOLDERS for part in parts)
    )
