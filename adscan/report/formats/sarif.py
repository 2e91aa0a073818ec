"""SARIF 2.1.0, for tools that gather the findings of many checkers.

One run. A finding is `error` if the ad must be rejected, `warning` if it can be mended, `note` if a
person has to look; a mention is `informational`; what was not read or not judged is a notification
of the invocation. Results are written as reviews come. What is known only afterwards (rules,
inputs, notifications) follows them: the order of keys means nothing in JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from adscan.records.review import Case, Finding, Provenance, Review
from adscan.records.rule import Decision
from adscan.report.document import as_json
from adscan.report.rows import gap_rows
from adscan.report.sarif_nodes import (
    Node,
    artifact,
    finding_result,
    mention_result,
    notification,
    rule_node,
    utc,
)

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


class Sarif:
    """One run for all cases; results are not held."""

    def render(self, cases: Iterable[Case]) -> Iterator[str]:
        """The log in pieces."""
        run = _Run()
        yield f'{{"$schema": {as_json(SCHEMA)}, "version": "2.1.0", "runs": [{{'
        yield '"columnKind": "unicodeCodePoints", "language": "zh-CN", "results": ['
        between = "\n"
        for case in cases:
            for result in run.results(case.review):
                yield between + as_json(result)
                between = ",\n"
        yield f"\n], {as_json(run.rest())[1:-1]}}}]}}\n"


class _Run:
    """What a run gathers while its results go by."""

    def __init__(self) -> None:
        self._rules: dict[str, Node] = {}
        self._indexes: dict[str, int] = {}  # of rules
        self._artifacts: list[Node] = []
        self._known: dict[str, int] = {}  # index of an artifact by its JSON: none may stand twice
        self._told: list[Node] = []
        self._all_read = True
        self._made_by: Node = {}

    def results(self, review: Review) -> Iterator[Node]:
        """The results of one ad; everything else about it is kept for the end."""
        index = self._artifact(review)
        self._note(review.provenance)
        self._all_read &= review.decision is not Decision.ERROR
        self._told += [notification(gap, index) for gap in gap_rows(index, review)]
        for finding in review.findings:
            yield finding_result(finding, review, index, self._rule_of(finding))
        for mention in review.mentions:
            rule = self._rule(mention.rule, mention.title or mention.rule)
            yield mention_result(mention, review, index, rule)

    def rest(self) -> Node:
        """The run's other properties."""
        driver: Node = {
            "name": "adscan",
            "fullName": "adscan 广告合规审查",
            "language": "zh-CN",
            "rules": list(self._rules.values()),
        }
        invocation: Node = {
            "executionSuccessful": self._all_read,
            "toolExecutionNotifications": self._told,
        }
        if self._made_by:
            driver["version"] = self._made_by["adscan"]
            invocation["endTimeUtc"] = utc(self._made_by["checked_at"])
        return {
            "artifacts": self._artifacts,
            "invocations": [invocation],
            "tool": {"driver": driver},
            "properties": {"provenance": self._made_by},
        }

    def _artifact(self, review: Review) -> int:
        node = artifact(review)
        index = self._known.setdefault(as_json(node), len(self._artifacts))
        if index == len(self._artifacts):
            self._artifacts.append(node)
        return index

    def _rule_of(self, finding: Finding) -> int:
        index = self._rule(finding.rule, finding.title)
        if "defaultConfiguration" not in self._rules[finding.rule]:
            self._rules[finding.rule] = rule_node(finding.rule, finding.title, finding)
        return index

    def _rule(self, rule: str, title: str) -> int:
        if rule not in self._rules:
            self._indexes[rule] = len(self._rules)
            self._rules[rule] = rule_node(rule, title, None)
        return self._indexes[rule]

    def _note(self, made_by: Provenance) -> None:
        for name, value in asdict(made_by).items():
            self._made_by[name] = value or self._made_by.get(name)
