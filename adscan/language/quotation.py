"""Quoted and reported words: whose promise is it?"""

from __future__ import annotations

import re

from adscan.language.clause import quotes_around, sentence_after, sentence_before
from adscan.records.text import Span

# Verbs and nouns that put words into another's mouth, or hold them up as bad examples.
REPORTED = re.compile(
    r"声称|宣称|谎称|诈称|自称|号称|标榜|吹嘘|鼓吹|宣扬|打着|打出|假借|假冒|冒充|所谓|诱饵|噱头|幌子|旗号|话术|字样|用语|用词"
    r"|词语|说法|口号|表述|名义|为由|诱骗|引诱|诱导|忽悠|骗|虚假|违法|违规|非法|夸大|类似|诸如|例如|比如|禁用|不得使用|删除|删去"
)
# Without quote marks only these make it plain that the promise is another's.
REPORTED_PLAINLY = re.compile(
    r"(谎称|诈称|虚构|鼓吹|吹嘘|假借|打着|冒充)[^。！？；]{0,20}$|所谓的?[^。！？；，,]{0,12}$"
)
BAIT_AFTER = re.compile(
    r"^[^。！？；]{0,16}(为诱饵|为幌子|为噱头|为名|为由|的?旗号|的?幌子|的?名义|的?噱头)"
)
BAIT_BEFORE = re.compile(r"(以|用|打着|借|假借)[^。！？；]{0,24}$")


def is_quoted(text: str, span: Span) -> bool:
    """Whether the words are another's, quoted or reported with distance."""
    quote = quotes_around(text, span)
    if quote is not None:
        around = sentence_before(text, quote.start)[-30:] + sentence_after(text, quote.end)[:30]
        return REPORTED.search(around) is not None
    before, after = sentence_before(text, span.start), sentence_after(text, span.end)
    baited = BAIT_BEFORE.search(before) and BAIT_AFTER.search(after)
    return bool(baited or REPORTED_PLAINLY.search(before))


def is_in_title(text: str, span: Span) -> bool:
    """Whether the words stand inside 《…》: the name of a law, a book, a document."""
    opening = text.rfind("《", 0, span.start)
    return opening >= 0 and "》" not in text[opening : span.start] and "》" in text[span.end :][:40]
