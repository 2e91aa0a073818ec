"""A picture as an advertisement: one sheet for each distinct frame or page."""

from __future__ import annotations

from adscan.ingest.pictures import check_picture, picture_sheets
from adscan.ingest.reader import Content, Reader
from adscan.records.ad import AdKind, Source
from adscan.settings import Limits


class ImageReader:
    """JPEG, PNG, WebP, BMP, TIFF, GIF and AVIF.

    Polygons later found in a sheet are pixels of the picture as shown, after EXIF rotation.
    """

    def read(self, data: bytes, source: Source, limits: Limits) -> Content:
        """See Reader."""
        picture = check_picture(data, limits)
        sheets, notices = picture_sheets(picture, source.read, "", 0, limits)
        return Content(AdKind.IMAGE, tuple(sheets), notices=tuple(notices))


READER: Reader = ImageReader()
