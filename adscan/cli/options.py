"""`--register`, `--on`, `--format` and `--output`, as the commands share them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from adscan.cli.values import ChineseDate
from adscan.permits.register import Register
from adscan.permits.register_fault import fault_of
from adscan.permits.register_file import open_register
from adscan.settings import load_settings

Command = TypeVar("Command", bound=Callable[..., Any])


def register_option(command: Command) -> Command:
    """The option that names the register file."""
    option = click.option(
        "--register",
        "register_path",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="登记册文件；默认在用户的数据文件夹里",
    )
    return option(command)


def day_option(help_text: str) -> Callable[[Command], Command]:
    """The option that names the day asked about."""
    return click.option("--on", "day", type=ChineseDate(), metavar="DATE", help=help_text)


def format_option(names: Sequence[str]) -> Callable[[Command], Command]:
    """The option that names the form of the output; the first is the default."""
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(names),
        default=names[0],
        show_default=names[0],
        metavar="FORMAT",
        help="输出格式：" + "、".join(names),
    )


def output_option(command: Command) -> Command:
    """The option that names a file to write to."""
    option = click.option(
        "--output", type=click.Path(path_type=Path), metavar="PATH", help="写入文件；默认标准输出"
    )
    return option(command)


@contextmanager
def opened(path: Path | None, *, create: bool = False) -> Iterator[Register]:
    """The register that is named, or the user's own. A new one into which nothing went is removed.

    Raises RegisterError if it cannot be opened or is damaged somewhere inside.
    """
    path = path or load_settings().register_path
    new = create and not path.exists()
    register = open_register(path, create=create)
    try:
        yield register
    except sqlite3.DatabaseError as error:
        raise fault_of(path, error) from error
    finally:
        empty = new and register.count() == (0, 0)
        register.close()
        if empty:
            path.unlink(missing_ok=True)


@contextmanager
def opened_if_any(path: Path | None) -> Iterator[Register | None]:
    """The register that is named, or the user's own; None if that was never made."""
    if path is None and not load_settings().register_path.is_file():
        yield None
        return
    with opened(path) as register:
        yield register


def today() -> date:
    """Today, where the user is."""
    return datetime.now().astimezone().date()
