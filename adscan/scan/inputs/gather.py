"""Files of a folder or archive to ads: one file is one, a folder with a metadata file is one.

Files come in an order that keeps a folder together. A few are looked at ahead, so that a folder's
metadata file may come after its pictures; more are never held.
"""

from __future__ import annotations

import posixpath
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adscan.errors import InputError
from adscan.ingest.saved_pages import in_page_folder, is_system_file, page_folders
from adscan.records.ad import Source
from adscan.scan.entry import Entry
from adscan.scan.input import InputOptions
from adscan.scan.inputs.ad_folder import METADATA, OWN_METADATA, folder_entry

_AHEAD = 100  # files beyond those that one ad may have
_AHEAD_BYTES = 128_000_000
_PAGES_REMEMBERED = 1000


@dataclass(frozen=True)
class Found:
    """One file of a folder or archive."""

    path: str  # within it, '/' between folders
    name: str  # as shown to the user
    file: Source | InputError  # InputError: it is there and cannot be read
    held_bytes: int = 0  # that the source carries along

    @property
    def entry(self) -> Entry:
        """It as an ad of its own."""
        if isinstance(self.file, InputError):
            return Entry(self.name, trouble=self.file)
        return Entry(self.name, (self.file,))


def gather(found: Iterable[Found | Entry], root: str, options: InputOptions) -> Iterator[Entry]:
    """The ads that the files make up; `root` is the name that their paths begin behind.

    What is an entry already goes through. Support folders of saved pages and what operating
    systems leave behind are left out.
    """
    window = _Window(root, options)
    for one in found:
        if isinstance(one, Entry):
            yield one
        elif not is_system_file(one.path):
            yield from window.add(one)
    yield from window.rest()


class _Window:
    """The files looked at ahead."""

    def __init__(self, root: str, options: InputOptions) -> None:
        self._root, self._options = root, options
        self._ahead = options.limits.max_page_images + _AHEAD
        self._files: OrderedDict[int, Found] = OrderedDict()
        self._count = 0
        self._held_bytes = 0
        self._metadata: Counter[str] = Counter()  # folders that have such a file in the window
        self._page_folders: OrderedDict[str, None] = OrderedDict()
        self._refused: str | None = None  # folder of the last ad that had too many files

    def add(self, found: Found) -> Iterator[Entry]:
        self._files[self._count] = found
        self._count += 1
        self._held_bytes += found.held_bytes
        if _is_metadata(found.path):
            self._metadata[posixpath.dirname(found.path)] += 1
        for folder in page_folders((found.path,)):
            self._page_folders[folder] = None
        while len(self._page_folders) > _PAGES_REMEMBERED:
            self._page_folders.popitem(last=False)
        while len(self._files) > self._ahead or self._held_bytes > _AHEAD_BYTES:
            yield from self._release()

    def rest(self) -> Iterator[Entry]:
        while self._files:
            yield from self._release()

    def _release(self) -> Iterator[Entry]:
        first = next(iter(self._files.values()))
        folder = next((above for above in _folders(first.path) if self._metadata[above]), None)
        if folder is not None:
            yield self._made_up(folder)
            return
        self._take(next(iter(self._files)))
        if self._refused is not None and _lies_in(first.path, self._refused):
            return  # which has been said
        if not in_page_folder(first.path, frozenset(self._page_folders)):
            yield first.entry

    def _made_up(self, folder: str) -> Entry:
        begin = folder and folder + "/"
        numbers = [n for n, one in self._files.items() if one.path.startswith(begin)]
        files = [self._take(number) for number in numbers]
        name = posixpath.join(self._root, folder) if folder else self._root
        entry = folder_entry(name, folder, {one.path: one.file for one in files}, self._options)
        if len(files) > self._options.limits.max_page_images:
            self._refused = folder
        return entry

    def _take(self, number: int) -> Found:
        found = self._files.pop(number)
        self._held_bytes -= found.held_bytes
        if _is_metadata(found.path):
            folder = posixpath.dirname(found.path)
            self._metadata[folder] -= 1
            if not self._metadata[folder]:
                del self._metadata[folder]
        return found


def _is_metadata(path: str) -> bool:
    folder, name = posixpath.split(path)
    return name.lower() in (METADATA if folder else OWN_METADATA)


def _folders(path: str) -> Iterator[str]:
    """The folders around a file, outermost first; the whole is ''."""
    parts = path.split("/")[:-1]
    yield ""
    for depth in range(1, len(parts) + 1):
        yield "/".join(parts[:depth])


def _lies_in(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")
