"""One row of a table, line of JSON or metadata file, by field, to one entry."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from adscan.errors import DamagedFile, InputError
from adscan.ingest.blank import is_blank
from adscan.ingest.locations import DiskFile, InMemory
from adscan.records.ad import Source
from adscan.scan.entry import Entry
from adscan.scan.input import InputOptions, Place
from adscan.scan.inputs.circumstances import read_day, read_medium
from adscan.scan.inputs.pictures import FindPicture, PackedPictures, PictureFolder, picture_sources

_LONGEST_FIELD = 2000  # characters of a title, a name, an address


def table_pictures(place: Place, options: InputOptions) -> FindPicture:
    """Where the picture paths of a table lead: below `--image-root` or beside it, nowhere else."""
    if options.image_root:
        return PictureFolder(options.image_root, options.limits).find
    if isinstance(place, DiskFile):
        return PictureFolder(place.path.parent, options.limits).find
    return PackedPictures(place).find


def row_name(table: str, number: int, cells: Mapping[str, Any]) -> str:
    """What a row is known by: its own id, for rows are moved about; else its number, from 1."""
    return f"{table}#{_line_of(cells.get('id')) or number}"


def row_entry(name: str, cells: Mapping[str, Any], find: FindPicture) -> Entry:
    """The entry of one row; what is wrong with it is its trouble."""
    text, title = text_of(cells.get("text")), _line_of(cells.get("title"))
    try:
        pictures = picture_sources(cells.get("image"), name, find)
        if not text and not pictures:
            text, title = title, ""  # all that it says stands in its heading
        sources = (*text_sources(name, text), *pictures)
        if not sources:
            raise DamagedFile("这一条没有文字，也没有图片", hint="请检查原始数据是否缺失")
        return described(name, sources, {**cells, "title": title})
    except InputError as error:
        return described(name, (), {**cells, "published": None}, trouble=error)


def text_sources(name: str, text: str) -> tuple[Source, ...]:
    """The text as a source; none if nobody could see any of it."""
    if not text:
        return ()
    return (InMemory(name, text.encode("utf-8", errors="replace")).source(),)


def described(
    name: str,
    sources: tuple[Source, ...],
    cells: Mapping[str, Any],
    trouble: InputError | None = None,
) -> Entry:
    """An entry with what the cells say of it. Raises DamagedFile if the day cannot be read."""
    medium = _line_of(cells.get("medium"))
    return Entry(
        name=name,
        sources=sources,
        published=read_day(cells.get("published")),
        advertiser=_line_of(cells.get("advertiser")) or None,
        medium=read_medium(medium),
        medium_given=medium or None,
        title=_line_of(cells.get("title")) or None,
        url=_line_of(cells.get("url")) or None,
        record_id=_line_of(cells.get("id")) or None,
        trouble=trouble,
    )


def text_of(value: Any) -> str:
    """A cell as text: paragraphs of a list in lines; empty if nothing of it can be seen."""
    match value:
        case None:
            return ""
        case float() if math.isnan(value):
            return ""
        case list() | tuple():
            written = "\n".join(text_of(one) for one in value)
        case bytes():
            written = value.decode("utf-8", errors="replace")
        case _:
            written = str(value)
    return "" if is_blank(written) else written


def _line_of(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a column of numbers with gaps becomes one of floats
    return " ".join(text_of(value).split())[:_LONGEST_FIELD]
