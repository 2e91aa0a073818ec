"""The rules in force on a day, turned loose on an ad's texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from adscan.errors import RulebookError
from adscan.records.circumstances import Circumstances
from adscan.records.hit import Hit, LabelSpan
from adscan.records.rule import Example, MentionReason, Provision, Rule, Status
from adscan.records.text import NormalText, Span
from adscan.rulebook.matcher import Found, Matcher
from adscan.rulebook.scene import Place, Scene, Vocabulary
from adscan.rulebook.schema import AbsentEntry, AnyEntry, ExampleEntry, RuleFile

NO_FIT = ""


@dataclass(frozen=True)
class CompiledEntry:
    """An entry and the matcher that carries it out."""

    entry: AnyEntry
    matcher: Matcher
    law: tuple[Provision, ...] = ()  # what its `basis` names

    def holds_on(self, day: date) -> bool:
        """Whether the entry is meant for ads of `day`."""
        since, until = self.entry.in_force_from, self.entry.in_force_until
        return (since is None or since <= day) and (until is None or day <= until)

    def missing(self, rule: Rule, known: Circumstances) -> str | None:
        """None if the entry fits what is known; NO_FIT if it does not; else what is not known."""
        for products in (rule.products, self.entry.products):
            if products and not known.products.intersection(products):
                return NO_FIT if known.products else "product"
        if known.products.intersection(self.entry.not_products):
            return NO_FIT
        for media in (rule.media, self.entry.media):
            if media and known.medium not in media:
                return NO_FIT if known.medium else "medium"
        if self.law and not any(provision.concerns(known.medium) for provision in self.law):
            return NO_FIT
        return None


@dataclass(frozen=True)
class Undecided:
    """A rule whose words are there but that depends on something not known."""

    rule: str
    missing: str  # product or medium


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
                    yield outcome, Example(entry.text, entry.published, entry.medium)
                else:
                    yield outcome, Example(entry)

    def find(self, scene: Scene, entries: Sequence[CompiledEntry]) -> Iterator[Hit | Undecided]:
        """The hits of some of the rule's `match` entries, in order.

        Those that its allow list covers are dropped or marked released. Where words depend on a
        product or medium that is not known, the rule is undecided.
        """
        circumstances = scene.circumstances
        moot = (NO_FIT, *self.rule.needs)  # what the rule always needs is listed without asking
        found = [
            (compiled, place)
            for compiled in entries
            if compiled.holds_on(circumstances.day)
            and compiled.missing(self.rule, circumstances) not in moot
            for place in compiled.matcher.find(scene)
        ]
        if not found:
            return
        allowed = self._allowed(scene)
        for compiled, place in found:
            reasons = [reason for span, reason in allowed if span.overlaps(place.place)]
            if reasons and not any(reasons):
                continue
            missing = compiled.missing(self.rule, circumstances)
            if missing is None:
                released = next((reason for reason in reasons if reason), None)
                yield self._hit(scene, compiled, place, released)
            else:
                yield Undecided(self.rule.id, missing)

    def _allowed(self, scene: Scene) -> list[tuple[Place, MentionReason | None]]:
        return [
            (found.place, compiled.entry.reason)
            for compiled in self.allow
            if compiled.holds_on(scene.circumstances.day)
            and compiled.missing(self.rule, scene.circumstances) is None
            for found in compiled.matcher.find(scene)
        ]

    def _hit(
        self, scene: Scene, compiled: CompiledEntry, found: Found, released: MentionReason | None
    ) -> Hit:
        entry, matcher = compiled.entry, compiled.matcher
        confidence = found.confidence or entry.confidence or matcher.default_confidence
        text = scene.texts[found.place.text_index]
        return Hit(
            rule=self.rule.id,
            part_id=text.part_id,
            span=trimmed(found.place.span, text.text),
            confidence=confidence,
            origin=matcher.origin,
            decision=entry.decision,
            severity=entry.severity,
            absent=isinstance(entry, AbsentEntry),
            released=released,
            note=found.note or entry.note,
            basis=frozenset(entry.basis),
        )


def trimmed(span: Span, text: str) -> Span:
    """The span without the punctuation and blanks that an expression took along at its ends."""
    start, end = span.start, span.end
    while start < end and text[start] in EDGES:
        start += 1
    while start < end and text[end - 1] in EDGES:
        end -= 1
    return Span(start, end) if start < end else span


EDGES = frozenset(" \n，,。；;、：:！!？?")


class Occasions:
    """Which entries a text gives occasion to run: those of which every group may occur."""

    def __init__(self, rules: Sequence[CompiledRule]) -> None:
        self._rules = rules
        self._entries: list[tuple[int, CompiledEntry]] = []
        self._full: list[int] = []  # a bit for each group
        self._at: dict[str, list[tuple[int, int]]] = {}  # phrase or expression to entry and bit
        self._labelled: list[int] = []
        for rule_number, rule in enumerate(rules):
            for compiled in rule.match:
                self._enter(rule_number, compiled)

    def _enter(self, rule_number: int, compiled: CompiledEntry) -> None:
        number = len(self._entries)
        groups = list(compiled.matcher.groups())
        self._entries.append((rule_number, compiled))
        self._full.append((1 << len(groups)) - 1)
        if not groups:
            self._labelled.append(number)
        for bit, group in enumerate(groups):
            for written in group:
                self._at.setdefault(written, []).append((number, 1 << bit))

    def of(self, scene: Scene) -> Iterator[tuple[CompiledRule, list[CompiledEntry]]]:
        """The rules that may find something here, each with the entries that may, in order."""
        met: dict[int, int] = dict.fromkeys(self._labelled, 0) if scene.labels else {}
        for written in scene.possible():
            for number, bit in self._at.get(written, ()):
                met[number] = met.get(number, 0) | bit
        due: dict[int, list[CompiledEntry]] = {}
        for number in sorted(n for n, bits in met.items() if bits == self._full[n]):
            rule_number, compiled = self._entries[number]
            due.setdefault(rule_number, []).append(compiled)
        for rule_number, entries in due.items():
            yield self._rules[rule_number], entries


@dataclass(frozen=True)
class Rulebook:
    """All rules, compiled."""

    rules: tuple[CompiledRule, ...]
    edition: str
    literals: Mapping[str, Sequence[Iterable[str]]]  # every expression's clauses
    _live_on: dict[date, frozenset[str]] = field(default_factory=dict, compare=False)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        matchers = [entry.matcher for entry in self._entries()]
        words = (word for matcher in matchers for word in matcher.phrases())
        return Vocabulary(words, self.literals)

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
        circumstances: Circumstances,
        labels: Iterable[LabelSpan] = (),
    ) -> tuple[list[Hit], list[Undecided]]:
        """Every hit of every rule that the law of the day carries, and the rules left undecided."""
        scene = self._vocabulary.scan(texts, circumstances, tuple(labels))
        hits: list[Hit] = []
        undecided: dict[Undecided, None] = {}
        live = self.live_on(circumstances.day)
        for compiled, entries in self._occasions.of(scene):
            if compiled.rule.id in live:
                for outcome in compiled.find(scene, entries):
                    if isinstance(outcome, Hit):
                        hits.append(outcome)
                    else:
                        undecided[outcome] = None
        return hits, list(undecided)

    @cached_property
    def _occasions(self) -> Occasions:
        return Occasions(self.rules)

    def live_on(self, day: date) -> frozenset[str]:
        """Ids of the rules that the law of `day` carries."""
        if day not in self._live_on:
            live = (rule.rule.id for rule in self.rules if rule.applies_on(day))
            self._live_on[day] = frozenset(live)
        return self._live_on[day]
