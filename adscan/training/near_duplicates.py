"""Texts of different sets that are nearly the same, by MinHash: there should be none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from datasketch import MinHash, MinHashLSH

from adscan.training.corpus import Sample

SHINGLE = 4  # characters
SIMILAR = 0.5  # Jaccard similarity of the shingles from which two texts count as one
PERMUTATIONS = 128


def find_crossings(sets: Mapping[str, Sequence[Sample]]) -> Iterator[tuple[str, str, float]]:
    """Pairs of texts of different sets, as `set/id`, with their estimated similarity."""
    index = MinHashLSH(threshold=SIMILAR, num_perm=PERMUTATIONS)
    known: dict[str, MinHash] = {}
    for name, samples in sets.items():
        fresh = {f"{name}/{sample.id}": _hash(sample.text) for sample in samples}
        for key, hashed in fresh.items():
            for other in sorted(index.query(hashed)):
                alike = hashed.jaccard(known[other])
                if alike >= SIMILAR:
                    yield key, other, alike
        for key, hashed in fresh.items():
            index.insert(key, hashed)
        known |= fresh


def _hash(text: str) -> MinHash:
    plain = "".join(text.split())
    shingles = {plain[at : at + SHINGLE] for at in range(max(len(plain) - SHINGLE + 1, 1))}
    hashed = MinHash(num_perm=PERMUTATIONS, seed=1)
    hashed.update_batch(sorted(shingle.encode() for shingle in shingles))
    return hashed
