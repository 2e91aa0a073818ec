"""Turn what `scripts/train.py` left into a folder of `models/`, calibrated on held-out texts.

python scripts/export.py --base FOLDER --name NAME [--trained out/training]
                         [--held-out datasets/ads/dev] [--lawful FILE] [--exact-layers N ...]

--lawful: real texts that break no law, one a line: they set the threshold of the archive.
--exact-layers: encoder layers of which one matrix stays in floats, where integers lose most.
"""

from __future__ import annotations

import argparse
import shutil
from datetime import date
from pathlib import Path

import torch
import yaml

from adscan.classify.calibration import Calibration
from adscan.classify.model import ModelCard, load_classifier
from adscan.normalise.chain import Normaliser
from adscan.records.circumstances import Circumstances
from adscan.rulebook.loader import load_rulebook
from adscan.settings import Thresholds
from adscan.training.calibrate import fit_calibration
from adscan.training.corpus import ACTIVITIES, GENRES, RULES, lawful_samples, read_samples
from adscan.training.export import export_network, write_card, write_parity
from adscan.training.network import load_network
from adscan.training.witness import Observer

PARITY = Path("tests/materials/classify/parity.json")
PARITY_TEXTS, SHORT = 12, 80
UNFITTED = Calibration(
    violation=(0.0,) * 5,
    violation_bias=0.0,
    rule=(0.0,) * 5,
    rule_bias=dict.fromkeys(RULES, 0.0),
    rule_from=dict.fromkeys(RULES, 0.5),
    activity=(0.0,) * 2,
    activity_bias=dict.fromkeys(ACTIVITIES, 0.0),
    prereview_from=0.5,
    archive_from=0.5,
)


def main() -> None:
    """Export and calibrate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--trained", type=Path, default=Path("out/training"))
    parser.add_argument("--config", type=Path, default=Path("configs/training.yaml"))
    parser.add_argument("--held-out", type=Path, default=Path("datasets/ads/dev"))
    parser.add_argument("--lawful", type=Path, action="append", default=[])
    parser.add_argument("--exact-layers", type=int, nargs="*", default=[])
    parser.add_argument("--day", type=date.fromisoformat, default=date(2026, 11, 25))
    arguments = parser.parse_args()
    out = Path("models") / arguments.name
    layers = yaml.safe_load(arguments.config.read_text(encoding="utf-8")).get("layers")
    network = load_network(arguments.base, layers)
    network.load_state_dict(torch.load(arguments.trained / "network.pt", weights_only=True))
    export_network(network, out, arguments.base, arguments.exact_layers)
    samples = read_samples(arguments.held_out)
    short = [sample.text for sample in samples if len(sample.text) <= SHORT][:PARITY_TEXTS]
    write_parity(network, out / "tokenizer.json", short, PARITY)
    shutil.copyfile(arguments.trained / "linear.npz", out / "linear.npz")
    card = ModelCard(
        name=arguments.name,
        rules=RULES,
        genres=GENRES,
        activities=ACTIVITIES,
        calibration=UNFITTED,
        files={},
    )
    write_card(card, out)
    rulebook = load_rulebook()
    known = Circumstances(arguments.day, thresholds=Thresholds().model_dump())
    observer = Observer(rulebook, load_classifier(out), Normaliser(rulebook.terms()), known)
    lawful = [sample for path in arguments.lawful for sample in lawful_samples(path)]
    calibration = fit_calibration(samples, list(observer.see(samples)), list(observer.see(lawful)))
    write_card(card.model_copy(update={"calibration": calibration}), out)
    print(calibration.model_dump_json(indent=1))


if __name__ == "__main__":
    main()
