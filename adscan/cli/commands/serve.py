"""`adscan serve`: the pre-review service."""

from __future__ import annotations

import importlib.util
import logging
from datetime import datetime
from pathlib import Path

import click

from adscan.cli.chinese import ChineseCommand
from adscan.cli.options import register_option, rules_option
from adscan.errors import SettingsError
from adscan.records.verdict import OperatingPoint
from adscan.scan.recipe import Recipe
from adscan.settings import load_settings

PARTS = ("fastapi", "uvicorn", "alembic", "argon2", "multipart", "prometheus_client")


@click.command(
    "serve",
    cls=ChineseCommand,
    help="启动预审服务：送审、机审、人审、预审意见书，以及 REST API。",
    epilog="数据库由 ADSCAN_DATABASE_URL 指定，不设则用数据文件夹里的 SQLite。",
)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="监听地址")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, metavar="N",
    help="监听端口；0 由系统挑选",
)  # fmt: skip
@click.option(
    "--web", type=click.IntRange(0, 64), default=1, show_default=True, metavar="N",
    help="网页进程数；0 表示这台机器只审查",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(0, 64), default=1, show_default=True, metavar="N",
    help="审查进程数；0 表示审查在别的机器上",
)  # fmt: skip
@rules_option
@register_option
@click.option("--no-model", is_flag=True, help="不用分类模型，只按词句规则审查")
@click.option("--no-ocr", is_flag=True, help="不做图片文字识别；图片将标为未读")
@click.option("--verbose", is_flag=True, help="记录每个请求")
def command(
    host: str,
    port: int,
    web: int,
    workers: int,
    rules: tuple[Path, ...],
    register_path: Path | None,
    no_model: bool,
    no_ocr: bool,
    verbose: bool,
) -> None:
    """Serve until stopped."""
    missing = [name for name in PARTS if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"缺少预审服务所需的组件：{'、'.join(missing)}", hint="请运行 pip install 'adscan[web]'"
        )
    from adscan.web.serve import Service  # noqa: PLC0415  (needs the parts checked above)

    if not web and not workers:
        raise click.UsageError("--web 和 --workers 不能都是 0")
    settings = load_settings()
    if register_path is None and settings.register_path.is_file():
        register_path = settings.register_path
    recipe = Recipe(
        settings=settings,
        point=OperatingPoint.PREREVIEW,
        checked_at=datetime.now().astimezone(),
        rules=rules,
        register=register_path,
        with_ocr=not no_ocr,
        with_model=not no_model,
    )
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    Service(settings, recipe, host, port, web, workers, verbose).run(
        lambda line: click.echo(line, err=True)
    )
