"""The command `adscan`: its groups, and how errors become a line and an exit code."""

from __future__ import annotations

import sys

import click

from adscan import __version__
from adscan.cli.chinese import LazyGroup, usage_message
from adscan.errors import AdscanError

WRONG_USAGE = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells report it

COMMANDS = {
    "check": ("adscan.cli.commands.check", "审查广告：文件、文件夹、压缩包、标准输入或一段文字"),
    "names": ("adscan.cli.commands.names", "筛查企业名称、经营范围中的限制字样"),
    "permits": ("adscan.cli.commands.permits", "许可登记册：导入名录，查询、核对、导出"),
    "scan": ("adscan.cli.commands.scan", "扫描存档：任意规模，可续扫、可并行，结果为 Parquet 表"),
    "report": ("adscan.cli.commands.report", "扫描结果的报告：网页、工作簿、移送线索、预警、抽样"),
    "serve": ("adscan.cli.commands.serve", "预审服务：送审、机审、人审、预审意见书和 REST API"),
    "audit": ("adscan.cli.commands.audit", "预审服务的操作日志：核对有没有被改动"),
    "rules": ("adscan.cli.commands.rules", "查看、检查规则库，运行规则自带的例子"),
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="adscan：读广告，判断是否违法，指出在哪里、依据哪一条、怎样改。",
)
@click.version_option(__version__, "-V", "--version", message="adscan %(version)s", help="显示版本")
def cli() -> None:
    """The root of all commands."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with the contract's exit code."""
    try:
        code = cli.main(arguments, prog_name="adscan", standalone_mode=False)
    except click.UsageError as error:
        click.echo(f"adscan：{usage_message(error)}", err=True)
        sys.exit(WRONG_USAGE)
    except AdscanError as error:
        click.echo(f"adscan：{error}", err=True)
        sys.exit(WRONG_USAGE)
    except (KeyboardInterrupt, click.Abort):
        click.echo("adscan：已中断", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has left; nothing more to say
        sys.exit(INTERRUPTED)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
