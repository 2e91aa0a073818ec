"""Posts of 500 characters a second through the classifier, on one core.

    python benchmarks/classifier_speed.py [FILE]

FILE: texts to cut posts from, one a line (.txt or .gz); without it, the held-out texts of
datasets/ads. Windows are run one at a time (see adscan/classify/model.py), so a batch of 64 posts
costs 64 times one.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from adscan.classify.model import find_model, load_classifier
from adscan.records.text import NormalText, OffsetMap
from adscan.training.corpus import lawful_samples, read_samples

POST = 500  # characters
POSTS = 64


def main() -> None:
    paths = [Path(name) for name in sys.argv[1:]]
    samples = [s for path in paths for s in lawful_samples(path)]
    samples = samples or read_samples(Path("datasets/ads/dev"))
    whole = "。".join(sample.text for sample in samples)[: POST * POSTS]
    texts = [
        NormalText("text:0", whole[at : at + POST], OffsetMap.identity(POST))
        for at in range(0, POST * POSTS, POST)
    ]
    start = time.perf_counter()
    classifier = load_classifier()
    classifier.read(texts[:1])
    print(f"{find_model().name}: loaded in {time.perf_counter() - start:.2f} s")
    start = time.perf_counter()
    for text in texts:
        classifier.read([text])
    seconds = time.perf_counter() - start
    print(f"{POSTS / seconds:.1f} posts of {POST} characters a second")


if __name__ == "__main__":
    main()
