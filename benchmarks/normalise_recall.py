"""How many disguises of the rulebook's words are read, by trick and length of the word.

    python benchmarks/normalise_recall.py

Each word is disguised in each way, put into four sentences, and counts if it is read back. The
characters are drawn from all of the first level of GB 2312 for homophones, and from the shipped
tables for look-alikes: the first figure says what the bounds against false alarms cost, the second
is only an upper bound.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from normalise_false_readings import rulebook_terms

from adscan.normalise.chain import Normaliser
from adscan.normalise.plausible import is_common
from adscan.normalise.sounds import Sounds
from adscan.normalise.tables import load_tables
from adscan.records.part import Part, PartKind
from adscan.records.text import Trick

CARRIERS = ("{}！", "朋友们，{}，欢迎咨询", "我们的产品{}天天向上", "错过再等一年：{}。")
CHANCE = random.Random(11)
Disguise = Callable[[str], str | None]


def put_between(separator: str) -> Disguise:
    return separator.join


def put_once(separator: str) -> Disguise:
    def disguise(term: str) -> str:
        at = CHANCE.randrange(1, len(term))
        return term[:at] + separator + term[at:]

    return disguise


def swap_one(stand_ins: dict[str, list[str]]) -> Disguise:
    def disguise(term: str) -> str | None:
        places = [at for at, c in enumerate(term) if stand_ins.get(c)]
        if not places:
            return None
        at = CHANCE.choice(places)
        return term[:at] + CHANCE.choice(stand_ins[term[at]]) + term[at + 1 :]

    return disguise


def main() -> None:
    terms = sorted(t for t in rulebook_terms() if len(t) > 1 and all("一" <= c <= "龥" for c in t))
    characters = sorted({c for t in terms for c in t})
    tables, sounds = load_tables(), Sounds(characters)
    tricks: dict[Trick, dict[str, list[str]]] = {trick: {} for trick in Trick}
    for (written, meant), trick in tables.tricks.items():
        tricks[trick].setdefault(meant, []).append(written)
    by_sound: dict[str, list[str]] = {}
    for character, symbol in sounds.of_character.items():
        if is_common(character):
            by_sound.setdefault(symbol, []).append(character)
    alike = {
        c: [other for other in by_sound.get(sounds.of_character.get(c, ""), []) if other != c]
        for c in characters
    }
    ways: dict[str, Disguise] = {
        "* between all": put_between("*"),
        "space between all": put_between(" "),
        "· once": put_once("·"),
        "- once": put_once("-"),
        "emoji once": put_once("🔥"),
        "look-alike from the table": swap_one(tricks[Trick.LOOKALIKE]),
        "sound from the table": swap_one(tricks[Trick.HOMOPHONE]),
        "any homophone": swap_one(alike),
        "split from the table": swap_one({c: list(s) for c, s in tables.splits.items()}),
    }
    normaliser = Normaliser(terms)
    for name, disguise in ways.items():
        read: Counter[int] = Counter()
        tried: Counter[int] = Counter()
        for term in terms:
            written = disguise(term)
            for carrier in CARRIERS if written else ():
                text = carrier.format(written)
                normal = normaliser.normalise(Part("text", PartKind.TEXT, text))
                tried[min(len(term), 5)] += 1
                read[min(len(term), 5)] += carrier.format(term) == normal.text
        figures = "  ".join(
            f"{size}{'+' if size == 5 else ''}: {read[size] / tried[size]:4.0%}"
            for size in sorted(tried)
        )
        print(f"{name:28}{figures}")


if __name__ == "__main__":
    main()
