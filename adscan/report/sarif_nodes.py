"""Findings, mentions, gaps and inputs as nodes of SARIF 2.1.0; section numbers are the standard's.

Only where a part is the file's own text do offsets hold for the file, so only there a location has
a region (3.30), in code points. Everywhere else the place of the words is in the location's
properties: the part, offsets into its text, and the box around the words in the picture.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from adscan.records.ad import AdKind
from adscan.records.part import Polygon
from adscan.records.review import Evidence, Finding, Mention, Review
from adscan.records.rule import Decision, Provision, Severity
from adscan.report import wording
from adscan.report.places import place
from adscan.report.rows import GapRow, safe, source, words

Node = dict[str, Any]

LEVELS = {
    Decision.REJECT: "error",
    Decision.REVISE: "warning",
    Decision.REVIEW: "note",
    Decision.PASS: "note",
    Decision.ERROR: "error",
}
RULE_LEVELS = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_GAPS = {"未读出": ("not_read", "error"), "未能判断": ("not_checked", "note")}


def artifact(review: Review) -> Node:
    """The input (3.24)."""
    node: Node = {
        "location": {"uri": _uri(review.ad.source), "description": _text(source(review))},
        "roles": ["analysisTarget"],
    }
    if review.ad.sha256:
        node["hashes"] = {"sha-256": review.ad.sha256}
    return node


def finding_result(finding: Finding, review: Review, index: int, rule: int) -> Node:
    """A finding (3.27)."""
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": LEVELS[finding.decision],
        "message": _text(_sentence(finding)),
        "locations": _locations(finding.evidence, review, index),
        "partialFingerprints": {"adscanWords/v1": _fingerprint(finding.rule, finding.evidence)},
        "rank": round(finding.confidence * 100, 1),
        "properties": {
            "decision": finding.decision.value,
            "severity": finding.severity.value,
            "category": finding.category,
            "confidence": round(finding.confidence, 4),
            "origin": [origin.value for origin in finding.origin],
            "authority": finding.authority,
            "legalBasis": [_provision(provision) for provision in finding.legal_basis],
        },
    }


def mention_result(mention: Mention, review: Review, index: int, rule: int) -> Node:
    """A mention: told, and no fault (3.27.9)."""
    reason = wording.MENTION_REASONS[mention.reason]
    title = mention.title or mention.rule
    return {
        "ruleId": mention.rule,
        "ruleIndex": rule,
        "kind": "informational",
        "level": "none",
        "message": _text(f"仅提及“{title}”，不构成违规（{reason}）：{words(mention.evidence)}"),
        "locations": _locations(mention.evidence, review, index),
        "partialFingerprints": {"adscanWords/v1": _fingerprint(mention.rule, mention.evidence)},
        "properties": {"reason": mention.reason.value},
    }


def notification(gap: GapRow, index: int) -> Node:
    """Something not read, not judged, or to be looked at (3.58)."""
    code, level = _GAPS.get(gap.kind, ("notice", "note"))
    return {
        "descriptor": {"id": code},
        "level": level,
        "message": _text(f"{gap.kind}：{gap.place}：{gap.message}"),
        "locations": _locations((), gap.review, index),
    }


def rule_node(rule: str, title: str, finding: Finding | None) -> Node:
    """A rule (3.49); one that is only mentioned tells no more than its name."""
    node: Node = {"id": rule, "name": title, "shortDescription": _text(title)}
    if finding is not None:
        node["defaultConfiguration"] = {"level": RULE_LEVELS[finding.severity]}
        node["properties"] = {"category": finding.category}
        if finding.remedy:
            node["help"] = _text(finding.remedy)
    return node


def utc(iso: str) -> str:
    """`2026-11-25T09:30:00+08:00` as `2026-11-25T01:30:00Z` (3.9)."""
    moment = datetime.fromisoformat(iso).astimezone(timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _sentence(finding: Finding) -> str:
    told = words(finding.evidence) or "针对整篇内容"
    cited = "；".join(map(_cite, finding.legal_basis)) or "发布日没有查到有效条款，须人工核对"
    lead = f"牵头部门：{finding.authority}。" if finding.authority else ""
    return (
        f"{finding.title}（{wording.SEVERITIES[finding.severity]}）：{told}。"
        f"{finding.explanation}依据：{cited}。{lead}怎样改：{finding.remedy}"
    )


def _cite(provision: Provision) -> str:
    tag = wording.CHECKED[provision.checked]
    return f"{wording.cite(provision)}{f'[{tag}]' if tag else ''}"


def _provision(provision: Provision) -> Node:
    return {
        "ref": provision.ref,
        "cite": wording.cite(provision),
        "gist": provision.gist,
        "checked": provision.checked.value,
    }


def _locations(evidence: Sequence[Evidence], review: Review, index: int) -> list[Node]:
    where: Node = {"artifactLocation": {"uri": _uri(review.ad.source), "index": index}}
    if not evidence:
        return [{"physicalLocation": where}]
    return [_location(one, review, where) for one in evidence]


def _location(evidence: Evidence, review: Review, where: Node) -> Node:
    properties: Node = {
        "part": evidence.part,
        "start": evidence.start,
        "end": evidence.end,
        "page": evidence.page,
        "place": place(evidence, review.parts),
    }
    if evidence.polygon:
        properties["boundingBox"] = _bounds(evidence.polygon)
    if evidence.read_as is not None:
        properties["readAs"] = evidence.read_as
    if review.ad.kind == AdKind.TEXT.value:
        text = next((part.text for part in review.parts if part.id == evidence.part), "")
        where = {**where, "region": _region(evidence, text)}
    return {
        "physicalLocation": where,
        "logicalLocations": [{"name": evidence.part, "kind": "resource"}],
        "message": _text(evidence.text),
        "properties": properties,
    }


def _region(evidence: Evidence, text: str) -> Node:
    start_line, start_column = _line_and_column(text, evidence.start)
    end_line, end_column = _line_and_column(text, evidence.end)
    return {
        "startLine": start_line,
        "startColumn": start_column,
        "endLine": end_line,
        "endColumn": end_column,
        "charOffset": evidence.start,
        "charLength": evidence.end - evidence.start,
        "snippet": _text(evidence.text),
    }


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    begin = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - begin + 1


def _bounds(polygon: Polygon) -> Node:
    across, down = [x for x, _ in polygon], [y for _, y in polygon]
    left, top = min(across), min(down)
    size = {"width": max(across) - left, "height": max(down) - top}
    return {name: round(value, 2) for name, value in {"left": left, "top": top, **size}.items()}


def _fingerprint(rule: str, evidence: Iterable[Evidence]) -> str:
    spoken = sorted({one.text for one in evidence})
    told = "\0".join((rule, *spoken)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(told).hexdigest()[:32]


def _uri(name: str) -> str:
    path = quote(name.encode("utf-8", "surrogatepass"), safe="/!")
    return f"file://{path}" if path.startswith("/") else path


def _text(text: str) -> Node:
    return {"text": safe(text)}
