"""Posts of 500 characters a second through the rulebook stage, on one core.

    python benchmarks/rulebook_speed.py [FILE ...]

FILE: texts to cut posts from, one a line (.txt, or .tsv whose last column is the text, .gz too).
Without a file the posts are the rules' own clean examples, which hold far more trigger words than
ordinary texts.
"""

from __future__ import annotations

import gc
import gzip
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from adscan.normalise.chain import Normaliser
from adscan.records.circumstances import Circumstances
from adscan.records.part import Part, PartKind
from adscan.records.text import NormalText
from adscan.rulebook.loader import load_rulebook
from adscan.rulebook.rulebook import Rulebook
from adscan.settings import Thresholds

POST = 500  # characters
POSTS = 2000
WARM = 500
DAY = date(2026, 11, 25)


def own_lines(rulebook: Rulebook) -> Iterator[str]:
    for compiled in rulebook.rules:
        for outcome, example in compiled.examples():
            if outcome == "clean":
                yield example.text


def lines_of(path: Path) -> Iterator[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n").split("\t")[-1]


def posts(lines: Iterable[str]) -> list[str]:
    whole = "。".join(lines)
    whole *= POST * POSTS // len(whole) + 1
    return [whole[at : at + POST] for at in range(0, POST * POSTS, POST)]


def measure(rulebook: Rulebook, texts: list[NormalText]) -> float:
    known = Circumstances(DAY, thresholds=Thresholds().model_dump())
    for text in texts[:WARM]:  # compiles what an archive's first posts would
        rulebook.find([text], known)
    gc.collect()
    gc.freeze()  # as `adscan check` does once the rulebook is loaded
    start = time.perf_counter()
    hits = sum(len(rulebook.find([text], known)[0]) for text in texts)
    seconds = time.perf_counter() - start
    print(f"{len(texts) / seconds:,.0f} posts/s, {hits / len(texts):.2f} hits a post")
    return seconds


def main() -> None:
    start = time.perf_counter()
    rulebook = load_rulebook()
    print(f"loaded in {time.perf_counter() - start:.2f} s, {len(rulebook.rules)} rules")
    paths = [Path(name) for name in sys.argv[1:]]
    lines = [line for path in paths for line in lines_of(path)] or list(own_lines(rulebook))
    normaliser = Normaliser(rulebook.terms())
    parts = [Part("text:0", PartKind.TEXT, text) for text in posts(lines)]
    measure(rulebook, [normaliser.normalise(part) for part in parts])


if __name__ == "__main__":
    main()
