"""The result tables: one Parquet schema each, and what their columns mean.

`ads` has one row an ad. Ads with the same content share a reading (`reading_id`); with the same
content, advertiser, medium and day they share a review (`review_id`). Texts and findings stand
once, under those ids. Ids are the first 16 bytes of a SHA-256, as 32 hex digits.
"""

from __future__ import annotations

import pyarrow as pa

SCHEMA_VERSION = "1"

_STRINGS = pa.list_(pa.string())

_ERROR = pa.struct(
    [
        pa.field("code", pa.string()),
        pa.field("message", pa.string()),  # Chinese, says what to do
        pa.field("part", pa.string()),
    ]
)
_EVIDENCE = pa.struct(
    [
        pa.field("part", pa.string()),
        pa.field("text", pa.string()),
        pa.field("start", pa.int32()),  # code points in the part's text
        pa.field("end", pa.int32()),
        pa.field("page", pa.int32()),
        pa.field("polygon", pa.list_(pa.list_(pa.float64()))),
        pa.field("read_as", pa.string()),
    ]
)
_PROVISION = pa.struct(
    [
        pa.field("instrument", pa.string()),
        pa.field("title", pa.string()),
        pa.field("article", pa.string()),
        pa.field("gist", pa.string()),
        pa.field("ref", pa.string()),
        pa.field("checked", pa.string()),
        pa.field("in_force_from", pa.string()),
        pa.field("in_force_until", pa.string()),
    ]
)
_LINE = pa.struct(
    [
        pa.field("text", pa.string()),  # null: the part's text from start to end
        pa.field("start", pa.int32()),
        pa.field("end", pa.int32()),
        pa.field("confidence", pa.float64()),
        pa.field("polygon", pa.list_(pa.list_(pa.float64()))),
        pa.field("kind", pa.string()),
        pa.field("unsure", pa.bool_()),
        pa.field("vertical", pa.bool_()),
    ]
)
_LOOK = pa.struct(
    [
        pa.field("start", pa.int32()),
        pa.field("end", pa.int32()),
        pa.field("height", pa.float64()),
        pa.field("contrast", pa.float64()),
    ]
)
_NOTICE = pa.struct(
    [
        pa.field("code", pa.string()),
        pa.field("message", pa.string()),
        pa.field("part", pa.string()),
        pa.field("unread", pa.bool_()),
    ]
)
_MENTION = pa.struct(
    [
        pa.field("rule", pa.string()),
        pa.field("title", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("evidence", pa.list_(_EVIDENCE)),
    ]
)

ADS = pa.schema(
    [
        pa.field("ad_id", pa.string(), nullable=False),  # digest of `source`
        pa.field("source", pa.string(), nullable=False),  # where it stands in the archive
        pa.field("record_id", pa.string()),  # the archive's own id
        pa.field("url", pa.string()),
        pa.field("run", pa.int32(), nullable=False),  # the run of this folder that first met it
        pa.field("reading_id", pa.string()),  # null: nothing could be read
        pa.field("review_id", pa.string(), nullable=False),
        pa.field("sha256", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("title", pa.string()),
        pa.field("advertiser", pa.string()),  # as the archive or the page says
        pa.field("advertiser_given", pa.string()),  # as the archive says; null: it does not
        pa.field("published", pa.date32(), nullable=False),  # the day whose law was applied
        pa.field("published_given", pa.bool_(), nullable=False),  # false: the day of the scan
        pa.field("medium", pa.string()),  # an id of MEDIA
        pa.field("medium_given", pa.string()),  # as the archive writes it
        pa.field("decision", pa.string(), nullable=False),
        pa.field("risk", pa.float64(), nullable=False),
        pa.field("genre", pa.string(), nullable=False),
        pa.field("genre_confidence", pa.float64(), nullable=False),
        pa.field("severity", pa.string()),  # the gravest finding's; null: none
        pa.field("finding_count", pa.int32(), nullable=False),
        pa.field("rules", _STRINGS, nullable=False),  # of the findings, gravest first
        pa.field("authorities", _STRINGS, nullable=False),  # leading ones, each once
        pa.field("permit_status", pa.string(), nullable=False),
        pa.field("permit_advertiser", pa.string()),  # whom the permit check took for the advertiser
        pa.field("permit_reason", pa.string()),
        pa.field("activities", _STRINGS, nullable=False),  # ids, surest first
        pa.field("unread", pa.bool_(), nullable=False),  # something of it could not be read
        pa.field("errors", pa.list_(_ERROR), nullable=False),
        pa.field("mentions", pa.list_(_MENTION), nullable=False),
        pa.field("not_checked", _STRINGS, nullable=False),  # rule: the contract's reason
        pa.field("adscan", pa.string(), nullable=False),
        pa.field("rulebook", pa.string(), nullable=False),
        pa.field("classifier", pa.string()),
        pa.field("ocr", pa.string()),
        pa.field("register", pa.string()),
        pa.field("checked_at", pa.string(), nullable=False),  # the beginning of the run
    ]
)

FINDINGS = pa.schema(
    [
        pa.field("review_id", pa.string(), nullable=False),
        pa.field("number", pa.int32(), nullable=False),  # from 1, gravest first
        pa.field("rule", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("category", pa.string(), nullable=False),
        pa.field("severity", pa.string(), nullable=False),
        pa.field("decision", pa.string(), nullable=False),
        pa.field("confidence", pa.float64(), nullable=False),
        pa.field("origin", _STRINGS, nullable=False),
        pa.field("authority", pa.string(), nullable=False),  # empty: the table has no row
        pa.field("evidence", pa.list_(_EVIDENCE), nullable=False),
        pa.field("legal_basis", pa.list_(_PROVISION), nullable=False),
        pa.field("explanation", pa.string(), nullable=False),
        pa.field("remedy", pa.string(), nullable=False),
    ]
)

READINGS = pa.schema(
    [
        pa.field("reading_id", pa.string(), nullable=False),  # digest of the ad's files
        pa.field("kind", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("account", pa.string()),
        pa.field("page_date", pa.date32()),
        pa.field("notices", pa.list_(_NOTICE), nullable=False),
        pa.field("ocr", pa.string()),  # null: no picture was read
        pa.field("characters", pa.int32(), nullable=False),
        pa.field("pictures", pa.int32(), nullable=False),
        pa.field("signature", pa.binary()),  # MinHash of the text: see likeness.py
        pa.field("classifier", pa.string()),  # whose `answers` these are
        pa.field("answers", pa.binary()),  # raw outputs of the model, for judging again
    ]
)

PARTS = pa.schema(
    [
        pa.field("reading_id", pa.string(), nullable=False),
        pa.field("number", pa.int32(), nullable=False),  # from 0, in order of the ad
        pa.field("part", pa.string(), nullable=False),  # text:0, image:0, page:0
        pa.field("kind", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("page", pa.int32()),
        pa.field("hidden", pa.bool_(), nullable=False),
        pa.field("unread", pa.string()),  # why it could not be read; null: it was
        pa.field("lines", pa.list_(_LINE), nullable=False),
        pa.field("looks", pa.list_(_LOOK), nullable=False),
        pa.field("notices", pa.list_(_NOTICE), nullable=False),
        pa.field("phash", pa.string()),  # perceptual hash of the picture, 16 hex digits
        pa.field("preview", pa.binary()),  # JPEG of a picture with findings, marked; null: none
    ]
)

CAMPAIGNS = pa.schema(
    [
        pa.field("campaign_id", pa.string(), nullable=False),  # kept as the archive grows
        pa.field("ads", pa.int32(), nullable=False),
        pa.field("variants", pa.int32(), nullable=False),  # different contents
        pa.field("advertisers", _STRINGS, nullable=False),
        pa.field("media", _STRINGS, nullable=False),
        pa.field("first_day", pa.date32()),  # null: no ad of it has a day of its own
        pa.field("last_day", pa.date32()),
        pa.field("first_run", pa.int32(), nullable=False),
        pa.field("decision", pa.string(), nullable=False),  # the gravest of its ads'
        pa.field("severity", pa.string()),
        pa.field("rules", _STRINGS, nullable=False),
        pa.field("best_ad", pa.string(), nullable=False),  # ad_id of the ad that shows it best
    ]
)

MEMBERS = pa.schema(
    [
        pa.field("campaign_id", pa.string(), nullable=False),
        pa.field("reading_id", pa.string(), nullable=False),
    ]
)

TABLES: dict[str, pa.Schema] = {
    "ads": ADS,
    "findings": FINDINGS,
    "readings": READINGS,
    "parts": PARTS,
}
