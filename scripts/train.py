"""Fit the network and the linear model on labelled texts; run again, it goes on where it stopped.

python scripts/train.py --base FOLDER [--data datasets/ads/train] [--add FILE] [--lawful FILE]
                        [--config configs/training.yaml] [--out out/training]

--base: a Transformers encoder with its tokenizer.json. --add: corrections of reviewers (JSONL:
text, rule, finding, who, when). --lawful: texts that break no rule, one a line (.txt or .gz).
Needs the libraries of the extra `train`.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numpy as np
import torch
import yaml

from adscan.normalise.chain import Normaliser
from adscan.rulebook.loader import load_rulebook
from adscan.training.corpus import RULES, Sample, lawful_samples, read_samples
from adscan.training.corrections import read_corrections, samples_of
from adscan.training.examples import samples_of_examples
from adscan.training.fit import FitSettings, Trainer
from adscan.training.linear import fit_linear, save_linear
from adscan.training.reading import as_read

LINEAR = "linear.npz"
ADDED_TIMES = 4  # a correction weighs as much as so many texts


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, nargs="+", default=[Path("datasets/ads/train")])
    parser.add_argument("--add", type=Path, action="append", default=[])
    parser.add_argument("--lawful", type=Path, action="append", default=[])
    parser.add_argument("--start", type=Path, help="network.pt of an earlier run to go on from")
    parser.add_argument("--linear-only", action="store_true", help="leave the network as it is")
    parser.add_argument("--config", type=Path, default=Path("configs/training.yaml"))
    parser.add_argument("--out", type=Path, default=Path("out/training"))
    arguments = parser.parse_args()
    settings = FitSettings(**yaml.safe_load(arguments.config.read_text(encoding="utf-8")))
    samples = read_samples(*arguments.data)
    for path in arguments.add:
        samples += samples_of(read_corrections(path)) * ADDED_TIMES
    for path in arguments.lawful:
        samples += lawful_samples(path)
    rulebook = load_rulebook()
    samples += samples_of_examples(rulebook)
    terms = rulebook.terms()
    print(f"{len(samples)} texts")
    arguments.out.mkdir(parents=True, exist_ok=True)
    _fit_linear(samples, terms, arguments.out)
    if arguments.linear_only:
        return
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
    normaliser = Normaliser(terms)
    texts = [as_read(sample, normaliser).text for sample in samples]
    save_linear(fit_linear(texts, np.array(list(map(_answers, samples)), np.float32)), out / LINEAR)


def _answers(sample: Sample) -> list[float]:
    """Whether it breaks any rule, and each rule; NaN where nobody judged."""
    known = set(RULES) if sample.known is None else sample.known
    whole = float(bool(sample.rules)) if sample.rules or known == set(RULES) else math.nan
    return [whole, *(float(r in sample.rules) if r in known else math.nan for r in RULES)]


if __name__ == "__main__":
    main()
