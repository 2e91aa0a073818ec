"""An advertisement's fingerprint: the same for the same words and the same creative files.

It is the SHA-256, in lower-case hex, of these lines joined by a line feed, encoded as UTF-8:
`adscan-fingerprint-1`, then the SHA-256 of the pasted words (UTF-8, line ends as line feeds; the
hash of nothing if there are none), then the SHA-256 of each creative file in the order submitted.
Names, permits and dates do not count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

SCHEME = "adscan-fingerprint-1"


def fingerprint_of(text: str, creatives: Sequence[str]) -> str:
    """The fingerprint; `creatives` are SHA-256 in hex, in order."""
    lines = [SCHEME, hashlib.sha256(text.encode("utf-8")).hexdigest(), *creatives]
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()
