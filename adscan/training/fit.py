"""Fits the network: epochs over samples and their noisy variants, with checkpoints."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from adscan.normalise.chain import Normaliser
from adscan.training.corpus import RULES, Sample
from adscan.training.encode import Answer, encode
from adscan.training.network import Network, Outputs, load_network
from adscan.training.noise import noisy
from adscan.training.reading import as_read

Item = TypeVar("Item")
PAD = 1  # the encoder's id for padding


class FitSettings(BaseModel):
    """What `configs/training.yaml` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layers: int | None = None  # of the encoder; None: all
    epochs: int = Field(8, gt=0)
    batch_pieces: int = Field(1024, gt=0)  # padded pieces of a batch
    rate: float = Field(2e-4, gt=0)  # highest learning rate of the encoder
    head_rate: float = Field(2e-3, gt=0)
    decay: float = 0.01
    warm_up: float = 0.06  # share of all steps
    noise: float = Field(0.5, ge=0, le=1)  # share of samples that come noisy in an epoch
    rule_weight: float = 5.0  # of the losses against each other
    word_weight: float = 5.0
    genre_weight: float = 0.5
    activity_weight: float = 3.0
    rarer: float = 3.0  # what a broken rule counts against an unbroken one
    seed: int = 7


@dataclass(frozen=True)
class Batch:
    """Windows padded to one length."""

    ids: torch.Tensor  # (B, T)
    mask: torch.Tensor  # (B, T)
    rules: torch.Tensor  # (B, R)
    known: torch.Tensor  # (B, R)
    complete: torch.Tensor  # (B,)
    words: torch.Tensor  # (B, T, R)
    placed: torch.Tensor  # (B, T)
    genre: torch.Tensor  # (B,)
    activities: torch.Tensor  # (B, A)


@dataclass
class Course:
    """What changes from step to step."""

    network: Network
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LambdaLR


@dataclass
class Trainer:
    """One run of training; `out/checkpoint.pt` is written after each epoch."""

    base: Path  # Transformers folder of the encoder
    out: Path
    settings: FitSettings
    terms: Iterable[str]  # the rulebook's words, for the normaliser
    report: Callable[[str], None]
    start: Path | None = None  # weights of an earlier run to go on from
    _device: str = field(init=False)
    _tokenizer: Tokenizer = field(init=False)
    _normaliser: Normaliser = field(init=False)

    def __post_init__(self) -> None:
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._tokenizer = Tokenizer.from_file(str(self.base / "tokenizer.json"))
        self._normaliser = Normaliser(self.terms)

    def fit(self, samples: Sequence[Sample]) -> Network:
        """The network fitted on `samples`; goes on behind a checkpoint that is there already."""
        torch.manual_seed(self.settings.seed)
        network = load_network(self.base, self.settings.layers)
        if self.start:
            network.load_state_dict(torch.load(self.start, weights_only=True))
        network.to(self._device)
        optimiser = _optimiser(network, self.settings)
        steps = len(list(self._batches(samples, 0))) * self.settings.epochs
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda at: _share(at, steps, self.settings)
        )
        course = Course(network, optimiser, schedule)
        for epoch in range(_resume(self._checkpoint, course), self.settings.epochs):
            losses: list[float] = []
            for batch in self._batches(samples, epoch):
                losses.append(self._step(course, batch))
                if len(losses) % 100 == 0:
                    recent = np.mean(losses[-100:])
                    self.report(f"epoch {epoch + 1}, step {len(losses)}: loss {recent:.4f}")
            self.report(f"epoch {epoch + 1}/{self.settings.epochs}: loss {np.mean(losses):.4f}")
            _save(self._checkpoint, course, epoch + 1)
        return network.eval()

    @property
    def _checkpoint(self) -> Path:
        return self.out / "checkpoint.pt"

    def _batches(self, samples: Sequence[Sample], epoch: int) -> Iterator[Batch]:
        """Each sample once, some of them noisy, as the product reads them."""
        dice = random.Random(f"{self.settings.seed}-{epoch}")
        noise = self.settings.noise
        drawn = (noisy(sample, dice) if dice.random() < noise else sample for sample in samples)
        read = (as_read(sample, self._normaliser) for sample in drawn)
        answers = list(encode(read, self._tokenizer))
        return batches(answers, self.settings.batch_pieces, dice)

    def _step(self, course: Course, batch: Batch) -> float:
        moved = Batch(*(getattr(batch, f.name).to(self._device) for f in fields(Batch)))
        half = _has_bfloat16(self._device)
        with torch.autocast(self._device, dtype=torch.bfloat16, enabled=half):
            outputs = course.network(moved.ids, moved.mask)
        loss = loss_of(Outputs(*(output.float() for output in outputs)), moved, self.settings)
        course.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(course.network.parameters(), 1.0)
        course.optimiser.step()
        course.schedule.step()
        return float(loss.item())


def batches(answers: Sequence[Answer], pieces: int, dice: random.Random) -> Iterator[Batch]:
    """Batches of windows of like length, in random order, each of at most so many padded pieces."""
    groups = like_sized(answers, lambda answer: len(answer.ids), pieces, dice)
    yield from (collate(group) for group in groups)


def like_sized(
    items: Sequence[Item], size_of: Callable[[Item], int], most: int, dice: random.Random
) -> list[list[Item]]:
    """Groups of items of like size, in random order, each of at most `most` padded pieces."""
    order = sorted(range(len(items)), key=lambda at: (size_of(items[at]), dice.random()))
    groups: list[list[Item]] = [[]]
    for at in order:
        item = items[at]
        if groups[-1] and (len(groups[-1]) + 1) * size_of(item) > most:
            groups.append([])
        groups[-1].append(item)
    dice.shuffle(groups)
    return [group for group in groups if group]


def collate(answers: Sequence[Answer]) -> Batch:
    """Windows side by side, padded at their ends."""
    longest = max(len(answer.ids) for answer in answers)
    shape = (len(answers), longest)
    ids, mask = np.full(shape, PAD, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    words = np.zeros((*shape, len(RULES)), dtype=np.float32)
    placed = np.zeros(shape, dtype=np.float32)
    for at, answer in enumerate(answers):
        here = slice(0, len(answer.ids))
        ids[at, here], mask[at, here] = answer.ids, 1
        words[at, here], placed[at, here] = answer.words, answer.placed
    return Batch(
        ids=torch.from_numpy(ids),
        mask=torch.from_numpy(mask),
        rules=torch.from_numpy(np.stack([answer.rules for answer in answers])),
        known=torch.from_numpy(np.stack([answer.known for answer in answers])),
        complete=torch.tensor([answer.complete for answer in answers], dtype=torch.float32),
        words=torch.from_numpy(words),
        placed=torch.from_numpy(placed),
        genre=torch.tensor([answer.genre for answer in answers]),
        activities=torch.from_numpy(np.stack([answer.activities for answer in answers])),
    )


def loss_of(outputs: Outputs, batch: Batch, settings: FitSettings) -> torch.Tensor:
    """The weighted sum of the heads' losses; what nobody judged counts nothing."""
    bce = partial(functional.binary_cross_entropy_with_logits, reduction="none")
    rarer = torch.tensor(settings.rarer, device=batch.rules.device)
    broken = batch.rules.amax(1)
    sure = torch.maximum(broken, batch.complete)  # one broken rule is enough to know
    violates = _mean(bce(outputs.violates, broken), sure)
    rules = _mean(bce(outputs.rules, batch.rules, pos_weight=rarer), batch.known)
    words = bce(outputs.words, batch.words, pos_weight=rarer).mean(-1)
    words = _mean(words, batch.placed * batch.complete.unsqueeze(1))
    genre = functional.cross_entropy(
        outputs.genre, batch.genre, label_smoothing=0.05, reduction="none"
    )
    activities = bce(outputs.activities, batch.activities).mean(-1)
    return (
        violates
        + settings.rule_weight * rules
        + settings.word_weight * words
        + settings.genre_weight * _mean(genre, batch.complete)
        + settings.activity_weight * _mean(activities, batch.complete)
    )


def _mean(losses: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
    return (losses * counted).sum() / counted.sum().clamp(min=1)


def _has_bfloat16(device: str) -> bool:
    """Whether half the bits save time: processors that imitate them take four times as long."""
    return device == "cuda" or bool(torch.cpu._is_avx512_bf16_supported())


def _optimiser(network: Network, settings: FitSettings) -> torch.optim.Optimizer:
    groups: list[dict[str, Any]] = []
    for inside, rate in ((True, settings.rate), (False, settings.head_rate)):
        named = [
            (n, p) for n, p in network.named_parameters() if n.startswith("encoder.") == inside
        ]
        for plain, decay in ((False, settings.decay), (True, 0.0)):
            chosen = [p for _, p in named if (p.ndim < 2) == plain]
            groups.append({"params": chosen, "lr": rate, "weight_decay": decay})
    return torch.optim.AdamW(groups)


def _share(step: int, steps: int, settings: FitSettings) -> float:
    """Up to the highest rate, then down to nothing in a straight line."""
    warm = max(int(steps * settings.warm_up), 1)
    return step / warm if step < warm else max((steps - step) / max(steps - warm, 1), 0.0)


def _save(path: Path, course: Course, done: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    states = {f.name: getattr(course, f.name).state_dict() for f in fields(Course)}
    torch.save({**states, "done": done}, fresh)
    fresh.replace(path)


def _resume(path: Path, course: Course) -> int:
    """How many epochs are done already."""
    if not path.exists():
        return 0
    kept = torch.load(path, weights_only=True)
    for f in fields(Course):
        getattr(course, f.name).load_state_dict(kept[f.name])
    return int(kept["done"])
