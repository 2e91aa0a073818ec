"""A submission that is a picture, as if a worker had read it: no weights are needed."""

from __future__ import annotations

import numpy as np

from adscan.web.kept.tables import Submission
from adscan.web.machine.outcome import finish_review
from adscan.web.machine.reviewing import Reading, encoded
from tests.web.office import Office
from tests.web.test_workbench import review


def pictured(office: Office, number: int) -> int:
    """The submission, with one finding and one mention in its picture."""
    white = np.full((200, 400, 3), 255, np.uint8)
    pictures = {
        "image:0": {
            "sha256": office.files.put(encoded(white)), "width": 400, "height": 200,
            "units_per_pixel": 1,
        }
    }  # fmt: skip
    with office.database.writing() as session:
        version = session.get_one(Submission, number).latest
        finish_review(session, version.id, Reading(review(), pictures))
    return number
