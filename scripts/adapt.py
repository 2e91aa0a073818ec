"""Adapt an encoder to the language of advertisements before training (masked language modelling).

python scripts/adapt.py --base FOLDER --out FOLDER [--data datasets/ads/train] [--texts FILE ...]
                        [--steps 700]

--texts: more texts of the field, one a line (.txt or .gz); no labels are needed. The folder --out
can be the --base of scripts/train.py. Needs the libraries of the extra `train`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from adscan.training.adapt import Adapter
from adscan.training.corpus import lawful_samples, read_samples


def main() -> None:
    """Adapt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, nargs="+", default=[Path("datasets/ads/train")])
    parser.add_argument("--texts", type=Path, action="append", default=[])
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    texts = [sample.text for sample in read_samples(*arguments.data)]
    for path in arguments.texts:
        texts += [sample.text for sample in lawful_samples(path)]
    adapter = Adapter(arguments.base, lambda line: print(line, flush=True))
    adapter.adapt(texts, arguments.out, arguments.steps)


if __name__ == "__main__":
    main()
