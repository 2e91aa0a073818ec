"""Signs that a page's message is not in the file: taken down, cut short, or never loaded."""

from __future__ import annotations

import re

from adscan.ingest.blank import visible_length
from adscan.ingest.page.dom import Element, tag_of, words_of
from adscan.records.part import Notice, NoticeCode

_SHORT_PAGE = 400  # characters; a notice page says little else
_NO_MESSAGE = 10  # characters below which a page says nothing
_GONE = re.compile(
    r"(?:内容|文章|页面|链接|帖子|视频|商品)[^。\n]{0,12}(?:已被?[^。\n]{0,8}删除|已下架|已?过期|已失效|不存在|找不到|无法(?:查看|访问|显示))"
    r"|(?:内容|文章)[^。\n]{0,8}因?违规[^。\n]{0,8}(?:无法查看|被?删除)"
    r"|(?:公众号|帐号|账号)[^。\n]{0,8}(?:已迁移|已注销|被屏蔽|被封|停止使用)"
    r"|(?:环境|网络|访问)异常[^。\n]{0,30}(?:验证|重试|刷新)|完成验证后[^。\n]{0,6}继续访问"
    r"|请在(?:微信|手机)(?:客户端|浏览器)?中?打开"
    r"|(?:404|403|502|503)\s*(?:not found|forbidden|bad gateway|service)",
    re.IGNORECASE,
)
_CUT_IN_TAG = re.compile(r"<(?:[a-zA-Z/!][^<>]*)?$|<!--(?:(?!-->).)*$", re.DOTALL)
# where WeChat's page sets an article, and where its page for single pictures sets its words
_ARTICLE_PLACES = ("js_content", "js_image_desc", "js_image_content", "js_share_content")
_SHOWS_UNREAD = {"video": "视频", "audio": "音频", "mpvoice": "音频", "canvas": "画布"}
_VIDEO_FRAME = re.compile(r"video|player|v\.qq\.com|youku|bilibili", re.IGNORECASE)


def gone_notice(visible: str) -> Notice | None:
    """A page that only says its content was removed, expired or must be opened elsewhere."""
    found = _GONE.search(visible)
    if not found or visible_length(visible) > _SHORT_PAGE:
        return None
    message = f"页面只有提示“{found.group()[:30]}”，没有广告内容；请取得原文或截图后再检查"
    return Notice(NoticeCode.NOT_READ, message, "text:0", unread=True)


def cut_notice(markup: str) -> Notice | None:
    """A download that ended early."""
    end = markup[-4000:]
    opened = re.search(r"<(?:html|body)[\s>]", markup, re.IGNORECASE)
    closed = re.search(r"</(?:html|body)\s*>", markup, re.IGNORECASE)
    if not _CUT_IN_TAG.search(end) and (closed or not opened):
        return None
    message = "网页不完整（结尾被截断），后面的内容没有读到；请重新完整保存后再检查"
    return Notice(NoticeCode.PARTLY_READ, message, unread=True)


def empty_notice(words: int, pictures: int) -> Notice | None:
    """A page that says nothing and shows nothing: its content comes by script."""
    if words >= _NO_MESSAGE or pictures:
        return None
    message = "页面里没有读到正文（内容可能由脚本或图片载入）；请提供截图或完整保存的页面"
    return Notice(NoticeCode.NOT_READ, message, unread=True)


def template_notice(root: Element) -> Notice | None:
    """An article page whose place for the article is empty: a script would have filled it."""
    places = [place for name in _ARTICLE_PLACES for place in root.xpath("//*[@id=$n]", n=name)]
    if not places or any(_holds_something(place) for place in places):
        return None
    message = "文章正文是空的（由脚本或图片载入，没有随页面保存）；请提供截图或完整保存的页面"
    return Notice(NoticeCode.NOT_READ, message, unread=True)


def _holds_something(place: Element) -> bool:
    if visible_length(words_of(place)) >= _NO_MESSAGE:
        return True
    return any(tag_of(element) in ("img", "image", "video", "iframe") for element in place.iter())


def playing_notice(body: Element, shown: frozenset[Element]) -> Notice | None:
    """Films and sounds, which nobody here watches."""
    kinds = [kind for element in body.iter() if (kind := _plays(element, shown))]
    if not kinds:
        return None
    named = "、".join(dict.fromkeys(kinds))
    message = f"页面中有 {len(kinds)} 处{named}，其中的内容没有检查；请人工查看"
    return Notice(NoticeCode.PARTLY_READ, message, unread=True)


def _plays(element: Element, shown: frozenset[Element]) -> str:
    tag = tag_of(element)
    parent = element.getparent()
    if parent is not None and parent not in shown:
        return ""
    if tag in ("iframe", "embed", "object"):
        named = f"{element.get('class')} {element.get('src')} {element.get('data-src')}"
        return "视频" if _VIDEO_FRAME.search(named) else ""
    return _SHOWS_UNREAD.get(tag, "")
