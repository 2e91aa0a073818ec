"""PDF: the text layer with its places, and the page's pixels where pictures may carry words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import pypdfium2
import pypdfium2.raw as pdfium

from adscan.errors import DamagedFile, InputError
from adscan.ingest import bounds
from adscan.ingest.pdf_lines import read_lines
from adscan.ingest.pdf_pictures import PictureJudge
from adscan.ingest.reader import Content, Reader
from adscan.records.ad import AdKind, Pixels, Sheet, Source
from adscan.records.part import PartKind
from adscan.settings import Limits

POINTS_PER_INCH = 72
_LOCK = threading.RLock()  # PDFium keeps global state and is not thread safe


@dataclass(frozen=True)
class PdfReader:
    """One sheet a page; polygons are points, origin top left of the page as shown."""

    dpi: int = 150

    def read(self, data: bytes, source: Source, limits: Limits) -> Content:
        """See Reader. A document locked by a password is DamagedFile."""
        with _opened(data) as document:
            count = len(document)
            if not count:
                raise DamagedFile("PDF 里没有页面", hint="请重新导出 PDF")
            bounds.check("PDF ", count, "页", limits, "max_pages")
            judge = PictureJudge()
            sheets = tuple(
                self._sheet(document, index, judge, source.read, limits) for index in range(count)
            )
        return Content(AdKind.PDF, sheets)

    def _sheet(
        self,
        document: pypdfium2.PdfDocument,
        index: int,
        judge: PictureJudge,
        read: Callable[[], bytes],
        limits: Limits,
    ) -> Sheet:
        identity, number = f"page:{index}", index + 1
        try:
            with _page(document, index) as page:
                layer = read_lines(page)
                scale = self._scale(page, limits)
                needs_reading = layer.is_poor or judge.may_carry_words(page)
        except (pypdfium2.PdfiumError, ValueError) as error:
            reason = f"第 {number} 页已损坏，读不出来（{error}）；请重新导出 PDF"
            return Sheet(identity, PartKind.PAGE, page_number=number, unread=reason)
        return Sheet(
            identity,
            PartKind.PAGE,
            text=layer.text,
            lines=layer.lines,
            pixels=partial(render_page, read, index, scale),
            read_pixels=needs_reading,
            units_per_pixel=1 / scale,
            page_number=number,
        )

    def _scale(self, page: pypdfium2.PdfPage, limits: Limits) -> float:
        """Pixels per point: the resolution asked for, less where the page is a billboard."""
        wanted = self.dpi / POINTS_PER_INCH
        area = max(1.0, page.get_width() * page.get_height())
        return float(min(wanted, (limits.max_image_pixels / area) ** 0.5))


def render_page(read: Callable[[], bytes], index: int, scale: float) -> Pixels:
    """RGB pixels of one page. Raises InputError."""
    with _opened(read()) as document, _page(document, index) as page:
        bitmap = page.render(scale=scale, rev_byteorder=True)
        try:
            pixels: Pixels = bitmap.to_numpy()[..., :3].copy()
        finally:
            bitmap.close()
    return pixels


@contextmanager
def _opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document, alone in PDFium; an empty password is tried by PDFium itself."""
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise _cannot_open(error) from error
        try:
            document.init_forms()
            yield document
        except pypdfium2.PdfiumError as error:
            raise _cannot_open(error) from error
        finally:
            document.close()


@contextmanager
def _page(document: pypdfium2.PdfDocument, index: int) -> Iterator[pypdfium2.PdfPage]:
    page = document[index]
    try:
        yield page
    finally:
        page.close()


def _cannot_open(error: pypdfium2.PdfiumError) -> InputError:
    if error.err_code == pdfium.FPDF_ERR_PASSWORD:
        return DamagedFile("PDF 设有打开密码", hint="请用密码打开后另存为无密码的 PDF 再检查")
    return DamagedFile("PDF 已损坏或不完整，无法打开", hint="请重新下载或重新导出 PDF")


READER: Reader = PdfReader()
