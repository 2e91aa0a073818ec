"""The files a recipe names, shipped to machines that do not have them, their hashes checked there.

What the package itself brings (rules, laws, the default model) is installed on every node; the
recipe's edition says whether it is the same.
"""

from __future__ import annotations

import getpass
import hashlib
import platform
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from adscan.errors import RegisterError, SetupError
from adscan.permits.register_file import open_register
from adscan.scan.recipe import Recipe

Move = Callable[[Path, str], Path]  # a path of the recipe and a name for it, to where it is now


class ParcelError(SetupError):
    """A node did not receive a file as it was sent, or cannot keep it."""

    code = "parcel"


@dataclass(frozen=True)
class ShippedFile:
    """One file of a parcel."""

    name: str  # below the folder it is unpacked to
    sha256: str
    content: Any  # what `put` made of its bytes


@dataclass(frozen=True)
class Parcel:
    """A recipe whose paths lead into its own files."""

    recipe: Recipe
    files: tuple[ShippedFile, ...]

    @property
    def key(self) -> str:
        """Names what is in it: the same files, the same key."""
        whole = "\n".join(f"{file.sha256} {file.name}" for file in self.files)
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def pack(recipe: Recipe, put: Callable[[bytes], Any]) -> Parcel:
    """Everything the recipe names. `put` stores bytes where all nodes can fetch them.

    Raises SetupError if one of the files cannot be read.
    """
    files: list[ShippedFile] = []

    def ship(path: Path, label: str) -> Path:
        path = path.resolve()
        place = Path(label) / path.parent.name / path.name  # a rule's folder is its category
        for found in _files_of(path):
            data = _register_copy(found) if found == recipe_register else _read(found)
            name = (place / found.relative_to(path)).as_posix()
            files.append(ShippedFile(name, hashlib.sha256(data).hexdigest(), put(data)))
        return place

    recipe_register = recipe.register.resolve() if recipe.register else None
    return Parcel(_moved(recipe, ship), tuple(files))


def unpack(
    parcel: Parcel, fetch: Callable[[Any], bytes], shelf: Path | None = None
) -> tuple[Recipe, Path]:
    """The recipe with its files on this machine, and the folder they are in.

    Workers of one machine share the folder, named by what is in it below `shelf` (None: the
    system's folder for temporary files). Each worker checks every hash.

    Raises ParcelError naming the machine.
    """
    try:
        shelf = shelf or Path(tempfile.gettempdir()) / f"adscan-ray-{getpass.getuser()}"
        shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = shelf / parcel.key
        if not folder.is_dir():
            _lay_out(parcel, fetch, folder)
        for file in parcel.files:
            _demand_hash(file, (folder / file.name).read_bytes(), folder)
    except OSError as error:
        raise ParcelError(
            f"节点 {platform.node()} 存不下规则、模型或登记册：{error.strerror or error}",
            hint="请检查该节点的临时文件夹和磁盘空间",
        ) from error
    recipe = _moved(parcel.recipe, lambda path, label: folder / path)
    settings = recipe.settings.model_copy(update={"cache_dir": shelf / "cache"})
    return replace(recipe, settings=settings), folder


def _lay_out(parcel: Parcel, fetch: Callable[[Any], bytes], folder: Path) -> None:
    """Write the files beside `folder`, then give them its name: it is whole or not there."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        whole = Path(beside) / "whole"
        whole.mkdir()
        for file in parcel.files:
            data = fetch(file.content)
            _demand_hash(file, data, folder)
            place = whole / file.name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        try:
            whole.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another worker of this machine was first
                raise


def _demand_hash(file: ShippedFile, data: bytes, folder: Path) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != file.sha256:
        raise ParcelError(
            f"节点 {platform.node()} 上的 {folder / file.name} 与主程序发出的不一致"
            f"（SHA-256 {found[:12]}…，应为 {file.sha256[:12]}…）",
            hint=f"请删除该节点上的 {folder} 后重新运行",
        )


def _moved(recipe: Recipe, move: Move) -> Recipe:
    """The recipe with every path it names moved."""
    settings, ocr = recipe.settings, recipe.settings.ocr
    ocr_paths = {name: getattr(ocr, name) for name in ("detector_dir", "recogniser_dir")}
    paths = {name: getattr(settings, name) for name in ("model", "authorities")}
    update = {name: move(path, name) for name, path in paths.items() if path is not None}
    ocr_update = {name: move(path, name) for name, path in ocr_paths.items() if path is not None}
    return replace(
        recipe,
        settings=settings.model_copy(update={**update, "ocr": ocr.model_copy(update=ocr_update)}),
        rules=tuple(move(path, f"rules-{index}") for index, path in enumerate(recipe.rules)),
        register=move(recipe.register, "register") if recipe.register else None,
    )


def _files_of(path: Path) -> list[Path]:
    return sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ParcelError(
            f"{path} 读不出：{error.strerror or error}", hint="请检查路径和权限"
        ) from error


def _register_copy(path: Path) -> bytes:
    """The register as one file: part of it may still stand in the write-ahead log beside it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        try:
            with closing(open_register(path)) as register, closing(sqlite3.connect(copy)) as whole:
                register.connection.backup(whole)
            open_register(copy).close()  # as every worker will open it: the bytes stay the same
            return copy.read_bytes()
        except (sqlite3.DatabaseError, OSError) as error:
            raise RegisterError(
                f"登记册 {path} 读不出：{error}", hint="请检查磁盘，或重新导入登记册"
            ) from error
