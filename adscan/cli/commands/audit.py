"""`adscan audit`: the pre-review service's log of what was done, held against its seals."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from adscan.cli.chinese import ChineseCommand, LazyGroup
from adscan.errors import SettingsError
from adscan.settings import Settings, load_settings

if TYPE_CHECKING:
    from adscan.web.audit.check import Checked

FAULTY = 1
_HEAD = re.compile(r"([1-9][0-9]{0,17})[:：]([0-9a-fA-F]{64})")


@click.group("audit", cls=LazyGroup, help="预审服务的操作日志：核对是否完整、有没有被改动。")
def command() -> None:
    """The log's commands."""


@command.command(
    "verify",
    cls=ChineseCommand,
    help="逐条核对操作日志的封印，查出任何改动、删除、插入和调换。",
    epilog="完整无误退出码为 0，发现问题为 1，无法核对为 2。",
)
@click.option(
    "--head", "noted", metavar="N:SEAL",
    help="以前另行抄存的序号和封印；给出后连日志、密钥一起被换掉也能发现",
)  # fmt: skip
def verify(noted: str | None) -> int:
    """Each fault a line; then what was checked."""
    expected = _expected(noted)
    if (
        importlib.util.find_spec("sqlalchemy") is None
        or importlib.util.find_spec("alembic") is None
    ):
        raise SettingsError("缺少预审服务所需的组件", hint="请运行 pip install 'adscan[web]'")
    checked = _check(load_settings(), expected)
    for fault in checked.faults:
        click.echo(fault)
    told = f"共核对 {checked.count} 条，最后一条的封印是 {checked.last_seal}"
    if checked.faults:
        click.echo(
            f"{told}\n发现 {len(checked.faults)} 处问题：请保全数据库、数据文件夹和备份", err=True
        )
        return FAULTY
    click.echo(f"操作日志完整，没有被改动。{told}")
    click.echo(f"请把这一行抄存在别处，供日后核对：{checked.count}:{checked.last_seal}")
    return 0


def _expected(noted: str | None) -> tuple[int, str] | None:
    if noted is None:
        return None
    found = _HEAD.fullmatch(noted.strip())
    if found is None:
        raise click.BadParameter(
            "应是“序号:封印”，封印是 64 位十六进制数，如 120:3f9a…", param_hint="--head"
        )
    return int(found[1]), found[2].lower()


def _check(settings: Settings, expected: tuple[int, str] | None) -> Checked:
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415  (the part checked above)

    from adscan.web.audit.check import verify as verify_log  # noqa: PLC0415
    from adscan.web.audit.log import Vault  # noqa: PLC0415
    from adscan.web.store.database import Database, database_url  # noqa: PLC0415

    vault = Vault.open(settings.web.data_dir, create=False)
    database = Database(database_url(settings))
    file = database.engine.url.database
    if database.engine.dialect.name == "sqlite" and not (file and Path(file).is_file()):
        raise SettingsError(
            f"没有数据库文件 {file}", hint="请检查 ADSCAN_WEB__DATA_DIR 和 ADSCAN_DATABASE_URL"
        )
    try:
        with database.reading() as session:
            return verify_log(session, vault, expected)
    except DBAPIError as error:
        raise SettingsError(
            f"读不到数据库 {database.shown()} 里的操作日志",
            hint="请检查 ADSCAN_DATABASE_URL、数据库是否在运行，以及服务是否启动过",
        ) from error
    finally:
        database.engine.dispose()
