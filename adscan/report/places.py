"""Where a piece of evidence stands, in words; and the words around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adscan.records.part import Notice, Part, PartKind
from adscan.records.review import Evidence, Review

CONTEXT = 18  # characters on either side: one line of a terminal, about half a sentence
_STOPS = "\n。！？!?"


@dataclass(frozen=True)
class Piece:
    """A stretch of a quotation; `evidence` where it is the words themselves."""

    text: str
    evidence: Evidence | None = None


Quotation = tuple[Piece, ...]  # pieces that follow each other in one part


def part_name(part_id: str, parts: tuple[Part, ...]) -> str:
    """`第 2 页`, `第 3 张图`, `图片`, `正文`."""
    part = next((p for p in parts if p.id == part_id), None)
    kind, _, number = part_id.partition(":")
    if part is not None and part.page_number is not None:
        return f"第 {part.page_number} 页"
    alone = sum(p.id.partition(":")[0] == kind for p in parts) <= 1
    order = str(int(number) + 1) if number.isdigit() else number
    if kind == PartKind.IMAGE.value:
        return "图片" if alone else f"第 {order} 张图"
    if kind == PartKind.PAGE.value:
        return f"第 {order} 页"
    if kind == PartKind.TEXT.value:
        return "正文" if alone else f"正文第 {order} 部分"
    return part_id


def place(evidence: Evidence, parts: tuple[Part, ...]) -> str:
    """The part, and the line where the part has several."""
    name = f"第 {evidence.page} 页" if evidence.page else part_name(evidence.part, parts)
    part = next((p for p in parts if p.id == evidence.part), None)
    if part is None or "\n" not in part.text:
        return name
    return f"{name}，第 {part.text.count(chr(10), 0, evidence.start) + 1} 行"


def quotations(evidence: Sequence[Evidence], parts: tuple[Part, ...]) -> list[Quotation]:
    """The words in their sentences; places close together in one part share a quotation."""
    texts = {part.id: part.text for part in parts}
    groups: list[list[Evidence]] = []
    for one in evidence:
        if groups and _near(groups[-1][-1], one, texts.get(one.part, "")):
            groups[-1].append(one)
        else:
            groups.append([one])
    return [_quotation(group, texts.get(group[0].part, "")) for group in groups]


def disguises(evidence: Sequence[Evidence]) -> list[tuple[str, str]]:
    """How disguised words are written and what they spell, each once; lines' pieces joined."""
    found: list[tuple[str, str]] = []
    last: Evidence | None = None
    for one in evidence:
        if one.read_as is not None:
            goes_on = (
                last is not None
                and last.read_as == one.read_as
                and last.part == one.part
                and one.start - last.end == 1  # only a line end lies between
            )
            written = f"{found.pop()[0]}{one.text}" if goes_on else one.text
            found.append((written, one.read_as))
        last = one
    return list(dict.fromkeys(found))


def _near(earlier: Evidence, later: Evidence, text: str) -> bool:
    if earlier.part != later.part or not 0 <= later.start - earlier.end <= 2 * CONTEXT:
        return False
    gap = text[earlier.end : later.start]
    return not gap.strip() or not any(stop in gap for stop in _STOPS)


def _quotation(group: list[Evidence], text: str) -> Quotation:
    first, last = group[0], group[-1]
    pieces = [Piece(_tail(text[max(0, first.start - CONTEXT - 1) : first.start]))]
    at = first.start
    for one in group:
        pieces += [Piece(text[at : one.start]), Piece(one.text, one)]
        at = one.end
    pieces.append(Piece(_head(text[last.end : last.end + CONTEXT + 1])))
    return tuple(piece for piece in pieces if piece.text)


def all_notices(review: Review) -> tuple[Notice, ...]:
    """The review's notices and those its parts carry, each once, in order."""
    carried = (notice for part in review.parts for notice in part.notices)
    return tuple(dict.fromkeys((*review.notices, *carried)))


def gaps(review: Review) -> Iterator[str]:
    """What was not read, each once, with the part it belongs to."""
    names = {part.id: part_name(part.id, review.parts) for part in review.parts}
    told = [(error.part, error.message) for error in review.errors]
    told += [(n.part_id, n.message) for n in all_notices(review) if n.unread]
    told += [(part.id, part.unread) for part in review.parts if part.unread]
    for part, message in dict.fromkeys(told):
        yield f"{names[part]}：{message}" if part in names else message


def _tail(text: str) -> str:
    cut = max((text.rfind(stop) for stop in _STOPS), default=-1)
    if cut >= 0:
        return text[cut + 1 :]
    return f"…{text[-CONTEXT:]}" if len(text) > CONTEXT else text


def _head(text: str) -> str:
    cuts = [at for stop in _STOPS if (at := text.find(stop)) >= 0]
    if cuts:
        at = min(cuts)
        return text[:at] if text[at] == "\n" else text[: at + 1]
    return f"{text[:CONTEXT]}…" if len(text) > CONTEXT else text
