"""The whole reviews of a scan's ads, made again from what is stored: for formats that show all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from adscan.errors import DamagedFile
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.records.review import Case, Review, ReviewError
from adscan.scan.examiner import Examiner
from adscan.scan.journal_file import open_journal
from adscan.scan.recipe import edition_of
from adscan.scan.store import Store
from adscan.scan.task import Row


def stored_reviews(folder: Path, reviewer: Reviewer) -> Iterator[Case]:
    """One case an ad, without its pictures. The reviewer's edition must be that of the results."""
    journal = open_journal(folder)
    try:
        store, examiner = Store(folder, journal, edition_of(reviewer)), Examiner(reviewer)
        for number, _, _, _ in journal.files():
            for row in store.ads(number):
                at = journal.reading(row["reading_id"]) if row["reading_id"] else None
                placement = Placement(row["published"], row["advertiser_given"], row["medium"])
                if at is None:
                    case = reviewer.refuse(row["source"], placement, DamagedFile(""))
                else:
                    case = examiner.again(store.reading(at), row["source"], placement)
                yield replace(case, review=_as_it_was(case.review, row))
    finally:
        journal.close()


def _as_it_was(review: Review, row: Row) -> Review:
    """What the row knows better: when it was checked, and why nothing could be read."""
    provenance = replace(review.provenance, checked_at=row["checked_at"], ocr=row["ocr"])
    errors = tuple(ReviewError(**error) for error in row["errors"])
    return replace(review, provenance=provenance, errors=errors)
