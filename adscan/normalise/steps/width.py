"""Width and compatibility forms: Ａ１％ to A1%, ㎡ to m2, Kangxi radicals to characters.

Unicode's NFKC, one character at a time, but Chinese punctuation stays Chinese: ，！？：；（） and …
are kept as written, and their vertical and small forms become these. Rules therefore write digits,
letters, % + ~ and the space in half width, and [，,] where the comma matters.
"""

from __future__ import annotations

import unicodedata

from adscan.normalise.steps.character_map import CharacterMap

_CHINESE_MARKS = {",": "，", "!": "！", "?": "？", ":": "：", ";": "；", "(": "（", ")": "）"}

_KEPT = frozenset("…‥—")

# Radicals that PDF text layers carry for the character itself and that NFKC leaves alone.
_RADICALS = dict(
    zip(
        "⺁⺇⺌⺒⺓⺔⺗⺙⺛⺝⺟⺠⺢⺪⺫⺮⺯⺳⺻⺼⻁⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻐⻑⻓⻔⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
        "厂几小巳幺彑心攵旡月母民水疋目竹糸网聿月虎西见角角言贝足车辶辶金長长门青韦页风飞食饣马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
        strict=True,
    )
)


def fold(character: str) -> str:
    """The half-width, ordinary form of one character."""
    if character < "\x80" or character in _KEPT or character in _CHINESE_MARKS.values():
        return character
    folded = unicodedata.normalize("NFKC", character)
    if folded == character:
        return _RADICALS.get(character, character)
    return _CHINESE_MARKS.get(folded, folded.replace("\u2044", "/"))  # ½ is 1/2


WIDTH = CharacterMap(fold)
