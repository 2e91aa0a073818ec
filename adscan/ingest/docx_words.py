"""The words of a DOCX as its pages show them, and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part as PackagePart
from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_DRAWINGS = (_CHART, _DIAGRAM, f"{_W}object", f"{_W}altChunk")

_UNSHOWN = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_W}rt"))
_BREAKS = {f"{_W}tab": " ", f"{_W}noBreakHyphen": "-"}
_WORDS = frozenset((f"{_W}t", f"{_M}t"))
_LINE_ENDS = frozenset((f"{_W}br", f"{_W}cr"))
_NO_VALUES = ("0", "false", "off")
_HEADS = (RELATIONSHIP_TYPE.HEADER,)
_FEET = (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES, RELATIONSHIP_TYPE.FOOTER)

Element = Any  # etree._Element: lxml has no types


@dataclass(frozen=True)
class DocumentWords:
    """Words, hidden words, pictures as (name in the package, bytes), and what was not read."""

    visible: str
    hidden: str
    pictures: tuple[tuple[str, bytes], ...]
    missing_pictures: int  # links to files elsewhere
    drawings: int  # charts, diagrams and embedded objects


class _Flow:
    """Lines of visible and of hidden words."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._pieces: list[str] = []

    def add(self, words: str) -> None:
        self._pieces.append(words)

    def end_line(self) -> None:
        line = "".join(self._pieces).strip()
        self._pieces = []
        if line:
            self.lines.append(line)


class _Walker:
    """Walks headers, body, notes and footers of one document."""

    def __init__(self, document: Document) -> None:
        self._hidden_styles = _hidden_styles(document)
        self._flows = {False: _Flow(), True: _Flow()}
        self._pictures: dict[str, bytes] = {}
        self._missing: set[str] = set()
        self._drawings = 0
        self._document = document

    def walk(self) -> DocumentWords:
        main = self._document.part
        repeated: set[str] = set()  # headers and footers alike in every section
        for part in (*_related(main, _HEADS), main, *_related(main, _FEET)):
            root = part.element if hasattr(part, "element") else etree.fromstring(part.blob)
            written = "".join(root.itertext())
            if part is main or written not in repeated:
                self._walk_part(root, part)
            repeated.add(written)
        visible, hidden = ("\n".join(self._flows[key].lines) for key in (False, True))
        pictures = tuple(self._pictures.items())
        return DocumentWords(visible, hidden, pictures, len(self._missing), self._drawings)

    def _walk_part(self, root: Element, part: PackagePart) -> None:
        self._look_for_pictures(root, part)
        walker = etree.iterwalk(root, events=("start", "end"))
        cells = 0
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if tag in _UNSHOWN or _is_spare(element):
                    walker.skip_subtree()
                elif tag in _WORDS:
                    self._flow(element).add(element.text or "")
                elif tag in _BREAKS:
                    self._flow(element).add(_BREAKS[tag])
                elif tag == f"{_V}textpath":
                    self._flow(element).add(element.get("string") or "")  # a watermark
                elif tag in _LINE_ENDS:
                    self._end_lines()
                elif tag == f"{_W}txbxContent":
                    self._end_lines()  # a box is set apart from the line it hangs on
                cells += tag == f"{_W}tc"
                continue
            if tag == f"{_W}tc":
                cells -= 1
                self._flow(element).add("\t")
            elif tag == f"{_W}p" and cells:
                self._flow(element).add(" ")  # paragraphs of a cell stay in its row
            elif tag in (f"{_W}p", f"{_W}tr", f"{_W}txbxContent"):
                self._end_lines()

    def _end_lines(self) -> None:
        for flow in self._flows.values():
            flow.end_line()

    def _flow(self, element: Element) -> _Flow:
        return self._flows[self._is_hidden(element)]

    def _is_hidden(self, element: Element) -> bool:
        run = element.getparent()
        if run is None or run.tag != f"{_W}r":
            return False
        own = _vanish(run.find(f"{_W}rPr"))
        if own is not None:
            return own
        paragraph = next(run.iterancestors(f"{_W}p"), None)
        styles = [run.find(f"{_W}rPr/{_W}rStyle")]
        if paragraph is not None:
            styles.append(paragraph.find(f"{_W}pPr/{_W}pStyle"))
        return any(
            style is not None and style.get(f"{_W}val") in self._hidden_styles for style in styles
        )

    def _look_for_pictures(self, root: Element, part: PackagePart) -> None:
        for element in root.iter(f"{_A}blip", f"{_V}imagedata", *_DRAWINGS):
            if element.tag in _DRAWINGS:
                self._drawings += 1
                continue
            identity = element.get(f"{_R}embed") or element.get(f"{_R}id")
            linked = element.get(f"{_R}link")
            relation = part.rels.get(identity) if identity else None
            if relation is not None and not relation.is_external:
                target = relation.target_part
                self._pictures[str(target.partname).lstrip("/")] = target.blob
            elif identity or linked:
                self._missing.add(str(identity or linked))


def read_document(document: Document) -> DocumentWords:
    """Headers first, then the body in its order, then notes and footers."""
    return _Walker(document).walk()


def _related(part: PackagePart, kinds: tuple[str, ...]) -> Iterator[PackagePart]:
    for kind in kinds:
        for relation in part.rels.values():
            if relation.reltype == kind and not relation.is_external:
                yield relation.target_part


def _is_spare(element: Element) -> bool:
    """The copy of a drawing for older programs, when a newer one stands beside it."""
    if element.tag != f"{_MC}Fallback":
        return False
    return element.getparent().find(f"{_MC}Choice") is not None


def _vanish(properties: Element) -> bool | None:
    mark = properties.find(f"{_W}vanish") if properties is not None else None
    return None if mark is None else mark.get(f"{_W}val") not in _NO_VALUES


def _hidden_styles(document: Document) -> frozenset[str]:
    found = document.styles.element.iter(f"{_W}style")
    return frozenset(
        style.get(f"{_W}styleId") for style in found if _vanish(style.find(f"{_W}rPr"))
    )
