"""How well likeness tells companies apart by their names, and how fast.

    python benchmarks/name_matching.py [--wrong]

The pairs in tests/materials/permits/name_pairs.csv were judged by hand. The rules were made with
the half `tune`; the half `held` tells how they do on names that nobody looked at.
"""

from __future__ import annotations

import csv
import sys
import timeit
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from adscan.permits.company_name import POSSIBLE, SURE, likeness, take_apart

PAIRS = Path(__file__).parents[1] / "tests" / "materials" / "permits" / "name_pairs.csv"


@dataclass(frozen=True)
class Pair:
    """Two names, and whether they are one company's: yes, no, maybe."""

    one: str
    other: str
    same: str
    why: str
    part: str

    def score(self) -> float:
        return likeness(self.one, self.other)

    def said(self) -> str:
        score = self.score()
        return "yes" if score >= SURE else "maybe" if score >= POSSIBLE else "no"


def read_pairs(path: Path) -> list[Pair]:
    with path.open(encoding="utf-8", newline="") as file:
        return [Pair(**row) for row in csv.DictReader(file)]


def share(count: int, of: int) -> str:
    return f"{count / of:6.1%} ({count}/{of})" if of else "     -"


def describe(pairs: Sequence[Pair]) -> Iterable[str]:
    sure = [pair for pair in pairs if pair.said() == "yes"]
    right = sum(pair.same == "yes" for pair in sure)
    yield f"  precision of sure   {share(right, len(sure))}"
    for same, what in (("yes", "recall of sure"), ("maybe", "maybe said so"), ("no", "no said so")):
        truly = [pair for pair in pairs if pair.same == same]
        yield f"  {what:20}{share(sum(pair.said() == same for pair in truly), len(truly))}"


def microseconds_a_name(names: Sequence[str]) -> float:
    uncached = take_apart.__wrapped__
    best = min(timeit.repeat(lambda: [uncached(name) for name in names], number=5, repeat=5))
    return best / 5 / len(names) * 1e6


def main() -> None:
    pairs = read_pairs(PAIRS)
    for part in ("tune", "held"):
        half = [pair for pair in pairs if pair.part == part]
        print(f"{part}: {len(half)} pairs")
        print("\n".join(describe(half)))
        for pair in half if part == "tune" and "--wrong" in sys.argv else ():
            if pair.said() != pair.same:
                print(f"    {pair.score():.3f} {pair.same:6}{pair.one} | {pair.other} {pair.why}")
    names = sorted({name for pair in pairs for name in (pair.one, pair.other)})
    print(f"take_apart: {microseconds_a_name(names):.1f} µs a name")


if __name__ == "__main__":
    main()
