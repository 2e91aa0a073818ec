"""Made-up advertisements with known faults, for make_archive.py."""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

TEXTS = Path(__file__).parent / "archive_texts.yaml"
WORDS: dict[str, Any] = yaml.load(TEXTS.read_text(encoding="utf-8"), yaml.CSafeLoader)
RECENT = 500  # originals that a copy or variant may be of
NUMBERS = {"n1": (2, 9), "n2": (10, 49), "n3": (100, 900), "n4": (1000, 9000)}
NUMBERS |= {"month": (1, 12), "day": (1, 28), "year": (2005, 2022), "phone": (10**7, 10**8 - 1)}


@dataclass(frozen=True)
class Ad:
    """One ad and what is known of it."""

    id: str
    kind: str  # text, poster, page
    lines: tuple[str, ...]
    advertiser: str
    rules: tuple[str, ...]  # empty: it violates none
    family: str
    relation: str = "original"
    look: int = 0  # seed of a poster's layout
    size: float = 1.0  # of a poster

    @property
    def truth(self) -> dict[str, Any]:
        """Its line of truth.jsonl."""
        known = {"id": self.id, "kind": self.kind, "violates": bool(self.rules)}
        known |= {"rules": self.rules, "family": self.family, "relation": self.relation}
        return known | ({"lines": self.lines} if self.kind == "poster" else {})


class Writer:
    """Makes up ads, the same for the same seed."""

    def __init__(self, seed: int, violations: float, copies: float, near: float) -> None:
        self.rng = random.Random(seed)
        self.shares = (violations, copies, near)

    def ads(self, kind: str, count: int) -> Iterator[Ad]:
        """`count` ads of a kind, one after the other."""
        _, copies, near = self.shares
        recent = deque[Ad](maxlen=RECENT)
        for number in range(count):
            id, chance = f"{kind}-{number:08}", self.rng.random()
            if recent and chance < copies:
                yield replace(self.rng.choice(recent), id=id, relation="copy")
            elif recent and chance < copies + near:
                yield self.variant(self.rng.choice(recent), id)
            else:
                recent.append(self.original(kind, id))
                yield recent[-1]

    def original(self, kind: str, id: str) -> Ad:
        """An ad like no other; a poster has fewer lines than a post."""
        rng, rules, extra = self.rng, (), []
        if rng.random() < self.shares[0]:
            fault = rng.choice(list(WORDS["violations"].values()))
            theme, rules = WORDS["illegal"], tuple(fault["rules"])
            extra = rng.sample(fault["sentences"], min(len(fault["sentences"]), rng.randint(1, 2)))
        else:
            theme = rng.choice(list(WORDS["lawful"].values()))
        own, most = (rng.randint(3, 4), 1) if kind == "poster" else (rng.randint(7, 10), 14)
        body = rng.sample(theme["sentences"], own)
        body += rng.sample(WORDS["common"], rng.randint(1, most)) + extra
        rng.shuffle(body)
        city = rng.choice(WORDS["slots"]["city"])[:-1]
        name = city + rng.choice(WORDS["slots"]["first"]) + rng.choice(theme["suffix"])
        lines = [self.filled(line, name) for line in (rng.choice(theme["openings"]), *body)]
        look = rng.getrandbits(30)
        return Ad(id, kind, tuple(lines), name, rules, family=id, look=look)

    def variant(self, ad: Ad, id: str) -> Ad:
        """The ad with one number changed where it has one; a poster in another size too."""
        places = [n for n, line in enumerate(ad.lines) if re.search(r"\d", line)]
        lines = list(ad.lines)
        if places:
            at = self.rng.choice(places)
            more = self.rng.randint(1, 9)
            lines[at] = re.sub(r"\d", lambda d: str((int(d[0]) + more) % 10), lines[at], count=1)
        size = self.rng.uniform(0.6, 0.95)
        return replace(ad, id=id, lines=tuple(lines), relation="near", size=size)

    def filled(self, line: str, name: str) -> str:
        """The line with words in its slots."""
        return re.sub(r"\{(\w+)\}", lambda slot: self.word(slot[1], name), line)

    def word(self, slot: str, name: str) -> str:
        """A word or number for a slot."""
        if slot == "name":
            return name
        if slot in NUMBERS:
            low, high = NUMBERS[slot]
            return str(low + int(self.rng.random() * (high - low + 1)))
        words: list[str] = WORDS["slots"][slot]
        return words[int(self.rng.random() * len(words))]
