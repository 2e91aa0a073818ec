"""Text of an advertisement made safe to look at: nothing in it may steer a terminal or a page."""

from __future__ import annotations

import unicodedata

_KEPT = "\n\t"
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def visible(text: str) -> str:
    """`text` with control, bidi and lone surrogate characters as harmless stand-ins.

    Length stays the same, so offsets stay valid: C0 controls become their pictures (␛), everything
    else that is not a printable character becomes U+FFFD. Joiners and line ends are kept.
    """
    if text.isprintable():
        return text
    return "".join(map(_stand_in, text))


def spelled_out(text: str) -> str:
    """Like `visible`, but characters without width are shown, as in a word split to hide it."""
    return "".join("[零宽]" if c in _ZERO_WIDTH else _stand_in(c) for c in text)


def one_line(text: str) -> str:
    """`visible` text with all white space, line ends too, as single blanks."""
    return " ".join(visible(text).split())


def _stand_in(character: str) -> str:
    if character in _KEPT or character in _ZERO_WIDTH or character.isprintable():
        return character
    if character < "\x20":
        return chr(0x2400 + ord(character))
    kind = unicodedata.category(character)
    return "\ufffd" if kind in ("Cc", "Cf", "Cs", "Zl", "Zp") else character
