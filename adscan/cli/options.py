"""Options that several commands share, and what opens the register they name."""

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
from adscan.records.medium import MEDIA
from adscan.records.verdict import OperatingPoint
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


def placement_options(command: Command) -> Command:
    """Who published, when and where."""
    for option in (
        click.option(
            "--medium",
            type=click.Choice(list(MEDIA)),
            metavar="ID",
            help="发布媒介：" + "、".join(f"{key}（{name}）" for key, name in MEDIA.items()),
        ),
        click.option(
            "--published",
            type=ChineseDate(),
            metavar="DATE",
            help="发布日，按当天的法律判断；默认今天",
        ),
        click.option("--advertiser", metavar="NAME", help="广告主名称"),
    ):
        command = option(command)
    return command


def rules_option(command: Command) -> Command:
    """The option that adds a user's own rules."""
    option = click.option(
        "--rules",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="PATH",
        help="加入自己的规则文件或文件夹，可多次",
    )
    return option(command)


def detector_options(default_point: OperatingPoint) -> Callable[[Command], Command]:
    """What reads and judges, and how strictly."""

    def add(command: Command) -> Command:
        for option in (
            click.option(
                "--operating-point",
                "point",
                type=click.Choice([point.value for point in OperatingPoint]),
                default=default_point.value,
                show_default=default_point.value,
                metavar="POINT",
                help="prereview：宁多勿漏，适合发布前预审；archive：千则误报不超过一则，适合巡查存档",
            ),
            click.option("--no-model", is_flag=True, help="不用分类模型，只按词句规则审查"),
            click.option("--no-ocr", is_flag=True, help="不做图片文字识别；图片将标为未读"),
        ):
            command = option(command)
        return command

    return add


def fail_on_option(command: Command) -> Command:
    """The option that sets from which decision on the exit code is 1."""
    option = click.option(
        "--fail-on",
        type=click.Choice(["review", "revise", "reject"]),
        default="reject",
        show_default="reject",
        metavar="DECISION",
        help="达到这一结论时退出码为 1：review、revise、reject",
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
