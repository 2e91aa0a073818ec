"""A rule for people to read, as Markdown: from the rule file itself, so no text can drift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from adscan.records.medium import MEDIA
from adscan.records.rule import Checked, Ground, Rule, Status
from adscan.report.wording import DECISIONS, SEVERITIES
from adscan.rulebook.authorities import load_authorities
from adscan.rulebook.loader import load_exemptions
from adscan.rulebook.rulebook import CompiledRule, Rulebook

STATUSES = {
    Status.DRAFT: "草稿（不运行）",
    Status.TRIAL: "试用（只提示复核）",
    Status.STABLE: "正式",
    Status.RETIRED: "停用",
}
CHECKED = {
    Checked.TEXT: "已看原文",
    Checked.RESTATED: "见于转述",
    Checked.RECALLED: "待核原文",
}
NEEDS = {
    "register": "登记册",
    "medium": "发布媒介",
    "audience": "受众范围",
    "product": "产品类型",
    "kind": "文字以外的情况",
}
CATEGORIES = {
    "licensing": "主体、资质与名称",
    "solicitation": "募集与销售对象",
    "return_promise": "收益与安全",
    "truthfulness": "内容真实",
    "disclosure": "提示、费用与可识别",
    "delivery": "发送与展示方式",
    "property_finance": "房地产金融",
    "payment": "支付",
    "franchise": "招商加盟",
}
OUTCOMES = {"finding": "违规", "mention": "仅提及，不算违规", "clean": "不涉及"}


def render_page(compiled: CompiledRule, activities: Mapping[str, str]) -> str:
    """The page of one rule. `activities` are the Chinese names of activity ids."""
    return "\n".join(_lines(compiled, activities)) + "\n"


def render_index(rulebook: Rulebook) -> str:
    """The list of all rules by category, with a link to each page."""
    lines = [
        "# 规则",
        "",
        f"规则库版次 {rulebook.edition.partition('+')[0]}，共 {len(rulebook.rules)} 条。",
    ]
    lines.append("本页和各规则页由 `scripts/render_rule_pages.py` 从规则文件生成，请勿手改。")
    for category, title in CATEGORIES.items():
        rules = [c.rule for c in rulebook.rules if c.rule.category == category]
        lines += [
            "",
            f"## {title}",
            "",
            "| 规则 | 编号 | 严重度 | 处置 |",
            "| --- | --- | --- | --- |",
        ]
        for rule in rules:
            severity, decision = SEVERITIES[rule.severity], DECISIONS[rule.decision]
            lines.append(
                f"| [{_escaped(rule.title)}]({rule.id}.md) | `{rule.id}` "
                f"| {severity} | {decision} |"
            )
    return "\n".join(lines) + "\n"


def _lines(compiled: CompiledRule, activities: Mapping[str, str]) -> Iterator[str]:
    rule = compiled.rule
    yield f"# {_escaped(rule.title)}"
    yield ""
    yield f"`{rule.id}` · {CATEGORIES.get(rule.category, rule.category)} · {STATUSES[rule.status]}"
    yield f"· 严重度：{SEVERITIES[rule.severity]} · 处置：{DECISIONS[rule.decision]}"
    yield from _section("怎样构成", [rule.explanation])
    notes = dict.fromkeys(entry.entry.note for entry in compiled.match if entry.entry.note)
    yield from _listed("分情形说明", notes)
    yield from _listed("不构成违规", rule.exceptions)
    exemptions = load_exemptions()
    yield from _listed(
        "通用豁免",
        (
            f"{exemptions[code].name}：{exemptions[code].condition}不放行：{exemptions[code].not_released}"
            for code in sorted(rule.exemptions)
        ),
    )
    yield from _listed("只适用于这些产品", (activities.get(name, name) for name in rule.products))
    yield from _listed("只适用于这些媒介", (MEDIA.get(name, name) for name in rule.media))
    yield from _listed("还需要知道", [NEEDS[need] for need in rule.needs])
    yield from _section("看不见什么", [rule.limits])
    yield from _section("怎样改", [rule.remedy])
    yield from _basis(rule.grounds, activities)
    yield from _authorities(rule, activities)
    yield from _examples(compiled)


def _section(title: str, paragraphs: Iterable[str]) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    for paragraph in paragraphs:
        yield ""
        yield _escaped(paragraph)


def _listed(title: str, items: Iterable[str]) -> Iterator[str]:
    items = list(items)
    if items:
        yield ""
        yield f"## {title}"
        yield ""
        for item in items:
            yield f"- {_escaped(item)}"


def _basis(grounds: Iterable[Ground], activities: Mapping[str, str]) -> Iterator[str]:
    yield ""
    yield "## 依据"
    yield ""
    yield "| 条款 | 要点 | 有效期 | 核对 | 限于 |"
    yield "| --- | --- | --- | --- | --- |"
    for ground in grounds:
        provision = ground.provision
        until = provision.in_force_until or "至今"
        limited = "、".join(activities.get(name, name) for name in sorted(ground.products))
        cells = (
            f"《{provision.title}》{provision.article}",
            provision.gist,
            f"{provision.in_force_from} 至 {until}"
            if provision.in_force_until
            else f"{provision.in_force_from} 起",
            CHECKED[provision.checked],
            limited,
        )
        yield "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _authorities(rule: Rule, activities: Mapping[str, str]) -> Iterator[str]:
    """The rows of the built-in table that name the rule or its category, in its order."""
    table = load_authorities()
    rows = [row for row in table.rows if {rule.id, rule.category}.intersection(row.rules)]
    if not rows:
        return
    yield ""
    yield f"## 牵头部门（{table.place}）"
    yield ""
    yield "这里只列总表里点到本规则的行；实际按总表从上往下取第一行合适的。"
    yield ""
    yield "| 部门 | 产品 | 时间 | 出处 | 说明 |"
    yield "| --- | --- | --- | --- | --- |"
    for row in rows:
        since = f"{row.in_force_from} 起" if row.in_force_from else ""
        until = f"至 {row.in_force_until}" if row.in_force_until else ""
        cells = (
            row.authority,
            "、".join(activities.get(name, name) for name in row.products) or "不限",
            f"{since}{until}" or "不限",
            row.source,
            row.note,
        )
        yield "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _examples(compiled: CompiledRule) -> Iterator[str]:
    yield ""
    yield "## 例子（会运行）"
    for outcome, title in OUTCOMES.items():
        yield ""
        yield f"{title}："
        yield ""
        for expected, example in compiled.examples():
            if expected == outcome:
                day = f"（{example.published} 发布）" if example.published else ""
                medium = f"（{MEDIA[example.medium]}）" if example.medium else ""
                yield f"- {_escaped(example.text)}{day}{medium}"


def _escaped(text: str) -> str:
    """The text with nothing that Markdown would take for markup, on one line."""
    for mark in "\\`*_[]<>|#":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", " ⏎ ")
