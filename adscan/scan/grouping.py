"""Which ads are one advertisement in variants, from their signatures and picture hashes.

Links are looked for in bands (LSH) and each is checked. What links join is split again where a
member is unlike the middle of its group, so that a chain of small changes joins no strangers.
The answer depends on the ads and on their order only: give them sorted by id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

# Shares of 64: places of a signature, bits of a picture hash.
SAME_TEXT = 0.7
HALF_TEXT = 0.5
SAME_POSTER = 58 / 64  # and half the text: a template with other words is another ad
SAME_PICTURE = 60 / 64  # where there is no text to tell them apart
NEAR_PICTURE = 56 / 64  # twice that, from the middle of a group

_TEXT_BANDS = 16  # of 4 places: finds 99 of 100 pairs that have 45 of the 64 in common
_POSTER_BANDS = 7  # with 6 of 64 bits changed one band is whole
_PICTURE_BANDS = 5
_WORDS = 8  # places tried beside each poster band: half the text misses them all once in 256
_SAMPLE = 100  # members that the middle of a group is measured by
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so no two values fall together when multiplied

Indexes = NDArray[np.int64]
Mask = NDArray[np.bool_]
Keys = tuple[Indexes, NDArray[np.uint64]]  # places among those asked for, and a key for each


@dataclass(frozen=True)
class Looks:
    """How n ads look, in the order of their ids."""

    texts: NDArray[np.uint32]  # (n, 64): signatures; anything where there is none
    has_text: Mask
    pictures: Mask  # (n, 64): bits of the picture hash; anything where there is none
    has_picture: Mask


def group_alike(looks: Looks) -> Indexes:
    """The group of each ad, shape (n,): the index of one of its members."""
    groups = np.arange(len(looks.texts))
    _write_groups(groups, np.flatnonzero(looks.has_text), _ByText(looks))
    drawn = np.flatnonzero(~looks.has_text & looks.has_picture)
    _write_groups(groups, drawn, _ByPicture(looks.pictures))
    return groups


class _Sense(Protocol):
    """A way of being alike."""

    @property
    def columns(self) -> NDArray[Any]: ...

    @property
    def near(self) -> float:
        """Share of its columns that a member has in common with the middle of its group."""

    def keys(self, some: Indexes) -> Iterator[Keys]: ...

    def alike(self, one: int, others: Indexes) -> Mask: ...


class _ByText:
    """Ads with a signature: the text, or half of it and the picture."""

    near = HALF_TEXT

    def __init__(self, looks: Looks) -> None:
        self._looks = looks
        self.columns: NDArray[Any] = looks.texts

    def alike(self, one: int, others: Indexes) -> Mask:
        same = _shares(self.columns, one, others)
        found: Mask = same >= SAME_TEXT
        if self._looks.has_picture[one]:
            maybe = np.flatnonzero((same >= HALF_TEXT) & self._looks.has_picture[others])
            poster = _shares(self._looks.pictures, one, others[maybe]) >= SAME_POSTER
            found[maybe[poster]] = True
        return found

    def keys(self, some: Indexes) -> Iterator[Keys]:
        everywhere = np.arange(some.size)
        for band in np.array_split(self._looks.texts, _TEXT_BANDS, axis=1):
            yield everywhere, _key(band[some])
        drawn = np.flatnonzero(self._looks.has_picture[some])
        if drawn.size > 1:
            bands = np.array_split(self._looks.pictures, _POSTER_BANDS, axis=1)
            for bits, place in product(bands, range(_WORDS)):
                words = self._looks.texts[some[drawn], place]
                yield drawn, _key(np.column_stack([bits[some[drawn]], words]))


class _ByPicture:
    """Ads without a signature."""

    near = NEAR_PICTURE

    def __init__(self, pictures: Mask) -> None:
        self.columns: NDArray[Any] = pictures

    def alike(self, one: int, others: Indexes) -> Mask:
        return _shares(self.columns, one, others) >= SAME_PICTURE

    def keys(self, some: Indexes) -> Iterator[Keys]:
        for band in np.array_split(self.columns, _PICTURE_BANDS, axis=1):
            yield np.arange(some.size), _key(band[some])


def _write_groups(groups: Indexes, some: Indexes, sense: _Sense) -> None:
    """Write the groups of `some`; who is unlike the middle of a group is tried again without it."""
    while some.size > 1:
        apart = [some[:0]]
        for members in _linked(some, sense):
            middle = _middle(sense.columns, members)
            close = _shares(sense.columns, middle, members) >= sense.near
            groups[members[close]] = members[close][0]
            apart.append(members[~close])
        some = np.sort(np.concatenate(apart))


def _linked(some: Indexes, sense: _Sense) -> Iterator[Indexes]:
    """Sets of two or more of `some` that links join."""
    joined = np.arange(some.size)  # the first of its set, as a place in `some`
    for places, key in sense.keys(some):
        links = [
            link
            for bucket in _buckets(key, joined[places])
            for link in _links(places[bucket], some, sense)
        ]
        if links:
            joined = _join(joined, np.concatenate(links, axis=1))
    order = np.argsort(joined, kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(joined[order])) + 1):
        if places.size > 1:
            yield some[places]


def _buckets(key: NDArray[np.uint64], joined: Indexes) -> Iterator[Indexes]:
    """Places with the same key, unless they are joined already."""
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=~key[order[:1]]))
    ends = np.append(starts[1:], order.size)
    mixed = np.minimum.reduceat(joined[order], starts) < np.maximum.reduceat(joined[order], starts)
    for start, end in zip(starts[mixed], ends[mixed], strict=True):
        yield order[start:end]


def _links(places: Indexes, some: Indexes, sense: _Sense) -> Iterator[Indexes]:
    """Links from the first place to those like it, then among the rest: of shape (2, links)."""
    while places.size > 1:
        first, rest = places[0], places[1:]
        like = sense.alike(some[first], some[rest])
        yield np.stack([np.full(int(like.sum()), first), rest[like]])
        places = rest[~like]


def _join(joined: Indexes, links: Indexes) -> Indexes:
    count = joined.size
    starts = np.concatenate([np.arange(count), links[0]])
    ends = np.concatenate([joined, links[1]])
    graph = coo_array((np.ones(starts.size, np.bool_), (starts, ends)), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    _, firsts = np.unique(labels, return_index=True)
    first_of_set: Indexes = firsts[labels]
    return first_of_set


def _middle(columns: NDArray[Any], members: Indexes) -> int:
    """The member most like the others (or like a sample of them, spread evenly)."""
    sample = members[:: -(-members.size // _SAMPLE)]
    sums = np.sum([_shares(columns, one, members) for one in sample], axis=0)
    return int(members[np.argmax(sums)])


def _shares(columns: NDArray[Any], one: int, others: Indexes) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = (columns[others] == columns[one]).mean(axis=1)
    return shares


def _key(band: NDArray[Any]) -> NDArray[np.uint64]:
    """A number for each row; two rows share one if they are the same, or by a rare accident."""
    key = np.zeros(len(band), np.uint64)
    for column in band.T:
        key = (key ^ column.astype(np.uint64)) * _FACTOR
        key ^= key >> np.uint64(29)
    return key
