"""The rules' own examples as samples: what each says of its rule is known, and little else."""

from __future__ import annotations

import hashlib

from adscan.rulebook.rulebook import Rulebook
from adscan.training.corpus import RULES, Sample


def samples_of_examples(rulebook: Rulebook) -> list[Sample]:
    """Findings break their rule, of others nothing is known; mentions and near misses are lawful.

    Examples that depend on the day or the medium are left out: the model sees neither.
    """
    return [
        _sample(compiled.rule.id, example.text, outcome == "finding")
        for compiled in rulebook.rules
        for outcome, example in compiled.examples()
        if example.published is None and example.medium is None and compiled.rule.id in RULES
    ]


def _sample(rule: str, text: str, breaks: bool) -> Sample:
    key = hashlib.sha256(f"{rule} {text}".encode()).hexdigest()[:12]
    return Sample(
        id=f"example-{key}",
        text=text,
        spans=(),
        whole=frozenset([rule] if breaks else []),
        genre="",
        activities=frozenset(),
        family=f"example-{key}",
        hand="rulebook",
        known=frozenset([rule]) if breaks else frozenset(RULES),
    )
