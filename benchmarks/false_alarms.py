"""False alarms on texts that break no law: how many in a thousand, and which words cause them.

    python benchmarks/false_alarms.py FILE ... [--show N]

FILE: one text a line (.txt), a .tsv whose last column is the text, or .jsonl with a key `text`,
`content`, `question`, `title` or `output`; .gz too.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timezone
from pathlib import Path

from adscan.ingest.sources import text_source
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.records.rule import Decision
from adscan.rulebook.loader import load_rulebook
from adscan.settings import Settings

DAY = date(2026, 11, 25)
KEYS = ("text", "content", "question", "title", "output")
SHOWN = 40  # characters on either side of the words


def texts_of(path: Path) -> Iterator[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            if ".jsonl" in path.name:
                row = json.loads(line)
                text = next((row[key] for key in KEYS if isinstance(row.get(key), str)), "")
            else:
                text = line.rstrip("\n").split("\t")[-1]
            if text.strip():
                yield text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="show N alarms a rule")
    arguments = parser.parse_args()
    now = datetime(2026, 11, 25, tzinfo=timezone.utc)
    reviewer = Reviewer(load_rulebook(), None, Settings(), now)
    words: Counter[tuple[str, str]] = Counter()
    shown: Counter[str] = Counter()
    decisions: Counter[Decision] = Counter()
    for text in (text for path in arguments.files for text in texts_of(path)):
        review = reviewer.review(text_source(text), Placement(DAY)).review
        decisions[review.decision] += 1
        for finding in review.findings:
            place = finding.evidence[0]
            words[finding.rule, place.text] += 1
            if shown[finding.rule] < arguments.show:
                shown[finding.rule] += 1
                around = text[max(place.start - SHOWN, 0) : place.end + SHOWN]
                print(f"{finding.rule} {finding.decision.value}: …{around!r}… [{place.text}]")
    total = sum(decisions.values())
    for decision in (Decision.REVIEW, Decision.REVISE, Decision.REJECT):
        each = decisions[decision] / total * 1000
        print(f"{decision.value}: {decisions[decision]} of {total}, {each:.2f} in a thousand")
    for (rule, text), times in words.most_common(20):
        print(f"{times:5} {rule} {text!r}")


if __name__ == "__main__":
    main()
