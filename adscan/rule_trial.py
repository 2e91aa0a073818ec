"""Each rule's own examples, run the whole way: what `adscan rules test` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from adscan.errors import RulebookError
from adscan.ingest.sources import text_source
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.records.review import Review
from adscan.records.rule import Example, Status
from adscan.rulebook.rulebook import CompiledRule

OUTCOMES = {"finding": "违规", "mention": "仅提及", "clean": "无"}


@dataclass(frozen=True)
class Trial:
    """One example and what became of it."""

    rule: str
    expected: str  # finding, mention or clean
    example: Example
    outcome: str

    @property
    def behaves(self) -> bool:
        """Whether the example came out as its rule says."""
        return self.outcome == self.expected


def try_examples(reviewer: Reviewer, rule: CompiledRule, placement: Placement) -> Iterator[Trial]:
    """The rule's examples in the order written, judged on their own day or the placement's."""
    for expected, example in rule.examples():
        day = example.published or placement.published
        where = replace(placement, published=day, medium=example.medium)
        case = reviewer.review(text_source(example.text), where)
        outcome = outcome_of(case.review, rule.rule.id)
        yield Trial(rule.rule.id, expected, example, outcome)


def outcome_of(review: Review, rule_id: str) -> str:
    """What a review says of one rule: finding, mention or clean."""
    if any(finding.rule == rule_id for finding in review.findings):
        return "finding"
    if any(mention.rule == rule_id for mention in review.mentions):
        return "mention"
    return "clean"


def demand_examples(reviewer: Reviewer, paths: Sequence[Path], placement: Placement) -> None:
    """Hold the user's own rules to their examples before any ad is judged by them.

    Raises RulebookError naming the first example that does not behave; drafts are not run.
    """
    own = [path.resolve() for path in paths]
    for compiled in reviewer.rulebook.rules:
        rule = compiled.rule
        if not any(compiled.path.resolve().is_relative_to(path) for path in own):
            continue
        if rule.status is Status.DRAFT:
            continue
        for trial in try_examples(reviewer, compiled, placement):
            if not trial.behaves:
                expected, outcome = OUTCOMES[trial.expected], OUTCOMES[trial.outcome]
                raise RulebookError(
                    f"例子应为{expected}，实为{outcome}：{trial.example.text}",
                    file=rule.file,
                    line=line_of_text(compiled.path, trial.example.text),
                    key="examples",
                    hint="请改规则或例子，没改好以前可写 status: draft",
                )


def line_of_text(path: Path, text: str) -> int | None:
    """The line, from 1, on which a text stands; None if it is folded over several."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if text in line), None)
