"""Fit the network and the linear model on labelled texts; run again, it goes on where it stopped.

python scripts/train.py --base FOLDER [--data datasets/ads/train] [--add FILE] [--lawful FILE]
                        [--config configs/training.yaml] [--out out/training]

--base: a Transformers encoder with its tokenizer.json. --add: corrections of reviewers (JSONL:
text, rule, finding, who, when). --lawful: texts that break no rule, one a line (.txt or .gz).
Needs the libraries of the extra `train`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
import yaml

from adscan.normalise.chain import Normaliser
from adscan.rulebook.loader import load_rulebook
from adscan.training.corpus import RULES, Sample, lawful_samples, read_samples
from adscan.training.corrections import read_corrections, samples_of
from adscan.training.fit import FitSettings, Trainer
from adscan.training.linear import fit_linear, save_linear
from adscan.training.reading import as_read

ADDED_TIMES = 4  # a correction weighs as much as so many texts


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, nargs="+", default=[Path("datasets/ads/train")])
    parser.add_argument("--add", type=Path, action="append", default=[])
    parser.add_argument("--lawful", type=Path, action="append", default=[])
    parser.add_argument("--start", type=Path, help="network.pt of an earlier run to go on from")
    parser.add_argument("--config", type=Path, default=Path("configs/training.yaml"))
    parser.add_argument("--out", type=Path, default=Path("out/training"))
    arguments = parser.parse_args()
    settings = FitSettings(**yaml.safe_load(arguments.config.read_text(encoding="utf-8")))
    samples = read_samples(*arguments.data)
    for path in arguments.add:
        samples += samples_of(read_corrections(path)) * ADDED_TIMES
    for path in arguments.lawful:
        samples += lawful_samples(path)
    terms = load_rulebook().terms()
    print(f"{len(samples)} texts")
    arguments.out.mkdir(parents=True, exist_ok=True)
    _fit_linear(samples, terms, arguments.out)
    trainer = Trainer(
        arguments.base,
        arguments.out,
        settings,
        terms,
        lambda line: print(line, flush=True),
        arguments.start,
    )
    network = trainer.fit(samples)
    torch.save(network.state_dict(), arguments.out / "network.pt")


def _fit_linear(samples: list[Sample], terms: frozenset[str], out: Path) -> None:
    complete = [sample for sample in samples if sample.known is None]
    normaliser = Normaliser(terms)
    texts = [as_read(sample, normaliser).text for sample in complete]
    answers = np.array(
        [[bool(s.rules), *(rule in s.rules for rule in RULES)] for s in complete], np.float32
    )
    save_linear(fit_linear(texts, answers), out / "linear.npz")


if __name__ == "__main__":
    main()
