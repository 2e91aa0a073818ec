"""A review at a glance on a terminal: the decision first, then what, where, why and what to do."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Ruler
from rich.table import Table
from rich.text import Text

from adscan.records.permit import IN_ORDER
from adscan.records.review import Case, Evidence, Finding, Mention, Review
from adscan.records.rule import Decision, Provision, Severity
from adscan.report import wording
from adscan.report.places import Quotation, all_notices, place, quotations
from adscan.report.visible import one_line, spelled_out, visible
from adscan.report.wrap import Paragraphs

PLACES_SHOWN = 3
MENTIONS_SHOWN = 3

_DECISION_STYLES = {
    Decision.REJECT: "bold white on red",
    Decision.REVISE: "bold black on yellow",
    Decision.REVIEW: "bold white on blue",
    Decision.PASS: "bold white on green",
    Decision.ERROR: "bold white on magenta",
}
_SEVERITY_STYLES = {Severity.HIGH: "bold red", Severity.MEDIUM: "yellow", Severity.LOW: "cyan"}
_MARK = "bold underline"

Rows = list[tuple[str, Text]]


class Terminal:
    """Chinese text for a terminal of `width` columns."""

    def __init__(self, *, width: int, colour: bool, verbose: bool) -> None:
        self._width = max(width, 40)  # narrower than this no column is left for the words
        self._colour = colour
        self._verbose = verbose

    def render(self, cases: Iterable[Case]) -> Iterator[str]:
        """A block for each case as it comes, and a count at the end if there were several."""
        decisions: Counter[Decision] = Counter()
        for case in cases:
            if decisions:
                yield "\n"
            decisions[case.review.decision] += 1
            yield self._print(self._review(case.review))
        if not decisions:
            yield "没有可审查的内容：请给出文件、文件夹，或用 --text 给出文字。\n"
        elif decisions.total() > 1:
            yield "\n" + self._print(_summary(decisions))

    def _print(self, what: RenderableType) -> str:
        page = io.StringIO()
        console = Console(
            file=page,
            width=self._width,
            force_terminal=self._colour,
            color_system="standard" if self._colour else None,
            no_color=not self._colour,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )
        console.print(what)
        return "".join(f"{line.rstrip()}\n" for line in page.getvalue().split("\n")[:-1])

    def _review(self, review: Review) -> RenderableType:
        blocks: list[RenderableType] = [_heading(review), _facts(review)]
        blocks += _unread(review)
        blocks += _permits(review)
        for number, finding in enumerate(review.findings, 1):
            blocks += [Text(), self._finding(number, finding, review)]
        if review.mentions:
            blocks += [Text(), self._mentions(review)]
        if review.not_checked:
            blocks += [Text(), _not_checked(review)]
        if self._verbose:
            blocks += [Text(), _provenance(review)]
        return Group(*blocks)

    def _finding(self, number: int, finding: Finding, review: Review) -> RenderableType:
        severity = wording.SEVERITIES[finding.severity]
        origins = "、".join(wording.ORIGINS[origin] for origin in finding.origin)
        head = Text.assemble(
            (f"{number:>2}. ", "bold"),
            (f"[{severity}] ", _SEVERITY_STYLES[finding.severity]),
            (visible(finding.title), "bold"),
            (
                f"  {wording.FINDING_DECISIONS[finding.decision]} · "
                f"置信度 {wording.percent(finding.confidence)} · {origins}",
                "dim",
            ),
        )
        rows = [
            ("原文", _places(finding.evidence, review, self._verbose)),
            ("依据", _laws(finding.legal_basis, self._verbose)),
        ]
        if finding.authority:
            rows.append(("牵头", Text(visible(finding.authority))))
        if finding.explanation:
            rows.append(("理由", Text(visible(finding.explanation))))
        if finding.remedy:
            rows.append(("修改", Text(visible(finding.remedy), style="green")))
        return Group(head, _table(rows))

    def _mentions(self, review: Review) -> RenderableType:
        shown = review.mentions if self._verbose else review.mentions[:MENTIONS_SHOWN]
        lines = [_mention(mention, review) for mention in shown]
        left = len(review.mentions) - len(shown)
        if left:
            lines.append(Text(f"另有 {left} 处，用 --verbose 全部列出", style="dim"))
        return _section(f"仅提及，不构成违规（{len(review.mentions)} 处）", lines)


def _heading(review: Review) -> Text:
    decision = review.decision
    return Text.assemble(
        (f"【{wording.DECISIONS[decision]}】", _DECISION_STYLES[decision]),
        " ",
        (one_line(wording.source_name(review.ad.source)), "bold"),
    )


def _facts(review: Review) -> RenderableType:
    ad = review.ad
    genre = wording.GENRES[review.genre.label]
    business = wording.business(review.permit_check)
    advertiser = wording.advertiser(review)
    facts = [
        f"《{one_line(ad.title)}》" if ad.title else "",
        f"广告主：{one_line(advertiser)}" if advertiser else "",
        f"发布日：{ad.published}",
        wording.kind_name(ad.kind),
        "" if review.decision is Decision.ERROR else f"体裁：{genre}",
        "" if review.decision is Decision.ERROR else f"风险 {review.risk:.2f}",
        f"问题 {len(review.findings)} 项" if review.findings else "",
        f"所涉业务：{business}" if business else "",
    ]
    permit = review.permit_check.status
    if review.decision is not Decision.ERROR and permit not in IN_ORDER:
        facts.append(f"资质：{wording.PERMITS[permit]}")
    line = Text(" · ".join(fact for fact in facts if fact), style="dim")
    return Padding(Paragraphs(line), (0, 0, 0, 2))


def _permits(review: Review) -> list[RenderableType]:
    """What the register says of the advertiser; nothing without one."""
    verdicts = wording.permit_verdicts(review.permit_check)
    if not verdicts:
        return []
    lines = [Text(visible(f"{name}：{status}。{reason}")) for name, status, reason in verdicts]
    lists = Text(visible(f"登记册：{wording.permit_lists(review.permit_check)}"), style="dim")
    return [Text(), _section("许可核验", [*lines, lists])]


def _unread(review: Review) -> list[RenderableType]:
    told = {error.message for error in review.errors}
    lines = [
        Text.assemble(("未读出 ", "bold magenta"), visible(error.message))
        for error in review.errors
    ]
    for notice in all_notices(review):
        if notice.message in told:
            continue
        style = "bold magenta" if notice.unread else "bold"
        label = wording.NOTICES[notice.code]
        lines.append(Text.assemble((f"{label} ", style), visible(notice.message)))
    return [Padding(Paragraphs(line), (0, 0, 0, 2)) for line in lines]


def _places(evidence: Sequence[Evidence], review: Review, verbose: bool) -> Text:
    if not evidence:
        return Text("针对整篇内容，没有具体词句")
    quoted = quotations(evidence, review.parts)
    shown = quoted if verbose else quoted[:PLACES_SHOWN]
    text = Text("\n").join(_quoted(quotation, review) for quotation in shown)
    if len(shown) < len(quoted):
        text.append(f"\n另有 {len(quoted) - len(shown)} 处，用 --verbose 全部列出", style="dim")
    return text


def _quoted(quotation: Quotation, review: Review) -> Text:
    text = Text()
    found = [piece.evidence for piece in quotation if piece.evidence]
    for piece in quotation:
        if piece.evidence:
            text.append("【").append(_inline(spelled_out(piece.text)), style=_MARK).append("】")
        else:
            text.append(_inline(piece.text))
    for one in found:
        if one.read_as is not None:
            text.append(
                f" “{_inline(spelled_out(one.text))}”读作“{visible(one.read_as)}”", "yellow"
            )
    return text.append(f" （{place(found[0], review.parts)}）", style="dim")


def _laws(basis: Sequence[Provision], verbose: bool) -> Text:
    if not basis:
        return Text("发布日没有查到有效条款，须人工核对")
    lines = [_law(provision) for provision in (basis if verbose else basis[:1])]
    if not verbose and len(basis) > 1:
        lines[0].append(f"（另有 {len(basis) - 1} 条依据）", style="dim")
    return Text("\n").join(lines)


def _law(provision: Provision) -> Text:
    text = Text(f"{wording.cite(provision)}：{provision.gist}")
    tag = wording.CHECKED[provision.checked]
    if tag:
        text.append(f"[{tag}]", style="bold yellow")
    return text


def _mention(mention: Mention, review: Review) -> Text:
    text = Text.assemble(
        (f"{wording.MENTION_REASONS[mention.reason]}  ", "bold"),
        (f"{mention.title or mention.rule}  ", "dim"),
    )
    quoted = quotations(mention.evidence, review.parts)
    if quoted:
        text.append_text(_quoted(quoted[0], review))
    if len(quoted) > 1:
        text.append(f" 等 {len(quoted)} 处")
    return text


def _not_checked(review: Review) -> RenderableType:
    lines = [
        Text.assemble((f"{reason}  ", "bold"), "、".join(rules))
        for reason, rules in wording.rules_not_checked(review)
    ]
    return _section(f"未能判断（{len(review.not_checked)} 条规则）", lines)


def _provenance(review: Review) -> RenderableType:
    made_by = review.provenance
    facts = [
        f"程序：adscan {made_by.adscan} · 规则库 {made_by.rulebook}",
        f"审查时间：{wording.moment(made_by.checked_at)}",
        f"语义模型：{made_by.classifier or '未使用'}",
        f"文字识别：{made_by.ocr or '未使用'}",
        f"登记册：{made_by.register or '未使用'}",
        f"文件 SHA-256：{review.ad.sha256 or '未能读取'}",
    ]
    return _section("审查过程", [Text(fact, style="dim") for fact in facts])


def _section(title: str, lines: Sequence[Text]) -> RenderableType:
    body = Padding(Group(*map(Paragraphs, lines)), (0, 0, 0, 4))
    return Group(Text(f"  {title}", style="bold"), body)


def _table(rows: Rows) -> RenderableType:
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(ratio=1)
    for label, value in rows:
        table.add_row(f"    {label}", Paragraphs(value))
    return table


def _summary(decisions: Counter[Decision]) -> RenderableType:
    text = Text(f"共 {decisions.total()} 件")
    for decision in wording.DECISIONS:
        if decisions[decision]:
            text.append("：" if text.plain.endswith("件") else "，")
            text.append(f"{wording.DECISIONS[decision]} {decisions[decision]}", style="bold")
    return Group(Ruler(style="dim", characters="─"), text)


def _inline(text: str) -> str:
    return visible(text).replace("\n", "↵").replace("\t", " ")
