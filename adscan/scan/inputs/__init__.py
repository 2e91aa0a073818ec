"""The inputs, one for each kind of archive, and which of them a source needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from adscan.errors import InputError, SetupError
from adscan.ingest.locations import DiskFile, cannot_open, shown
from adscan.ingest.sniff import FileKind, sniff_container
from adscan.scan.entry import Entry
from adscan.scan.input import Input, InputOptions, Place
from adscan.scan.inputs.columns import check_columns

# Module and function, so that a library is loaded when its kind of archive comes.
_INPUTS = {
    "folder": ("folder", "read_folder"),
    "zip": ("zip_archive", "read_zip"),
    "tar": ("tar_archive", "read_tar"),
    "csv": ("csv_table", "read_csv"),
    "json_lines": ("json_lines", "read_json_lines"),
    "parquet": ("parquet", "read_parquet"),
    "warc": ("warc", "read_warc"),
}
_ENDINGS = {  # of kinds that their content does not tell
    "csv": re.compile(r"\.(?:csv|tsv|tab)(?:\.gz)?$", re.IGNORECASE),
    "json_lines": re.compile(r"\.(?:jsonl|ndjson|jsonlines|json)(?:\.gz)?$", re.IGNORECASE),
    "warc": re.compile(r"\.warc(?:\.gz)?$", re.IGNORECASE),
    "parquet": re.compile(r"\.parquet$", re.IGNORECASE),
}
_MARKS = {b"PAR1": "parquet", b"WARC/": "warc", b"SQLite format 3\x00": "sqlite"}
HEAD_BYTES = 512
_BEGINS = re.compile(  # ZIP, gzip, bzip2, xz, TAR, and the marks above
    rb"PK|\x1f\x8b|BZh|\xfd7zXZ|.{257}ustar|PAR1|WARC/|SQLite format 3", re.DOTALL
)
_CONTAINERS = {FileKind.ZIP: "zip", FileKind.TAR: "tar"}
# With one slash only it is a slip, which must not be shown as a path, password and all.
_URL = re.compile(r"[a-z][a-z0-9]+(?:\+[a-z0-9_]+)?:/", re.IGNORECASE)


def read_entries(sources: Sequence[str], options: InputOptions) -> Iterator[Entry]:
    """The ads of all sources, one after the other; a source named twice is read once.

    A source is a path or the URL of a database. Raises SetupError if one cannot be read at all:
    all paths are looked for before the first is read.
    """
    check_columns(options.columns)
    paths = [source for source in sources if not _URL.match(source)]
    for path in paths:
        _demand(Path(path))
    for source in dict.fromkeys(sources):
        yield from _read(source, options)


def input_named(kind: str) -> Input:
    """The input of a kind in the table above."""
    module, function = _INPUTS[kind]
    reader: Input = getattr(import_module(f"{__name__}.{module}"), function)
    return reader


def kind_inside(place: Place, head: bytes | None = None) -> str | None:
    """Which input a file needs that holds ads; None if it is an ad itself. Raises InputError.

    `head`: its first bytes, if they are at hand; then most files need not be opened.
    """
    for kind, ending in _ENDINGS.items():
        if ending.search(place.name):
            return kind
    if head is not None and not _BEGINS.match(head):
        return None
    with place.open() as stream:
        head = stream.read(16)
        stream.seek(0)
        for mark, kind in _MARKS.items():
            if head.startswith(mark):
                return kind
        container = sniff_container(stream)
    return _CONTAINERS[container] if container else None


def _read(source: str, options: InputOptions) -> Iterator[Entry]:
    if _URL.match(source):
        return _read_database(source, options)
    path = Path(source)
    place = DiskFile(path, options.limits)
    if path.is_dir():
        return input_named("folder")(place, options)
    try:
        kind = kind_inside(place)
    except InputError as error:
        raise SetupError(f"{place.name}：{error.message}", hint=error.hint) from error
    if kind == "sqlite":
        return _read_database(f"sqlite:///{path}", options)
    return input_named(kind or "folder")(place, options)


def _read_database(url: str, options: InputOptions) -> Iterator[Entry]:
    from adscan.scan.inputs.database import read_database  # noqa: PLC0415 - sqlalchemy

    return read_database(url, options)


def _demand(path: Path) -> None:
    """Raise SetupError if the path is not there, or neither file nor folder."""
    try:
        path.stat()
        if not path.is_file() and not path.is_dir():
            raise SetupError(f"{shown(str(path))} 不是文件或文件夹", hint="请给出普通文件或文件夹")
    except (OSError, ValueError) as error:  # ValueError: a null character in a path
        trouble = cannot_open(error if isinstance(error, OSError) else OSError(str(error)))
        raise SetupError(f"{shown(str(path))}：{trouble.message}", hint=trouble.hint) from error
