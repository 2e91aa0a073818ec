"""Where results go: standard output or a file that appears only when whole; progress beside it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO

import click

from adscan.errors import SettingsError

FILE_WIDTH = 100  # columns of a report that no terminal shows


class Output:
    """Results to standard output or PATH; progress to standard error, on a terminal only.

    Raises SettingsError if `binary` results would go to a terminal, before any work is done.
    """

    def __init__(self, path: Path | None, *, quiet: bool, binary: bool = False) -> None:
        self.path = path
        self._partial = path.with_name(f".{path.name}.part") if path else None
        self._file: IO[bytes] | None = None
        terminal = path is None and sys.stdout.isatty()
        if terminal and binary:
            raise SettingsError(
                "这种格式是二进制文件，不能显示在终端上", hint="请用 --output 指定文件名"
            )
        self.colour = terminal and "NO_COLOR" not in os.environ
        self.width = os.get_terminal_size(sys.stdout.fileno()).columns if terminal else FILE_WIDTH
        self._progress = not quiet and sys.stderr.isatty() and not terminal

    def __enter__(self) -> Output:
        if self._partial is not None:
            try:
                self._file = self._partial.open("wb")
            except OSError as error:
                raise SettingsError(
                    f"不能写入 {self.path}（{error.strerror}）", hint="请换一个可写的 --output 路径"
                ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clear()
        if self._file is None or self._partial is None or self.path is None:
            return
        self._file.close()
        if kind is None:
            self._partial.replace(self.path)
        else:
            self._partial.unlink()

    def write(self, piece: str | bytes) -> None:
        """The next piece of the report."""
        self._clear()
        if self._file is not None:
            self._file.write(piece.encode("utf-8") if isinstance(piece, str) else piece)
        else:
            click.echo(piece, nl=False, color=self.colour)

    def progress(self, number: int, name: str) -> None:
        """Say which input is being read."""
        if self._progress:
            click.echo(f"\r\033[K正在审查第 {number} 件：{name}", err=True, nl=False)

    def _clear(self) -> None:
        if self._progress:
            click.echo("\r\033[K", err=True, nl=False)
