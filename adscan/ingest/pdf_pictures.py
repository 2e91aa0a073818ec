"""Whether something on a PDF page besides its text layer may carry words."""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium

_SMALLEST_PT = 16.0  # a picture lower or narrower holds no readable line
_LOGO_SHARE = 0.1  # of the page's area; smaller ones that repeat on every page are read once
_GLYPH_SEGMENTS = 8  # a letter drawn as an outline has at least so many
_GLYPH_PT = (3.0, 200.0)  # its height
_FEW_GLYPHS = 8  # fewer are decoration
_WRITTEN_ON = (
    pdfium.FPDF_ANNOT_FREETEXT,
    pdfium.FPDF_ANNOT_STAMP,
    pdfium.FPDF_ANNOT_WIDGET,
)

Bounds = tuple[float, float, float, float]


class PictureJudge:
    """Looks at the pages of one document in turn, so that a letterhead is read once."""

    def __init__(self) -> None:
        self._logos: set[tuple[int, ...]] = set()

    def may_carry_words(self, page: pypdfium2.PdfPage) -> bool:
        """Pictures of some size, words drawn as outlines, or notes and stamps laid on top."""
        page_area = max(1.0, page.get_width() * page.get_height())
        # no short cut: every logo of this page must be remembered
        pictures = [self._is_new(bounds, page_area) for bounds in _picture_bounds(page)]
        return any(pictures) or _has_notes(page) or _has_outlines(page)

    def _is_new(self, bounds: Bounds, page_area: float) -> bool:
        left, bottom, right, top = bounds
        if right - left < _SMALLEST_PT or top - bottom < _SMALLEST_PT:
            return False
        if (right - left) * (top - bottom) > _LOGO_SHARE * page_area:
            return True
        key = tuple(round(value) for value in bounds)
        if key in self._logos:
            return False
        self._logos.add(key)
        return True


def _picture_bounds(page: pypdfium2.PdfPage) -> list[Bounds]:
    return [tuple(thing.get_bounds()) for thing in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE])]


def _has_notes(page: pypdfium2.PdfPage) -> bool:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        note = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if not note:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        pdfium.FPDFPage_CloseAnnot(note)
        if kind in _WRITTEN_ON:
            return True
    return False


def _has_outlines(page: pypdfium2.PdfPage) -> bool:
    found = 0
    for thing in page.get_objects([pdfium.FPDF_PAGEOBJ_PATH]):
        if pdfium.FPDFPath_CountSegments(thing.raw) < _GLYPH_SEGMENTS:
            continue
        bottom, top = ctypes.c_float(), ctypes.c_float()
        left, right = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPageObj_GetBounds(thing.raw, left, bottom, right, top)
        if _GLYPH_PT[0] <= top.value - bottom.value <= _GLYPH_PT[1]:
            found += 1
            if found >= _FEW_GLYPHS:
                return True
    return False
