"""Disguises read in ordinary texts: each is a mistake, or a real disguise somebody wrote.

    python benchmarks/normalise_false_readings.py FILE...

A FILE is .txt, .tsv or .jsonl, packed with gzip or not; every string in it of at least four
characters is a text. Prints each reading with its surroundings, then the count for 10,000 texts.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from adscan.normalise.chain import Normaliser
from adscan.records.part import Part, PartKind

RULES = Path(__file__).parent.parent / "adscan" / "rulebook" / "rules"


def rulebook_terms() -> set[str]:
    terms: set[str] = set()
    for file in sorted(RULES.glob("*/*.yaml")):
        rule = yaml.safe_load(file.read_text(encoding="utf-8"))
        for entry in (*rule.get("match", ()), *rule.get("allow", ())):
            if entry["kind"] == "phrase":
                terms.update(entry["any"])
            terms.update(entry.get("terms", ()))
    return terms


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def texts(file: Path) -> Iterator[str]:
    packed = file.read_bytes()
    content = gzip.decompress(packed) if file.suffix == ".gz" else packed
    for line in content.decode("utf-8").split("\n"):
        if ".jsonl" in file.name:
            yield from strings(json.loads(line)) if line else ()
        else:
            yield line.split("\t")[-1]


def main() -> None:
    normaliser = Normaliser(rulebook_terms() | set(EXTRA.split()))
    seen: set[str] = set()
    kinds: Counter[str] = Counter()
    began, characters = time.perf_counter(), 0
    for file in map(Path, sys.argv[1:]):
        for text in texts(file):
            if len(text) < 4 or text in seen:
                continue
            seen.add(text)
            characters += len(text)
            normal = normaliser.normalise(Part("text", PartKind.TEXT, text))
            for reading in normal.readings:
                name = "+".join(trick.value for trick in reading.tricks)
                kinds[name] += 1
                around = normal.offsets.to_source(reading.span)
                left, right = text[max(around.start - 8, 0) : around.start], text[around.end :][:8]
                print(
                    f"{reading.read_as}\t{name}\t{left}[{reading.written}]{right}".replace(
                        "\n", "⏎"
                    )
                )
    seconds = time.perf_counter() - began
    print(f"{len(seen)} texts, {characters} characters, {seconds:.1f} s", file=sys.stderr)
    for name, count in kinds.most_common():
        print(f"{count * 10_000 / len(seen):8.2f} in 10,000 texts: {name}", file=sys.stderr)


EXTRA = (
    "保本 保本保息 保息 稳赚不赔 稳赚 零风险 无风险 刚性兑付 高收益 高息 理财 收益 翻倍 牛股 "
    "涨停板 内幕消息 微信 年化收益 只涨不跌 虚拟货币 比特币 首付贷 零首付 国家级 最佳 第一 躺赚"
)

if __name__ == "__main__":
    main()
