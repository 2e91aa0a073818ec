"""Uploaded files by their content: a file is named by its SHA-256 and written once."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

_NAME = re.compile("[0-9a-f]{64}")


class FileIsMissing(FileNotFoundError):
    """A file is on record, but no longer in the data folder."""


class FileStore:
    """A folder of files. Several processes may use it at once; nothing in it ever changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keep the bytes, synced to disk; their SHA-256 in hex."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        if path.exists():
            return sha256
        write_whole(path, data)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes. Raises FileIsMissing if they are not here."""
        path = self.path(sha256)
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise FileIsMissing(error.errno, error.strerror, str(path)) from error

    def path(self, sha256: str) -> Path:
        """Where they are kept. Raises ValueError for what is no SHA-256: no other path is made."""
        if not _NAME.fullmatch(sha256):
            raise ValueError("not a SHA-256 in hex")
        return self._folder / sha256[:2] / sha256


def write_whole(path: Path, data: bytes) -> None:
    """The file with these bytes, synced, or none at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
