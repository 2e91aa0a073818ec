"""What has to be done about an entry: its identity, and which entries are wanted at all."""

from __future__ import annotations

import hashlib
import heapq
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from adscan.errors import InputError
from adscan.ingest.page.resources import Beside
from adscan.ingest.sniff import FileKind, sniff
from adscan.records.ad import Placement, Source
from adscan.scan.entry import Entry

ID_BYTES = 16
_NAMED = re.compile(
    r"""(?:src|srcset|href|poster|background)\s*=\s*["']?([^"'\s>]+)|url\(\s*["']?([^"')]+)""", re.I
)


@dataclass(frozen=True)
class Selection:
    """Which entries of the sources are scanned."""

    since: date | None = None  # published on this day or later; without a day: kept
    limit: int | None = None  # the first so many
    sample: int | None = None  # so many at random, the same ones every time

    def of(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The wanted entries. A sample holds as many entries in memory as are drawn."""
        if self.since is not None:
            entries = (e for e in entries if e.published is None or e.published >= self.since)
        if self.sample is not None:
            entries = iter(heapq.nsmallest(self.sample, entries, key=lambda e: digest_of(e.name)))
        for number, entry in enumerate(entries):
            if self.limit is not None and number >= self.limit:
                return
            yield entry


@dataclass(frozen=True)
class Job:
    """An entry with its identity."""

    entry: Entry
    ad_id: str
    review_id: str
    reading_id: str
    placement: Placement
    pictures: bool = False  # it needs more than reading text


@dataclass(frozen=True)
class Defaults:
    """For whatever an entry leaves open."""

    today: date  # the day on which the run began
    published: date | None = None  # as the user says
    advertiser: str | None = None
    medium: str | None = None


def identify(entry: Entry, default: Defaults) -> Job:
    """The entry's ids, from the bytes of its files.

    The day of the run is no part of the identity: an ad without a day is not another one tomorrow.
    """
    published = entry.published or default.published
    advertiser = entry.advertiser or default.advertiser
    medium = entry.medium or default.medium
    faults = [entry.trouble.code, str(entry.trouble)] if entry.trouble else []
    digests, pictures = [], False
    for source in entry.sources:
        digest, slow = _look_at(source)
        digests.append(digest)
        pictures |= slow
    reading_id = digest_of(entry.title or "", *faults, *digests)
    day = published.isoformat() if published else ""
    return Job(
        replace(entry, published=published),
        ad_id=digest_of(entry.name),
        review_id=digest_of(reading_id, advertiser or "", medium or "", day),
        reading_id=reading_id,
        placement=Placement(published or default.today, advertiser, medium),
        pictures=pictures,
    )


def renamed(job: Job, times: int) -> Job:
    """The job of an ad whose name the archive uses for the so-manieth time."""
    name = f"{job.entry.name}@{times}"
    return replace(job, entry=replace(job.entry, name=name), ad_id=digest_of(name))


def digest_of(*words: str) -> str:
    """32 hex digits of the words, whatever they hold."""
    whole = "".join(f"{len(word)}:{word}" for word in words)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[: 2 * ID_BYTES]


def _look_at(source: Source) -> tuple[str, bool]:
    """A file's digest, and whether it is slow to read. A broken file has its fault as digest."""
    try:
        data = source.read()
        kind = sniff(data) if data else FileKind.TEXT
    except InputError as error:
        return f"{error.code} {error}", False
    digest = hashlib.sha256(data)
    if kind is FileKind.HTML:
        for picture in _beside(data, source):
            digest.update(hashlib.sha256(picture).digest())
    return digest.hexdigest(), kind is not FileKind.TEXT


def _beside(page: bytes, source: Source) -> Iterator[bytes]:
    """The files that belong to a page: two pages with the same words may show other pictures."""
    files = Beside(source)
    named = dict.fromkeys(html.unescape(a or b) for a, b in _NAMED.findall(page.decode("latin-1")))
    for name in named:
        address = name.encode("latin-1", "replace").decode("utf-8", "replace")
        if not address.startswith("data:") and (found := files.find(address)) is not None:
            yield found
