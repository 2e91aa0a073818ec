"""Where sentences and clauses begin and end around a place."""

from __future__ import annotations

import re

from adscan.records.text import Span

SENTENCE_END = "。！？；!?;"
CLAUSE_END = "，,：:"
# A line that breaks off right after a negation or a verb of promising runs on in the next line:
# OCR and narrow columns cut sentences anywhere.
RUNS_ON = re.compile(
    r"(不|非|无|未|没有|勿|得|能|会|可|承诺|保证|保障|代表|构成|预示|视为|视作|作为|等同于|相信|轻信|谨防|警惕|[、和或及与“‘「])$"
)


def sentence_before(text: str, at: int) -> str:
    """The characters of the sentence that lead up to `at`."""
    start = at
    while start and text[start - 1] not in SENTENCE_END:
        start -= 1
        if text[start] == "\n" and not RUNS_ON.search(text[max(0, start - 4) : start].rstrip()):
            start += 1
            break
    return text[start:at]


def sentence_after(text: str, at: int) -> str:
    """The characters of the sentence that follow `at`, its end mark included."""
    end = at
    while end < len(text) and text[end] not in SENTENCE_END + "\n":
        end += 1
    return text[at : end + 1]


def clause_before(text: str, at: int) -> str:
    """The characters of the clause that lead up to `at`; enumerations (、) stay together."""
    sentence = sentence_before(text, at)
    cut = max(sentence.rfind(mark) for mark in CLAUSE_END)
    return sentence[cut + 1 :]


def quotes_around(text: str, span: Span) -> Span | None:
    """The quotation that holds the span, quote marks included; None if it is not quoted."""
    for opening, closing in ("“”", "‘’", "「」", "『』", '""'):
        start = text.rfind(opening, 0, span.start + 1)
        if start < 0 or (opening != closing and closing in text[start : span.start]):
            continue
        if opening == closing and text.count(opening, 0, start) % 2:
            continue  # this mark closes an earlier quotation
        end = text.find(closing, max(span.end - 1, start + 1))
        if end >= 0 and end - start <= LONGEST_QUOTE:
            return Span(start, end + 1)
    return None


LONGEST_QUOTE = 120  # code points; longer is a missing closing mark
