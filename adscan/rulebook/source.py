"""Rulebook files as written: YAML with the line of every key, held against the schema."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from adscan.errors import RulebookError
from adscan.rulebook.shelf import Shelf

Entry = TypeVar("Entry", bound=BaseModel)

# pydantic's error types that a rule writer meets, in Chinese
WORDING = {
    "extra_forbidden": "没有这个键",
    "missing": "缺少这个必填的键",
    "string_type": "应为文字",
    "list_type": "应为列表",
    "too_short": "不能为空",
    "enum": "不是允许的值",
    "literal_error": "不是允许的值",
    "date_from_datetime_parsing": "应为日期，如 2026-09-30",
    "date_type": "应为日期，如 2026-09-30",
    "union_tag_invalid": "kind 只能是 phrase、pattern、nearby、absent、label",
    "union_tag_not_found": "缺少 kind",
    "string_pattern_mismatch": "写法不对：id 只用小写字母、数字和连字符",
}


def read_entry(path: Path, shape: type[Entry], shown: str, shelf: Shelf | None = None) -> Entry:
    """The file's content as `shape`. `shown` is the name used in messages.

    Raises RulebookError with the line of the first fault.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RulebookError("文件读不出", file=shown, hint="请检查路径和权限") from error
    entry = shelf.entry(content, shape) if shelf else None
    if entry is None:
        entry = _parse(content, shape, shown)
        if shelf:
            shelf.keep(content, entry)
    return entry


def _parse(content: bytes, shape: type[Entry], shown: str) -> Entry:
    try:
        text = content.decode("utf-8")
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        _refuse_double_keys(node, shown)
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        raise RulebookError("不是 UTF-8 文本", file=shown, hint="请另存为 UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise RulebookError(
            f"YAML 写法有误（{error.problem}）",
            file=shown,
            line=line,
            hint="请检查缩进、冒号和引号",
        ) from error
    except yaml.YAMLError as error:
        raise RulebookError(
            "不是可用的 YAML", file=shown, hint=str(error).splitlines()[0]
        ) from error
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        fault = error.errors()[0]
        raise RulebookError(
            _wording(fault),
            file=shown,
            line=line_of(node, fault["loc"]),
            key=".".join(str(step) for step in fault["loc"]),
            hint="各键的含义见 adscan/rulebook/schema.py",
        ) from error


def line_of(node: yaml.Node | None, steps: Sequence[int | str]) -> int:
    """The line, from 1, of the deepest key along `steps` that the file has."""
    line = node.start_mark.line if node is not None else 0
    for step in steps:
        found = _child(node, step)
        if found is not None:
            key, node = found
            line = key.start_mark.line
    return line + 1


def _child(node: yaml.Node | None, step: int | str) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _refuse_double_keys(node: yaml.Node | None, shown: str) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise RulebookError(
                    "同一个键写了两次", file=shown, line=line, key=key.value, hint="请合并为一处"
                )
            seen.add(key.value)
            _refuse_double_keys(value, shown)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_double_keys(value, shown)


def _wording(fault: ErrorDetails) -> str:
    allowed: Any = fault.get("ctx", {}).get("expected", "")
    said = WORDING.get(fault["type"], fault["msg"])
    return f"{said}（可用：{allowed}）" if allowed else said
