"""The decision document on paper: its page as PDF, tagged, always the same bytes.

Nothing is fetched but our own style sheets; pictures travel inside the page.
"""

from __future__ import annotations

import hashlib
import logging
import re
from typing import Any
from urllib.parse import urlsplit

from PIL import ImageFile

from adscan.web.pages import HERE
from adscan.web.problems import Unavailable

try:
    import weasyprint
    from weasyprint import urls
except (ImportError, OSError) as error:  # OSError: the package is there, Pango is not
    MISSING: str | None = str(error)
else:
    MISSING = None
# WeasyPrint lets Pillow read torn pictures, in the whole process. Here a torn picture is unread.
ImageFile.LOAD_TRUNCATED_IMAGES = False

ADDRESS = "https://adscan.invalid/"  # what relative addresses are resolved against; never asked
STYLES = HERE / "static" / "opinion.css"
NEEDED = "广告预审意见书"  # a font without these is no Chinese font
PICTURES = ("data:image/jpeg;base64,", "data:image/png;base64,", "data:image/webp;base64,")
logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of styles meant for screens
_STYLE = re.compile(r"/static/([a-z]+\.css)")


class CannotPrint(Unavailable):
    """What makes PDF is not installed."""

    title = "不能生成 PDF"
    code = "cannot_print"


def print_page(page: str) -> bytes:
    """A whole HTML page as PDF/UA; its bytes depend on nothing but the page and the fonts here.

    Not to be called by two threads at once. Raises CannotPrint, saying what to install.
    """
    if MISSING is not None:
        raise CannotPrint(
            f"这台服务器不能生成 PDF：{MISSING.splitlines()[0] if MISSING else ''}",
            hint="请管理员安装 Pango（Debian/Ubuntu：apt install libpango-1.0-0 "
            "libpangoft2-1.0-0）和 pip install 'adscan[web]'；也可用浏览器打印意见书网页",
        )
    identifier = hashlib.sha256(page.encode("utf-8")).hexdigest()[:32].encode("ascii")
    html = weasyprint.HTML(string=page, base_url=ADDRESS, url_fetcher=_fetcher())
    document = html.render(pdf_variant="pdf/ua-1")
    printed = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    require_chinese(document.fonts.values())
    return bytes(printed)


def require_chinese(fonts: Any) -> None:
    """Raises CannotPrint if the fonts that were used had no Chinese characters."""
    missing = {codepoint for font in fonts for codepoint in font.missing}
    if missing & set(map(ord, NEEDED)):
        raise CannotPrint(
            "这台服务器没有中文字体，生成的 PDF 会缺字",
            hint="请管理员安装中文字体（Debian/Ubuntu：apt install fonts-noto-cjk）；"
            "也可用浏览器打印意见书网页",
        )


def asset_for(url: str) -> tuple[bytes, str] | None:
    """A style sheet of ours and its media type; None for every other address."""
    parts = urlsplit(url)
    if not url.startswith(ADDRESS):
        return None
    named = _STYLE.fullmatch(parts.path)
    path = HERE / "static" / named.group(1) if named else None
    if path is None or not path.is_file():
        return None
    return path.read_bytes(), "text/css; charset=utf-8"


def _fetcher() -> Any:
    class OnlyOurs(urls.URLFetcher):  # type: ignore[misc]  # the library has no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(PICTURES):
                return super().fetch(url, headers)
            found = asset_for(url)
            if found is None:
                raise ValueError("nothing is fetched from elsewhere")
            data, media_type = found
            return urls.URLFetcherResponse(url, data, {"Content-Type": media_type})

    return OnlyOurs(fail_on_errors=False)
