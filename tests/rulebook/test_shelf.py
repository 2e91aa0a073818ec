"""What was read before need not be read again, and a bad cache only costs time."""

from adscan.rulebook.loader import load_rulebook
from adscan.rulebook.shelf import EDITION


def test_a_second_load_gives_the_same_rulebook(tmp_path, write_rule):
    path = write_rule()
    first = load_rulebook([path], tmp_path / "cache")
    second = load_rulebook([path], tmp_path / "cache")
    assert first.edition == second.edition
    assert [rule.file for rule in first.rules] == [rule.file for rule in second.rules]
    assert first.literals == second.literals


def test_a_changed_file_is_read_anew(tmp_path, write_rule):
    load_rulebook([write_rule()], tmp_path / "cache")
    changed = load_rulebook([write_rule(title="改过的规则")], tmp_path / "cache")
    assert changed["own-rule"].rule.title == "改过的规则"


def test_a_damaged_cache_is_left_aside(tmp_path, write_rule):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "rulebook.json").write_text("{broken", "utf-8")
    assert load_rulebook([write_rule()], cache)["own-rule"].rule.title == "试用规则"


def test_a_cache_of_another_edition_is_left_aside(tmp_path, write_rule):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "rulebook.json").write_text('{"edition": 0}', "utf-8")
    assert load_rulebook([write_rule()], cache)["own-rule"].rule.title == "试用规则"


def test_a_cache_that_lacks_a_part_is_left_aside(tmp_path, write_rule):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "rulebook.json").write_text(f'{{"edition": {EDITION}}}', "utf-8")
    assert load_rulebook([write_rule()], cache)["own-rule"].rule.title == "试用规则"


def test_a_cache_folder_that_refuses_is_no_error(tmp_path, write_rule):
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    assert load_rulebook([write_rule()], blocked / "cache").rules
