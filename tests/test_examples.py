"""The samples of `make demo` get the outcome that the law asks for, as examples/expected.yaml says.

Samples that cannot be judged without reading pictures are marked `ocr`.
"""

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
import yaml

from adscan.classify.model import load_classifier
from adscan.ingest.sources import find_sources
from adscan.ocr.recognisers import load_recogniser
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement, Source
from adscan.records.review import Evidence, Review
from adscan.rulebook.loader import load_rulebook
from adscan.settings import Settings

EXAMPLES = Path(__file__).parents[1] / "examples"
EXPECTED = yaml.safe_load((EXAMPLES / "expected.yaml").read_text("utf-8"))
ADS = EXPECTED["ads"]
KEYS = {"decision", "found", "only_mentioned", "never", "words", "pictures"}


def samples() -> list:
    return [
        pytest.param(name, marks=[pytest.mark.ocr] if ADS[name].get("pictures") else [], id=name)
        for name in ADS
    ]


@pytest.mark.parametrize("name", samples())
def test_a_sample_gets_the_outcome_that_the_law_asks_for(name):
    wanted = ADS[name]
    said = review(EXAMPLES / "ads" / name, read_pictures=wanted.get("pictures", False))
    assert "；".join(disagreements(wanted, said)) == ""


def test_every_sample_has_an_expectation_and_a_line_in_the_readme():
    files = {path.name for path in (EXAMPLES / "ads").iterdir() if path.is_file()}
    readme = (EXAMPLES / "README.md").read_text("utf-8")
    assert files == set(ADS)
    assert [name for name in files if f"`{name}`" not in readme] == []


def test_expectations_have_no_misspelt_key_or_rule():
    rules = {compiled.rule.id for compiled in load_rulebook(()).rules}
    named = {
        rule
        for wanted in ADS.values()
        for key in ("found", "only_mentioned", "never")
        for rule in wanted.get(key, ())
    }
    assert named <= rules
    assert {key for wanted in ADS.values() for key in wanted} <= KEYS


def test_the_samples_are_light_enough_for_a_repository():
    assert sum(path.stat().st_size for path in EXAMPLES.rglob("*") if path.is_file()) < 3_000_000


def review(path: Path, *, read_pictures: bool) -> Review:
    settings = Settings()
    recogniser = load_recogniser(settings) if read_pictures else None
    now = datetime(2026, 11, 25, tzinfo=timezone.utc)
    reviewer = Reviewer(load_rulebook(()), recogniser, settings, now, load_classifier())
    (source,) = find_sources([path], settings.limits)
    assert isinstance(source, Source)
    return reviewer.review(source, Placement(EXPECTED["published"])).review


def disagreements(wanted: dict, said: Review) -> Iterator[str]:
    found = {finding.rule for finding in said.findings}
    mentioned = {mention.rule for mention in said.mentions}
    if said.decision.value != wanted["decision"]:
        yield f"decision is {said.decision.value}, not {wanted['decision']}"
    if said.errors:
        yield f"errors: {[error.message for error in said.errors]}"
    for rule in wanted.get("found", ()):
        if rule not in found:
            yield f"not found: {rule}"
    for rule in wanted.get("only_mentioned", ()):
        if rule in found or rule not in mentioned:
            yield f"not just mentioned: {rule}"
    never = found if wanted["decision"] == "pass" else found & set(wanted.get("never", ()))
    for rule in sorted(never):
        yield f"found, but is no fault: {rule}"
    evidence = list(shown(said))
    for words in wanted.get("words", ()):
        if not any(words in text for text in evidence):
            yield f"no evidence shows: {words}"


def shown(said: Review) -> Iterator[str]:
    """The words of each finding (or mention, where nothing is found), line breaks undone."""
    for place in said.findings or said.mentions:
        yield from (evidence.text for evidence in place.evidence)
        yield joined(place.evidence)


def joined(evidence: tuple[Evidence, ...]) -> str:
    return "".join(piece.text for piece in evidence).replace("\n", "")
