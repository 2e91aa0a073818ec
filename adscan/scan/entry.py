"""One advertisement of an archive, as its source names it; nothing of it is read yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from adscan.errors import InputError
from adscan.records.ad import Source


@dataclass(frozen=True)
class Entry:
    """What an archive says of one ad."""

    name: str  # where it stands: dir/a.jpg, ads.zip!/b.png, posts.csv#17; unique in a scan
    sources: tuple[Source, ...] = ()  # its files in order, a text before its pictures
    published: date | None = None
    advertiser: str | None = None
    medium: str | None = None  # an id of MEDIA
    medium_given: str | None = None  # as the archive writes it
    title: str | None = None
    url: str | None = None
    record_id: str | None = None  # the archive's own id of it
    trouble: InputError | None = None  # why nothing of it can be reviewed
