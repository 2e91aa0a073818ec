"""Character error rate of OCR by class of picture, for adscan and two common ways of scaling.

    python benchmarks/ocr_accuracy.py [FOLDER]... [--only adscan,paddle960,rapid736] [--lines]

A folder holds pictures and `ground_truth.jsonl` (`file`, `kind`, `lines`); without one, the set in
tests/materials/ocr is read. All three read with the same weights:

- adscan: this project's recogniser
- paddle960: PaddleOCR as it comes, longest side at most 960, never enlarged
- rapid736: RapidOCR as it comes, shortest side at least 736

The rate: texts are NFKC-normalised and freed of spaces. Each line read goes to the true line it
shares most with (a true line may be read in pieces, or several in one); the pieces, in order, are
compared with it by edit distance. Lines never read count whole, and so do lines read where there
are none. The order of lines does not count. The sum is divided by the true characters.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from adscan.ocr.recognisers import load_recogniser
from adscan.ocr.recognisers.paddle_models import find_models
from adscan.records.ad import Pixels
from adscan.records.part import LineKind
from adscan.settings import load_settings

Read = Callable[[Pixels], list[str]]
MATERIALS = Path(__file__).parents[1] / "tests/materials/ocr"


def bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def edit_distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def shared(one: str, other: str) -> list[tuple[int, int]]:
    """What the two have in common, in order: begin and end in `other`."""
    if not set(one) & set(other):
        return []
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return [(block.b, block.b + block.size) for block in blocks if block.size]


def size(blocks: list[tuple[int, int]]) -> int:
    return sum(end - start for start, end in blocks)


def errors(read: Sequence[str], true: Sequence[str]) -> int:
    """Edits that turn the lines read into the true ones; see the top of this file."""
    lines = sorted((line for line in map(bare, read) if line), key=lambda x: (-len(x), x))
    true = [line for line in map(bare, true) if line]
    left = list(true)  # characters taken by a line read are blotted out
    pieces: dict[int, list[tuple[int, str]]] = defaultdict(list)
    spare = []
    for exact in (True, False):
        for line in lines if exact else [*spare]:
            found = {j: shared(line, t) for j, t in enumerate(left) if not exact or line in t}
            best = max(found, key=lambda j: (size(found[j]), -len(left[j]), -j), default=-1)
            if best < 0 or size(found[best]) < 0.5 * min(len(line), len(true[best])):
                spare += [line] if exact else []
                continue
            if not exact:
                spare.remove(line)
            pieces[best].append((found[best][0][0], line))
            for start, end in found[best]:
                left[best] = left[best][:start] + "\0" * (end - start) + left[best][end:]
    return _joined_errors(true, pieces, spare)


def _joined_errors(
    true: list[str], pieces: dict[int, list[tuple[int, str]]], spare: list[str]
) -> int:
    """Edit distances of the true lines and their pieces, and what belongs nowhere."""
    missing = {j for j in range(len(true)) if not pieces[j]}
    count = sum(map(len, spare))
    for j in (j for j in range(len(true)) if pieces[j]):
        said = "".join(line for _, line in sorted(pieces[j]))
        also = [k for k in missing if size(shared(true[k], said)) >= 0.8 * len(true[k])]
        several = sorted([j, *also], key=lambda k: shared(true[k], said)[:1])
        choices = {(j,), tuple(several)}  # the cells of a row may be read as one
        edits, kept = min((edit_distance(said, "".join(true[k] for k in c)), c) for c in choices)
        missing -= set(kept)
        count += edits
    return count + sum(len(true[j]) for j in missing)


def adscan_reader() -> Read:
    recogniser = load_recogniser(load_settings())

    def read(image: Pixels) -> list[str]:
        return [x.text for x in recogniser.read_lines(image) if x.kind is LineKind.OCR]

    return read


def paddle_reader() -> Read:
    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
    from paddleocr import PaddleOCR  # noqa: PLC0415

    models = find_models(load_settings())
    engine: Any = PaddleOCR(
        text_detection_model_name=models.detector.name,
        text_detection_model_dir=str(models.detector.path),
        text_recognition_model_name=models.recogniser.name,
        text_recognition_model_dir=str(models.recogniser.path),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        text_det_limit_side_len=960,
        text_det_limit_type="max",
        engine="onnxruntime",
        device="cpu",
    )
    return lambda image: list(
        engine.predict(np.ascontiguousarray(image[:, :, ::-1]))[0]["rec_texts"]
    )


def rapid_reader() -> Read:
    from rapidocr import RapidOCR  # noqa: PLC0415

    engine: Any = RapidOCR()
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return lambda image: list(engine(np.ascontiguousarray(image[:, :, ::-1])).txts or ())


READERS = {"adscan": adscan_reader, "paddle960": paddle_reader, "rapid736": rapid_reader}


def measure(folder: Path, readers: dict[str, Read], show: bool) -> None:
    wrong: dict[tuple[str, str], int] = defaultdict(int)
    seconds: dict[tuple[str, str], float] = defaultdict(float)
    characters: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    truth = (folder / "ground_truth.jsonl").read_text(encoding="utf-8").splitlines()
    for record in map(json.loads, truth):
        with Image.open(folder / record["file"]) as picture:
            image = np.asarray(picture.convert("RGB"))
        kind = record["kind"]
        for group in (kind, "all"):
            characters[group] += sum(len(bare(line)) for line in record["lines"])
            count[group] += 1
        for name, read in readers.items():
            start = time.perf_counter()
            lines = read(image)
            took, edits = time.perf_counter() - start, errors(lines, record["lines"])
            for group in (kind, "all"):
                wrong[name, group] += edits
                seconds[name, group] += took
            if show:
                print(f"{record['file']}\t{name}\t{edits} wrong\t{took:.2f} s")
                if edits:
                    print("   read", lines, "\n   true", record["lines"])
    print(f"\n{folder}\n| class | pictures | characters | " + " | ".join(readers) + " |")
    print("|---|---|---|" + "---|" * len(readers))
    for kind in [*sorted(set(count) - {"all"}), "all"]:
        cells = []
        for name in readers:
            rate = 100 * wrong[name, kind] / characters[kind]
            cells.append(f"{rate:.2f} % · {seconds[name, kind] / count[kind]:.2f} s")
        print(f"| {kind} | {count[kind]} | {characters[kind]} | " + " | ".join(cells) + " |")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folders", nargs="*", type=Path, default=[MATERIALS])
    arguments.add_argument("--only", default=",".join(READERS))
    arguments.add_argument("--lines", action="store_true", help="show what was read wrongly")
    given = arguments.parse_args()
    readers = {name: READERS[name]() for name in given.only.split(",")}
    warm_up = np.full((320, 320, 3), 255, np.uint8)
    for read in readers.values():
        read(warm_up)
    for folder in given.folders:
        measure(folder, readers, given.lines)


if __name__ == "__main__":
    main()
