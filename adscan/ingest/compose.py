"""Several files as one advertisement: their sheets, counted on."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from adscan.ingest.reader import Content
from adscan.records.ad import AdKind, Sheet
from adscan.records.part import PartKind


def compose(contents: Sequence[Content], title: str | None = None) -> Content:
    """One content with all sheets in order, numbered anew within each kind.

    A `title` becomes the first sheet, unless a text begins with it.
    """
    if title and not _begins_with(contents, title):
        contents = [Content(AdKind.TEXT, (Sheet("text:0", PartKind.TEXT, text=title),)), *contents]
    counted: Counter[PartKind] = Counter()
    sheets, notices = [], []
    for content in contents:
        ids = {}
        for sheet in content.sheets:
            ids[sheet.id] = f"{sheet.kind.value}:{counted[sheet.kind]}"
            counted[sheet.kind] += 1
            sheets.append(replace(sheet, id=ids[sheet.id]))
        notices += [
            replace(notice, part_id=ids.get(notice.part_id or "", notice.part_id))
            for notice in content.notices
        ]
    kinds = {content.kind for content in contents}
    return Content(
        kind=kinds.pop() if len(kinds) == 1 else AdKind.MIXED,
        sheets=tuple(sheets),
        title=title or next((one.title for one in contents if one.title), None),
        account=next((one.account for one in contents if one.account), None),
        page_date=next((one.page_date for one in contents if one.page_date), None),
        notices=tuple(notices),
    )


def unread_picture(name: str, reason: str) -> Content:
    """What stands for a file that could not be read: it is never left out in silence."""
    named = re.split(r"[/\\#]", posixpath.normpath(name))[-1]
    sheet = Sheet("image:0", PartKind.IMAGE, name=named, unread=f"{named}：{reason}")
    return Content(AdKind.IMAGE, (sheet,))


def _begins_with(contents: Sequence[Content], title: str) -> bool:
    wanted = re.sub(r"\s", "", title)
    texts = (sheet.text or "" for content in contents for sheet in content.sheets)
    return any(re.sub(r"\s", "", text[: 2 * len(title) + 100]).startswith(wanted) for text in texts)
