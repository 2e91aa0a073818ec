"""Which steps end the weighing of a version. Until then submitters hear nothing of it."""

from __future__ import annotations

from adscan.web.kept.states import Step
from adscan.web.kept.tables import Ruling, Submission, Version

CONCLUDING = (Step.APPROVE, Step.REFUSE, Step.RETURN)
BETWEEN_REVIEWERS = (Step.PROPOSE, Step.DECLINE)  # never told to submitters


def concluding(submission: Submission, version: Version) -> Ruling | None:
    """The last ruling that approves, refuses or returns the version; None if there is none."""
    found = [r for r in submission.rulings if r.version_id == version.id and r.step in CONCLUDING]
    return found[-1] if found else None
