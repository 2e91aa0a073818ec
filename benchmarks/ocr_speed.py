"""Seconds and peak memory of OCR for a poster and for a picture of 1080 x 20000.

    python scripts/render_ocr_set.py --long out/long.png
    python benchmarks/ocr_speed.py tests/materials/ocr/poster_0.webp out/long.png

Each picture is read in a process of its own, twice: the first time includes loading the weights.
Where `<picture>.jsonl` lies beside it, the character error rate is given too. Peak memory is that
of the process, Python and weights included.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from ocr_accuracy import bare, errors
from PIL import Image

from adscan.ocr.recognisers import load_recogniser
from adscan.records.part import LineKind
from adscan.settings import load_settings


def measure(file: Path) -> None:
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(file) as picture:
        image = np.asarray(picture.convert("RGB"))
    recogniser = load_recogniser(load_settings())
    took = []
    for _ in range(2):
        wall, processor = time.perf_counter(), time.process_time()
        lines = recogniser.read_lines(image)
        took.append((time.perf_counter() - wall, time.process_time() - processor))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (first, _), (second, processor) = took
    print(
        f"{file.name}: {image.shape[1]} x {image.shape[0]}, {len(lines)} lines; "
        f"first {first:.2f} s, then {second:.2f} s ({processor:.2f} s of processor time); "
        f"peak {peak:.0f} MiB"
    )
    truth = Path(f"{file}.jsonl")
    if truth.is_file():
        true = json.loads(truth.read_text(encoding="utf-8"))["lines"]
        wrong = errors([x.text for x in lines if x.kind is LineKind.OCR], true)
        print(f"  character error rate {100 * wrong / sum(len(bare(x)) for x in true):.2f} %")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("pictures", nargs="+", type=Path)
    arguments.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.here:
        measure(given.pictures[0])
        return
    for file in given.pictures:
        subprocess.run([sys.executable, __file__, str(file), "--here"], check=True)


if __name__ == "__main__":
    main()
