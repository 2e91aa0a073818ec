"""Precision and recall of the rules alone on labelled texts, rule by rule.

    python benchmarks/rules_accuracy.py [datasets/rule-check/texts.jsonl] [--errors RULE]

A rule counts as found if the review has a finding of it, whatever it asks for. Intervals are 95 %
Wilson intervals. `--errors RULE` lists what was missed (-) and wrongly found (+) for a rule; do not
write rules from it and then report the same figures as a test.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timezone
from math import sqrt
from pathlib import Path

from adscan.ingest.sources import text_source
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.records.circumstances import KNOWN_FROM
from adscan.records.review import Review
from adscan.records.rule import Decision
from adscan.rulebook.loader import load_rulebook
from adscan.settings import Settings

TEXTS = Path(__file__).parent.parent / "datasets" / "rule-check" / "texts.jsonl"
# The medium that a register of speech is used on; registers that fix none are left out.
MEDIA = {
    "sms": "sms",
    "leaflet": "leaflet",
    "wechat_long": "wechat_account",
    "short_video": "short_video",
    "live_speech": "live_stream",
    "lifestyle_note": "social_note",
    "app_store": "app",
    "branch_notice": "branch",
    "outdoor": "outdoor",
    "web_page": "web_page",
    "chat": "chat_group",
}


@dataclass(frozen=True)
class Judged:
    """One labelled text and what was made of it."""

    text: str
    wanted: frozenset[str]
    found: frozenset[str]
    decision: Decision
    wanted_genre: str
    genre: str
    wanted_activities: frozenset[str]
    activities: frozenset[str]


def judge_all(path: Path) -> Iterator[Judged]:
    now = datetime(2026, 11, 25, tzinfo=timezone.utc)
    reviewer = Reviewer(load_rulebook(), None, Settings(), now)
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        placement = Placement(
            date.fromisoformat(row["published"]), row["advertiser"], MEDIA.get(row["register"])
        )
        review = reviewer.review(text_source(row["text"]), placement).review
        yield Judged(
            row["text"],
            frozenset(row["rules"]),
            frozenset(finding.rule for finding in review.findings),
            review.decision,
            row["genre"],
            review.genre.label.value,
            frozenset(row["activities"]),
            _activities(review),
        )


def _activities(review: Review) -> frozenset[str]:
    return frozenset(a.id for a in review.permit_check.activities if a.confidence >= KNOWN_FROM)


def share(part: int, whole: int) -> str:
    """A share with its 95 % Wilson interval; a dash if there is nothing to share."""
    if not whole:
        return "—"
    z, p = 1.96, part / whole
    centre = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{p:.2f} [{centre - half:.2f}–{centre + half:.2f}]"


def by_rule(judged: list[Judged]) -> None:
    print("| rule | texts | precision | recall |\n| --- | ---: | --- | --- |")
    rules = {rule for item in judged for rule in item.wanted | item.found}
    right = {rule: sum(rule in j.wanted & j.found for j in judged) for rule in rules}
    wanted = {rule: sum(rule in j.wanted for j in judged) for rule in rules}
    found = {rule: sum(rule in j.found for j in judged) for rule in rules}
    for rule in sorted(rules):
        precision, recall = share(right[rule], found[rule]), share(right[rule], wanted[rule])
        print(f"| {rule} | {wanted[rule]} | {precision} | {recall} |")
    total = sum(right.values())
    precision, recall = share(total, sum(found.values())), share(total, sum(wanted.values()))
    print(f"| all labels | {sum(wanted.values())} | {precision} | {recall} |")


def overall(judged: list[Judged]) -> None:
    bad = [j for j in judged if j.wanted]
    good = [j for j in judged if not j.wanted]
    print("\n| | share |\n| --- | --- |")
    for name, decisions in (
        ("review or more", (Decision.REVIEW, Decision.REVISE, Decision.REJECT)),
        ("revise or more", (Decision.REVISE, Decision.REJECT)),
    ):
        hits, alarms = _count(bad, decisions), _count(good, decisions)
        print(f"| violating texts judged {name} | {share(hits, len(bad))} |")
        print(f"| lawful texts judged {name} | {share(alarms, len(good))} |")
    same = sum(j.genre == j.wanted_genre for j in judged)
    print(f"| genre as labelled | {share(same, len(judged))} |")
    right = sum(len(j.activities & j.wanted_activities) for j in judged)
    print(f"| activities precision | {share(right, sum(len(j.activities) for j in judged))} |")
    print(f"| activities recall | {share(right, sum(len(j.wanted_activities) for j in judged))} |")


def _count(judged: Iterable[Judged], decisions: tuple[Decision, ...]) -> int:
    return sum(item.decision in decisions for item in judged)


def errors(judged: list[Judged], rule: str) -> None:
    for item in judged:
        if (rule in item.wanted) != (rule in item.found):
            print("-" if rule in item.wanted else "+", item.text.replace("\n", "⏎"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=TEXTS)
    parser.add_argument("--errors", metavar="RULE")
    arguments = parser.parse_args()
    judged = list(judge_all(arguments.file))
    if arguments.errors:
        errors(judged, arguments.errors)
    else:
        by_rule(judged)
        overall(judged)


if __name__ == "__main__":
    main()
