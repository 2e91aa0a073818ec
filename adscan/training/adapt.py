"""Adapts an encoder to our kind of text by masked language modelling, before it is fitted."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from transformers import AutoModel

from adscan.training.fit import PAD, like_sized

MASKED = 0.15  # share of pieces to be guessed, as BERT does
KEPT = 0.1  # share of those that stand as they are
LONGEST = 192  # pieces of a stretch
START, END, UNKNOWN, PLAIN = 0, 2, 3, 4  # marks of the vocabulary; it has none for hidden pieces


@dataclass
class Adapter:
    """Masked language modelling; the output matrix is the encoder's own word table."""

    base: Path  # Transformers folder with tokenizer.json
    report: Callable[[str], None]
    rate: float = 1e-4
    batch_pieces: int = 2048
    seed: int = 7
    _tokenizer: Tokenizer = field(init=False)

    def __post_init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(str(self.base / "tokenizer.json"))

    def adapt(self, texts: Sequence[str], out: Path, steps: int) -> None:
        """Writes to `out` the encoder after so many steps, in the form of `base`."""
        torch.manual_seed(self.seed)
        dice = random.Random(self.seed)
        encoder = AutoModel.from_pretrained(self.base)
        guess = Guess(encoder)
        optimiser = torch.optim.AdamW(guess.parameters(), lr=self.rate, weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, self.rate, total_steps=steps, pct_start=0.06
        )
        recent: list[float] = []
        for number, ids in zip(range(1, steps + 1), self._batches(texts, dice), strict=False):
            loss = guess.loss(*masked(ids))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(guess.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            recent = [*recent[-99:], float(loss.item())]
            if number % 50 == 0:
                self.report(f"step {number}/{steps}: loss {np.mean(recent):.3f}")
        shutil.copytree(self.base, out, dirs_exist_ok=True)
        encoder.save_pretrained(out)
        (out / "adapted.json").write_text(
            json.dumps({"texts": len(texts), "steps": steps, "loss": float(np.mean(recent))}),
            encoding="utf-8",
        )

    def _batches(self, texts: Sequence[str], dice: random.Random) -> Iterator[torch.Tensor]:
        """Stretches of like length, for ever."""
        pieces = [code.ids for code in self._tokenizer.encode_batch(list(texts))]
        stretches = [
            [START, *stretch, END]
            for ids in pieces
            for inner in [[piece for piece in ids if piece >= PLAIN]]
            for stretch in (inner[at : at + LONGEST] for at in range(0, len(inner), LONGEST))
            if len(stretch) >= 8
        ]
        while True:
            for group in like_sized(stretches, len, self.batch_pieces, dice):
                longest = max(map(len, group))
                yield torch.tensor([[*ids, *[PAD] * (longest - len(ids))] for ids in group])


class Guess(nn.Module):
    """The encoder with a layer that guesses pieces."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        words = encoder.get_input_embeddings().weight
        self.turn = nn.Sequential(
            nn.Linear(words.shape[1], words.shape[1]), nn.GELU(), nn.LayerNorm(words.shape[1])
        )
        self.bias = nn.Parameter(torch.zeros(words.shape[0]))

    def loss(self, ids: torch.Tensor, hidden: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
        """`ids` (B, T) as shown, `hidden` (B, T) which to guess, `right` (B, T) the answers."""
        mask = (ids != PAD).long()
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state[hidden]
        words = self.encoder.get_input_embeddings().weight
        return functional.cross_entropy(self.turn(states) @ words.T + self.bias, right[hidden])


def masked(ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """What is shown, which pieces are to be guessed, and the pieces themselves; each (B, T)."""
    chance = torch.rand(ids.shape)
    hidden = (chance < MASKED) & (ids >= PLAIN)
    if not hidden.any():
        hidden[0, 1] = True
    shown = torch.where(hidden & (chance >= MASKED * KEPT), UNKNOWN, ids)
    return shown, hidden, ids
