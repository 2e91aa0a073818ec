"""The rules in force on a day, turned loose on an ad's texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from adscan.errors import RulebookError
from adscan.records.hit import Hit, LabelSpan
from adscan.records.rule import Example, MentionReason, Rule, Status
from adscan.records.text import NormalText
from adscan.rulebook.matcher import Found, Matcher
from adscan.rulebook.scene import Scene, Vocabulary
from adscan.rulebook.schema import AbsentEntry, AnyEntry, ExampleEntry, RuleFile


@dataclass(frozen=True)
class CompiledEntry:
    """An entry and the matcher that carries it out."""

    entry: AnyEntry
    matcher: Matcher

    def holds_on(self, day: date) -> bool:
        """Whether the entry is meant for ads of `day`."""
        since, until = self.entry.in_force_from, self.entry.in_force_until
        return (since is None or since <= day) and (until is None or day <= until)


@dataclass(frozen=True)
class CompiledRule:
    """A rule, the file it was written in, and its entries ready to run."""

    rule: Rule
    path: Path
    file: RuleFile
    match: tuple[CompiledEntry, ...]
    allow: tuple[CompiledEntry, ...]

    def applies_on(self, day: date) -> bool:
        """Whether the rule is run for ads of `day`: not a draft, and some law carries it."""
        live = self.rule.status in (Status.TRIAL, Status.STABLE)
        return live and bool(self.rule.basis_on(day))

    def examples(self) -> Iterator[tuple[str, Example]]:
        """The rule's own examples, each with the outcome it must have."""
        written = self.file.examples
        for outcome, entries in (
            ("finding", written.finding),
            ("mention", written.mention),
            ("clean", written.clean),
        ):
            for entry in entries:
                if isinstance(entry, ExampleEntry):
                    yield outcome, Example(entry.text, entry.published)
                else:
                    yield outcome, Example(entry)

    def find(self, scene: Scene, day: date) -> Iterator[Hit]:
        """The rule's hits; those that its allow list covers are dropped or marked released."""
        allowed = [
            (found.place, compiled.entry.reason)
            for compiled in self.allow
            if compiled.holds_on(day)
            for found in compiled.matcher.find(scene)
        ]
        for compiled in self.match:
            if not compiled.holds_on(day):
                continue
            for found in compiled.matcher.find(scene):
                reasons = [reason for place, reason in allowed if place.overlaps(found.place)]
                if not reasons or any(reasons):
                    released = next((reason for reason in reasons if reason), None)
                    yield self._hit(scene, compiled, found, released)

    def _hit(
        self, scene: Scene, compiled: CompiledEntry, found: Found, released: MentionReason | None
    ) -> Hit:
        entry, matcher = compiled.entry, compiled.matcher
        confidence = found.confidence or entry.confidence or matcher.default_confidence
        return Hit(
            rule=self.rule.id,
            part_id=scene.texts[found.place.text_index].part_id,
            span=found.place.span,
            confidence=confidence,
            origin=matcher.origin,
            decision=entry.decision,
            severity=entry.severity,
            absent=isinstance(entry, AbsentEntry),
            released=released,
            note=entry.note,
        )


@dataclass(frozen=True)
class Rulebook:
    """All rules, compiled."""

    rules: tuple[CompiledRule, ...]
    edition: str

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        matchers = [entry.matcher for entry in self._entries()]
        return Vocabulary(
            (word for matcher in matchers for word in matcher.phrases()),
            (text for matcher in matchers for text in matcher.expressions()),
        )

    def _entries(self) -> Iterator[CompiledEntry]:
        for rule in self.rules:
            yield from (*rule.match, *rule.allow)

    def terms(self) -> frozenset[str]:
        """The fixed words whose disguises the normaliser undoes."""
        return frozenset(
            term
            for rule in self.rules
            for compiled in rule.match
            for term in compiled.matcher.terms()
        )

    def __getitem__(self, rule_id: str) -> CompiledRule:
        """The rule of that id. Raises RulebookError if there is none."""
        for compiled in self.rules:
            if compiled.rule.id == rule_id:
                return compiled
        raise RulebookError(
            f"没有编号为 {rule_id} 的规则",
            file="rulebook",
            hint="用 adscan rules list 查看全部编号",
        )

    def find(
        self,
        texts: Sequence[NormalText],
        day: date,
        labels: Iterable[LabelSpan] = (),
        hidden: frozenset[str] = frozenset(),
    ) -> list[Hit]:
        """Every hit of every rule that the law of `day` carries, by rule, then by place."""
        scene = self._vocabulary.scan(texts, tuple(labels), hidden)
        return [
            hit
            for compiled in self.rules
            if compiled.applies_on(day)
            for hit in compiled.find(scene, day)
        ]
