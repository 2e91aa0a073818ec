"""Check datasets/ads: every line against the schema, no family and no near-duplicate in two sets.

python scripts/check_dataset.py [--data datasets/ads] [--schema FILE]

--schema writes the JSON Schema of a line. Needs the libraries of the extra `train`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from adscan.training.corpus import RULES, Sample, Text, read_samples
from adscan.training.near_duplicates import find_crossings

SETS = ("train", "dev", "test", "challenge")


def main() -> int:
    """Print what is there; 1 if something crosses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("datasets/ads"))
    parser.add_argument("--schema", type=Path)
    arguments = parser.parse_args()
    if arguments.schema:
        schema = json.dumps(Text.model_json_schema(), ensure_ascii=False, indent=2)
        arguments.schema.write_text(schema + "\n", encoding="utf-8")
    sets = {name: read_samples(arguments.data / name) for name in SETS}
    for name, samples in sets.items():
        lawful = sum(not sample.rules for sample in samples)
        print(f"{name}: {len(samples)} texts, {lawful} lawful, {_hands(samples)}")
    counts = {name: Counter(r for s in samples for r in s.rules) for name, samples in sets.items()}
    for rule in RULES:
        print(rule, *(f"{name} {counts[name][rule]}" for name in SETS))
    faults = [*_shared_families(sets), *_crossings(sets)]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _hands(samples: list[Sample]) -> str:
    return ", ".join(f"{hand} {n}" for hand, n in sorted(Counter(s.hand for s in samples).items()))


def _shared_families(sets: dict[str, list[Sample]]) -> list[str]:
    home: dict[str, str] = {}
    faults = []
    for name, samples in sets.items():
        for family in sorted({sample.family for sample in samples}):
            if home.setdefault(family, name) != name:
                faults.append(f"family {family} is in {home[family]} and in {name}")
    return faults


def _crossings(sets: dict[str, list[Sample]]) -> list[str]:
    pairs = find_crossings(sets)
    return [f"{one} and {other} are nearly the same ({alike:.2f})" for one, other, alike in pairs]


if __name__ == "__main__":
    sys.exit(main())
