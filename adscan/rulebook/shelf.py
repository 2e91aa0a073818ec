"""Rulebook files already read and found good, kept by content: what makes the second load quick.

One JSON file in the cache folder. A file that changed has another digest and is read anew; a shelf
that cannot be used is left aside, for it only saves time.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from adscan.language.literals import required_literals

Entry = TypeVar("Entry", bound=BaseModel)
log = logging.getLogger(__name__)

# Raise it when the schema or the literals change: shelves of another edition are left aside.
EDITION = 1


class Shelf:
    """Read files and the literals of expressions; only what is asked for is kept."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._old: dict[str, Any] = self._read()
        self._entries: dict[str, Any] = {}
        self._literals: dict[str, list[list[str]]] = {}

    def _read(self) -> dict[str, Any]:
        empty: dict[str, Any] = {"edition": EDITION, "entries": {}, "literals": {}}
        if self._path is None or not self._path.exists():
            return empty
        try:
            kept = json.loads(self._path.read_bytes())
        except (OSError, ValueError) as error:
            log.warning("规则库缓存不可用，将重建：%s（%s）", self._path, error)
            return empty
        usable = isinstance(kept, dict) and kept.get("edition") == EDITION
        return kept if usable and kept.keys() == empty.keys() else empty

    def entry(self, data: bytes, shape: type[Entry]) -> Entry | None:
        """The file of these bytes as it was read before; None if it was not."""
        key = self._key(data, shape)
        kept = self._old["entries"].get(key)
        if kept is None:
            return None
        try:
            entry = shape.model_validate(kept)
        except ValidationError:
            return None
        self._entries[key] = kept
        return entry

    def keep(self, data: bytes, entry: BaseModel) -> None:
        """Remember a file found good."""
        key = self._key(data, type(entry))
        self._entries[key] = entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def knows(self, expression: str) -> bool:
        """Whether the expression was found to compile before."""
        return expression in self._literals or expression in self._old["literals"]

    def literals(self, expression: str) -> list[list[str]]:
        """The clauses of an expression; see `required_literals`."""
        kept = self._literals.get(expression) or self._old["literals"].get(expression)
        if kept is None:
            kept = [sorted(clause) for clause in required_literals(expression)]
        self._literals[expression] = kept
        return kept

    def save(self) -> None:
        """Write what was used, if any of it is new. A cache folder that refuses is only logged."""
        new = {"edition": EDITION, "entries": self._entries, "literals": self._literals}
        if self._path is None or new == self._old:
            return
        partial = self._path.with_suffix(".part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(new, ensure_ascii=False), encoding="utf-8")
            partial.replace(self._path)
        except OSError as error:
            log.warning("规则库缓存写不进去，下次仍会重读：%s（%s）", self._path, error)

    def _key(self, data: bytes, shape: type[BaseModel]) -> str:
        return f"{shape.__name__}:{hashlib.sha256(data).hexdigest()}"
