"""Whether a name came before, in memory that does not grow with the number of names."""

from __future__ import annotations

import hashlib

_BITS = 1 << 27  # 16 MB; with ten million names, 1 in 100 is taken for one that came before
_HASHES = 3


class Seen:
    """A Bloom filter: never misses a repeated name, at times takes a new one for repeated."""

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def before(self, name: str) -> bool:
        """Whether this name was asked for before; the same names always give the same answers."""
        digest = hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=12).digest()
        known = True
        for start in range(0, 4 * _HASHES, 4):
            place = int.from_bytes(digest[start : start + 4], "little") % _BITS
            known &= bool(self._bits[place >> 3] >> (place & 7) & 1)
            self._bits[place >> 3] |= 1 << (place & 7)
        return known
