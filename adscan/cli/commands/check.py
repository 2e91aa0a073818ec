"""`adscan check`: review inputs, print one review per ad, leave with the contract's exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import click

from adscan.classify.model import load_classifier
from adscan.cli.chinese import ChineseCommand
from adscan.cli.exit_codes import exit_code
from adscan.cli.options import (
    detector_options,
    fail_on_option,
    format_option,
    opened_if_any,
    output_option,
    placement_options,
    register_option,
    rules_option,
)
from adscan.cli.output import Output
from adscan.ingest.sources import Refused, expand, find_sources, text_source
from adscan.ocr.recognisers import load_recogniser
from adscan.permits.permits import Permits
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement, Source
from adscan.records.review import Case
from adscan.records.rule import Decision
from adscan.records.verdict import OperatingPoint
from adscan.report.formats import BINARY, NAMES, load_format
from adscan.rule_trial import demand_examples
from adscan.rulebook.loader import load_rulebook
from adscan.settings import Limits, load_settings

STANDARD_INPUT = "-"


@dataclass
class Tally:
    """What the exit code needs to know of the reviews gone by."""

    found: set[Decision] = field(default_factory=set)

    def watch(self, cases: Iterable[Case]) -> Iterator[Case]:
        """The cases, counted; each failure is one line on standard error."""
        for case in cases:
            review = case.review
            self.found.add(review.decision)
            if review.decision is Decision.ERROR:
                reasons = "；".join(error.message for error in review.errors)
                click.echo(f"adscan：{review.ad.source}：{reasons}", err=True)
            yield case


@click.command(
    "check",
    cls=ChineseCommand,
    help="审查广告，每则输出一份审查意见。SOURCE 可以是文件、文件夹、ZIP 或 TAR，- 表示标准输入。",
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--text", metavar="TEXT", help="直接审查这段文字")
@placement_options
@rules_option
@format_option(NAMES)
@output_option
@register_option
@detector_options(OperatingPoint.PREREVIEW)
@fail_on_option
@click.option("--quiet", is_flag=True, help="不显示进度")
@click.option("--verbose", is_flag=True, help="显示全部依据、仅提及的内容和来源信息")
def command(
    sources: tuple[str, ...],
    text: str | None,
    advertiser: str | None,
    published: date | None,
    medium: str | None,
    rules: tuple[Path, ...],
    format_name: str,
    output: Path | None,
    register_path: Path | None,
    no_ocr: bool,
    no_model: bool,
    point: str,
    fail_on: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """Review and report."""
    if not sources and text is None:
        raise click.UsageError("没有要审查的内容：请给出文件、文件夹、- 或 --text")
    settings = load_settings()
    now = datetime.now().astimezone()
    placement = Placement(published or now.date(), advertiser, medium)
    recogniser = None if no_ocr else load_recogniser(settings)
    classifier = None if no_model else load_classifier(settings.model)
    rulebook = load_rulebook(rules, settings.cache_dir)
    demand_examples(Reviewer(rulebook, None, settings, now), rules, Placement(now.date()))
    gc.freeze()  # the rulebook stays for the whole run: collecting need not walk it again
    tally = Tally()
    with (
        opened_if_any(register_path) as register,
        Output(output, quiet=quiet, binary=format_name in BINARY) as out,
    ):
        permits = Permits(register, settings.permits.complete_within_days)
        reviewer = Reviewer(
            rulebook, recogniser, settings, now, classifier, OperatingPoint(point), permits
        )
        report = load_format(format_name, width=out.width, colour=out.colour, verbose=verbose)
        inputs = _inputs(sources, text, settings.limits)
        cases = tally.watch(_review(reviewer, inputs, placement, out))
        for piece in report.render(cases):
            out.write(piece)
    return exit_code(tally.found, Decision(fail_on))


def _inputs(
    sources: tuple[str, ...], text: str | None, limits: Limits
) -> Iterator[Source | Refused]:
    if text is not None:
        yield text_source(text)
    for name in sources:
        if name == STANDARD_INPUT:
            yield from expand(sys.stdin.buffer.read(limits.max_file_bytes + 1), limits)
        else:
            yield from find_sources([Path(name)], limits)


def _review(
    reviewer: Reviewer, inputs: Iterable[Source | Refused], placement: Placement, out: Output
) -> Iterator[Case]:
    for number, item in enumerate(inputs, start=1):
        out.progress(number, item.name)
        if isinstance(item, Refused):
            yield reviewer.refuse(item.name, placement, item.error)
        else:
            yield reviewer.review(item, placement)
