"""Permit numbers and credit codes printed in an ad: whose they are, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from stdnum.cn import uscc

from adscan.permits.permit_type import load_permit_types
from adscan.permits.register import Register
from adscan.records.permit import ActivityPlace, Institution, NumberFault
from adscan.records.text import NormalText, Span

CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Z])")
CREDIT_LABEL = re.compile(r"(?:统一)?(?:社会)?信用代码|税号|营业执照")
LABEL_WITHIN = 24  # characters before the number in which its label stands
CREDIT = "credit_code"


@dataclass(frozen=True)
class PrintedNumber:
    """A number in the ad."""

    part_id: str
    span: Span
    number: str
    claimed: frozenset[str]  # the permit types that its label or form may mean; CREDIT: credit code
    labelled: bool  # a label says what it is
    holders: tuple[Institution, ...]  # who has it, by the register
    types: tuple[str, ...]  # the types that the register has it under
    wrong_digit: bool = False  # its check digit does not fit


def find_numbers(texts: Sequence[NormalText], register: Register | None) -> list[PrintedNumber]:
    """The numbers in an ad's texts, in order."""
    return [number for text in texts for number in _in_text(text, register)]


def _in_text(text: NormalText, register: Register | None) -> Iterator[PrintedNumber]:
    words = text.text.upper()
    codes = [Span(*found.span()) for found in CREDIT_CODE.finditer(words)]
    for span in codes:
        code = span.of(words)
        labelled = bool(CREDIT_LABEL.search(_before(text.text, span)))
        valid = uscc.calc_check_digit(code[:-1]) == code[-1]
        if labelled or valid:
            holder = register.coded(code) if register else None
            holders = (holder,) if holder else ()
            yield PrintedNumber(
                text.part_id, span, code, frozenset({CREDIT}), labelled, holders, (), not valid
            )
    taken = list(codes)
    for span, claimed, labelled in _formats(text.text):
        if not any(span.overlaps(other) for other in taken):
            taken.append(span)
            number = span.of(words)
            held = register.numbered(number) if register else []
            yield PrintedNumber(
                text.part_id,
                span,
                number,
                claimed,
                labelled,
                tuple(holder for holder, _ in held),
                tuple(kind for _, kind in held),
            )


def _formats(text: str) -> Iterator[tuple[Span, frozenset[str], bool]]:
    """Places that look like permit numbers: with a label, or of a form that is only theirs."""
    by_span: dict[Span, set[str]] = {}
    labelled: dict[Span, set[str]] = {}
    for permit_type, pattern, labels in _patterns():
        for found in pattern.finditer(text):
            span = Span(*found.span())
            by_span.setdefault(span, set()).add(permit_type)
            before = _before(text, span)
            if any(label in before for label in labels):
                labelled.setdefault(span, set()).add(permit_type)
    for span in sorted(by_span):
        if span in labelled:
            yield span, frozenset(labelled[span]), True
        elif re.search("[A-Z]", span.of(text).upper()):  # digits alone may be anything
            yield span, frozenset(by_span[span]), False


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...]:
    return tuple(
        (
            kind.id,
            re.compile(f"(?<![0-9A-Za-z])(?:{form.pattern})(?![0-9A-Za-z])"),
            tuple(form.labels),
        )
        for kind in load_permit_types().values()
        for form in kind.number
    )


def _before(text: str, span: Span) -> str:
    return text[max(span.start - LABEL_WITHIN, 0) : span.start]


def find_faults(
    numbers: Sequence[PrintedNumber], ours: Sequence[Institution], advertiser: str
) -> Iterator[NumberFault]:
    """Numbers with a wrong check digit, of another type than they are called, or someone else's.

    `ours` are the companies that the ad names, and the legal persons behind them; `advertiser` is
    the name it goes by, empty if it names nobody.
    """
    ids = {institution.id for institution in ours}
    for number in numbers:
        place = ActivityPlace(number.part_id, number.span)
        if number.wrong_digit:
            reason = f"统一社会信用代码{number.number}的校验位不对，请核对是否印错或者冒用"
            yield NumberFault(place, number.number, reason, proven=False)
        if number.types and number.labelled and not number.claimed & set(number.types):
            said, held = _names(number.claimed), _names(number.types)
            reason = f"编号{number.number}按{said}印出，登记册里却是{held}的编号"
            yield NumberFault(place, number.number, reason)
        if advertiser and number.holders and not ids & {h.id for h in number.holders}:
            holders = "、".join(holder.name for holder in number.holders)
            reason = f"编号{number.number}登记在{holders}名下，不是{advertiser}的"
            yield NumberFault(place, number.number, reason)


def _names(kinds: Iterable[str]) -> str:
    types = load_permit_types()
    return "、".join(sorted({types[kind].name for kind in kinds if kind in types}))
