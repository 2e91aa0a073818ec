"""`adscan rules`: read the rulebook, check it, run each rule's own examples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import click

from adscan.classify.activity import load_activities
from adscan.cli.chinese import ChineseCommand, LazyGroup
from adscan.cli.values import ChineseDate
from adscan.errors import RulebookError
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.rule_pages import render_page
from adscan.rule_trial import OUTCOMES, Trial, try_examples
from adscan.rulebook.lint import find_faults
from adscan.rulebook.loader import load_rulebook
from adscan.rulebook.rulebook import Rulebook
from adscan.settings import load_settings

FAILED = 1


@click.group("rules", cls=LazyGroup, help="查看、检查规则库，运行规则自带的例子。")
def command() -> None:
    """The rulebook's commands."""


@command.command("list", cls=ChineseCommand, help="列出全部规则。")
@click.option("--published", type=ChineseDate(), metavar="DATE", help="只列这一天适用的规则")
def list_rules(published: date | None) -> None:
    """One line a rule: id, status, severity, decision, title."""
    for compiled in load_rulebook().rules:
        if published is None or compiled.applies_on(published):
            rule = compiled.rule
            row = (rule.id, rule.status.value, rule.severity.value, rule.decision.value, rule.title)
            click.echo("\t".join(row))


@command.command("show", cls=ChineseCommand, help="显示一条规则的全文和它引用的条款。")
@click.argument("rule_id", metavar="ID")
def show(rule_id: str) -> None:
    """The rule's page, as docs/rules has it, after the path of its file."""
    compiled = load_rulebook()[rule_id]
    names = {activity: words.name for activity, words in load_activities().items()}
    click.echo(f"规则文件：{compiled.path}\n")
    click.echo(render_page(compiled, names), nl=False)


@command.command("lint", cls=ChineseCommand, help="检查规则文件的写法、条款和例子是否齐全。")
@click.argument("path", required=False, type=click.Path(path_type=Path))
def lint(path: Path | None) -> int:
    """Every fault, one line each."""
    faults = list(find_faults(path))
    for fault in faults:
        click.echo(fault)
    click.echo(f"共 {len(faults)} 处问题" if faults else "没有发现问题", err=True)
    return FAILED if faults else 0


@command.command(
    "test", cls=ChineseCommand, help="运行规则自带的例子：该违规的违规，该放行的放行。"
)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--published", type=ChineseDate(), metavar="DATE", help="例子按哪一天判断；默认今天")
@click.option("--rule", "only", metavar="ID", multiple=True, help="只运行这条规则，可多次")
def test(path: Path | None, published: date | None, only: tuple[str, ...]) -> int:
    """Each example that does not behave, then the count."""
    rulebook = load_rulebook([path] if path else [])
    now = datetime.now().astimezone()
    reviewer = Reviewer(rulebook, None, load_settings(), now)
    placement = Placement(published or now.date())
    trials = list(_trials(reviewer, rulebook, placement, path, only))
    wrong = [trial for trial in trials if not trial.behaves]
    for trial in wrong:
        expected, outcome = OUTCOMES[trial.expected], OUTCOMES[trial.outcome]
        click.echo(f"{trial.rule}：应为{expected}，实为{outcome}：{trial.example.text}")
    click.echo(f"{len(trials)} 个例子，{len(wrong)} 个不符", err=True)
    return FAILED if wrong else 0


def _trials(
    reviewer: Reviewer,
    rulebook: Rulebook,
    placement: Placement,
    path: Path | None,
    only: tuple[str, ...],
) -> Iterator[Trial]:
    chosen = [rulebook[rule_id] for rule_id in only] if only else list(rulebook.rules)
    if path is not None:
        chosen = [rule for rule in chosen if rule.path.resolve().is_relative_to(path.resolve())]
    if not chosen:
        raise RulebookError("没有可运行的规则", file=str(path or "rulebook"), hint="请检查路径")
    for compiled in chosen:
        yield from try_examples(reviewer, compiled, placement)
