"""How the sheets look on screen and paper. Colour never says anything that a word does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter

BODY = "正文"
HEADING = "表头"
# Word of a decision or severity to ground and ink; the inks are those of the HTML report.
_COLOURS = {
    "不予发布": ("FBE4E2", "A61B1B"),
    "修改后发布": ("FDEBCF", "8A4B00"),
    "需人工复核": ("DFEAF8", "1D4F91"),
    "未发现问题": ("E3F1E7", "1B6B3A"),
    "未能审查": ("EFE5F6", "5B2A7A"),
    "严重": ("FBE4E2", "A61B1B"),
    "中等": ("FDEBCF", "8A4B00"),
    "轻微": ("DFEAF8", "1D4F91"),
}
TELLING = frozenset(_COLOURS)
A4 = 9  # Excel's number of the paper
_FONT = "微软雅黑"
_BODY = Alignment(vertical="top", wrap_text=True)
_LINE = Side(style="thin", color="D5DAE1")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def register(book: Workbook) -> None:
    """The styles that cells name."""
    head = Alignment(vertical="center", wrap_text=True)
    book.add_named_style(
        NamedStyle(BODY, font=Font(name=_FONT, size=10), alignment=_BODY, border=_FRAME)
    )
    book.add_named_style(
        NamedStyle(
            HEADING,
            font=Font(name=_FONT, size=10, bold=True, color="FFFFFF"),
            fill=PatternFill("solid", start_color="1D3557"),
            alignment=head,
            border=_FRAME,
        )
    )
    for word in _COLOURS:
        add_telling(book, word, word)


def add_telling(book: Workbook, word: str, like: str) -> None:
    """A style for cells that say `word`, in the colours of a word that is known."""
    ground, ink = _COLOURS[like]
    book.add_named_style(
        NamedStyle(
            word,
            font=Font(name=_FONT, size=10, bold=True, color=ink),
            fill=PatternFill("solid", start_color=ground),
            alignment=_BODY,
            border=_FRAME,
        )
    )


def new_sheet(book: Workbook, title: str, widths: Sequence[float]) -> Any:
    """A sheet ready for rows: heading frozen and repeated, landscape, as wide as the paper."""
    sheet = book.create_sheet(title)
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes
    sheet.page_margins.left = sheet.page_margins.right = 0.4  # inches
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "第 &P 页，共 &N 页"
    return sheet
