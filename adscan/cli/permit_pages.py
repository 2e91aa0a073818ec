"""Pages of the permit register on a terminal: one institution, one permit, a check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from adscan.permits.dossier import HOW, Dossier, Found
from adscan.permits.lists.exporting import STATES, written_place
from adscan.permits.permit_type import load_permit_types
from adscan.permits.places import place_name
from adscan.permits.standing import WORDS, standing
from adscan.records.permit import Institution, KnownName, PermitCheck, PermitLine
from adscan.report.visible import one_line
from adscan.report.wording import PERMITS

MOST_BRANCHES = 20


def render_dossier(found: Found, dossier: Dossier, day: date) -> str:
    """What is known of one institution."""
    return "".join(f"{one_line_kept(line)}\n" for line in _dossier_lines(found, dossier, day))


def render_candidates(candidates: Sequence[Found]) -> str:
    """Several that may be meant, one a line."""
    lines = [
        "\t".join(
            (
                found.institution.name,
                found.institution.credit_code or "无统一社会信用代码",
                _fit(found),
            )
        )
        for found in candidates
    ]
    return "".join(f"{one_line_kept(line)}\n" for line in lines)


def render_check(check: PermitCheck) -> str:
    """The verdict, the permits that were compared, and the lists it rests on."""
    assert check.day is not None
    lines = [f"{check.advertiser}，{check.activities[0].name}，{check.day}"]
    lines += [
        f"结论：{PERMITS[check.status]}（{check.status.value}）",
        f"理由：{check.reason.rstrip('。')}。",
    ]
    for one in check.checks:
        if not one.proven:
            lines.append("这一结论未经证实，须由人核对。")
        for line in one.permits:
            lines += ["", *_permit_lines(line, check.day)]
    lists = "、".join(f"{source}（{taken}）" for source, taken in check.snapshots.items())
    lines += ["", f"登记册中的名录：{lists or '没有'}"]
    return "".join(f"{one_line_kept(line)}\n" for line in lines)


def one_line_kept(line: str) -> str:
    """A line made safe to look at, its tabs and indent kept."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    return indent + "\t".join(map(one_line, line.strip(" ").split("\t")))


def _dossier_lines(found: Found, dossier: Dossier, day: date) -> Iterator[str]:
    institution = dossier.institution
    yield institution.name
    if found.name != institution.name:
        yield f"  查到的依据：{_fit(found)}"
    yield f"  统一社会信用代码：{institution.credit_code or '名录没有写'}"
    if institution.region:
        yield f"  所在地：{_place(institution.region)}"
    for name in institution.names:
        if name.text != institution.name:
            yield f"  {HOW[name.kind]}：{name.text}{_days(name)}"
    if dossier.head:
        yield f"  法人机构：{dossier.head.name}"
    yield from _branch_lines(dossier.branches)
    if not dossier.permits:
        yield f"  登记册里没有它的许可（{day}）"
    for line in dossier.permits:
        yield ""
        yield from _permit_lines(line, day)
    yield from _history_lines(dossier)


def _branch_lines(branches: Sequence[Institution]) -> Iterator[str]:
    if branches:
        more = f" 等 {len(branches)} 家" if len(branches) > MOST_BRANCHES else ""
        yield "  分支机构：" + "、".join(b.name for b in branches[:MOST_BRANCHES]) + more


def _permit_lines(line: PermitLine, day: date) -> Iterator[str]:
    number = f" {line.number}" if line.number else ""
    yield f"{_type(line.type)}{number}：{WORDS[standing(line, day)]}"
    facts = (
        ("持有者", line.holder),
        ("发证机关", line.authority),
        ("业务范围", "；".join(line.scope)),
        ("许可地域", line.region),
        ("有效期", _validity(line)),
        ("状态日期", str(line.state_since or "")),
        ("依据", f"{line.source}，{line.snapshot}"),
        ("不再列示", f"{line.listed_until} 的完整名录" if line.listed_until else ""),
    )
    for heading, value in facts:
        if value:
            yield f"  {heading}：{value}"


def _history_lines(dossier: Dossier) -> Iterator[str]:
    if dossier.history:
        yield ""
        yield "历史（自该日名录起）："
    for line in dossier.history:
        since = f"，自 {line.state_since}" if line.state_since else ""
        what = f"{_type(line.type)} {line.number}".strip()
        told = f"{STATES[line.state]}{since}，{_validity(line)}（{line.source}）"
        yield f"  {line.snapshot}  {what}：{told}"
    for stretch in dossier.stretches:
        if stretch.until:
            what = f"{_type(stretch.type)} {stretch.number}".strip()
            yield f"  {stretch.until}  {what}：{stretch.source}里已没有"


def _place(code: str) -> str:
    written = written_place(code)
    return place_name(code) if written.isdigit() else written


def _type(type_id: str) -> str:
    kind = load_permit_types().get(type_id)
    return kind.name if kind else type_id


def _validity(line: PermitLine) -> str:
    begin = f"{line.valid_from} 起" if line.valid_from else ""
    end = f"至 {line.valid_to}" if line.valid_to else ""
    return " ".join(filter(None, (begin, end))) or "名录没有写有效期"


def _days(name: KnownName) -> str:
    begin = f"自 {name.since}" if name.since else ""
    end = f"至 {name.until}" if name.until else ""
    told = " ".join(filter(None, (begin, end)))
    return f"（{told}）" if told else ""


def _fit(found: Found) -> str:
    return f"{found.how}：{found.name}"
