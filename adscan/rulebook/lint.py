"""Every fault of a rulebook at once, for those who write rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from adscan.errors import RulebookError
from adscan.records.rule import Checked, Decision, Level, Status
from adscan.rulebook.loader import HERE, load_provisions, load_rule, rule_places
from adscan.rulebook.rulebook import CompiledRule

# What a stable rule must show for itself.
MIN_EXAMPLES = {"finding": 12, "mention": 8, "clean": 8}


def find_faults(path: Path | None = None) -> Iterator[str]:
    """One Chinese line a fault: the built-in rules, or those of `path`."""
    try:
        provisions = load_provisions(HERE / "instruments")
        places = list(rule_places(path or HERE / "rules"))
    except RulebookError as error:
        yield str(error)
        return
    for place in places:
        try:
            rule = load_rule(place, provisions)
        except RulebookError as error:
            yield str(error)
        else:
            yield from _faults_of(rule)


def _faults_of(compiled: CompiledRule) -> Iterator[str]:
    rule, shown = compiled.rule, compiled.rule.file
    basis = [ground.provision for ground in rule.grounds]
    if all(provision.level is Level.POLICY for provision in basis):
        yield f"{shown}：basis：只有政策文件，不能单独作为依据；请补上法律、法规或规章"
    only_recalled = all(provision.checked is Checked.RECALLED for provision in basis)
    if rule.decision is Decision.REJECT and only_recalled:
        yield f"{shown}：basis：依据都未核对原文，不能作出 reject；请核对后再用"
    if rule.status is Status.STABLE:
        counts = Counter(outcome for outcome, _ in compiled.examples())
        for outcome, least in MIN_EXAMPLES.items():
            if counts[outcome] < least:
                have = counts[outcome]
                yield f"{shown}：examples.{outcome}：stable 规则至少 {least} 个，现有 {have} 个"
    texts = Counter(example.text for _, example in compiled.examples())
    for text, times in texts.items():
        if times > 1:
            yield f"{shown}：examples：“{text}”写了 {times} 次；请删去重复"
    words = Counter(word for entry in compiled.match for word in entry.matcher.phrases())
    for word, times in words.items():
        if times > 1:
            yield f"{shown}：match：词语“{word}”写了 {times} 次；请删去重复"
