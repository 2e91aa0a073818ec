"""`adscan check` as scripts see it: exit codes, streams, one broken file never stops the rest."""

import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from adscan.classify.model import find_model

PROMISE = "本产品年化12%，保本保息，稳赚不赔，欢迎来电咨询"
PLAIN = "本店周末全场八折，欢迎光临"


def test_a_clean_text_leaves_with_zero(adscan):
    outcome = adscan("check", "--text", PLAIN)
    assert outcome.code == 0
    assert outcome.err == ""


def test_a_fault_below_the_bar_leaves_with_zero(adscan):
    assert adscan("check", "--text", PROMISE).code == 0


def test_a_fault_at_the_bar_leaves_with_one(adscan):
    assert adscan("check", "--text", PROMISE, "--fail-on", "revise").code == 1


def test_json_is_one_object_for_one_ad(adscan):
    review = json.loads(adscan("check", "--text", PROMISE, "--format", "json").out)
    assert review["schema_version"] == "1"
    assert review["decision"] == "revise"
    assert "guaranteed-return" in [finding["rule"] for finding in review["findings"]]


def test_offsets_count_code_points_of_the_text_as_given(adscan):
    text = "𠮷祥🎉 年化１２％，保·本·保·息，欢迎来电"
    review = json.loads(adscan("check", "--text", text, "--format", "json").out)
    finding = next(f for f in review["findings"] if f["rule"] == "guaranteed-return")
    place = finding["evidence"][0]
    assert text[place["start"] : place["end"]] == place["text"] == "保·本·保·息"
    assert place["read_as"] == "保本保息"


def test_the_law_is_that_of_the_day_of_publication(adscan):
    outcome = adscan("check", "--text", PROMISE, "--published", "2015-08-31", "--format", "json")
    review = json.loads(outcome.out)
    cited = [basis["instrument"] for f in review["findings"] for basis in f["legal_basis"]]
    assert "ad-law" not in cited


def test_one_broken_file_never_stops_the_others(adscan, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_text(PLAIN, "utf-8")
    (tmp_path / "c.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"\0" * 40)
    outcome = adscan("check", tmp_path, "--format", "jsonl")
    reviews = [json.loads(line) for line in outcome.out.splitlines()]
    assert outcome.code == 3
    assert [review["decision"] for review in reviews] == ["error", "pass", "error"]
    assert len(outcome.err.splitlines()) == 2


def test_a_path_that_does_not_exist_is_an_error_of_that_input(adscan, tmp_path):
    outcome = adscan("check", tmp_path / "none.png", "--format", "jsonl")
    assert outcome.code == 3
    assert "找不到" in outcome.err
    assert json.loads(outcome.out)["errors"]


def test_an_archive_gives_one_review_per_member(adscan, tmp_path):
    with zipfile.ZipFile(tmp_path / "ads.zip", "w") as archive:
        archive.writestr("one.txt", PLAIN)
        archive.writestr("two.txt", PROMISE)
    outcome = adscan("check", tmp_path / "ads.zip", "--format", "jsonl")
    assert [json.loads(line)["decision"] for line in outcome.out.splitlines()] == ["pass", "revise"]


def test_the_same_text_in_two_formats_gets_the_same_verdict(adscan, tmp_path):
    (tmp_path / "a.txt").write_text(PROMISE, "utf-8")
    (tmp_path / "b.html").write_text(f"<html><body><p>{PROMISE}</p></body></html>", "utf-8")
    reviews = [
        json.loads(line) for line in adscan("check", tmp_path, "--format", "jsonl").out.splitlines()
    ]
    assert reviews[0]["decision"] == reviews[1]["decision"]
    assert [f["rule"] for f in reviews[0]["findings"]] == [
        f["rule"] for f in reviews[1]["findings"]
    ]


def test_a_picture_unread_is_never_a_pass(adscan, tmp_path):
    from PIL import Image

    Image.new("RGB", (200, 100), "white").save(tmp_path / "a.png")
    review = json.loads(adscan("check", tmp_path / "a.png", "--no-ocr", "--format", "json").out)
    assert review["decision"] != "pass"
    assert review["errors"]


def test_output_goes_whole_into_a_file(adscan, tmp_path):
    outcome = adscan("check", "--text", PLAIN, "--format", "json", "--output", tmp_path / "r.json")
    assert outcome.out == ""
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["decision"] == "pass"
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]


def test_an_unwritable_output_is_wrong_usage(adscan, tmp_path):
    outcome = adscan("check", "--text", PLAIN, "--output", tmp_path / "none" / "r.json")
    assert outcome.code == 2
    assert "不能写入" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check"], "没有要审查的内容"),
        (["check", "--text", PLAIN, "--published", "昨天"], "不是日期"),
        (["check", "--text", PLAIN, "--format", "word"], "terminal"),
        (["check", "--textt", PLAIN], "没有选项 --textt"),
        (["chek"], "没有命令 chek"),
        (["check", "--text", PLAIN, "--rules", "/does/not/exist.yaml"], "不存在"),
    ],
)
def test_wrong_usage_is_one_chinese_line_and_exit_two(adscan, arguments, said):
    outcome = adscan(*arguments)
    assert outcome.code == 2
    assert said in outcome.err
    assert len(outcome.err.splitlines()) == 1
    assert outcome.out == ""


def test_the_same_input_gives_the_same_review(adscan):
    def review() -> dict:
        said = json.loads(adscan("check", "--text", PROMISE, "--format", "json").out)
        said["provenance"].pop("checked_at")
        return said

    assert review() == review()


def test_standard_input_is_an_input_like_any_other():
    done = subprocess.run(
        [sys.executable, "-m", "adscan", "check", "-", "--format", "json"],
        input=PROMISE.encode("gb18030"),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["decision"] == "revise"


def test_help_loads_no_heavy_library():
    code = (
        "import sys\n"
        "from adscan.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'cv2', 'paddleocr', 'onnxruntime', 'pydantic', 'lxml', 'PIL', 'rich', 're2'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("heavy: []\n")


OWN_RULE = """id: own-rule
title: 试
status: {status}
severity: low
decision: review
basis: [ad-law#25.1]
explanation: 试。
match: [{{kind: phrase, any: [踏踏实实]}}]
remedy: 删。
limits: 无。
examples:
  finding:
    - 踏踏实实的理财
    - 今天天气好
"""


def test_an_own_rule_whose_example_fails_is_refused_with_its_line(adscan, tmp_path):
    path = tmp_path / "own-rule.yaml"
    path.write_text(OWN_RULE.format(status="trial"), "utf-8")
    outcome = adscan("check", "--text", PLAIN, "--rules", path)
    assert outcome.code == 2
    assert f"{path}:14" in outcome.err
    assert "今天天气好" in outcome.err


def test_an_own_draft_is_not_held_to_its_examples(adscan, tmp_path):
    path = tmp_path / "own-rule.yaml"
    path.write_text(OWN_RULE.format(status="draft"), "utf-8")
    assert adscan("check", "--text", PLAIN, "--rules", path).code == 0


def test_an_unknown_medium_is_wrong_usage(adscan):
    outcome = adscan("check", "--text", PLAIN, "--medium", "pigeon")
    assert outcome.code == 2
    assert "live_stream" in outcome.err


def test_an_ordinary_ad_is_not_told_what_finance_would_need(adscan):
    review = json.loads(adscan("check", "--text", PLAIN, "--format", "json").out)
    assert review["not_checked"] == []


def test_the_model_speaks_unless_told_not_to(adscan):
    with_model = json.loads(adscan("check", "--text", PROMISE, "--format", "json").out)
    without = json.loads(adscan("check", "--text", PROMISE, "--format", "json", "--no-model").out)
    assert with_model["provenance"]["classifier"].startswith("sha256:")
    assert without["provenance"]["classifier"] is None
    assert without["decision"] == "revise"


def test_a_damaged_model_stops_the_run_and_says_how_to_go_on(adscan, tmp_path, monkeypatch):
    shutil.copytree(find_model(), tmp_path / "model")
    (tmp_path / "model" / "linear.npz").write_bytes(b"broken")
    monkeypatch.setenv("ADSCAN_MODEL", str(tmp_path / "model"))
    outcome = adscan("check", "--text", PLAIN)
    assert outcome.code == 2
    assert "linear.npz" in outcome.err
    assert "--no-model" in outcome.err
    assert adscan("check", "--text", PLAIN, "--no-model").code == 0


def test_the_archive_point_asks_for_more_certainty(adscan):
    text = "稳健理财，值得托付"
    outcome = adscan("check", "--text", text, "--operating-point", "archive", "--format", "json")
    shown = json.loads(outcome.out)["findings"]
    prereview = json.loads(adscan("check", "--text", text, "--format", "json").out)["findings"]
    assert {f["rule"] for f in shown} <= {f["rule"] for f in prereview}


def test_an_operating_point_that_does_not_exist_is_a_usage_error(adscan):
    assert adscan("check", "--text", PLAIN, "--operating-point", "cautious").code == 2
