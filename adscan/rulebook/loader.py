"""Disk to rulebook: rule files, instrument files, their ties, and the compiled matchers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import re2
import yaml

from adscan.errors import RulebookError
from adscan.language.prefilter import compile_expression
from adscan.records.rule import Ground, Provision, Rule
from adscan.rulebook.matchers import matcher_for
from adscan.rulebook.rulebook import CompiledEntry, CompiledRule, Rulebook
from adscan.rulebook.schema import (
    AnyEntry,
    Exemption,
    ExemptionTable,
    GroundEntry,
    InstrumentFile,
    RuleFile,
)
from adscan.rulebook.shelf import Shelf
from adscan.rulebook.source import line_of, read_entry

HERE = Path(__file__).parent


@dataclass(frozen=True)
class RulePlace:
    """A rule file, its folder's name and how messages name it."""

    path: Path
    category: str
    shown: str


def load_rulebook(extra: Sequence[Path] = (), cache_dir: Path | None = None) -> Rulebook:
    """The built-in rulebook, with the rules of `extra` (files or folders) added.

    With `cache_dir`, files read before and unchanged since are not read again.

    Raises RulebookError (file, line, key) at the first fault.
    """
    shelf = Shelf(cache_dir / "rulebook.json" if cache_dir else None)
    provisions = load_provisions(HERE / "instruments", shelf)
    places = [*rule_places(HERE / "rules"), *(p for path in extra for p in rule_places(path))]
    rules: dict[str, CompiledRule] = {}
    for place in places:
        rule = load_rule(place, provisions, shelf)
        if rule.rule.id in rules:
            other = rules[rule.rule.id].rule.file
            raise RulebookError(
                f"规则编号与 {other} 重复", file=place.shown, key="id", hint="请换一个编号"
            )
        rules[rule.rule.id] = rule
    ordered = tuple(rules[key] for key in sorted(rules))
    entries = [entry for rule in ordered for entry in (*rule.match, *rule.allow)]
    expressions = {text for entry in entries for text in entry.matcher.expressions()}
    literals = {text: shelf.literals(text) for text in sorted(expressions)}
    shelf.save()
    return Rulebook(ordered, _edition(places), literals)


def load_provisions(folder: Path, shelf: Shelf | None = None) -> dict[str, Provision]:
    """Every provision of the instruments in a folder, by ref."""
    provisions: dict[str, Provision] = {}
    for path in sorted(folder.glob("*.yaml")):
        instrument = read_entry(path, InstrumentFile, _shown(path), shelf)
        _demand_name(instrument.id, path)
        for entry in instrument.provisions:
            provisions[entry.ref] = Provision(
                ref=entry.ref,
                instrument=instrument.id,
                title=instrument.title,
                article=entry.article,
                gist=entry.gist,
                level=instrument.level,
                in_force_from=entry.in_force_from,
                in_force_until=entry.in_force_until,
                checked=entry.checked,
                penalty=entry.penalty or "",
                media=frozenset(instrument.media),
            )
    return provisions


def rule_places(path: Path) -> Iterator[RulePlace]:
    """The rule files of a folder, or the one file; the folder above it is the category."""
    if not path.exists():
        raise RulebookError("规则文件或文件夹不存在", file=str(path), hint="请检查 --rules 的路径")
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    for file in files:
        yield RulePlace(file, file.resolve().parent.name, _shown(file))


def load_rule(
    place: RulePlace, provisions: dict[str, Provision], shelf: Shelf | None = None
) -> CompiledRule:
    """One rule, tied to its provisions, its expressions found to compile."""
    file = read_entry(place.path, RuleFile, place.shown, shelf)
    _demand_name(file.id, place.path)
    grounds = [entry if isinstance(entry, GroundEntry) else None for entry in file.basis]
    refs = [entry if isinstance(entry, str) else entry.ref for entry in file.basis]
    for index, ref in enumerate(refs):
        if ref not in provisions:
            raise RulebookError(
                f"没有条款 {ref}",
                file=place.shown,
                line=_line(place, ("basis", index)),
                key="basis",
                hint="请先写进 rulebook/instruments/，或改正编号",
            )
    for key, entries in (("match", file.match), ("allow", file.allow)):
        for index, entry in enumerate(entries):
            _demand_own_basis(entry, refs, place, (key, index))
            _try_expressions(entry, place, (key, index), shelf or Shelf())
    rule = Rule(
        id=file.id,
        title=file.title,
        category=place.category,
        status=file.status,
        severity=file.severity,
        decision=file.decision,
        explanation=file.explanation,
        remedy=file.remedy,
        limits=file.limits,
        exceptions=tuple(file.exceptions),
        exemptions=frozenset(file.exemptions),
        needs=tuple(file.needs),
        products=tuple(file.products),
        media=tuple(file.media),
        grounds=tuple(
            Ground(provisions[ref], frozenset(ground.products if ground else ()))
            for ref, ground in zip(refs, grounds, strict=True)
        ),
        file=place.shown,
    )
    shared = (entry for code in file.exemptions for entry in load_exemptions()[code].allow)
    allow = [*file.allow, *shared]
    match = _compile(file.match, provisions)
    return CompiledRule(rule, place.path, file, match, _compile(allow, provisions))


@cache
def load_exemptions() -> dict[str, Exemption]:
    """The general exemptions, by code; each of their `allow` entries bears its reason."""
    path = HERE / "exemptions.yaml"
    table = read_entry(path, ExemptionTable, _shown(path)).root
    return {
        code: exemption.model_copy(
            update={
                "allow": [
                    entry.model_copy(update={"reason": exemption.reason})
                    for entry in exemption.allow
                ]
            }
        )
        for code, exemption in table.items()
    }


def _compile(
    entries: Iterable[AnyEntry], provisions: Mapping[str, Provision]
) -> tuple[CompiledEntry, ...]:
    return tuple(
        CompiledEntry(
            entry,
            matcher_for(entry),
            tuple(provisions[ref] for ref in entry.basis),
        )
        for entry in entries
    )


def _demand_own_basis(
    entry: AnyEntry, refs: Sequence[str], place: RulePlace, steps: tuple[str, int]
) -> None:
    for ref in entry.basis:
        if ref not in refs:
            raise RulebookError(
                f"条目的依据 {ref} 不在规则的 basis 里",
                file=place.shown,
                line=_line(place, steps),
                key=f"{steps[0]}.basis",
                hint="请先写进规则的 basis，或改正编号",
            )


def _try_expressions(
    entry: AnyEntry, place: RulePlace, steps: tuple[str, int], shelf: Shelf
) -> None:
    for expression in matcher_for(entry).expressions():
        if shelf.knows(expression):
            continue
        try:
            compile_expression(expression)
        except re2.error as error:
            reason = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
            raise RulebookError(
                f"表达式不能编译：{expression}（{reason}）",
                file=place.shown,
                line=_line(place, steps),
                key=steps[0],
                hint="请用 RE2 语法：没有环视和反向引用",
            ) from error


def _line(place: RulePlace, steps: Sequence[int | str]) -> int:
    node = yaml.compose(place.path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return line_of(node, steps)


def _demand_name(entry_id: str, path: Path) -> None:
    if entry_id != path.stem:
        raise RulebookError(
            f"编号 {entry_id} 与文件名不同", file=_shown(path), key="id", hint="文件名就是编号"
        )


def _edition(places: Iterable[RulePlace]) -> str:
    """The edition and a digest of every file: other rules, other name."""
    edition = yaml.safe_load((HERE / "rulebook.yaml").read_text(encoding="utf-8"))["edition"]
    digest = hashlib.sha256()
    shared = [*sorted((HERE / "instruments").glob("*.yaml")), HERE / "exemptions.yaml"]
    for path in (*shared, *(place.path for place in places)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{edition}+{digest.hexdigest()[:12]}"


def _shown(path: Path) -> str:
    """The path as users know it: within the rulebook, or as given."""
    return f"rulebook/{path.relative_to(HERE)}" if path.is_relative_to(HERE) else str(path)
