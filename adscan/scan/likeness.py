"""How alike two ads look: a short signature of the text, a short hash of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import imagehash
import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray
from PIL import Image

from adscan.normalise.chain import unify

PERMUTATIONS = 64  # standard error of a likeness of 0.7: 0.06
MIN_CHARACTERS = 20  # shorter texts are like many others
MIN_SIDE_PX = 32  # the hash is taken from 32 x 32 pixels
MIN_CONTRAST = 16  # grey levels between the darkest and the lightest: less is an empty page

_SEED = 6
_SHINGLE = 5
_BATCH = 4096  # shingles hashed at once: 1 MB, however long the text is
# Values of another scheme cannot be compared, and datasketch changed its default in 2.0.
_SCHEME = "affine32"
STORED = np.dtype("<u4")


def text_signature(texts: Sequence[str]) -> bytes | None:
    """MinHash of the texts of one ad: 64 little-endian uint32, 256 bytes.

    Blanks, width and script do not count. None if the texts have too few characters to say
    anything. Takes 0.7 ms for 500 characters.
    """
    text = "".join(unify("".join(texts))[0].split())
    if len(text) < MIN_CHARACTERS:
        return None
    shingles = list({text[at : at + _SHINGLE] for at in range(len(text) - _SHINGLE + 1)})
    sketch = MinHash(
        num_perm=PERMUTATIONS, seed=_SEED, scheme=_SCHEME, permutations=_permutations()
    )
    for start in range(0, len(shingles), _BATCH):
        batch = shingles[start : start + _BATCH]
        sketch.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in batch])
    return bytes(sketch.hashvalues.astype(STORED).tobytes())


def likeness_of(one: bytes, other: bytes) -> float:
    """The estimated share of their shingles that two signatures have in common, 0 to 1."""
    same = np.frombuffer(one, STORED) == np.frombuffer(other, STORED)
    return float(same.mean())


def picture_hash(pixels: NDArray[np.uint8]) -> str | None:
    """Perceptual hash (pHash, 64 bits) of a picture as 16 hex digits.

    `pixels` is RGB, shape (height, width, 3). None for a picture that is blank or smaller than
    32 pixels on a side: their hashes are noise. Takes 6 ms for a poster of 720 x 1280.
    """
    if min(pixels.shape[:2]) < MIN_SIDE_PX:
        return None
    grey = Image.fromarray(pixels).convert("L")
    if np.ptp(np.asarray(grey)) < MIN_CONTRAST:
        return None
    return str(imagehash.phash(grey))


@cache
def _permutations() -> NDArray[np.uint32]:
    sketch = MinHash(num_perm=PERMUTATIONS, seed=_SEED, scheme=_SCHEME)
    return np.asarray(sketch.permutations, np.uint32)
