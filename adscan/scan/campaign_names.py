"""Ids of campaigns, kept as the archive grows, as ads leave and as campaigns merge or part."""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import count


def name_groups(
    readings: Sequence[str],
    groups: Sequence[int],
    earlier: Mapping[str, str],
    first_runs: Mapping[str, int],
) -> list[str]:
    """The campaign id of each reading, given the group of each and the ids of the run before.

    An id stays with most of its members. Where campaigns merged, that of the earliest run stays.
    """
    members: dict[int, list[str]] = defaultdict(list)
    for reading, group in zip(readings, groups, strict=True):
        members[group].append(reading)
    heirs: dict[str, Counter[int]] = defaultdict(Counter)
    for reading, group in zip(readings, groups, strict=True):
        if reading in earlier:
            heirs[earlier[reading]][group] += 1
    taken = set(earlier.values())
    names: dict[int, str] = {}
    for name in sorted(heirs, key=lambda name: (first_runs.get(name, math.inf), name)):
        free = [(-times, min(members[g]), g) for g, times in heirs[name].items() if g not in names]
        if free:
            names[min(free)[2]] = name
    for group in sorted(members, key=lambda group: min(members[group])):
        if group not in names:
            names[group] = _new_name(min(members[group]), taken)
            taken.add(names[group])
    return [names[group] for group in groups]


def _new_name(reading: str, taken: Collection[str]) -> str:
    """An id after a reading; another if it is taken, from when that reading was elsewhere."""
    for number in count():
        digest = hashlib.sha256(f"{reading} {number}".encode()).hexdigest()
        if (name := f"C-{digest[:10]}") not in taken:
            return name
    raise AssertionError("unreachable")
