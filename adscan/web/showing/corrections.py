"""What reviewers said of findings, as lines that training takes (`training/corrections.py`).

The model reads a text in windows, and training marks a rule that is broken somewhere in a text at
the first window. So what is exported is short enough for one window: the part that the words stand
in, or the sentences around them. A finding about the whole advertisement brings all its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy.orm import selectinload

from adscan.report.document import as_json
from adscan.rulebook.loader import HERE, rule_places
from adscan.web.deciding.search import Filters, matching
from adscan.web.kept.states import Verdict
from adscan.web.kept.tables import Document, Submission, Version, VersionFinding
from adscan.web.people.identity import Identity
from adscan.web.showing.exports import paged
from adscan.web.store.database import Database

LONGEST = 220  # characters; a window takes 254 pieces, and a piece is seldom less than one
STOPS = "\n。！？!?；;"


@dataclass(frozen=True)
class Passage:
    """Characters of one part; of all parts if `part` is None."""

    part: str | None
    start: int
    end: int
    text: str

    def holds(self, evidence: Document) -> bool:
        """Whether these words lie in it, at least in part."""
        if self.part is None:
            return True
        start, end = evidence.get("start") or 0, evidence.get("end") or 0
        return self.part == evidence["part"] and start < self.end and self.start < end


@dataclass(frozen=True)
class Said:
    """What one reviewer said of one rule on one passage."""

    text: str
    rule: str
    finding: bool
    who: str
    when: datetime

    def line(self) -> str:
        """As JSON, with its line end."""
        return f"{as_json({**self.__dict__, 'when': self.when.isoformat()})}\n"


def corrections(database: Database, identity: Identity, filters: Filters) -> Iterator[str]:
    """A line for each finding of these submissions that a person confirmed or dismissed.

    Left out: what was carried over from an earlier version (it stands there already), rules that
    training does not know, and what has no words to learn from.
    """
    versions = selectinload(Submission.versions)
    query = matching(identity, filters).options(
        versions.undefer(Version.review),
        versions.selectinload(Version.findings).joinedload(VersionFinding.decided_by),
    )
    for submission in paged(database, query):
        for version in submission.versions:
            for said in of_version(version):
                yield said.line()


@cache
def known_rules() -> frozenset[str]:
    """The rules that the model is trained for: all of the built-in rulebook."""
    return frozenset(found.path.stem for found in rule_places(HERE / "rules"))


def of_version(version: Version) -> Iterator[Said]:
    """What was said of one version."""
    judged = [
        row
        for row in version.findings
        if row.verdict is not Verdict.OPEN
        and row.carried_from_id is None
        and row.rule in known_rules()
    ]
    for row in judged:
        passage = passage_of(version, row.document.get("evidence") or ())
        if passage is None or row.decided_by is None or row.decided_at is None:
            continue
        is_fault = row.verdict is Verdict.CONFIRMED
        if not is_fault and _is_broken_anyway(passage, row.rule, version.findings):
            continue
        yield Said(passage.text, row.rule, is_fault, row.decided_by.login, row.decided_at)


def passage_of(version: Version, evidence: Sequence[Document]) -> Passage | None:
    """The words to learn from; None if there are none, as for a box around a picture."""
    texts = {part["id"]: part["text"] for part in (version.review or {}).get("parts", ())}
    if not evidence:
        whole = "\n".join(text for text in texts.values() if text.strip())
        return Passage(None, 0, len(whole), whole) if whole.strip() else None
    for one in evidence:
        start, end = one.get("start") or 0, one.get("end") or 0
        if start < end and texts.get(one["part"], "")[start:end].strip():
            return around(one["part"], texts[one["part"]], start, end)
    return None


def around(part: str, text: str, start: int, end: int) -> Passage:
    """The whole text if it is short, else as many whole sentences around as fit."""
    if len(text) <= LONGEST:
        return Passage(part, 0, len(text), text)
    first = max(0, start - max(0, LONGEST - (end - start)) // 2)
    last = min(len(text), max(end, first + LONGEST))
    if first > 0:
        stops = [at for at in range(first, start) if text[at] in STOPS]
        first = stops[0] + 1 if stops else first
    if last < len(text):
        stops = [at for at in range(end, last) if text[at] in STOPS]
        last = stops[-1] + 1 if stops else last
    return Passage(part, first, last, text[first:last])


def _is_broken_anyway(passage: Passage, rule: str, findings: Sequence[VersionFinding]) -> bool:
    """Whether another finding of the rule was confirmed within the passage."""
    return any(
        row.rule == rule
        and row.verdict is Verdict.CONFIRMED
        and (
            not row.document.get("evidence")
            or any(passage.holds(one) for one in row.document["evidence"])
        )
        for row in findings
    )
