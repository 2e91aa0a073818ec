"""Set training texts as worn posters and read them back, for OCR errors as our OCR makes them.

python scripts/read_back.py --out FILE [--data datasets/ads/train] [--count 400]

The file is in the form of datasets/ads and goes to `scripts/train.py --data`. Needs a Debian with
fonts-noto-cjk.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from adscan.training.corpus import Place, data_files, read_texts, sample_of
from adscan.training.rendered import read_back

LONGEST = 300  # code points of a text; more make no poster


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", default=[Path("datasets/ads/train")])
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    dice = random.Random(7)
    texts = [text for file in data_files(arguments.data) for text in read_texts(file)]
    texts = [text for text in texts if len(text.text) <= LONGEST]
    chosen = dice.sample(texts, min(arguments.count, len(texts)))
    with arguments.out.open("w", encoding="utf-8") as file:
        for text, back in zip(chosen, read_back(map(sample_of, chosen), dice), strict=True):
            if back.text.strip():
                places = [Place(start=s.start, end=s.end, rule=rule) for s, rule in back.spans]
                new = {"id": f"{text.id}-read", "text": back.text, "places": places}
                line = text.model_copy(update=new).model_dump_json(by_alias=True)
                file.write(line + "\n")


if __name__ == "__main__":
    main()
