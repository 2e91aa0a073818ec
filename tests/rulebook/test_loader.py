"""Rule files as their writers meet them: every fault names file, line and key."""

from datetime import date
from pathlib import Path

import pytest

from adscan.errors import RulebookError
from adscan.rulebook.lint import find_faults
from adscan.rulebook.loader import HERE, load_provisions, load_rulebook


def fault_of(path: Path) -> str:
    with pytest.raises(RulebookError) as caught:
        load_rulebook([path])
    return str(caught.value)


def test_own_rules_are_added_to_the_built_in_ones(write_rule):
    rulebook = load_rulebook([write_rule()])
    assert rulebook["own-rule"].rule.category == "own"
    assert len(rulebook.rules) > 1


def test_own_rules_change_the_edition_that_reviews_name(write_rule):
    assert load_rulebook([write_rule()]).edition != load_rulebook().edition


def test_an_unknown_key_is_named_with_its_line(write_rule):
    path = write_rule(colour="red")
    line = 1 + path.read_text("utf-8").splitlines().index("colour: red")
    assert f"{path}:{line}" in fault_of(path)
    assert "colour" in fault_of(path)


def test_an_unknown_key_inside_an_entry_is_named_with_its_line(write_rule):
    path = write_rule(match=[{"kind": "phrase", "any": ["保本"]}, {"kind": "phrase", "al": ["x"]}])
    line = 1 + next(i for i, row in enumerate(path.read_text("utf-8").splitlines()) if "al:" in row)
    assert f"{path}:{line - 1}" in fault_of(path) or f"{path}:{line}" in fault_of(path)


def test_a_missing_key_is_named(write_rule):
    assert "remedy" in fault_of(write_rule(remedy=None))


def test_a_pattern_that_does_not_compile_is_named_with_its_line(write_rule):
    path = write_rule(match=[{"kind": "pattern", "any": ["(保本"]}])
    assert "不能编译" in fault_of(path)
    assert f"{path}:" in fault_of(path)


def test_look_around_is_refused_with_the_reason(write_rule):
    assert "RE2" in fault_of(write_rule(match=[{"kind": "pattern", "any": ["(?=保本)"]}]))


def test_a_provision_that_does_not_exist_is_named(write_rule):
    assert "ad-law#999" in fault_of(write_rule(basis=["ad-law#999"]))


def test_a_key_written_twice_is_refused(write_rule):
    path = write_rule()
    path.write_text(path.read_text("utf-8") + "title: 又一个\n", "utf-8")
    assert "两次" in fault_of(path)


def test_an_id_other_than_the_file_name_is_refused(write_rule):
    path = write_rule()
    assert "文件名" in fault_of(path.rename(path.with_name("other.yaml")))


def test_the_id_of_a_built_in_rule_cannot_be_taken(write_rule):
    assert "重复" in fault_of(write_rule("guaranteed-return"))


def test_broken_yaml_is_named_with_its_line(write_rule):
    path = write_rule()
    path.write_text("id: own-rule\ntitle: [未闭合\n", "utf-8")
    assert "YAML" in fault_of(path)


def test_a_path_that_does_not_exist_is_a_clear_error(tmp_path):
    assert "不存在" in fault_of(tmp_path / "none.yaml")


def test_lint_tells_all_faults_at_once(write_rule):
    write_rule("rule-a", colour="red")
    path = write_rule("rule-b", basis=["ad-law#999"])
    assert len(list(find_faults(path.parent))) == 2


def test_lint_asks_a_stable_rule_for_its_examples(write_rule):
    faults = list(find_faults(write_rule(status="stable")))
    assert any("examples.mention" in fault for fault in faults)


def test_lint_refuses_a_policy_as_the_only_ground(write_rule):
    faults = list(find_faults(write_rule(basis=["saic-ifin-ads-2016#2"])))
    assert any("政策" in fault for fault in faults)


def test_the_built_in_rulebook_has_no_faults():
    assert list(find_faults()) == []


def test_every_provision_names_an_article_and_a_gist():
    for provision in load_provisions(HERE / "instruments").values():
        assert provision.article and provision.gist
        assert provision.in_force_from <= (provision.in_force_until or date.max)


def test_a_folded_line_leaves_no_blank_between_characters(write_rule):
    path = write_rule()
    path.write_text(
        path.read_text("utf-8").replace(
            "explanation: 说明。", "explanation: >-\n  第一行，\n  第二行。"
        ),
        "utf-8",
    )
    assert load_rulebook([path])["own-rule"].rule.explanation == "第一行，第二行。"
