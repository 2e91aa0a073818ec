"""A folder with a metadata file: one ad, its files the sources."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from adscan.errors import DamagedFile, InputError
from adscan.ingest import bounds
from adscan.ingest.locations import shown
from adscan.ingest.saved_pages import in_page_folder, page_folders
from adscan.records.ad import Source
from adscan.scan.entry import Entry
from adscan.scan.input import InputOptions
from adscan.scan.inputs.columns import pick, usual_columns
from adscan.scan.inputs.pictures import Unreadable, picture_sources
from adscan.scan.inputs.rows import described, text_of, text_sources

OWN_METADATA = ("ad.json", "ad.yaml", "ad.yml")
# These count in sub-folders only: at the top of an archive they describe the archive.
METADATA = (*OWN_METADATA, "meta.json", "metadata.json")
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".apng")

Files = Mapping[str, Source | InputError]  # by path


def folder_entry(name: str, folder: str, files: Files, options: InputOptions) -> Entry:
    """The ad that a folder's files make up, a text before its pictures."""
    try:
        bounds.check("广告文件夹", len(files), "个文件", options.limits, "max_page_images")
        metadata = min((path for path in files if _is_metadata_of(path, folder)), key=_rank)
        cells = _fields(files[metadata], posixpath.basename(metadata), options)
        sources = _Folder(name, folder, files).sources(cells)
        if not sources:
            raise DamagedFile("文件夹里没有广告的文字或图片", hint="请检查元数据文件和文件夹内容")
        return described(name, sources, cells)
    except InputError as error:
        return Entry(name, trouble=error)


def _is_metadata_of(path: str, folder: str) -> bool:
    above, name = posixpath.split(path)
    return above == folder and name.lower() in METADATA


def _rank(path: str) -> int:
    return METADATA.index(posixpath.basename(path).lower())


def _fields(file: Source | InputError, name: str, options: InputOptions) -> dict[str, Any]:
    """What a metadata file says, by field. Raises InputError."""
    if isinstance(file, InputError):
        raise DamagedFile(f"元数据文件 {name} 读不出：{file.message}", hint=file.hint)
    data = file.read()
    bounds.check("元数据文件", len(data), "字节", options.limits, "max_text_bytes")
    try:
        text = data.decode("utf-8-sig")
        is_json = name.lower().endswith(".json")
        told = json.loads(text) if is_json else yaml.load(text, Loader=yaml.CSafeLoader)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise DamagedFile(
            f"元数据文件 {name} 读不出（{' '.join(str(error).split())[:160]}）",
            hint="应是 UTF-8 的 JSON 或 YAML；请改正后再扫描",
        ) from error
    if not isinstance(told, dict):
        raise DamagedFile(f"元数据文件 {name} 不是一组字段", hint='应如 {"text": "……"}')
    keys = [key for key in told if isinstance(key, str)]
    named = {field: key for field, key in options.columns.items() if key in told}
    return pick(told, {**usual_columns(keys), **named})


@dataclass(frozen=True)
class _Folder:
    name: str
    folder: str
    files: Files

    def sources(self, cells: Mapping[str, Any]) -> tuple[Source, ...]:
        """The text that the metadata have, then files that are no pictures, then pictures."""
        text = text_sources(f"{self.name}/text", text_of(cells.get("text")))
        listed = picture_sources(cells.get("files"), self.name, self._named)
        if listed:
            return (*text, *sorted(listed, key=lambda source: _is_picture(source.name)))
        images = picture_sources(cells.get("image"), self.name, self._named)
        own = self._own()
        documents = [self._file(path) for path in own if not _is_picture(path)]
        pictures = images or [self._file(path) for path in own if _is_picture(path)]
        return (*text, *documents, *pictures)

    def _own(self) -> list[str]:
        """The files in order of name, without metadata and parts of saved pages."""
        belonging = page_folders(self.files)
        return sorted(
            path
            for path in self.files
            if not _is_metadata_of(path, self.folder) and not in_page_folder(path, belonging)
        )

    def _named(self, given: str) -> Source:
        path = posixpath.normpath(posixpath.join(self.folder, given.replace("\\", "/")))
        if path in self.files:
            return self._file(path)
        message = f"元数据里的文件“{given[:200]}”不在文件夹里"
        return Unreadable(
            f"{self.name}/{shown(given)}", message, "请补上文件，或改正元数据"
        ).source()

    def _file(self, path: str) -> Source:
        file = self.files[path]
        if isinstance(file, InputError):
            name = posixpath.join(self.name, posixpath.relpath(path, self.folder or "."))
            return Unreadable(name, file.message, file.hint).source()
        return file


def _is_picture(name: str) -> bool:
    return name.lower().endswith(_PICTURES)
