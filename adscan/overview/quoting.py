"""Findings as the page quotes them: the words at fault in their sentence, the law, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adscan.overview import stored
from adscan.overview.stored import Row
from adscan.records.part import Part, PartKind
from adscan.records.review import Evidence
from adscan.records.rule import Checked, Decision, Severity
from adscan.report import wording
from adscan.report.places import CONTEXT, Quotation, disguises, part_name, quotations
from adscan.report.visible import one_line, spelled_out

WINDOW = 240  # characters of a part's text from shortly before the first words at fault
LONGEST = 120  # characters of a piece; of longer ones the middle is left out
LONGEST_TEXT = 400  # characters of titles, addresses and what is said of a finding
LAWS = 3
_BEFORE = CONTEXT + 1  # so that a sentence that is cut off shows it

# Columns for `fault`, of findings `f`; JOIN_PART brings the wanted parts `p`, of readings in `r`.
FAULT_COLUMNS = f"""f.rule, f.title AS fault, f.severity, f.decision AS asked, f.confidence,
f.authority, f.evidence[:8] AS evidence, len(f.evidence) AS places,
f.legal_basis[:{LAWS}] AS legal_basis, len(f.legal_basis) AS provisions,
f.explanation, f.remedy,
substring(p.text, greatest(f.evidence[1].start - {_BEFORE}, 0) + 1, {WINDOW}) AS stretch"""
JOIN_PART = "LEFT JOIN p ON p.reading_id = r.reading_id AND p.part = f.evidence[1].part"

Quote = Sequence[str]  # pieces in turn: plain words, words at fault, plain words, …


@dataclass(frozen=True)
class Fault:
    """One finding; all text is fit to be shown."""

    rule: str
    title: str
    severity: Severity
    asked: Decision
    confidence: float
    authority: str
    quotes: Sequence[Quote]  # empty: it is about the whole ad
    place: str
    more: int  # places that the quotations leave out
    disguises: Sequence[str]
    laws: Sequence[str]  # what is cited and its gist
    more_laws: int
    explanation: str
    remedy: str


def fault(row: Row) -> Fault:
    """The finding in a row of FAULT_COLUMNS."""
    evidence = _within(row)
    return Fault(
        row["rule"],
        fit(row["fault"]),
        Severity(row["severity"]),
        Decision(row["asked"]),
        row["confidence"],
        fit(row["authority"]),
        [_pieces(one) for one in quotations(evidence, _part(row))],
        _place(evidence),
        row["places"] - len(evidence),
        [f"写作“{_shown(a)}”，读作“{_shown(b)}”" for a, b in disguises(evidence)],
        [_law(one) for one in row["legal_basis"]],
        row["provisions"] - len(row["legal_basis"]),
        fit(row["explanation"]),
        fit(row["remedy"]),
    )


def fit(text: str) -> str:
    """The text in one line, cut to what a page has room for."""
    line = one_line(text[:LONGEST_TEXT])
    return line if len(text) <= LONGEST_TEXT else f"{line}…"


def _within(row: Row) -> list[Evidence]:
    """The evidence that lies in the stretch of text, as places of that stretch."""
    if not row["evidence"]:
        return []
    first = row["evidence"][0]
    begin = max(first["start"] - _BEFORE, 0)
    return [
        Evidence(e["part"], e["text"], e["start"] - begin, e["end"] - begin, e["page"], (), read)
        for e in row["evidence"]
        for read in (e["read_as"],)
        if e is first
        or (e["part"] == first["part"] and begin <= e["start"] and e["end"] <= begin + WINDOW)
    ]


def _part(row: Row) -> tuple[Part, ...]:
    if not row["evidence"] or row["stretch"] is None:
        return ()
    return (Part(row["evidence"][0]["part"], PartKind.TEXT, row["stretch"]),)


def _pieces(quotation: Quotation) -> Quote:
    pieces = [""]
    for piece in quotation:
        at_fault = piece.evidence is not None
        text = _shown(piece.text) if at_fault else _cut(" ".join(piece.text.split("\n")))
        if at_fault is (len(pieces) % 2 == 0):
            pieces[-1] += text
        else:
            pieces.append(text)
    return pieces


def _shown(text: str) -> str:
    return _cut(spelled_out(text).replace("\n", " "))


def _cut(text: str) -> str:
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]}……{text[-half:]}"


def _place(evidence: Sequence[Evidence]) -> str:
    if not evidence:
        return ""
    first = evidence[0]
    return f"第 {first.page} 页" if first.page else part_name(first.part, ())


def _law(provision: Row) -> str:
    doubt = wording.CHECKED[Checked(provision["checked"])]
    cited = stored.cite(provision["title"], provision["article"])
    return fit(f"{cited}{f'（{doubt}）' if doubt else ''}：{provision['gist']}")
