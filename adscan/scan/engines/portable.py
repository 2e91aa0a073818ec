"""Tasks for another machine: the files of an ad travel with it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace

from adscan.errors import InputError
from adscan.ingest.locations import InMemory
from adscan.ingest.readers import reader_for
from adscan.ingest.sniff import FileKind, sniff
from adscan.records.ad import Source
from adscan.scan.task import Task
from adscan.settings import Limits


@dataclass(frozen=True)
class _Carried:
    """A file as it was read where it lies, and what it needs of the files beside it."""

    name: str
    data: bytes = field(repr=False)
    near: dict[str, bytes] = field(default_factory=dict, repr=False)  # by name as asked for
    fault: InputError | None = None  # why it could not be read

    def read(self) -> bytes:
        """The bytes. Raises the InputError that was met."""
        if self.fault is not None:
            raise self.fault
        return self.data

    def beside(self, name: str) -> bytes | None:
        """What lay beside; None if there was none."""
        return self.near.get(name)

    def source(self) -> Source:
        """The record of it."""
        return Source(self.name, self.read, self.beside)


def portable(task: Task, limits: Limits) -> Task:
    """The same task, independent of this machine's disks."""
    return replace(task, sources=tuple(_carried(source, limits) for source in task.sources))


def _carried(source: Source, limits: Limits) -> Source:
    if isinstance(getattr(source.read, "__self__", None), InMemory):
        return source
    try:
        data = source.read()
    except InputError as fault:
        return _Carried(source.name, b"", fault=fault).source()
    return _Carried(source.name, data, _needed_beside(source, data, limits)).source()


def _needed_beside(source: Source, data: bytes, limits: Limits) -> dict[str, bytes]:
    """The files that a web page's reader asks for: it is run once to see which."""
    near: dict[str, bytes] = {}

    def look(name: str) -> bytes | None:
        found = source.beside(name)
        if found is not None:
            near[name] = found
        return found

    with suppress(InputError):  # the worker meets it again, and says so
        if data and sniff(data) is FileKind.HTML:
            watched = Source(source.name, lambda: data, look)
            reader_for(FileKind.HTML).read(data, watched, limits)
    return near
