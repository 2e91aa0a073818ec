"""Each rule's own examples, run the whole way: what `adscan rules test` does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from adscan.ingest.sources import text_source
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.records.review import Review
from adscan.records.rule import Example
from adscan.rulebook.rulebook import CompiledRule


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
