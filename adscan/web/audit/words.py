"""The audit log in Chinese: what each action is called, and what its details say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adscan.report.wording import DECISIONS
from adscan.web.kept.states import ROLE_NAMES, SCOPE_NAMES, VERDICT_NAMES

# Every action that is recorded; a test holds this table to the code.
ACTIONS = {
    "sign_in": "登录",
    "sign_in.failed": "登录失败",
    "sign_out": "退出登录",
    "password.set": "设置密码",
    "link.given": "生成登录链接",
    "token.created": "创建接口令牌",
    "token.revoked": "吊销接口令牌",
    "person.added": "添加人员",
    "person.changed": "更改人员",
    "person.deactivated": "停用人员",
    "person.reactivated": "恢复人员",
    "company.added": "添加单位",
    "company.renamed": "单位改名",
    "version.submitted": "送审",
    "version.reviewed": "机审完成",
    "finding.confirmed": "认定问题",
    "finding.dismissed": "不认定问题",
    "finding.open": "重新打开问题",
    "finding.added": "人工添加问题",
    "comment.added": "批注",
    "submission.return": "退回修改",
    "submission.approve": "通过",
    "submission.refuse": "不予发布",
    "submission.withdraw": "撤回",
    "submission.withdrawn": "撤回",
    "submission.propose": "提请复核通过",
    "submission.decline": "复核不同意",
    "comparison.requested": "发布比对",
    "comparison.finished": "比对完成",
    "exported": "导出",
}

# What a subject's first word means.
SUBJECTS = {
    "submission": "送审件",
    "comparison": "比对",
    "person": "人员",
    "company": "单位",
    "token": "令牌",
    "login": "登录名",
    "export": "导出",
}

_KEYS = {
    "address": "来自",
    "after": "改后",
    "before": "原名",
    "by": "方式",
    "comment": "批注",
    "company": "单位",
    "days": "有效天数",
    "decision": "机审结论",
    "document": "内容",
    "files": "文件",
    "finding": "问题",
    "findings": "问题",
    "fingerprint": "内容指纹",
    "internal": "仅内部可见",
    "login": "登录名",
    "name": "名称",
    "number": "编号",
    "provenance": "所用版本",
    "reason": "理由",
    "role": "角色",
    "rows": "条数",
    "rule": "规则",
    "scopes": "用途",
    "text": "文字",
    "version": "版本",
    "was": "原为",
}
_VALUES: dict[str, Mapping[str, str]] = {
    "by": {"self": "本人更改", "link": "一次性链接"},
    "decision": {decision.value: name for decision, name in DECISIONS.items()},
    "role": {role.value: name for role, name in ROLE_NAMES.items()},
    "scopes": {scope.value: name for scope, name in SCOPE_NAMES.items()},
    "was": {verdict.value: name for verdict, name in VERDICT_NAMES.items()},
    "findings": {verdict.value: name for verdict, name in VERDICT_NAMES.items()},
}
# Of submissions and comparisons, all that is told to who must not see their contents.
OUTLINE = frozenset(
    {"version", "fingerprint", "decision", "comment", "finding", "internal", "outcome"}
)
_ABOUT_CONTENT = ("submission:", "comparison:", "version:", "finding:")
LONGEST = 600  # characters of one value on the page


def action_name(action: str) -> str:
    """In Chinese; the word itself if it is not in the table."""
    return ACTIONS.get(action, action)


def told(subject: str, detail: Mapping[str, Any], *, with_contents: bool) -> list[tuple[str, str]]:
    """An entry's details as (Chinese name, value), in the order they were noted."""
    hidden = not with_contents and subject.startswith(_ABOUT_CONTENT)
    return [
        (_KEYS.get(key, key), shorten(_value(key, value)))
        for key, value in detail.items()
        if not hidden or key in OUTLINE
    ]


def shorten(text: str) -> str:
    """Cut where it fills the page; the database has it whole."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…（共 {len(text)} 字）"


def _value(key: str, value: Any) -> str:
    names = _VALUES.get(key, {})
    match value:
        case None:
            return "无"
        case bool():
            return "是" if value else "否"
        case str():
            return names.get(value, value)
        case [before, after] if key in ("name", "role", "company"):
            return f"{_value(key, before)} → {_value(key, after)}"
        case list():
            return "、".join(_value(key, one) for one in value) or "无"
        case dict():
            return "；".join(f"{name}：{_value(key, one)}" for name, one in value.items()) or "无"
        case _:
            return str(value)
