import json
from datetime import timedelta
from pathlib import Path

import pytest

from adscan.cli.main import main
from adscan.scan.journal import Journal
from adscan.scan.journal_file import JournalError, open_journal
from adscan.scan.plan import Selection
from adscan.scan.results import ResultsError, open_results, read_manifest
from tests.scan.conftest import BAD, LAWFUL, NOW


class GivingUp:
    """An engine under which every ad is a failure."""

    def __init__(self, give_up):
        self._give_up = give_up

    def run(self, tasks):
        for task in tasks:
            yield self._give_up(task, "坏了")


RULE = """\
id: {id}
title: 不得出现暗号
status: stable
severity: low
decision: revise
basis: [ad-law#28]
match:
  - {{kind: phrase, any: [牛肉面]}}
explanation: 暗号。
remedy: 删去。
limits: 无。
examples:
  finding: [本店供应牛肉面, 牛·肉·面今日半价]
  mention: []
  clean: [本店供应汤圆]
"""


def posts(count=6, **more):
    return [{"text": (BAD if at % 3 == 0 else LAWFUL).format(at), **more} for at in range(count)]


def test_every_ad_has_one_row(scan, rows, table, tmp_path):
    tally = scan(table(posts()))
    found = rows(tmp_path / "out")
    assert len(found) == tally.ads == 6
    assert sorted(row["decision"] for row in found).count("pass") == 4
    assert {row["source"].rsplit("#", 1)[1] for row in found} == {str(n) for n in range(1, 7)}


def test_findings_say_what_check_says(scan, rows, table, tmp_path):
    scan(table([{"text": BAD.format(1)}]))
    findings = rows(tmp_path / "out", "findings", "number")
    assert findings[0]["rule"] == "guaranteed-return"
    (part,) = rows(tmp_path / "out", "parts", "number")
    for evidence in findings[0]["evidence"]:
        assert part["text"][evidence["start"] : evidence["end"]] == evidence["text"]
    assert findings[0]["legal_basis"][0]["article"]


def test_an_exact_copy_is_judged_once(scan, rows, table, tmp_path):
    tally = scan(table([{"text": BAD.format(1), "url": f"http://a.example/{n}"} for n in range(5)]))
    assert (tally.read, tally.copies, tally.ads) == (1, 4, 5)
    found = rows(tmp_path / "out")
    assert len({row["review_id"] for row in found}) == 1
    assert {row["url"] for row in found} == {f"http://a.example/{n}" for n in range(5)}
    assert len(rows(tmp_path / "out", "parts", "number")) == 1


def test_a_copy_on_another_day_is_judged_by_the_law_of_that_day(scan, rows, table, tmp_path):
    days = ["2015-06-01", "2026-06-01"]
    scan(table([{"text": BAD.format(1), "published": day} for day in days]))
    found = rows(tmp_path / "out", order="published")
    assert [str(row["published"]) for row in found] == days
    assert len({row["review_id"] for row in found}) == 2
    assert len({row["reading_id"] for row in found}) == 1
    cited = [
        {
            basis["ref"]
            for f in rows(tmp_path / "out", "findings", "number")
            if f["review_id"] == row["review_id"]
            for basis in f["legal_basis"]
        }
        for row in found
    ]
    assert cited[0] != cited[1]


def test_what_is_unchanged_is_not_scanned_again(scan, rows, table, tmp_path):
    scan(table(posts(6)))
    tally = scan(table(posts(9)), now=NOW + timedelta(days=3))
    assert (tally.unchanged, tally.ads) == (6, 3)
    assert [row["run"] for row in rows(tmp_path / "out", order="run, ad_id")] == [1] * 6 + [2] * 3


def test_an_ad_without_a_day_keeps_the_day_on_which_it_was_first_met(scan, rows, table, tmp_path):
    scan(table(posts(2)))
    scan(table(posts(2)), now=NOW + timedelta(days=9))
    assert {row["judged_as_of"] for row in rows(tmp_path / "out")} == {NOW.date()}
    assert {row["published"] for row in rows(tmp_path / "out")} == {None}  # nobody gave one


def test_a_day_that_the_user_gives_is_the_day_of_the_ad(scan, rows, table, tmp_path):
    scan(table(posts(2)))
    day = NOW.date() - timedelta(days=900)
    assert scan(table(posts(2)), published=day).ads == 2
    assert {row["published"] for row in rows(tmp_path / "out")} == {day}


def test_a_changed_ad_takes_the_place_of_the_old_one(scan, rows, table, tmp_path):
    scan(table([{"text": BAD.format(1)}, {"text": LAWFUL.format(2)}]))
    scan(table([{"text": LAWFUL.format(9)}, {"text": LAWFUL.format(2)}]))
    assert [row["decision"] for row in rows(tmp_path / "out")] == ["pass", "pass"]
    assert rows(tmp_path / "out", "findings", "number") == []


def test_rows_are_known_by_their_own_id_wherever_they_stand(scan, rows, table, tmp_path):
    old = [{"id": f"A{n}", "text": LAWFUL.format(n)} for n in range(3)]
    scan(table(old))
    tally = scan(table([{"id": "A9", "text": BAD.format(9)}, *old[1:]]))
    assert (tally.ads, tally.unchanged, tally.absent) == (1, 2, 1)
    found = rows(tmp_path / "out", order="record_id")
    assert [(row["record_id"], row["run"]) for row in found] == [
        ("A0", 1),
        ("A1", 1),
        ("A2", 1),
        ("A9", 2),
    ]


def test_two_ads_under_one_id_are_both_kept(scan, rows, table, tmp_path):
    twice = [{"id": "A1", "text": text} for text in (BAD, LAWFUL, LAWFUL.format(2))]
    for _ in range(2):  # and stay what they are when they are met again
        tally = scan(table(twice))
        found = rows(tmp_path / "out", order="source")
        assert [row["source"].rsplit("#")[1] for row in found] == ["A1", "A1@2", "A1@3"]
        assert [row["decision"] for row in found] == ["revise", "pass", "pass"]
    assert (tally.ads, tally.unchanged) == (0, 3)


def test_a_changed_ad_is_no_new_one(scan, rows, table, tmp_path):
    scan(table([{"text": LAWFUL.format(1)}]))
    scan(table([{"text": LAWFUL.format(2)}]))
    assert [row["run"] for row in rows(tmp_path / "out")] == [1]


def test_a_changed_ad_leaves_the_findings_of_its_copy(scan, rows, table, tmp_path):
    scan(table([{"text": BAD.format(1)}, {"text": BAD.format(1)}]))
    before = rows(tmp_path / "out", "findings", "number")
    scan(table([{"text": LAWFUL.format(9)}, {"text": BAD.format(1)}]))
    assert rows(tmp_path / "out", "findings", "number") == before


def test_another_rulebook_is_refused_and_judges_again_when_asked(scan, rows, table, tmp_path):
    archive = table(posts(6))
    scan(archive, file_ads=2)
    before = rows(tmp_path / "out")
    rule = tmp_path / "noodles.yaml"
    rule.write_text(RULE.format(id="noodles"), encoding="utf-8")
    with pytest.raises(JournalError, match="规则库或阈值已经改变"):
        scan(archive, recipe={"rules": (rule,)})
    tally = scan(recipe={"rules": (rule,)}, rejudge=True, file_ads=2)
    after = rows(tmp_path / "out")
    assert (tally.judged_again, tally.read) == (6, 0)
    assert [row["ad_id"] for row in after] == [row["ad_id"] for row in before]
    assert sum("noodles" in row["rules"] for row in after) == 4
    assert {row["run"] for row in after} == {1}
    assert len(rows(tmp_path / "out", "parts", "reading_id")) == 6
    assert scan(archive, recipe={"rules": (rule,)}).unchanged == 6


def test_judging_again_gives_what_a_fresh_scan_gives(scan, everything, table, tmp_path):
    rule = tmp_path / "noodles.yaml"
    rule.write_text(RULE.format(id="noodles"), encoding="utf-8")
    archive = table([*posts(7), {"text": ""}, posts(1)[0]])
    scan(archive)
    scan(rejudge=True, recipe={"rules": (rule,)})
    scan(archive, out=tmp_path / "fresh", recipe={"rules": (rule,)})
    again, fresh = everything(tmp_path / "out"), everything(tmp_path / "fresh")
    unread = [row for row in again["ads"] if row["decision"] == "error"]
    assert len(unread) == 1  # it keeps the versions that failed to read it
    for row in [*unread, *(row for row in fresh["ads"] if row["decision"] == "error")]:
        row["rulebook"] = ""
    assert again["ads"] == fresh["ads"]
    assert again["findings"] == fresh["findings"]
    assert again["parts"] == fresh["parts"]


def test_what_cannot_be_read_is_an_error_and_costs_nothing_else(scan, rows, tmp_path):
    folder = tmp_path / "ads"
    folder.mkdir()
    (folder / "a.txt").write_text(LAWFUL, encoding="utf-8")
    (folder / "b.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut off")
    (folder / "c.txt").write_text(BAD, encoding="utf-8")
    scan(folder)
    decisions = {row["source"][-5:]: row["decision"] for row in rows(tmp_path / "out")}
    assert decisions == {"a.txt": "pass", "b.jpg": "error", "c.txt": "revise"}
    (fault,) = [row["errors"] for row in rows(tmp_path / "out") if row["decision"] == "error"]
    assert fault[0]["message"]


def test_a_repaired_file_is_read_again(scan, rows, tmp_path):
    folder = tmp_path / "ads"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"")
    scan(folder)
    (folder / "a.txt").write_text(LAWFUL, encoding="utf-8")
    tally = scan(folder)
    assert (tally.ads, tally.unchanged) == (1, 0)
    assert [row["decision"] for row in rows(tmp_path / "out")] == ["pass"]


def noodles(tmp_path):
    """A new edition of the rulebook, in which noodles are a fault."""
    rule = tmp_path / "noodles.yaml"
    rule.write_text(RULE.format(id="noodles"), encoding="utf-8")
    return {"rules": (rule,)}


def test_an_ad_that_changes_back_is_judged_by_the_rules_of_the_day(scan, rows, table, tmp_path):
    scan(table([{"text": LAWFUL}]))
    scan(table([{"text": "本店供应汤圆，每碗八元，欢迎品尝。"}]))
    recipe = noodles(tmp_path)
    scan(rejudge=True, recipe=recipe)
    scan(table([{"text": LAWFUL}]), recipe=recipe)
    (row,) = rows(tmp_path / "out")
    assert row["rules"] == ["noodles"]


def test_judging_again_while_an_ad_changes_leaves_one_row(scan, everything, table, tmp_path):
    scan(table([{"text": BAD.format(1)}, {"text": LAWFUL}]))
    recipe = noodles(tmp_path)
    archive = table([{"text": "本店供应汤圆，每碗八元，欢迎品尝。"}, {"text": LAWFUL}])
    scan(archive, rejudge=True, recipe=recipe)
    found = everything(tmp_path / "out")
    assert [row["decision"] for row in sorted(found["ads"], key=lambda row: row["source"])] == [
        "pass",
        "revise",
    ]
    assert [row["rule"] for row in found["findings"]] == ["noodles"]


def test_findings_go_with_the_last_of_their_copies(scan, rows, table, tmp_path):
    for texts in ((BAD, BAD), (LAWFUL, BAD), (LAWFUL, LAWFUL)):
        scan(table([{"text": text} for text in texts]))
    assert rows(tmp_path / "out", "findings") == []


def test_findings_survive_a_kill_while_the_folder_is_tidied(
    scan, rows, table, tmp_path, monkeypatch
):
    scan(table([{"text": BAD}, {"text": LAWFUL}]))
    before = rows(tmp_path / "out", "findings")
    with monkeypatch.context() as patched:  # cut off right after a file was rewritten
        patched.setattr(Journal, "mark_clean", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            scan(table([{"text": LAWFUL.format(1)}, {"text": LAWFUL}]))
    scan(table([{"text": BAD}, {"text": LAWFUL}]))
    assert rows(tmp_path / "out", "findings") == before


def test_what_failed_is_tried_again_when_asked(scan, rows, table, tmp_path):
    archive = table([{"text": LAWFUL.format(1)}, {"text": LAWFUL.format(2)}])
    assert scan(archive, engine_of=lambda *given: GivingUp(given[-1])).errors == 2
    assert scan(archive).unchanged == 2
    tally = scan(archive, retry_errors=True)
    assert (tally.ads, tally.unchanged) == (2, 0)
    assert [row["decision"] for row in rows(tmp_path / "out")] == ["pass", "pass"]


def test_a_new_edition_tries_again_what_failed(scan, rows, table, tmp_path):
    archive = table([{"text": LAWFUL.format(1)}])
    scan(archive, engine_of=lambda *given: GivingUp(given[-1]))
    scan(archive, rejudge=True, recipe=noodles(tmp_path))
    assert [row["rules"] for row in rows(tmp_path / "out")] == [["noodles"]]


def test_a_failure_to_judge_again_keeps_what_was_read(scan, rows, table, tmp_path):
    archive = table([{"text": LAWFUL.format(1)}])
    scan(archive)
    recipe = noodles(tmp_path)
    scan(rejudge=True, recipe=recipe, engine_of=lambda *given: GivingUp(given[-1]))
    (row,) = rows(tmp_path / "out")
    assert (row["decision"], row["reading_id"] is None) == ("error", False)
    scan(archive, retry_errors=True, recipe=recipe)
    assert [row["rules"] for row in rows(tmp_path / "out")] == [["noodles"]]


def test_a_second_scan_into_the_same_folder_is_refused(scan, table, tmp_path):
    archive = table(posts())
    scan(archive)
    held = open_journal(tmp_path / "out")
    with pytest.raises(JournalError, match="另一个 adscan scan 正在写"):
        scan(archive)
    held.close()
    assert scan(archive).unchanged == 6


def test_a_folder_with_other_things_in_it_is_refused(scan, table, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/ads").mkdir()
    (tmp_path / "mine/ads/poster.jpg").write_bytes(b"x")
    with pytest.raises(JournalError, match="已有别的文件"):
        scan(table(posts()), out=tmp_path / "mine")
    assert (tmp_path / "mine/ads/poster.jpg").read_bytes() == b"x"


def test_results_of_another_schema_are_refused(scan, table, tmp_path):
    archive = table(posts(1))
    scan(archive)
    manifest = tmp_path / "out/manifest.json"
    manifest.write_text(json.dumps({**read_manifest(tmp_path / "out"), "schema_version": "0"}))
    with pytest.raises(ResultsError, match="第 0 版格式"):
        open_results(tmp_path / "out")
    journal = open_journal(tmp_path / "out")
    journal.set_meta("schema", "0")
    journal.commit()
    journal.close()
    with pytest.raises(JournalError, match="第 0 版格式"):
        scan(archive)


def test_a_register_that_has_changed_is_told(scan, table, tmp_path):
    archive, register = table(posts(3)), tmp_path / "register.db"
    lists = sorted(Path("examples/permits").glob("*.csv"))
    importing = ["permits", "import", "--register", str(register), "--quiet"]
    for file, refused in zip(lists, (False, True), strict=False):
        with pytest.raises(SystemExit):
            main([*importing, str(file)])
        if refused:
            with pytest.raises(JournalError, match="许可登记册已经改变"):
                scan(archive, recipe={"register": register})
        else:
            scan(archive, recipe={"register": register})
    assert scan(rejudge=True, recipe={"register": register}).ads == 3


def test_another_way_of_reading_is_refused_even_for_judging_again(scan, table, tmp_path):
    archive = table(posts(1))
    scan(archive)
    with pytest.raises(JournalError, match="另一种读取方式"):
        scan(archive, recipe={"with_ocr": True}, rejudge=True)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(limit=4), 4),
        (Selection(sample=5), 5),
        (Selection(since=NOW.date()), 3),
        (Selection(since=NOW.date(), limit=2), 2),
    ],
)
def test_only_what_is_wanted_is_scanned(scan, table, selection, expected):
    days = ["2026-11-24"] * 6 + ["2026-11-25", "2026-11-26", None]
    archive = table([{"text": LAWFUL.format(n), "published": day} for n, day in enumerate(days)])
    assert scan(archive, selection=selection).ads == expected


def test_a_sample_is_the_same_every_time(scan, rows, table, tmp_path):
    archive = table(posts(40))
    for name in ("one", "two"):
        scan(archive, out=tmp_path / name, selection=Selection(sample=7))
    first, second = ([row["source"] for row in rows(tmp_path / name)] for name in ("one", "two"))
    assert first == second
    assert first != [f"{archive}#{n}" for n in range(1, 8)]


def test_a_source_that_is_not_there_leaves_no_folder_behind(scan, tmp_path):
    with pytest.raises(Exception, match="找不到"):
        scan(tmp_path / "nowhere.jsonl")
    assert not (tmp_path / "out").exists()


def test_results_are_not_to_be_opened_before_the_scan_is_done(scan, table, tmp_path):
    scan(table(posts(1)))
    manifest = tmp_path / "out/manifest.json"
    manifest.write_text(manifest.read_text().replace('"complete": true', '"complete": false'))
    with pytest.raises(ResultsError, match="没有做完"):
        open_results(tmp_path / "out")
