"""The network: one encoder, and heads for rules, their words, genre and activities."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn
from transformers import AutoModel

from adscan.training.corpus import ACTIVITIES, GENRES, RULES

FAR = -1e4  # what a padded place counts in a maximum


class Outputs(NamedTuple):
    """Logits. Shapes: B windows of T pieces; R rules, G genres, A activities."""

    violates: torch.Tensor  # (B,)
    rules: torch.Tensor  # (B, R)
    words: torch.Tensor  # (B, T, R)
    genre: torch.Tensor  # (B, G)
    activities: torch.Tensor  # (B, A)


class Network(nn.Module):
    """Reads windows of pieces. A rule is broken by its likeliest words, or by the whole."""

    def __init__(self, encoder: nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.pool = nn.Linear(3 * width, width)
        self.drop = nn.Dropout(0.1)
        self.violates = nn.Linear(width, 1)
        self.rules = nn.Linear(width, len(RULES))
        self.words = nn.Linear(width, len(RULES))
        self.genre = nn.Linear(width, len(GENRES))
        self.activities = nn.Linear(width, len(ACTIVITIES))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> Outputs:
        """`ids` and `mask` (1 for pieces, 0 for padding): int64, shape (B, T)."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        seen = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * seen).sum(1) / seen.sum(1)
        most = (states + (1 - seen) * FAR).max(1).values
        pooled = torch.tanh(self.pool(torch.cat([states[:, 0], mean, most], dim=-1)))
        pooled = self.drop(pooled)
        words = self.words(self.drop(states))
        return Outputs(
            self.violates(pooled).squeeze(-1),
            self.rules(pooled) + (words + (1 - seen) * FAR).max(1).values,
            words,
            self.genre(pooled),
            self.activities(pooled),
        )


def load_network(base: Path, layers: int | None = None) -> Network:
    """A fresh network on a Transformers encoder; `layers` keeps that many, evenly spaced."""
    encoder = AutoModel.from_pretrained(base)
    stack = encoder.encoder.layer
    if layers is not None and layers < len(stack):
        kept = [round(at * (len(stack) - 1) / (layers - 1)) for at in range(layers)]
        encoder.encoder.layer = nn.ModuleList(stack[at] for at in kept)
        encoder.config.num_hidden_layers = layers
    return Network(encoder, encoder.config.hidden_size)
