"""click in Chinese: headings, usage errors, and commands that load only when called."""

from __future__ import annotations

import importlib
from typing import Any

import click

HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}


class _ChineseHelp(click.Command):
    """Help text with Chinese headings."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本说明后退出"
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [record for p in self.get_params(ctx) if (record := p.get_help_record(ctx))]
        if records:
            with formatter.section(HEADINGS["Options"]):
                formatter.write_dl(records)


class ChineseCommand(_ChineseHelp):
    """A command whose help is Chinese throughout."""


class LazyGroup(_ChineseHelp, click.Group):
    """A group whose commands live in modules that are imported when called.

    `lazy` maps a command's name to (module, one-line help); the module has it as `command`.
    """

    def __init__(self, *args: Any, lazy: dict[str, tuple[str, str]] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.lazy:
            module, _ = self.lazy[cmd_name]
            command: click.Command = importlib.import_module(module).command
            return command
        return super().get_command(ctx, cmd_name)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        rows = [(name, help_text) for name, (_, help_text) in self.lazy.items()]
        for name, command in self.commands.items():
            rows.append((name, command.get_short_help_str(limit=80)))
        with formatter.section(HEADINGS["Commands"]):
            formatter.write_dl(rows)


def usage_message(error: click.UsageError) -> str:
    """A usage error as one Chinese line that says what to do."""
    command = error.ctx.command_path if error.ctx else "adscan"
    return f"{_said(error)}；用 {command} --help 查看用法"


def _said(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            close = "、".join(error.possibilities or ())
            return f"没有选项 {error.option_name}" + (f"，是不是 {close}" if close else "")
        case click.MissingParameter():
            shown = error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""
            return f"缺少参数 {shown}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 后面缺少值，或不该有值"
        case click.BadParameter():
            shown = error.param.get_error_hint(error.ctx) if error.param and error.ctx else ""
            return f"{shown} 的值不可用：{_bad_value(error)}"
        case _ if "No such command" in error.message:
            return f"没有命令 {error.message.split(chr(39))[1]}"
        case _ if "unexpected extra argument" in error.message:
            return "多余的参数 " + error.message.partition("(")[2].rstrip(").")
        case _:
            return error.message


def _bad_value(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return "可用 " + "、".join(str(choice) for choice in kind.choices)
    return error.message
