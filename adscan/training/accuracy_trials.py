"""Sections of the page that take more reading: real texts, evasion, pictures."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from adscan.training import noise
from adscan.training.corpus import Sample, lawful_samples
from adscan.training.evaluate import Evaluation, Measured, evaded
from adscan.training.rendered import read_back

TRICKS = {
    "signs between the characters": noise.separated,
    "similar characters": noise.lookalike,
    "traditional script": noise.traditional,
    "no punctuation": noise.unpunctuated,
    "no percent sign": noise.unsigned,
    "emoji": noise.decorated,
    "stray misreadings": noise.misread,
}


def real_texts(evaluation: Evaluation, paths: Iterable[Path]) -> list[str]:
    """False alarms on texts from outside the project."""
    lines = [
        "## False alarms on real texts",
        "",
        "Public corpora, not part of the project, never trained or tuned on.",
        "",
        "| texts | number | prereview, in a thousand | archive, in a thousand |",
        "| --- | ---: | ---: | ---: |",
    ]
    for path in paths:
        seen = evaluation.observer.see(lawful_samples(path))
        verdicts = [evaluation.verdicts.of(one).sureness.value for one in seen]
        count = len(verdicts)
        shown = count - verdicts.count("clear")
        lines.append(
            f"| {path.stem} | {count:,} | {1000 * shown / count:.2f} "
            f"| {1000 * verdicts.count('sure') / count:.2f} |"
        )
    return [*lines, ""]


def evasion(evaluation: Evaluation, test: Measured) -> list[str]:
    """Recall under each trick."""
    placed = np.array([bool(sample.spans) for sample in test.samples])
    before = float(test.reviewed.alarms[placed].mean())
    lines = [
        "## What evasion costs",
        "",
        f"Recall at the prereview point on the sealed texts with marked words: {before:.3f}.",
        "",
        "| trick | recall | change in points |",
        "| --- | ---: | ---: |",
    ]
    for name, samples in evaded(test.samples, TRICKS):
        after = _recall(evaluation, samples)
        lines.append(f"| {name} | {after:.3f} | {100 * (after - before):+.1f} |")
    return [*lines, ""]


def pictures(evaluation: Evaluation, test: Measured, count: int) -> list[str]:
    """Recall and false alarms through posters and OCR."""
    guilty = [sample for sample in test.samples if sample.rules and len(sample.text) <= 300][:count]
    calm = [sample for sample in test.samples if not sample.rules and len(sample.text) <= 300][
        :count
    ]
    lines = [
        "## Through pictures",
        "",
        "Texts set as posters and read back by OCR, at the prereview point; worn: smaller, askew,",
        "blurred and saved as a poor JPEG.",
        "",
        "| texts | number | shown as written | shown from the picture | from a worn picture |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, samples in (("breaking a rule", guilty), ("lawful", calm)):
        shown = (
            _recall(evaluation, samples),
            _recall(evaluation, list(read_back(samples))),
            _recall(evaluation, list(read_back(samples, random.Random(7)))),
        )
        cells = " | ".join(f"{share:.3f}" for share in shown)
        lines.append(f"| {name} | {len(samples)} | {cells} |")
    return [*lines, ""]


def _recall(evaluation: Evaluation, samples: list[Sample]) -> float:
    seen = evaluation.observer.see(samples)
    shown = [evaluation.verdicts.of(one).sureness.value != "clear" for one in seen]
    return float(np.mean(shown))
