"""The trained model: what the encoder and the linear model make of an ad's words.

Numbers here are raw: `calibration.py` turns them into probabilities. Windows are run one by one:
the integer arithmetic scales its activations over all that is run together, so a window's answer
would otherwise hang on its neighbours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from adscan.classify.activity import load_activities
from adscan.classify.answers import Answers, Logits
from adscan.classify.calibration import Calibration, weigh, weigh_activities, witnesses_of
from adscan.classify.linear import LinearModel, load_linear
from adscan.classify.windows import Window, cut
from adscan.errors import ModelError
from adscan.records.hit import LabelSpan
from adscan.records.permit import Activity
from adscan.records.review import Genre, GenreLabel
from adscan.records.text import NormalText, Span
from adscan.records.verdict import OperatingPoint, Verdict

HERE = Path(__file__).resolve().parents[1]
NAMED_FROM = 0.2  # a less likely activity is not mentioned
FILES = ("model.onnx", "tokenizer.json", "linear.npz")
HINT = "请重新安装 adscan，或加 --no-model 只用规则审查"


class ModelCard(BaseModel):
    """`model.json`: what the files beside it are and how their numbers are to be read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    rules: tuple[str, ...]  # rule ids, in the order of the outputs
    genres: tuple[str, ...]
    activities: tuple[str, ...]
    calibration: Calibration
    files: dict[str, str]  # name: SHA-256


@dataclass(frozen=True)
class Classifier:
    """A model's files, loaded."""

    folder: Path
    card: ModelCard

    @property
    def version(self) -> str:
        """For the provenance of a review."""
        digest = hashlib.sha256(json.dumps(self.card.files, sort_keys=True).encode())
        return f"sha256:{digest.hexdigest()}"

    def read(self, texts: Sequence[NormalText]) -> Answers:
        """What the model makes of an ad's texts, read one after the other."""
        whole = "\n".join(text.text for text in texts)
        pieces = self._tokenizer.encode(whole, add_special_tokens=False)
        windows = list(cut(pieces.ids, pieces.offsets))
        seen = [self._run(window) for window in windows]
        told = [self._linear.logits(_words_of(window, whole)) for window in windows]
        return Answers(
            violates=float(max(outputs["violates"][0] for outputs in seen)),
            rules=np.max([outputs["rules"][0] for outputs in seen], axis=0),
            linear=np.max(told, axis=0),
            genre=np.mean([outputs["genre"][0] for outputs in seen], axis=0),
            activities=np.max([outputs["activities"][0] for outputs in seen], axis=0),
            words=tuple(_place_words(texts, windows, [outputs["words"][0] for outputs in seen])),
        )

    def weigh(self, answers: Answers, worded: Collection[str], point: OperatingPoint) -> Verdict:
        """The verdict; `worded` are the rules whose words stand in the ad unreleased."""
        witnesses = witnesses_of(answers, self.card.rules, worded)
        return weigh(self.card.calibration, self.card.rules, witnesses, point)

    def labels(self, answers: Answers, verdict: Verdict) -> list[LabelSpan]:
        """The words at fault of every rule that counts as broken; none unless there is an alarm."""
        return [
            LabelSpan(self.card.rules[rule], part, span, verdict.rules[self.card.rules[rule]])
            for rule, part, span in answers.words
            if verdict.upholds(self.card.rules[rule])
        ]

    def activities(self, answers: Answers, worded: Sequence[Activity]) -> tuple[Activity, ...]:
        """What the ad promotes, surest first; `worded` are the activities that words name."""
        named = {activity.id: activity for activity in worded}
        chances = weigh_activities(
            self.card.calibration,
            answers,
            self.card.activities,
            {activity.id: activity.confidence for activity in worded},
        )
        found = [
            Activity(
                activity,
                load_activities()[activity].name,
                round(chance, 3),
                named[activity].places if activity in named else (),
            )
            for activity, chance in chances.items()
            if chance >= NAMED_FROM
        ]
        return tuple(sorted(found, key=lambda activity: (-activity.confidence, activity.id)))

    def genre(self, answers: Answers) -> Genre:
        """The likeliest genre."""
        chances = np.exp(answers.genre - answers.genre.max())
        chances /= chances.sum()
        best = int(chances.argmax())
        return Genre(GenreLabel(self.card.genres[best]), round(float(chances[best]), 4))

    def _run(self, window: Window) -> dict[str, Any]:
        ids = np.array([window.ids], dtype=np.int64)
        names = [output.name for output in self._session.get_outputs()]
        inputs = {"ids": ids, "mask": np.ones_like(ids)}
        return dict(zip(names, self._session.run(names, inputs), strict=True))

    @cached_property
    def _session(self) -> Any:
        import onnxruntime  # noqa: PLC0415  (heavy, and needed once)

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # more would add numbers up in another order
        return onnxruntime.InferenceSession(
            str(self.folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer  # noqa: PLC0415  (heavy, and needed once)

        return Tokenizer.from_file(str(self.folder / "tokenizer.json"))

    @cached_property
    def _linear(self) -> LinearModel:
        return load_linear(self.folder / "linear.npz")


def find_model() -> Path:
    """The folder of the model that adscan ships."""
    for folder in (HERE / "models", HERE.parent / "models"):
        found = sorted(path.parent for path in folder.glob("*/model.json"))
        if found:
            return found[-1]
    raise ModelError("没有找到分类模型 models/*/model.json", hint=HINT)


def load_classifier(folder: Path | None = None) -> Classifier:
    """The model of a folder; None: the one adscan ships. Raises ModelError naming the file."""
    folder = folder or find_model()
    path = folder / "model.json"
    try:
        card = ModelCard.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ModelError(f"模型说明 {path} 读不出", hint=HINT) from error
    for name, digest in card.files.items():
        _demand(folder / name, digest)
    return Classifier(folder, card)


def _demand(path: Path, digest: str) -> None:
    if not path.is_file():
        raise ModelError(f"缺少模型文件 {path}", hint=HINT)
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise ModelError(f"模型文件 {path} 已损坏（SHA-256 不符）", hint=HINT)


def _words_of(window: Window, whole: str) -> str:
    places = [span for span in window.spans if span is not None]
    return whole[places[0].start : places[-1].end] if places else ""


def _place_words(
    texts: Sequence[NormalText], windows: Sequence[Window], logits: Sequence[Logits]
) -> list[tuple[int, str, Span]]:
    """For each rule the stretches that likely break it, each in the part it stands in.

    Where no piece is likely, it is the clause around the likeliest: a fault of the whole text shows
    somewhere too. A piece that two windows share counts as the surer of them says.
    """
    surest: dict[Span, Logits] = {}
    for window, answers in zip(windows, logits, strict=True):
        for span, answer in zip(window.spans, answers, strict=True):
            if span is not None and len(span):
                known = surest.get(span)
                surest[span] = answer if known is None else np.maximum(known, answer)
    pieces = sorted(surest)
    if not pieces:
        return []
    whole = "\n".join(text.text for text in texts)
    chances = 1 / (1 + np.exp(-np.stack([surest[span] for span in pieces])))
    found: list[tuple[int, str, Span]] = []
    for rule in range(chances.shape[1]):
        runs = _runs(chances[:, rule] >= LIKELY)
        whole_runs = [Span(pieces[first].start, pieces[last].end) for first, last in runs]
        stretches = [span for span in whole_runs if len(span) >= SHORTEST]
        for span in stretches or [_clause(whole, pieces[int(chances[:, rule].argmax())])]:
            found += [(rule, part, place) for part, place in _in_parts(texts, span)]
    return found


LIKELY = 0.6  # from this chance a piece belongs to the words at fault (training favours marks)
SHORTEST = 3  # code points of a stretch; single characters say nothing to a reader
BRIDGED = 2  # unlikely pieces between two likely ones that are taken along


def _clause(text: str, span: Span) -> Span:
    """The clause around a place, without its punctuation."""
    start, end = span.start, span.end
    while start > 0 and text[start - 1] not in CLAUSE_ENDS and span.start - start < LONGEST_CLAUSE:
        start -= 1
    while end < len(text) and text[end] not in CLAUSE_ENDS and end - span.end < LONGEST_CLAUSE:
        end += 1
    return Span(start, end)


CLAUSE_ENDS = frozenset("，。！？；：,!?;:\n")
LONGEST_CLAUSE = 30  # code points to either side


def _runs(likely: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last of every run of likely pieces, small gaps closed."""
    runs: list[tuple[int, int]] = []
    for at in np.flatnonzero(likely).tolist():
        if runs and at - runs[-1][1] <= BRIDGED + 1:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


def _in_parts(texts: Sequence[NormalText], span: Span) -> list[tuple[str, Span]]:
    """A stretch of the texts read one after the other, as places of the texts it lies in."""
    places, begin = [], 0
    for text in texts:
        start, end = max(span.start - begin, 0), min(span.end - begin, len(text.text))
        if start < end:
            places.append((text.part_id, Span(start, end)))
        begin += len(text.text) + 1
    return places
