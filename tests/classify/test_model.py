"""The shipped model: its files, its answers, and what it adds to the rules."""

import json
import shutil
from datetime import date, datetime, timezone
from pathlib import Path

import numpy as np
import pytest

from adscan.classify.model import FILES, find_model, load_classifier
from adscan.errors import ModelError
from adscan.ingest.sources import text_source
from adscan.pipeline import Reviewer
from adscan.records.ad import Placement
from adscan.records.hit import Origin
from adscan.records.review import GenreLabel
from adscan.records.text import NormalText, OffsetMap
from adscan.records.verdict import OperatingPoint
from adscan.rulebook.loader import load_rulebook
from adscan.settings import Settings
from adscan.training.corpus import ACTIVITIES, GENRES, RULES

NOW = datetime(2026, 11, 25, tzinfo=timezone.utc)
PARITY = Path(__file__).parents[1] / "materials" / "classify" / "parity.json"


@pytest.fixture(scope="module")
def classifier():
    return load_classifier()


def reviewer(classifier, point=OperatingPoint.PREREVIEW):
    return Reviewer(load_rulebook(), None, Settings(), NOW, classifier, point=point)


@pytest.fixture(scope="module")
def review(classifier):
    with_model = reviewer(classifier)
    return lambda text: with_model.review(text_source(text), Placement(date(2026, 11, 25))).review


def part(words, part_id="text:0"):
    return NormalText(part_id, words, OffsetMap.identity(len(words)))


def test_the_model_answers_for_every_rule_genre_and_activity(classifier):
    assert classifier.card.rules == RULES
    assert classifier.card.genres == GENRES
    assert classifier.card.activities == ACTIVITIES


def test_the_shipped_encoder_is_small():
    assert (find_model() / "model.onnx").stat().st_size < 40_000_000


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named_with_the_way_out(tmp_path, name):
    copy = shutil.copytree(find_model(), tmp_path / "model")
    (copy / name).unlink()
    with pytest.raises(ModelError, match=rf"{name}.*--no-model"):
        load_classifier(copy)


def test_a_damaged_file_is_named_with_the_way_out(tmp_path):
    copy = shutil.copytree(find_model(), tmp_path / "model")
    with (copy / "linear.npz").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match=r"linear\.npz.*SHA-256.*--no-model"):
        load_classifier(copy)


def test_no_model_at_all_is_an_error_too(tmp_path):
    with pytest.raises(ModelError, match="--no-model"):
        load_classifier(tmp_path)


def test_the_exported_encoder_says_what_the_trained_one_said(classifier):
    for case in json.loads(PARITY.read_text("utf-8")):
        answers = classifier.read([part(case["text"])])
        assert abs(answers.violates - case["violates"]) < 1.0
        assert np.abs(answers.rules - np.array(case["rules"])).max() < 1.5
        assert int(answers.genre.argmax()) == int(np.argmax(case["genre"]))


def test_the_same_text_always_gets_the_same_answer(classifier):
    text = part("本金比放银行还踏实，每月派息，名额有限")
    first = classifier.read([text])
    classifier.read([part("今天天气很好" * 50)])
    again = classifier.read([text])
    assert first.violates == again.violates
    assert np.array_equal(first.rules, again.rules)
    assert first.words == again.words


def test_places_lie_in_the_part_that_says_the_words(classifier):
    parts = [part("秋季游园会通知", "text:0"), part("稳赚不赔，跟我投，亏了算我的", "image:0")]
    answers = classifier.read(parts)
    for _, part_id, span in answers.words:
        words = next(p.text for p in parts if p.part_id == part_id)
        assert span.of(words)
    assert {part_id for _, part_id, _ in answers.words} <= {"text:0", "image:0"}


def test_a_long_post_is_read_to_its_end(review):
    padding = "周末去公园散步，孩子们放风筝，老人下棋，天气不冷不热，大家都很高兴。\n" * 60
    judged = review(padding + "想赚钱找我，跟单稳赚不赔，保本保息，年化30%，亏了我全赔，加微信。")
    (finding,) = [f for f in judged.findings if f.rule == "guaranteed-return"]
    assert any(place.end > len(padding) for place in finding.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "您的本金比放银行还踏实，睡着觉也有进账，微信详聊",
        "敢跟单就敢赔：亏一块我补你两块，今晚八点进群",
    ],
)
def test_the_model_finds_promises_that_no_word_list_holds(review, text):
    (finding,) = [f for f in review(text).findings if f.rule == "guaranteed-return"]
    assert 0 < finding.confidence <= 1


def test_a_model_finding_says_so(review):
    text = "您的本金比放银行还踏实，睡着觉也有进账，微信详聊"
    origins = {o for f in review(text).findings for o in f.origin}
    assert Origin.MODEL in origins


def test_genre_comes_from_the_model(review):
    warning = (
        "【警方提示】近期有人以保本高息为诱饵拉老人投资，请大家不听、不信、不转账，遇事拨打110。"
    )
    judged = review(warning)
    assert judged.genre.label in (GenreLabel.EDUCATION, GenreLabel.NEWS)
    assert not judged.findings
    assert judged.provenance.classifier.startswith("sha256:")


def test_the_archive_shows_nothing_that_the_prereview_does_not(classifier, review):
    archive = reviewer(classifier, OperatingPoint.ARCHIVE)
    for text in ("保本保息，年化12%，欢迎来电", "新店开业，全场八折", "稳健理财，值得信赖"):
        shown = archive.review(text_source(text), Placement(date(2026, 11, 25))).review
        assert {f.rule for f in shown.findings} <= {f.rule for f in review(text).findings}
