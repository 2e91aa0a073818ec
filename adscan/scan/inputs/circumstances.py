"""Day and medium as archives write them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Any

import yaml

from adscan.errors import DamagedFile
from adscan.records.medium import MEDIA
from adscan.scan.inputs.columns import HERE, plain

_CHINA = timezone(timedelta(hours=8))  # no daylight saving since 1991
_FIRST_YEAR = 1979  # the first advertisement after 1978; earlier is a default value or a slip
_LAST_YEAR = 2100
_TIME = r"(?:[T\s]\s*\d{1,2}(?::\d{1,2}){0,2}(?:[.,]\d+)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
_DAY = re.compile(
    rf"(\d{{4}})(?:-(\d{{1,2}})-(\d{{1,2}})|/(\d{{1,2}})/(\d{{1,2}})|\.(\d{{1,2}})\.(\d{{1,2}})"
    rf"|\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日?"
    rf"|(\d{{2}})(\d{{2}})(?:\d{{4}}(?:\d{{2}})?)?){_TIME}"
)
_SECONDS = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d+)?")  # since 1970, or milliseconds


def read_day(value: Any) -> date | None:
    """The day in China that a cell names; None if it is empty.

    Raises DamagedFile if it is no day: the law to apply hangs on it.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, datetime):
        return _in_bounds(_in_china(value), value)
    if isinstance(value, date):
        return _in_bounds(value, value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a column of numbers with gaps becomes one of floats
    written = str(value).strip()
    if not written:
        return None
    try:
        day = _written_day(written)
    except (ValueError, OverflowError, OSError) as error:
        raise _no_day(written) from error
    if day is None:
        raise _no_day(written)
    return _in_bounds(day, written)


def _written_day(written: str) -> date | None:
    seconds = _SECONDS.fullmatch(written)
    if seconds:
        return datetime.fromtimestamp(int(seconds.group(1)), _CHINA).date()
    found = _DAY.fullmatch(written)
    if not found:
        return None
    year, month, day = (int(group) for group in found.groups()[:-1] if group)
    plain_day = date(year, month, day)
    if not found["zone"]:
        return plain_day
    iso = re.sub(r"Z$", "+00:00", written).replace(" ", "T", 1).replace("/", "-")
    try:
        return _in_china(datetime.fromisoformat(iso))
    except ValueError:
        return plain_day  # Python 3.10 reads fewer forms; the day itself stands


def _in_china(moment: datetime) -> date:
    return (moment.astimezone(_CHINA) if moment.tzinfo else moment).date()


def _in_bounds(day: date, written: object) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise _no_day(written)
    return day


def _no_day(written: object) -> DamagedFile:
    return DamagedFile(
        f"发布日期“{str(written)[:40]}”读不出，无法确定适用哪一天的法律",
        hint="请改成 2025-03-07 这样的写法；不知道日期就留空",
    )


def read_medium(words: str | None) -> str | None:
    """The id of the medium that the words name; None if none is known by them."""
    return _media().get(plain(words)) if words else None


@cache
def _media() -> Mapping[str, str]:
    listed = yaml.load((HERE / "media.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    by_word = {plain(word): medium for medium, words in listed.items() for word in words}
    by_word.update({plain(chinese): medium for medium, chinese in MEDIA.items()})
    by_word.update({plain(medium): medium for medium in MEDIA})
    return by_word
