"""HTML files and saved pages with their folder."""

from __future__ import annotations

from adscan.ingest.page.page import read_page
from adscan.ingest.page.resources import Beside
from adscan.ingest.reader import Content, Reader
from adscan.records.ad import Source
from adscan.settings import Limits


class WebPageReader:
    """Visible words, hidden words, and every picture that lies beside the page."""

    def read(self, data: bytes, source: Source, limits: Limits) -> Content:
        """See Reader."""
        return read_page(data, None, Beside(source), limits)


READER: Reader = WebPageReader()
