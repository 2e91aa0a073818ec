"""Measure the shipped model and write docs/accuracy.md.

python scripts/evaluate.py [--data datasets/ads] [--lexicon FILE] [--lawful FILE ...]
                           [--tuned-on FILE ...] [--pictures N] [--errors N] [--corrections FILE]
                           [--out docs/accuracy.md]

--lawful: real texts that break no law and were never trained on, one a line. --tuned-on: those that
set the archive threshold. --pictures: how many texts to set as posters and read back. --errors:
print so many of the worst. --corrections: how many of the reviewers' corrections come out right.
docs/accuracy_notes.md is added at the end; docs/images/reliability.svg is drawn beside.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from adscan.training.accuracy_page import Sources, accuracy_page, worst
from adscan.training.corpus import read_samples
from adscan.training.corrections import read_corrections
from adscan.training.evaluate import Evaluation
from adscan.training.measure import reliability
from adscan.training.reliability import render_diagram

NOTES = Path("docs/accuracy_notes.md")
DIAGRAM = Path("docs/images/reliability.svg")


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("datasets/ads"))
    parser.add_argument("--lexicon", type=Path)
    parser.add_argument("--lawful", type=Path, action="append", default=[])
    parser.add_argument("--tuned-on", type=Path, action="append", default=[])
    parser.add_argument("--pictures", type=int, default=0)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--corrections", type=Path, action="append", default=[])
    parser.add_argument("--day", type=date.fromisoformat, default=date(2026, 11, 25))
    parser.add_argument("--out", type=Path, default=Path("docs/accuracy.md"))
    arguments = parser.parse_args()
    evaluation = Evaluation(arguments.day)
    for path in arguments.corrections:
        corrections = read_corrections(path)
        right = sum(evaluation.product.agrees(correction) for correction in corrections)
        print(f"{path}: {right} of {len(corrections)} corrections come out right")
    sources = Sources(
        arguments.data,
        arguments.lexicon,
        tuple(arguments.lawful),
        tuple(arguments.tuned_on),
        arguments.pictures,
    )
    test = evaluation.measure(read_samples(arguments.data / "test"))
    page = accuracy_page(evaluation, sources, test)
    rows = reliability(test.reviewed.chances, test.broken)
    DIAGRAM.write_text(render_diagram(rows), encoding="utf-8")
    arguments.out.write_text(page + NOTES.read_text(encoding="utf-8"), encoding="utf-8")
    for line in worst(test, arguments.errors):
        print(line)


if __name__ == "__main__":
    main()
